// Search: what is marked in a text, what results are narrowed to, names, and what is remembered.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Channel, Post, ProgramInfo, Thread } from "../../os/src/workplace/contract.ts";
import {
  type Found,
  narrow,
  remember,
  toChoices,
  toHighlights,
  toNamed,
  toTerms,
} from "../src/search/view.ts";

const marked = (text: string, query: string, length?: number) =>
  toHighlights(text, toTerms(query), length)
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join("");

test("words are marked where they begin, whatever their case and accents", () => {
  assert.equal(marked("The total of Totals, subtotal", "total"), "The [total] of [Total]s, subtotal");
  assert.equal(marked("Café in Zürich", "cafe zur"), "[Café] in [Zür]ich");
  assert.equal(marked("请把销售总额写入", "总额"), "请把销售[总额]写入");
  assert.equal(marked("nothing here", "else"), "nothing here");
  assert.equal(marked("a.b(c)*", "b c"), "a.[b]([c])*");
});

test("a long text is shown around the first hit, without Markdown, and hides nothing", () => {
  const text = `${"before ".repeat(60)}**needle** ${"after ".repeat(60)}`;
  const shown = marked(text, "needle", 120);
  assert.match(shown, /^…before .*\[needle\] after .*…$/);
  assert.ok(shown.length < 130);
  assert.equal(marked("x\u202ey needle", "needle"), "x⟨RLO⟩y [needle]");
});

const found = (channel: string, name: string) =>
  ({ post: { channel, from: { name } } as Post, excerpt: "" }) as Found;

test("results are narrowed by place and author, the most frequent offered first", () => {
  const all = [found("a", "Ada"), found("b", "clerk"), found("b", "Ada"), found("b", "Ada")];
  assert.deepEqual(
    toChoices(all, (post) => post.channel),
    [
      { value: "b", count: 3 },
      { value: "a", count: 1 },
    ],
  );
  assert.equal(narrow(all, { place: "", author: "" }).length, 4);
  assert.equal(narrow(all, { place: "b", author: "Ada" }).length, 2);
});

test("names are found by the beginnings of their words, those that begin with them first", () => {
  const known = {
    channels: [
      { id: "sales", name: "sales", kind: "channel", about: "", archived: false },
      { id: "dm-s", name: "sales-bot", kind: "direct", about: "", archived: false },
      { id: "gone", name: "sales-old", kind: "channel", about: "", archived: true },
    ] as Channel[],
    programs: [
      { name: "clerk", description: "Files", wrong: null },
      { name: "sal", description: "", wrong: "broken" },
    ] as ProgramInfo[],
    threads: [
      { id: "t1", title: "Add up the sales", channel: "general", lastAt: 1 },
      { id: "t2", title: "Sales of May", channel: "general", lastAt: 2 },
      { id: "dm", title: "Sales", channel: "dm", lastAt: 3 },
    ] as Thread[],
  };
  known.threads[2] = { ...(known.threads[2] as Thread), channel: "dm" };
  const names = (query: string) => toNamed(known, toTerms(query)).map((one) => one.name);
  assert.deepEqual(names("sal"), ["sales", "Sales of May", "Add up the sales"]);
  assert.deepEqual(names("sales up"), ["Add up the sales"]);
  assert.deepEqual(names("CLE"), ["clerk"]);
  assert.deepEqual(names(""), []);
});

test("searches are remembered once, the last first, and a longer one replaces its beginning", () => {
  assert.deepEqual(remember([], "x"), []);
  assert.deepEqual(remember(["tot", "may"], " total "), ["total", "may"]);
  assert.deepEqual(remember(["may", "total"], "Total"), ["Total", "may"]);
  assert.equal(
    remember(
      Array.from({ length: 20 }, (_, i) => `q${i}`),
      "new",
    ).length,
    8,
  );
});
