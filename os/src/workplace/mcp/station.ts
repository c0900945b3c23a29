// What the MCP server stands on: a part of the door of a machine, in this process or in another. Verbs that answer
// approvals, lift a stop or change budgets are not in it, so that no client can reach them.

import type { Door } from "../door.ts";

/** The machine as clients reach it. */
export type Station = Pick<
  Door,
  "look" | "entity" | "task" | "say" | "kill" | "search" | "pageText" | "follow"
>;

/** A program that can be asked. */
export interface StationProgram {
  name: string;
  description: string;
}
