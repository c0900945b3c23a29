// Cuts an answer before the first stop text, when text arrives in pieces: whatever may be the start of a stop is held
// back until the next piece decides. Callers push each piece, and flush once when the answer ended without a stop.

/** Finds stop texts across piece borders. */
export interface StopFilter {
  /** The text that is safe to emit now; `stopped` when a stop text was reached (nothing may be pushed after it). */
  push(piece: string): { text: string; stopped: boolean };
  /** What was held back, at the end. */
  flush(): string;
}

/** Creates a filter for one answer. */
export function createStopFilter(stops: readonly string[]): StopFilter {
  const active = stops.filter((stop) => stop !== "");
  let held = "";
  return {
    push(piece) {
      if (active.length === 0) return { text: piece, stopped: false };
      held += piece;
      const at = firstIndex(held, active);
      const stopped = at >= 0;
      const text = held.slice(0, stopped ? at : held.length - undecided(held, active));
      held = stopped ? "" : held.slice(text.length);
      return { text, stopped };
    },
    flush() {
      const rest = held;
      held = "";
      return rest;
    },
  };
}

function firstIndex(text: string, stops: readonly string[]): number {
  let first = -1;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at >= 0 && (first < 0 || at < first)) first = at;
  }
  return first;
}

/** Length of the longest end of `text` that is the beginning of a stop. */
function undecided(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let size = Math.min(stop.length - 1, text.length); size > longest; size--) {
      if (text.endsWith(stop.slice(0, size))) longest = size;
    }
  }
  return longest;
}
