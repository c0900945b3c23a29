// The list of threads: groups and parts, filters, how long a task takes and what it used.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProcessRow, TaskState, Thread } from "../../os/src/workplace/contract.ts";
import {
  countParts,
  type Group,
  type Query,
  toGroup,
  toLasted,
  toRows,
  toUsed,
} from "../src/threads/view.ts";

const thread = (id: string, state: TaskState, more: Partial<Thread> = {}) =>
  ({
    ...{ id, channel: "general", title: `Task ${id}`, state, owner: "Ada", delegate: "clerk", pid: 1 },
    ...{ resolved: false, openedAt: 10, lastAt: 20, lastSeq: 1, writers: ["Ada", "clerk"] },
    ...more,
  }) as Thread;

const query = (more: Partial<Query> = {}): Query => ({
  ...{ part: "all", words: "", me: "ada", folded: new Set<Group>() },
  ...more,
});
const shape = (threads: Thread[], given: Partial<Query> = {}) =>
  toRows(threads, query(given)).map((row) =>
    row.kind === "group" ? `[${row.group} ${row.count}${row.folded ? " folded" : ""}]` : row.key,
  );

const all = [
  thread("done", "complete", { lastAt: 30 }),
  thread("old", "complete", { resolved: true }),
  thread("bad", "error", { owner: "Grace", channel: "travel", title: "Sort photos" }),
  thread("still", "stale"),
  thread("works", "active", { lastAt: 50 }),
  thread("soon", "pending", { lastAt: 60, resolved: true }),
  thread("asks", "awaitingInput", { owner: "Grace" }),
  thread("talk", "open", { delegate: null, pid: null }),
];

test("groups stand in the order of what they want of you, the newest first in each", () => {
  assert.deepEqual(shape(all), [
    ...["[waiting 1]", "asks", "[trouble 2]", "bad", "still", "[active 2]", "soon", "works"],
    ...["[done 1]", "done", "[talk 1]", "talk", "[resolved 1]", "old"],
  ]);
  assert.equal(toGroup({ state: "active", resolved: true }), "active", "work goes on in what was resolved");
});

test("parts show what is asked for, and count it", () => {
  assert.deepEqual(shape(all, { part: "waiting" }), ["[waiting 1]", "asks", "[trouble 2]", "bad", "still"]);
  assert.deepEqual(shape(all, { part: "active" }), ["[active 2]", "soon", "works"]);
  assert.deepEqual(shape(all, { part: "done" }), ["[done 1]", "done", "[resolved 1]", "old"]);
  assert.deepEqual(countParts(all, "ADA"), { all: 8, waiting: 3, active: 2, mine: 5, done: 2 });
});

test("words filter by title, place and people, and a folded group opens for them", () => {
  const folded = new Set<Group>(["trouble", "resolved"]);
  assert.deepEqual(shape(all, { folded }).slice(0, 4), [
    "[waiting 1]",
    "asks",
    "[trouble 2 folded]",
    "[active 2]",
  ]);
  assert.deepEqual(shape(all, { words: "photos #travel CLERK", folded }), ["[trouble 1]", "bad"]);
  assert.deepEqual(shape(all, { words: "nobody" }), []);
  assert.deepEqual(shape(all, { part: "done", folded }), ["[done 1]", "done", "[resolved 1]", "old"]);
});

test("a task lasts until now while it goes on, and a talk does not last", () => {
  assert.equal(toLasted(thread("a", "active"), 100), 90);
  assert.equal(toLasted(thread("a", "complete"), 100), 10);
  assert.equal(toLasted(thread("a", "open"), 100), null);
});

test("of a budget the scarcest part counts", () => {
  const row = (more: Partial<ProcessRow>) =>
    ({
      tokens: 10,
      budgetTokens: 100,
      activeMs: 0,
      budgetActiveMs: 0,
      deviceCalls: 3,
      budgetDeviceCalls: 4,
      ...more,
    }) as ProcessRow;
  assert.equal(toUsed(row({})), 0.75);
  assert.equal(toUsed(row({ activeMs: 5 })), 1);
});
