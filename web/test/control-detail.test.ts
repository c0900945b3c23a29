// What the page of one process shows, as pure functions: timeline, flame, window, lights, records, schedules.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemoryPage, TimelineBar } from "../../os/src/workplace/contract.ts";
import { loadCronWords } from "../src/control/recurring/cron-words.ts";
import { findNode, layoutFlame, toFlame } from "../src/control/view/flame.ts";
import { toLights, toStanding } from "../src/control/view/lights.ts";
import { canEdit, canTakeOut, toWindow } from "../src/control/view/memory.ts";
import { matchesRecord, toRecordLine } from "../src/control/view/records.ts";
import { readCron, toTriggerId } from "../src/control/view/schedule.ts";
import { pan, toLanes, toTicks, toWhole, zoom } from "../src/control/view/timeline.ts";

function bar(pid: number, from: number, to: number | null, part: Partial<TimelineBar> = {}): TimelineBar {
  return { pid, kind: "model", name: "model", from, to, ok: true, text: "", seq: from, ...part };
}
const parents: Record<number, number> = { 2: 1, 3: 2 };
const parentOf = (pid: number) => parents[pid] ?? null;

test("lanes stand below the one that started them, and bars outside the view are left out", () => {
  const bars = [bar(3, 10, 20), bar(1, 0, 50), bar(2, 5, 15), bar(9, 0, 5), bar(1, 80, 90)];
  const lanes = toLanes(bars, { span: { from: 0, to: 60 }, now: 100, root: 1, parentOf });
  assert.deepEqual(
    lanes.map((lane) => [lane.pid, lane.depth, lane.bars.length]),
    [
      [1, 0, 1],
      [2, 1, 1],
      [3, 2, 1],
      [9, 1, 1],
    ],
  );
  assert.equal(lanes[0]?.bars[0]?.width, 50 / 60);
});

test("a bar that lasts reaches to now, and is not joined with later ones", () => {
  const lanes = toLanes([bar(1, 0, null)], { span: { from: 0, to: 100 }, now: 40, root: 1, parentOf });
  assert.ok(lanes[0]?.bars[0]?.lasts);
  assert.equal(lanes[0]?.bars[0]?.width, 0.4);
});

test("bars too narrow to see are joined with neighbours of their kind, and none is lost", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => bar(1, index * 10, index * 10 + 8));
  const lanes = toLanes(many, { span: { from: 0, to: 50_000 }, now: 50_000, root: 1, parentOf });
  const placed = lanes[0]?.bars ?? [];
  assert.ok(placed.length < 400, `${placed.length} bars are drawn`);
  assert.equal(
    placed.reduce((sum, one) => sum + one.bars.length, 0),
    5_000,
  );
});

test("a refused bar is never joined into a good one", () => {
  const bars = [bar(1, 0, 1), bar(1, 1, 2, { kind: "refused", ok: false }), bar(1, 2, 3)];
  const lanes = toLanes(bars, { span: { from: 0, to: 10_000 }, now: 10_000, root: 1, parentOf });
  assert.equal(lanes[0]?.bars.length, 3);
});

test("zoom keeps the place under the pointer and never leaves the whole", () => {
  const whole = { from: 0, to: 10_000 };
  const near = zoom(whole, whole, { factor: 0.5, around: 0.25 });
  assert.deepEqual(near, { from: 1_250, to: 6_250 });
  assert.deepEqual(zoom(near, whole, { factor: 100, around: 0.5 }), whole);
  assert.deepEqual(pan(near, whole, 10), { from: 5_000, to: 10_000 });
  const closest = zoom(whole, whole, { factor: 0, around: 0 });
  assert.equal(closest.to - closest.from, 50);
});

test("ticks are round and count from the beginning of the whole", () => {
  const whole = toWhole([bar(1, 1_003, 61_003)], 0);
  const ticks = toTicks(whole, whole, 6);
  assert.deepEqual(
    ticks.map((tick) => tick.since),
    [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000],
  );
  assert.equal(ticks[0]?.x, 0);
});

test("time and tokens are added up by process, kind and name; a child is part of its parent", () => {
  const bars = [
    bar(1, 0, 100, { tokens: 50 }),
    bar(1, 100, 160, { kind: "call", name: "bash" }),
    bar(1, 160, 900, { kind: "wait", name: "child" }),
    bar(2, 200, 240, { tokens: 150 }),
    bar(3, 240, 250, { kind: "call", name: "bash" }),
  ];
  const nameOf = (pid: number) => `e${pid}`;
  const root = toFlame(bars, { root: 1, now: 1_000, waits: false, parentOf, nameOf });
  assert.deepEqual([root.ms, root.tokens, root.count], [210, 200, 4]);
  const two = findNode(root, "p2");
  assert.deepEqual([two?.ms, two?.tokens], [50, 150]);
  assert.equal(findNode(root, "p1/call/bash")?.ms, 60);
  const blocks = layoutFlame(root, "time");
  assert.equal(blocks[0]?.width, 1);
  const children = blocks.filter((block) => block.depth === 1);
  assert.ok(Math.abs(children.reduce((sum, block) => sum + block.width, 0) - 1) < 1e-9);
  for (const block of blocks) assert.ok(block.x + block.width <= 1 + 1e-9);
  assert.equal(toFlame(bars, { root: 1, now: 1_000, waits: true, parentOf, nameOf }).ms, 950);
});

test("a flame of nothing is one block", () => {
  const root = toFlame([], { root: 1, now: 0, waits: false, parentOf, nameOf: String });
  assert.equal(layoutFlame(root, "tokens").length, 1);
});

function page(id: number, part: Partial<MemoryPage> = {}): MemoryPage {
  return {
    ...{
      id,
      kind: "results",
      role: "user" as const,
      title: `page ${id}`,
      tokens: 92,
      integrity: "entity" as const,
    },
    ...{ origins: [], resident: true, pinned: false, lastUse: id },
    ...part,
  };
}

test("the strip is the window in its own order, by tokens; what left is listed apart, the last first", () => {
  const view = toWindow([
    page(1, { kind: "rules" }),
    page(2, { resident: false }),
    page(3, { integrity: "untrusted", tokens: 292 }),
    page(4, { resident: false }),
  ]);
  assert.deepEqual(
    view.strip.map((part) => [part.page.id, part.x, part.width]),
    [
      [1, 0, 0.25],
      [3, 0.25, 0.75],
    ],
  );
  assert.deepEqual([view.tokens, view.untrusted], [400, 1]);
  assert.deepEqual(
    view.evicted.map((one) => one.id),
    [4, 2],
  );
});

test("rules and the task cannot be taken out of a window", () => {
  assert.ok(!canTakeOut(page(1, { kind: "rules" })));
  assert.ok(!canTakeOut(page(1, { kind: "task" })));
  assert.ok(!canTakeOut(page(1, { resident: false })));
  assert.ok(canTakeOut(page(1)));
  assert.ok(!canEdit(page(1, { kind: "rules" })));
});

test("three lights: what it read, what it sees, what it can do; an expired right is dark", () => {
  const standing = toStanding([
    {
      type: "entity.spawned",
      data: {
        folder: "/data",
        home: "/home/1",
        shares: [
          { path: "/home/1", write: true },
          { path: "/data", write: true },
        ],
        capabilities: [
          { operation: "files.*", grantedBy: "Ada" },
          { operation: "terminal.run", grantedBy: "Ada" },
          { operation: "http.get", hosts: ["example.org"], grantedBy: "Ada", expires: 100 },
        ],
      },
    },
    { type: "capability.granted", data: { capability: { operation: "mail.send", grantedBy: "Ada" } } },
  ]);
  const read = [page(1, { integrity: "untrusted", origins: ["host:evil.example"] })];
  const on = (now: number) =>
    toLights(read, standing, now).map((light) => [light.name, light.on, light.because]);
  assert.deepEqual(on(50), [
    ["untrusted", true, ["host:evil.example"]],
    ["private", true, ["/data"]],
    ["effects", true, ["http.get → example.org", "mail.send"]],
  ]);
  assert.deepEqual(on(200)[2], ["effects", true, ["mail.send"]]);
  const dark = toLights([page(1)], toStanding([]), 0);
  assert.ok(dark.every((light) => !light.on));
});

test("a record is one line that tells it apart, also of a type that is not known", () => {
  const record = (type: string, data: Record<string, unknown>) => ({
    seq: 1,
    stream: "s",
    index: 1,
    at: 0,
    type,
    data,
  });
  const t = (key: string) => key;
  assert.equal(toRecordLine(record("entity.spawned", { task: "Sort\nthe list" }), t), "Sort the list");
  const asked = { what: "http.get", why: "it cannot be undone", reasons: [{ kind: "undone" }] };
  assert.equal(toRecordLine(record("approval.asked", asked), t), "http.get told.why.undone");
  assert.equal(
    toRecordLine(record("approval.asked", { ...asked, reasons: undefined }), t),
    "http.get it cannot be undone",
  );
  const held = { name: "get", args: { url: "a" }, also: [{ args: { url: "b" } }, { args: { url: "c" } }] };
  assert.match(toRecordLine(record("call.held", { call: held }), t), /a.* · .*b.* · .*c/);
  assert.equal(toRecordLine(record("new.thing", { pid: 3, name: "x", count: 2 }), t), "name x · count 2");
  assert.ok(matchesRecord(record("call.ended", { name: "bash" }), "BASH"));
  assert.ok(!matchesRecord(record("call.ended", { name: "bash" }), "python"));
  assert.ok(toRecordLine(record("message.sent", { to: "Ada", text: "x".repeat(999) }), t).length <= 200);
});

test("a cron line is said in the language of the reader", async () => {
  const [english, chinese] = await Promise.all([loadCronWords("en"), loadCronWords("zh")]);
  assert.equal(english("0 8 * * 1-5"), "At 08:00, Monday through Friday");
  assert.equal(chinese("0 8 * * 1-5"), "在08:00, 星期一至星期五");
});

test("a cron line is read with its next times, or with the reason", () => {
  const now = Date.UTC(2026, 10, 24, 8, 15);
  const read = readCron("0 8 * * 1-5", { now, count: 3, timezone: "UTC" });
  assert.ok(read.ok);
  assert.deepEqual(
    read.next.map((at) => new Date(at).toISOString()),
    ["2026-11-25T08:00:00.000Z", "2026-11-26T08:00:00.000Z", "2026-11-27T08:00:00.000Z"],
  );
  assert.deepEqual(readCron("0 8 * *", { now, count: 3 }), { ok: false, why: "fields" });
  assert.ok(!readCron("99 8 * * *", { now, count: 3 }).ok);
  assert.deepEqual(readCron("0 0 30 2 *", { now, count: 3 }), { ok: false, why: "never" });
});

test("the id of a trigger comes from its name and is taken once", () => {
  assert.equal(toTriggerId("Every morning: Mail!", new Set()), "every-morning-mail");
  assert.equal(toTriggerId("Über", new Set(["u-ber"])), "u-ber-2");
  assert.equal(toTriggerId("每天", new Set(["work"])), "work-2");
});
