// Brings an archive up to its journal. A little is read at once; much (an archive that was lost, or is of an earlier
// version) is read while the machine works, some records at a time, and people are told how far it is. Until then a search
// finds what has been read. A stop at any moment loses nothing: the next start goes on from there.

import type { JournalRecord, OpenJournal } from "../journal/journal.ts";
import { memoryLimits } from "../limits.ts";
import type { Archive } from "./archive.ts";

/** What fills an archive. */
export interface Filling {
  /** A record that has just become durable; while older ones are missing it is read in its turn. */
  take(record: JournalRecord): void;
  /** Begins with what is still missing. */
  start(): void;
  stop(): Promise<void>;
}

/** Makes the filling of an archive; what is little is read before it returns. `tell` gets the part that is read. */
export function createFilling(
  archive: Archive,
  journal: Pick<OpenJournal, "read" | "head">,
  tell: (part: number | null) => void,
): Filling {
  const readRecord = (stream: string, index: number) => [...journal.read(stream, index - 1, 1)][0];
  let stopped = false;
  let working: Promise<void> | null = null;
  const takeSome = (most: number): void => {
    for (const record of journal.read(null, archive.at(), most)) archive.take(record, readRecord);
  };
  const isBehind = () => archive.at() < journal.head().seq;

  // A journal that was cut back or is another one: what was read of it does not count.
  if (archive.at() > journal.head().seq) archive.reset();
  takeSome(memoryLimits.fillAtOnce);
  let behind = isBehind();

  const work = async (): Promise<void> => {
    let told = -1;
    while (!stopped && isBehind()) {
      const before = archive.at();
      takeSome(memoryLimits.fillSlice);
      // One that cannot write stands still, and goes on at the next opening.
      if (archive.at() === before) break;
      const part = before / journal.head().seq;
      if (Math.floor(part * 20) !== told) tell(part);
      told = Math.floor(part * 20);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    behind = isBehind();
    if (!stopped) tell(null);
  };

  return {
    take(record) {
      if (!behind) archive.take(record, readRecord);
    },
    start() {
      if (behind) working ??= new Promise<void>((resolve) => setImmediate(resolve)).then(work);
    },
    async stop() {
      stopped = true;
      await working;
    },
  };
}
