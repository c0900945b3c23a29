// The table of processes as pure functions: order, tree, groups, filter, rates, numbers.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProcessRow } from "../../os/src/workplace/contract.ts";
import {
  toBytes,
  toCount,
  toFill,
  toPart,
  toShortSpan,
  toSpan,
  unknown,
} from "../src/control/view/numbers.ts";
import { createRates, toSparkPath, toSteps } from "../src/control/view/rates.ts";
import {
  canDo,
  countStates,
  matchesFilter,
  type TableItem,
  type TableQuery,
  toRowState,
  toTable,
} from "../src/control/view/rows.ts";

function row(pid: number, part: Partial<ProcessRow> = {}): ProcessRow {
  return {
    pid,
    parent: null,
    name: `entity ${pid}`,
    program: "worker",
    task: "Sort the list",
    owner: "Ada",
    thread: null,
    class: "normal",
    nice: 0,
    shown: "running",
    ended: false,
    paused: false,
    waiting: null,
    outcome: null,
    model: null,
    spawnedAt: pid * 1_000,
    lastAt: 0,
    turn: 1,
    tokens: pid * 100,
    budgetTokens: 1_000,
    activeMs: 0,
    budgetActiveMs: 1,
    deviceCalls: 0,
    budgetDeviceCalls: 1,
    children: 0,
    budgetChildren: 1,
    windowTokens: 0,
    windowPages: 0,
    noProgressMs: null,
    why: "",
    ...part,
  };
}

const query = (part: Partial<TableQuery> = {}): TableQuery => ({
  grouping: "list",
  sort: { key: "pid", down: false },
  filter: "",
  ended: true,
  folded: new Set(),
  ...part,
});
const none = () => 0;
const shape = (items: TableItem[]) =>
  items.map((item) =>
    item.kind === "row" ? `${"  ".repeat(item.depth)}${item.row.pid}` : `# ${item.thread}`,
  );

test("rows are sorted by what a column shows, and equal ones stay in the order of their pids", () => {
  const rows = [row(3), row(1), row(2, { tokens: 900 })];
  const by = (key: TableQuery["sort"]["key"], down: boolean) =>
    shape(toTable(rows, query({ sort: { key, down } }), none));
  assert.deepEqual(by("pid", false), ["1", "2", "3"]);
  assert.deepEqual(by("pid", true), ["3", "2", "1"]);
  assert.deepEqual(by("tokens", true), ["2", "3", "1"]);
  assert.deepEqual(by("calls", true), ["1", "2", "3"]);
  assert.deepEqual(by("age", true), ["1", "2", "3"], "the oldest is the one of the greatest age");
});

test("children stand below their parent, in the order of the column", () => {
  const rows = [
    row(1),
    row(2, { parent: 1 }),
    row(3, { parent: 2 }),
    row(4, { parent: 1, tokens: 1 }),
    row(5),
  ];
  const sorted = query({ grouping: "tree", sort: { key: "tokens", down: false } });
  assert.deepEqual(shape(toTable(rows, sorted, none)), ["1", "  4", "  2", "    3", "5"]);
  const folded = { ...sorted, folded: new Set(["p2"]) };
  assert.deepEqual(shape(toTable(rows, folded, none)), ["1", "  4", "  2", "5"]);
});

test("a child of somebody who is not shown, and a ring of parents, are shown once each", () => {
  const rows = [row(2, { parent: 1 }), row(3, { parent: 4 }), row(4, { parent: 3 }), row(5, { parent: 5 })];
  const items = toTable(rows, query({ grouping: "tree" }), none);
  assert.deepEqual([...items].map((item) => (item.kind === "row" ? item.row.pid : 0)).sort(), [2, 3, 4, 5]);
});

test("grouped by thread, rows without one come last and a folded group keeps its sums", () => {
  const rows = [
    row(1),
    row(2, { thread: "t-1" }),
    row(3, { thread: "t-1", ended: true }),
    row(4, { thread: "t-2" }),
  ];
  const items = toTable(rows, query({ grouping: "threads", folded: new Set(["tt-1"]) }), none);
  assert.deepEqual(shape(items), ["# t-1", "# t-2", "  4", "# null", "  1"]);
  const head = items[0];
  assert.ok(head?.kind === "head" && head.count === 2 && head.alive === 1 && head.tokens === 500);
});

test("the filter finds words anywhere in a row, and exact pids and states", () => {
  const one = row(12, { name: "painter", task: "Make a poster", paused: true });
  assert.ok(matchesFilter(one, "POSTER paint"));
  assert.ok(matchesFilter(one, "pid:12 state:paused"));
  assert.ok(!matchesFilter(one, "pid:1"));
  assert.ok(!matchesFilter(one, "poster absent"));
});

test("the state of a row is told from what the scheduler shows", () => {
  assert.equal(toRowState(row(1)), "running");
  assert.equal(toRowState(row(1, { shown: "queued" })), "queued");
  assert.equal(toRowState(row(1, { shown: "ready" })), "queued");
  assert.equal(
    toRowState(row(1, { shown: "waiting(timer)", waiting: { on: "timer", until: 1 } })),
    "waiting",
  );
  assert.equal(toRowState(row(1, { paused: true, waiting: { on: "timer", until: 1 } })), "paused");
  assert.equal(toRowState(row(1, { ended: true, outcome: { kind: "failed", text: "" } })), "failed");
  const counts = countStates([row(1), row(2, { waiting: { on: "approval", id: "a" } })]);
  assert.deepEqual([counts.running, counts.waiting, counts.needYou], [1, 1, 1]);
});

test("controls are offered for what can be done to at least one selected row", () => {
  assert.deepEqual(canDo([row(1, { ended: true })]), {
    ...{ pause: false, resume: false, kill: false, renice: false, budget: false, fork: false, undo: true },
  });
  const two = canDo([row(1), row(2, { paused: true })]);
  assert.ok(two.pause && two.resume && two.kill && !two.fork && !two.undo);
});

test("a rate is what came in the last minute, and silence empties it", () => {
  const rates = createRates();
  rates.sample(0, [{ pid: 1, tokens: 500 }]);
  assert.equal(rates.perMinute(1), 0, "what was used before it was seen is not counted");
  for (let second = 1; second <= 10; second += 1)
    rates.sample(second * 1_000, [{ pid: 1, tokens: 500 + second * 5 }]);
  assert.equal(rates.perMinute(1), 50);
  assert.equal(rates.series(1).length, 60);
  assert.deepEqual(rates.series(1).slice(-3), [5, 5, 5]);
  rates.sample(65_000, [{ pid: 1, tokens: 550 }]);
  assert.equal(rates.perMinute(1), 25);
  rates.sample(200_000, [{ pid: 1, tokens: 550 }]);
  assert.equal(rates.perMinute(1), 0);
  assert.equal(rates.perMinute(9), 0);
});

test("a total that falls, as after a restore, is no negative rate", () => {
  const rates = createRates();
  rates.sample(0, [{ pid: 1, tokens: 500 }]);
  rates.sample(1_000, [{ pid: 1, tokens: 20 }]);
  assert.equal(rates.perMinute(1), 0);
});

test("a sparkline ends at the right edge and is empty when nothing happened", () => {
  assert.equal(toSparkPath([0, 0, 0], 60, 10), "");
  assert.equal(toSparkPath([0, 10, 5], 60, 10), "M0,10L30,0L60,5");
  assert.deepEqual(toSteps([1, 2, 3, 4, 5], 2), [3, 7, 5]);
});

test("numbers are short, and in the language of the reader", () => {
  assert.equal(toCount(9_412, "en"), "9,412");
  assert.equal(toCount(12_345, "en"), "12.3K");
  assert.equal(toCount(123_456, "zh-CN"), "12.3万");
  assert.equal(toCount(null, "en"), unknown);
  assert.equal(toBytes(0, "en"), "0 bytes");
  assert.equal(toBytes(1, "en"), "1 byte");
  assert.equal(toBytes(11, "zh"), "11字节");
  assert.equal(toBytes(1_117_320_768, "en"), "1.1 GB");
  assert.equal(toSpan(250_000, "en"), "4m 10s");
  assert.equal(toSpan(3_600_000, "en"), "1h");
  assert.equal(toSpan(250_000, "zh-CN"), "4分钟 10秒");
  assert.equal(toShortSpan(90 * 60_000, "en"), "1h");
  assert.equal(toSpan(-5, "en"), "0ms");
  assert.deepEqual([toPart(1, 4), toPart(0, 0), toPart(1, 0)], [0.25, 0, 1]);
  assert.deepEqual([toFill(0.79), toFill(0.8), toFill(1)], ["calm", "high", "over"]);
});

test("a thousand rows are arranged in far less than the time of a frame", () => {
  const rows = Array.from({ length: 1_000 }, (_, index) =>
    row(index + 1, { parent: index % 3 === 0 ? null : index, thread: `t-${index % 40}` }),
  );
  for (const grouping of ["list", "tree", "threads"] as const) {
    const items = toTable(rows, query({ grouping, sort: { key: "tokens", down: true } }), none);
    assert.equal(items.filter((item) => item.kind === "row").length, 1_000);
  }
});
