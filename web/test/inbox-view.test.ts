// What the inbox makes of its rows: groups, entries of one place, what a visit remembers, who said it, and the gist of a text.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { InboxItem } from "../../os/src/workplace/contract.ts";
import {
  comeBack,
  goOn,
  isOf,
  leave,
  newVisit,
  type Part,
  toInboxView,
  toNextKey,
  toStepKey,
  type Visit,
} from "../src/inbox/view.ts";
import { toGist } from "../src/post/gist.ts";

const item = (id: string, more: Partial<InboxItem> = {}): InboxItem => ({
  ...{
    id,
    kind: "result",
    title: "clerk in Sales",
    name: "clerk",
    place: "Sales",
    text: id,
    at: 1,
    seq: 1,
    unread: true,
    needsYou: false,
  },
  ...{ channel: "general", thread: id, approval: null, pid: 1 },
  ...more,
});

const shape = (items: InboxItem[], visit: Visit = newVisit, part: Part = "all") =>
  toInboxView(items, { part, visit }).entries.map((entry) => `${entry.group} ${entry.ids.join("+")}`);

test("what needs you comes first, then what is new, then what was there; the newest first in each", () => {
  const rows = [
    item("old", { unread: false, at: 9 }),
    item("new1", { at: 3 }),
    item("ask", { kind: "question", needsYou: true, at: 1, unread: false }),
    item("new2", { at: 5 }),
  ];
  assert.deepEqual(shape(rows), ["needs ask", "fresh new2", "fresh new1", "earlier old"]);
});

test("words of one place are one entry; what waits for an answer and trouble stand by themselves", () => {
  const talk = { thread: "t", channel: "general" };
  const rows = [
    item("m1", { ...talk, kind: "mention", at: 1 }),
    item("m2", { ...talk, kind: "result", at: 4 }),
    item("bad", { ...talk, kind: "trouble", at: 2 }),
    item("q1", { ...talk, kind: "question", needsYou: true, at: 3 }),
    item("q2", { ...talk, kind: "question", needsYou: true, at: 2 }),
    item("lone", { thread: null, channel: null, at: 0 }),
    item("lone2", { thread: null, channel: null, at: 0 }),
  ];
  assert.deepEqual(shape(rows), [
    ...["needs q1", "needs q2", "fresh m2+m1", "fresh bad", "fresh lone", "fresh lone2"],
  ]);
});

test("what was new in a visit stays there while it is read, and goes when it is put away, at once", () => {
  const rows = [item("a"), item("b")];
  const visit = goOn(newVisit, rows);
  const read = rows.map((row) => ({ ...row, unread: false }));
  assert.deepEqual(shape(read, visit), ["fresh a", "fresh b"]);
  assert.deepEqual(shape(read, newVisit), ["earlier a", "earlier b"]);
  // The server has not heard of it yet: the row is still unread there.
  const left = leave(visit, ["a"]);
  assert.deepEqual(shape(rows, goOn(left, rows)), ["fresh b", "earlier a"]);
  const heard = goOn(left, read);
  assert.equal(heard.gone.size, 0);
  assert.deepEqual(shape(read, heard), ["fresh b", "earlier a"]);
  // Made new again in another tab, and taken back here.
  assert.deepEqual(shape(rows, goOn(heard, rows)), ["fresh a", "fresh b"]);
  assert.deepEqual(shape(read, comeBack(left, ["a"])), ["fresh a", "fresh b"]);
  assert.equal(goOn(visit, rows), visit, "nothing new is the same visit");
});

test("each kind belongs to its part", () => {
  const of = (part: Part) =>
    (["approval", "question", "mention", "result", "direct", "trouble"] as const).filter((kind) =>
      isOf(part, item("x", { kind, needsYou: kind === "approval" })),
    );
  assert.deepEqual(of("needs"), ["approval"]);
  assert.deepEqual(of("results"), ["result"]);
  assert.deepEqual(of("words"), ["question", "mention", "direct"]);
  assert.deepEqual(of("trouble"), ["trouble"]);
  assert.equal(of("all").length, 6);
});

test("keys walk and stay within", () => {
  const keys = ["a", "b", "c"];
  assert.deepEqual([toNextKey(keys, "a"), toNextKey(keys, "c"), toNextKey(["a"], "a")], ["b", "b", null]);
  assert.deepEqual(
    [toStepKey(keys, null, 1), toStepKey(keys, "b", 5), toStepKey(keys, "a", -1), toStepKey([], null, 1)],
    ["a", "c", "a", null],
  );
});

test("the gist of a text is one line without Markdown, and hides nothing", () => {
  assert.equal(
    toGist("# Done\n\nThe **total** is `42`, see [the file](x.csv).\n\n- *one*\n2. two"),
    "Done The total is 42, see the file. one two",
  );
  assert.equal(toGist("| a | b |\n|---|---:|\n| 1 | 2 |"), "a · b 1 · 2");
  assert.equal(toGist("```py\nx = 2 * 3 * 4\n```"), "x = 2 * 3 * 4");
  assert.equal(toGist("snake_case_name and __strong__ ~~gone~~"), "snake_case_name and strong gone");
  assert.equal(toGist("invoice\u202efdp.exe"), "invoice⟨RLO⟩fdp.exe");
  assert.equal(toGist("x".repeat(900), 10).length, 10);
});
