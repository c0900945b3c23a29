// Looking without a machine: folds the journal read-only and takes no lock, so that it works beside anything.

import { existsSync } from "node:fs";
import { openLedger } from "../entity/ledger.ts";
import { createState } from "../entity/state.ts";
import { HumError } from "../error.ts";
import type { HomePaths } from "../home.ts";
import { openSqliteJournal } from "../journal/sqlite.ts";
import type { Reader } from "./door.ts";
import { toLook } from "./look.ts";

/** Opens a reader; a home in which nothing ran yet is empty, not an error. */
export function openReader(paths: HomePaths): Reader {
  const journal = existsSync(paths.journal)
    ? openSqliteJournal({ file: paths.journal, now: Date.now, readOnly: true })
    : null;
  const state = journal ? openLedger(journal).state : createState();
  return {
    look: async () => toLook(state, null),
    async entity(pid) {
      const entity = state.entities.get(pid);
      if (!entity) throw toUnknown(pid);
      return entity;
    },
    close: async () => journal?.close(),
  };
}

/** The error for a pid that nobody has. */
export function toUnknown(pid: number): HumError {
  return new HumError("not-found", `There is no entity ${pid}. \`hum ps --all\` lists those there are.`);
}
