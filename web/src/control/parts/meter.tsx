// A thin bar: how much of something is used. Its colour changes near the end, and its label says the numbers, so that
// nothing is said by colour alone.

import { memo } from "react";
import { toFill } from "../view/numbers.ts";

/** A bar from 0 to 1. */
export const Meter = memo(function Meter({ part, label }: { part: number; label: string }) {
  const width = Math.min(100, Math.max(part > 0 ? 1.5 : 0, part * 100));
  return (
    <svg
      className="ctl-meter"
      data-fill={toFill(part)}
      viewBox="0 0 100 4"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect className="ctl-meter-track" width="100" height="4" />
      <rect className="ctl-meter-bar" width={width} height="4" />
    </svg>
  );
});
