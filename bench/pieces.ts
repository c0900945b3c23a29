// Long runs in pieces: a run that takes an hour is made in pieces of some minutes, each of which goes on where the last one
// ended. What was done so far lies in one file of JSON, written after each batch, so that a piece may be stopped at any moment.
//
//   node bench/NAME.ts --state FILE [--minutes 10]     one piece; exit status 0 when all is done, 75 when there is more to do

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";

/** What was done so far, and the sums of whatever a batch counts. */
export interface Progress {
  done: number;
  seconds: number;
  sums: Record<string, number>;
}

/** How a run is made. */
export interface Pieces {
  /** Where the progress is kept; null to keep none and to do all in one go. */
  state: string | null;
  goal: number;
  /** No batch is begun after so many minutes. */
  minutes: number;
  batch: number;
  /** Does numbers `from` up to but not including `from + count`; throws when something is wrong. */
  run(from: number, count: number): Promise<Record<string, number>> | Record<string, number>;
}

/** Exit status of a piece after which there is more to do. */
export const moreToDo = 75;

/** Runs one piece and sets the exit status; answers the progress of all pieces. */
export async function runPiece({ state, goal, minutes, batch, run }: Pieces): Promise<Progress> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  const before: Progress =
    state !== null && existsSync(state)
      ? (JSON.parse(readFileSync(state, "utf8")) as Progress)
      : { done: 0, seconds: 0, sums: {} };
  const progress = structuredClone(before);
  while (progress.done < goal && seconds() < minutes * 60) {
    const count = Math.min(batch, goal - progress.done);
    for (const [name, more] of Object.entries(await run(progress.done, count)))
      progress.sums[name] = (progress.sums[name] ?? 0) + more;
    progress.done += count;
    progress.seconds = before.seconds + seconds();
    if (state === null) continue;
    // Renamed into place, so that a stop in the middle leaves the last whole one.
    writeFileSync(`${state}.new`, `${JSON.stringify(progress, null, 1)}\n`);
    renameSync(`${state}.new`, state);
  }
  if (progress.done < goal) process.exitCode = moreToDo;
  const load = loadavg().map((one) => one.toFixed(1));
  console.log(
    `${progress.done} of ${goal} done, ${Math.round(progress.seconds)} s in all; load now ${load.join(" ")}`,
  );
  return progress;
}

/** The options that every such run has. */
export const pieceOptions = {
  state: { type: "string" },
  minutes: { type: "string" },
} as const;

/** Reads them: without a state all is done in one go. */
export function toPiece({ state, minutes }: { state?: string | undefined; minutes?: string | undefined }): {
  state: string | null;
  minutes: number;
} {
  return {
    state: state ?? null,
    minutes: minutes === undefined ? (state === undefined ? Number.POSITIVE_INFINITY : 10) : Number(minutes),
  };
}
