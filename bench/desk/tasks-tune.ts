// The twenty desk tasks that a system may be tuned on.

import type { DeskTask } from "./task.ts";
import { tuneRest } from "./tune-rest.ts";
import { tuneTables } from "./tune-tables.ts";

/** Twenty tasks to tune on. */
export const tuneTasks: DeskTask[] = [...tuneTables, ...tuneRest];
