// A line over time with a scale: tokens of each step in the last minutes. SVG, so that it follows the theme by itself.

import { useId, useMemo } from "react";

/** A scale that ends at a round number. */
function toCeiling(most: number): number {
  if (most <= 0) return 10;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= most) ?? most;
}

const width = 600;
const height = 120;

/** The chart. `format` writes the numbers of the scale; `from` and `to` are the words at its ends. */
export function Chart({
  values,
  label,
  format,
  from,
  to,
}: {
  values: readonly number[];
  label: string;
  format: (value: number) => string;
  from: string;
  to: string;
}) {
  const id = useId();
  const top = toCeiling(Math.max(0, ...values));
  const line = useMemo(() => {
    const step = width / Math.max(1, values.length - 1);
    return values
      .map((value, index) => `${(index * step).toFixed(1)},${(height - (value / top) * height).toFixed(1)}`)
      .join("L");
  }, [values, top]);
  return (
    <figure className="ctl-chart">
      <div className="ctl-chart-scale" aria-hidden="true">
        <span>{format(top)}</span>
        <span>{format(top / 2)}</span>
        <span>0</span>
      </div>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-labelledby={id}>
        <title id={id}>{label}</title>
        {[0, 0.5, 1].map((part) => (
          <line
            key={part}
            x1="0"
            x2={width}
            y1={height * part}
            y2={height * part}
            className="ctl-chart-line"
          />
        ))}
        {values.length > 1 && (
          <>
            <path className="ctl-chart-area" d={`M0,${height}L${line}L${width},${height}Z`} />
            <path className="ctl-chart-path" d={`M${line}`} />
          </>
        )}
      </svg>
      <figcaption className="ctl-chart-ends" aria-hidden="true">
        <span>{from}</span>
        <span>{to}</span>
      </figcaption>
    </figure>
  );
}
