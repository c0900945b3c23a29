// A number with its name, and what belongs to it below.

import type { ReactNode } from "react";

/** One fact. */
export function Fact({ label, value, children }: { label: string; value: string; children?: ReactNode }) {
  return (
    <div className="ctl-fact">
      <span className="ctl-fact-label">{label}</span>
      <span className="ctl-fact-value">{value}</span>
      {children}
    </div>
  );
}
