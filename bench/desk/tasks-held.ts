// The twenty held-out desk tasks: the same mix as the others, never looked at while a system is tuned.

import { heldRest } from "./held-rest.ts";
import { heldTables } from "./held-tables.ts";
import type { DeskTask } from "./task.ts";

/** Twenty held-out tasks. */
export const heldTasks: DeskTask[] = [...heldTables, ...heldRest];
