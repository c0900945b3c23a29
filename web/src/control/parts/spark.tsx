// A line without axes: how something went in the last minute.

import { memo } from "react";
import { toSparkPath, toSteps } from "../view/rates.ts";

/** Seconds that are joined to one point. */
const step = 3;

/** A sparkline; the label says its last value in words. */
export const Spark = memo(function Spark({ values, label }: { values: readonly number[]; label: string }) {
  const path = toSparkPath(toSteps(values, step), 56, 14);
  return (
    <svg className="ctl-spark" viewBox="-1 -1 58 16" role="img" aria-label={label} preserveAspectRatio="none">
      {path === "" ? <path d="M0,14H56" className="ctl-spark-flat" /> : <path d={path} />}
    </svg>
  );
});
