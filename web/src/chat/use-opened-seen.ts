// What had been seen of a place when it was opened: the line before what is new stands there and does not run away while
// one reads.

import { useState } from "react";
import { useHum } from "../store/store.ts";

/** Seq that was seen when this was first asked; null for a place that was never seen. */
export function useOpenedSeen(id: string): number | null {
  const [seen] = useState(() => useHum.getState().seen[id] ?? null);
  return seen === 0 ? null : seen;
}
