// The home page's view of the workplace: what the landscape shows, what needs you, what runs.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ShownApproval } from "../../os/src/workplace/api.ts";
import type { InboxItem, ProcessRow, Thread } from "../../os/src/workplace/contract.ts";
import {
  dayStart,
  type Known,
  toDone,
  toFacts,
  toGreeting,
  toNeeds,
  toRunning,
  toVisit,
} from "../src/home/facts.ts";

const process = (pid: number, more: Partial<ProcessRow> = {}) =>
  ({ pid, ended: false, paused: false, waiting: null, lastAt: pid, ...more }) as ProcessRow;
const thread = (id: string, state: Thread["state"], lastAt: number) => ({ id, state, lastAt }) as Thread;
const item = (id: string, more: Partial<InboxItem> = {}) =>
  ({ id, needsYou: true, approval: null, at: 1, ...more }) as InboxItem;

const known: Known = {
  halted: false,
  processes: [
    process(1),
    process(2, { ended: true }),
    process(3, { paused: true }),
    process(4, { waiting: { on: "child", pid: 5 } }),
    process(5, { waiting: { on: "timer", until: 9 } }),
    process(6, { waiting: { on: "approval", id: "a1" } }),
  ],
  threads: [
    thread("old", "complete", 5),
    thread("new", "complete", 50),
    thread("mid", "complete", 20),
    thread("open", "active", 60),
  ],
  approvals: [{ id: "a1" } as ShownApproval],
  inbox: [
    item("q1", { at: 3 }),
    item("a1-item", { approval: "a1" }),
    item("seen", { needsYou: false }),
    item("q2", { at: 7 }),
  ],
};

test("at work is who neither ended nor waits for somebody else, latest first", () => {
  assert.deepEqual(
    toRunning(known).map((row) => row.pid),
    [4, 1],
  );
});

test("what needs you is each approval once, then what else waits, newest first", () => {
  const needs = toNeeds(known);
  assert.deepEqual(
    needs.approvals.map((a) => a.id),
    ["a1"],
  );
  assert.deepEqual(
    needs.items.map((i) => i.id),
    ["q2", "q1"],
  );
});

test("done is what was completed since a time, newest first", () => {
  assert.deepEqual(
    toDone(known, 10).map((t) => t.id),
    ["new", "mid"],
  );
});

test("the landscape shows who is at work, what is done and what waits; when all is stopped nobody flies", () => {
  assert.deepEqual(toFacts(known, 10), {
    running: ["4", "1"],
    done: ["mid", "new"],
    waiting: ["a1", "q2", "q1"],
    halted: false,
  });
  assert.deepEqual(toFacts({ ...known, halted: true }, 10).running, []);
});

test("greetings follow the clock, and a day begins at local midnight", () => {
  assert.deepEqual([3, 8, 13, 20].map(toGreeting), ["night", "morning", "afternoon", "evening"]);
  const noon = new Date(2026, 4, 3, 12, 30).getTime();
  assert.equal(dayStart(noon), new Date(2026, 4, 3).getTime());
});

test("news stay news until you were away for a while", () => {
  const hour = 3_600_000;
  const now = 100 * hour;
  assert.equal(toVisit(null, now).since, now - 24 * hour);
  assert.equal(toVisit({ since: "x" }, now).since, now - 24 * hour);
  assert.equal(toVisit({ since: 5, seen: now - hour / 4 }, now).since, 5);
  assert.equal(toVisit({ since: 5, seen: now - hour }, now).since, now - hour);
});
