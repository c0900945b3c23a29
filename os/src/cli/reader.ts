// Looking without a machine: folds the journal read-only and takes no lock, so that it works beside anything.

import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openLedger } from "../entity/ledger.ts";
import { createState, type State } from "../entity/state.ts";
import { toMessage } from "../error.ts";
import type { HomePaths } from "../home.ts";
import type { OpenJournal } from "../journal/journal.ts";
import { openSqliteJournal } from "../journal/sqlite.ts";
import type { Reader } from "../workplace/door.ts";
import { toUnknown } from "../workplace/family.ts";
import { toLook } from "../workplace/look.ts";

/** A journal that another process is just making or mending is tried again, so often, after so many milliseconds. */
const tries = 40;
const againMs = 50;

/** Opens the journal of a home for reading only; null when nothing ran there yet. */
export async function openToRead<T>(
  paths: HomePaths,
  use: (journal: OpenJournal) => T,
): Promise<{ journal: OpenJournal; value: T } | null> {
  for (let tried = 1; ; tried++) {
    if (!existsSync(paths.journal)) return null;
    let journal: OpenJournal | null = null;
    try {
      journal = openSqliteJournal({ file: paths.journal, now: Date.now, readOnly: true });
      return { journal, value: use(journal) };
    } catch (error) {
      journal?.close();
      const isNew = /no such table/.test(toMessage(error));
      if (!isNew && !/database is locked/.test(toMessage(error))) throw error;
      if (tried === tries && isNew) return null;
      if (tried === tries) throw error;
      await sleep(againMs);
    }
  }
}

/** Opens a reader; a home in which nothing ran yet is empty, not an error. */
export async function openReader(paths: HomePaths): Promise<Reader> {
  const opened = await openToRead(paths, (journal) => openLedger(journal).state);
  const state: State = opened?.value ?? createState();
  return {
    look: async () => toLook(state, null),
    async entity(pid) {
      const entity = state.entities.get(pid);
      if (!entity) throw toUnknown(pid);
      return entity;
    },
    close: async () => opened?.journal.close(),
  };
}
