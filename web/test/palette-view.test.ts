// The palette: what is found for what is typed, and in which order.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel, ProgramInfo, Thread } from "../../os/src/workplace/contract.ts";
import { type Item, toPalette, toPeople, toPlaces, toThreadItems } from "../src/shell/palette-view.ts";

const channel = (id: string, more: Partial<Channel> = {}) =>
  ({ id, name: id, kind: "channel", about: "", archived: false, lastAt: 1, lastSeq: 1, ...more }) as Channel;
const thread = (id: string, title: string, more: Partial<Thread> = {}) =>
  ({ id, title, channel: "general", lastAt: 1, resolved: false, ...more }) as Thread;

const items: Item[] = [
  { id: "do/task", group: "do", label: "New task", about: "", icon: "plus", weight: 1 },
  { id: "s/threads", group: "screens", label: "Threads", about: "", icon: "tasks", weight: 0 },
  ...toPlaces(
    [
      channel("sales", { about: "Orders and totals" }),
      channel("general", { lastAt: 9 }),
      channel("old", { archived: true }),
    ],
    { sales: 0, general: 1 },
  ),
  ...toPeople(
    [
      { name: "clerk", description: "Files, tables and totals", wrong: null },
      { name: "scribe", description: "", wrong: null },
      { name: "broken", description: "", wrong: "no head" },
    ] as ProgramInfo[],
    [channel("dm-scribe-ada", { kind: "direct", name: "scribe", lastAt: 5 })],
  ),
  ...toThreadItems([
    thread("t1", "Totals of May", { resolved: true, lastAt: 9 }),
    thread("t2", "Total sales of the year"),
    thread("dm", "scribe", { channel: "dm" }),
    thread("t3", "销售总额"),
  ]),
];
const found = (query: string) => toPalette(items, query).map((item) => item.id);

test("before anything is typed, what is unread, open and newest stands first", () => {
  assert.deepEqual(found(""), [
    ...["do/task", "s/threads", "c/sales", "c/general", "p/scribe", "p/clerk", "t/t2", "t/t3", "t/t1"],
  ]);
});

test("names are found by the beginnings of their words, and the group of the best is the first", () => {
  assert.deepEqual(found("sales"), ["c/sales", "t/t2"]);
  assert.deepEqual(found("cle"), ["p/clerk"]);
  assert.deepEqual(found("new ta"), ["do/task"]);
  assert.deepEqual(found("#SALES"), ["c/sales", "t/t2"]);
  assert.deepEqual(
    found("total"),
    ["t/t2", "t/t1", "c/sales", "p/clerk"],
    "what is said about it counts less",
  );
  assert.deepEqual(found("总额"), ["t/t3"]);
  assert.deepEqual(found("nowhere"), []);
  assert.deepEqual(found("ales"), []);
});
