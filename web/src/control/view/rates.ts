// Tokens per minute of each process, measured here from the totals that come with the rows: one sample a second, kept
// for a minute in a ring, so that a sparkline costs a few hundred bytes a process.

import type { Pid } from "../../../../os/src/entity/entity.ts";

/** Samples that are kept, and the time between two of them. */
const kept = 60;
const stepMs = 1_000;

interface Ring {
  values: Float64Array;
  /** Total tokens at the last sample. */
  total: number;
  seen: number;
}

/** Measures rates. */
export interface Rates {
  /** Takes the totals of this moment; several within one step count as one. */
  sample(at: number, totals: Iterable<{ pid: Pid; tokens: number }>): void;
  /** Tokens in the last minute. */
  perMinute(pid: Pid): number;
  /** Tokens of each second of the last minute, oldest first. */
  series(pid: Pid): number[];
  /** The same for all processes together. */
  all(): number[];
}

/** Makes a measure that has seen nothing. */
export function createRates(): Rates {
  const rings = new Map<Pid, Ring>();
  const whole = new Float64Array(kept);
  let step = -1;

  function advance(at: number): void {
    const now = Math.floor(at / stepMs);
    if (step < 0) step = now;
    // What was not sampled was still: those slots are emptied.
    const from = Math.max(step + 1, now - kept + 1);
    for (let slot = from; slot <= now; slot += 1) {
      const place = slot % kept;
      whole[place] = 0;
      for (const ring of rings.values()) ring.values[place] = 0;
    }
    step = Math.max(step, now);
  }

  function ordered(values: Float64Array): number[] {
    const from = (Math.max(step, 0) + 1) % kept;
    return [...values.slice(from), ...values.slice(0, from)];
  }

  return {
    sample(at, totals) {
      advance(at);
      const place = step % kept;
      for (const { pid, tokens } of totals) {
        const ring = rings.get(pid);
        if (!ring) {
          // What it used before it was first seen belongs to no second of ours.
          rings.set(pid, { values: new Float64Array(kept), total: tokens, seen: step });
          continue;
        }
        const more = Math.max(0, tokens - ring.total);
        ring.values[place] = (ring.values[place] ?? 0) + more;
        whole[place] = (whole[place] ?? 0) + more;
        ring.total = tokens;
        ring.seen = step;
      }
      for (const [pid, ring] of rings) if (ring.seen < step - kept) rings.delete(pid);
    },
    perMinute(pid) {
      const ring = rings.get(pid);
      return ring ? ring.values.reduce((sum, value) => sum + value, 0) : 0;
    },
    series(pid) {
      const ring = rings.get(pid);
      return ring ? ordered(ring.values) : [];
    },
    all: () => ordered(whole),
  };
}

/** A sparkline as an SVG path over `width` by `height`, the last value at the right; empty when all is nothing. */
export function toSparkPath(values: readonly number[], width: number, height: number): string {
  const most = Math.max(0, ...values);
  if (most === 0 || values.length < 2) return "";
  const step = width / (values.length - 1);
  const points = values.map((value, index) => {
    const x = Math.round(index * step * 10) / 10;
    const y = Math.round((height - (value / most) * height) * 10) / 10;
    return `${x},${y}`;
  });
  return `M${points.join("L")}`;
}

/** Values joined in steps of `size` (their sums), so that bursts of single seconds read as a curve. */
export function toSteps(values: readonly number[], size: number): number[] {
  const steps: number[] = [];
  for (let from = 0; from < values.length; from += size)
    steps.push(values.slice(from, from + size).reduce((sum, value) => sum + value, 0));
  return steps;
}
