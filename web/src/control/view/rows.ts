// The table of processes: which rows are shown, in which order, under which heads. Pure, and cheap enough to be made
// again each second for a thousand rows.

import type { Pid } from "../../../../os/src/entity/entity.ts";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";

/** What a row is doing, as people tell states apart. */
export type RowState =
  | "running"
  | "queued"
  | "preempted"
  | "waiting"
  | "paused"
  | "done"
  | "failed"
  | "killed";

/** Columns that sort. */
export type SortKey = "pid" | "name" | "state" | "rate" | "tokens" | "calls" | "memory" | "age" | "stuck";

/** How rows are arranged. */
export type Grouping = "list" | "tree" | "threads";

/** What is asked of the table. */
export interface TableQuery {
  grouping: Grouping;
  sort: { key: SortKey; down: boolean };
  filter: string;
  ended: boolean;
  /** Pids whose children are folded, and threads whose rows are. */
  folded: ReadonlySet<string>;
}

/** One line of the table. */
export type TableItem =
  | { kind: "row"; key: string; row: ProcessRow; depth: number; children: number; folded: boolean }
  | {
      kind: "head";
      key: string;
      thread: string | null;
      count: number;
      alive: number;
      tokens: number;
      folded: boolean;
    };

/** The state of a row, from what the scheduler shows of it. */
export function toRowState(row: ProcessRow): RowState {
  if (row.ended) return row.outcome?.kind ?? "done";
  if (row.paused) return "paused";
  if (row.waiting !== null || row.shown.startsWith("waiting")) return "waiting";
  if (row.shown === "preempted") return "preempted";
  if (row.shown === "running") return "running";
  return "queued";
}

/** What a waiting row waits for, null when it does not wait. */
export function toWaitsOn(row: ProcessRow): "message" | "approval" | "timer" | "child" | "budget" | null {
  return toRowState(row) === "waiting" ? (row.waiting?.on ?? null) : null;
}

/** Whether a person is needed before the row can go on. */
export function needsPerson(row: ProcessRow): boolean {
  const on = toWaitsOn(row);
  return on === "approval" || on === "budget" || (on === "message" && row.waiting?.on === "message");
}

const stateOrder: Record<RowState, number> = {
  running: 0,
  preempted: 1,
  queued: 2,
  waiting: 3,
  paused: 4,
  failed: 5,
  killed: 6,
  done: 7,
};

/** What a row is sorted by: numbers by size, names by the reader's alphabet. */
function toSortValue(row: ProcessRow, key: SortKey, rateOf: (pid: Pid) => number): number | string {
  switch (key) {
    case "pid":
      return row.pid;
    case "name":
      return row.name.toLowerCase();
    case "state":
      return needsPerson(row) ? -1 : stateOrder[toRowState(row)];
    case "rate":
      return rateOf(row.pid);
    case "tokens":
      return row.tokens;
    case "calls":
      return row.deviceCalls;
    case "memory":
      return row.windowTokens;
    case "age":
      return -row.spawnedAt;
    case "stuck":
      return row.noProgressMs ?? -1;
  }
}

/** Rows in order. Equal rows stay in the order of their pids, so that the table does not shiver. */
export function sortRows(
  rows: readonly ProcessRow[],
  sort: TableQuery["sort"],
  rateOf: (pid: Pid) => number,
): ProcessRow[] {
  const sign = sort.down ? -1 : 1;
  return rows
    .map((row) => ({ row, value: toSortValue(row, sort.key, rateOf) }))
    .sort((a, b) => {
      if (a.value !== b.value) return a.value < b.value ? -sign : sign;
      return a.row.pid - b.row.pid;
    })
    .map(({ row }) => row);
}

/** Whether a row has every word of the filter somewhere in what is shown of it. `pid:3` and `state:paused` are exact. */
export function matchesFilter(row: ProcessRow, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = `${row.pid} ${row.name} ${row.program} ${row.task} ${row.owner} ${row.shown} ${row.class}`;
  const low = text.toLowerCase();
  return words.every((word) => {
    if (word.startsWith("pid:")) return String(row.pid) === word.slice(4);
    if (word.startsWith("state:")) return toRowState(row).startsWith(word.slice(6));
    return low.includes(word);
  });
}

/** The lines of the table. */
export function toTable(
  rows: readonly ProcessRow[],
  query: TableQuery,
  rateOf: (pid: Pid) => number,
): TableItem[] {
  const shown = rows.filter((row) => (query.ended || !row.ended) && matchesFilter(row, query.filter));
  const sorted = sortRows(shown, query.sort, rateOf);
  if (query.grouping === "tree") return toTree(sorted, query.folded);
  if (query.grouping === "threads") return toGroups(sorted, query.folded);
  return sorted.map((row) => toItem(row, { depth: 0, children: 0, folded: false }));
}

function toItem(row: ProcessRow, place: { depth: number; children: number; folded: boolean }): TableItem {
  return { kind: "row", key: `p${row.pid}`, row, ...place };
}

// Children stand below their parent in the sorted order. A row whose parent is not shown stands at the top, and a ring
// of parents, which a damaged answer could hold, is cut instead of followed for ever.
function toTree(sorted: readonly ProcessRow[], folded: ReadonlySet<string>): TableItem[] {
  const present = new Set(sorted.map((row) => row.pid));
  const below = new Map<Pid, ProcessRow[]>();
  const roots: ProcessRow[] = [];
  for (const row of sorted) {
    if (row.parent === null || !present.has(row.parent) || row.parent === row.pid) roots.push(row);
    else below.set(row.parent, [...(below.get(row.parent) ?? []), row]);
  }
  const items: TableItem[] = [];
  const seen = new Set<Pid>();
  const place = (row: ProcessRow, depth: number) => {
    if (seen.has(row.pid)) return;
    seen.add(row.pid);
    const children = below.get(row.pid) ?? [];
    const isFolded = folded.has(`p${row.pid}`) && children.length > 0;
    items.push(toItem(row, { depth, children: children.length, folded: isFolded }));
    if (isFolded) for (const child of children) skip(child);
    else for (const child of children) place(child, depth + 1);
  };
  const skip = (row: ProcessRow) => {
    if (seen.has(row.pid)) return;
    seen.add(row.pid);
    for (const child of below.get(row.pid) ?? []) skip(child);
  };
  for (const row of roots) place(row, 0);
  for (const row of sorted) place(row, 0);
  return items;
}

// Threads in the order of their first row; rows that belong to no thread last.
function toGroups(sorted: readonly ProcessRow[], folded: ReadonlySet<string>): TableItem[] {
  const groups = new Map<string | null, ProcessRow[]>();
  for (const row of sorted) {
    const group = groups.get(row.thread);
    if (group) group.push(row);
    else groups.set(row.thread, [row]);
  }
  const loose = groups.get(null);
  groups.delete(null);
  const ordered: [string | null, ProcessRow[]][] = [...groups];
  if (loose) ordered.push([null, loose]);
  return ordered.flatMap(([thread, members]) => {
    const key = `t${thread ?? ""}`;
    const head: TableItem = {
      kind: "head",
      key,
      thread,
      count: members.length,
      alive: members.filter((row) => !row.ended).length,
      tokens: members.reduce((sum, row) => sum + row.tokens, 0),
      folded: folded.has(key),
    };
    if (head.folded) return [head];
    return [head, ...members.map((row) => toItem(row, { depth: 1, children: 0, folded: false }))];
  });
}

/** Counts of the states, for the line above the table. */
export function countStates(rows: readonly ProcessRow[]): Record<RowState, number> & { needYou: number } {
  const counts = {
    running: 0,
    queued: 0,
    preempted: 0,
    waiting: 0,
    paused: 0,
    done: 0,
    failed: 0,
    killed: 0,
  };
  let needYou = 0;
  for (const row of rows) {
    counts[toRowState(row)] += 1;
    if (needsPerson(row)) needYou += 1;
  }
  return { ...counts, needYou };
}

/** Rows that an action can be done to: what the controls offer for a selection. */
export function canDo(
  rows: readonly ProcessRow[],
): Record<"pause" | "resume" | "kill" | "renice" | "budget" | "fork" | "undo", boolean> {
  const alive = rows.filter((row) => !row.ended);
  return {
    pause: alive.some((row) => !row.paused),
    resume: alive.some((row) => row.paused),
    kill: alive.length > 0,
    renice: alive.length > 0,
    budget: alive.length > 0,
    fork: rows.length === 1 && alive.length === 1,
    undo: rows.length === 1,
  };
}
