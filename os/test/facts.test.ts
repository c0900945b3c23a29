// Facts with time: what was so when, what closes what, and what a question gets.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createKnowledge,
  factsAbout,
  fromKnowledgeJson,
  reduceKnowledge,
  toKnowledgeJson,
} from "../src/entity/knowledge.ts";
import type { JournalRecord } from "../src/journal/journal.ts";
import { type Fact, rankFacts, toFactLine, toTold } from "../src/memory/fact.ts";
import { toLabel, toUntrusted } from "../src/memory/label.ts";
import { toSpan } from "../src/memory/when.ts";

const on = (day: string): number => Date.parse(`${day}T12:00:00Z`);
const now = on("2026-06-15");

/** A memory in which lines were told, each on a day. */
function remember(told: readonly { on: string; about: string; text: string; stranger?: boolean }[]) {
  const known = createKnowledge();
  let seq = 0;
  const put = (type: string, data: object, at = now) => {
    seq += 1;
    reduceKnowledge(known, {
      seq,
      stream: "memory",
      index: seq,
      at,
      hash: "",
      type,
      data: { ...data },
    } as JournalRecord);
  };
  for (const [i, { on: day, about, text, stranger }] of told.entries())
    for (const [j, line] of toTold(about, text, { owner: "Ada", at: on(day) }).entries()) {
      const label = stranger ? toUntrusted("host:evil.example") : toLabel("person");
      const more = { id: `${i}-${j}`, owner: "Ada", label, source: null, post: null, by: "guide" };
      put("fact.told", { ...line, ...more }, on(day));
    }
  const lines = (about: string) =>
    factsAbout(known, { owner: "Ada", subject: about }).map(
      ({ relation, value, until }) =>
        `${relation}: ${value}${until === null ? "" : ` until ${new Date(until).toISOString().slice(0, 10)}`}`,
    );
  return { known, lines, put };
}

const moves = [
  { on: "2026-01-10", about: "Kim", text: "lives in: Utrecht" },
  { on: "2026-04-20", about: "kim", text: "Lives in: Porto\nbirthday: 3 May" },
];

test("[M14] a newer fact closes the older one of its subject and relation, and both stay", () => {
  const { lines } = remember(moves);
  assert.deepEqual(lines("Kim"), [
    "lives in: Utrecht until 2026-04-20",
    "Lives in: Porto",
    "birthday: 3 May",
  ]);
});

test("[M14] what is told late of an earlier time closes nothing newer, and ends where the newer begins", () => {
  const { lines, known } = remember([
    ...moves,
    { on: "2026-05-01", about: "Kim", text: "lives in: Rome since 2026-02-01" },
  ]);
  assert.deepEqual(lines("Kim").slice(0, 2), ["lives in: Utrecht until 2026-02-01", "Lives in: Porto"]);
  assert.equal(lines("Kim").at(-1), "lives in: Rome until 2026-04-20");
  const asked = (words: string) => rankFacts(words, [...known.facts.values()], { now, limit: 1 })[0]?.value;
  assert.equal(asked("Where does Kim live?"), "Porto");
  assert.equal(asked("Where did Kim live in March?"), "Rome");
  assert.equal(asked("Where did Kim live in January 2026?"), "Utrecht");
});

test("[M14] what is said again is known already; what is said beside it and remarks close nothing", () => {
  const { lines } = remember([
    { on: "2026-01-01", about: "Kim", text: "likes: tea" },
    { on: "2026-01-02", about: "Kim", text: "likes: Tea" },
    { on: "2026-01-03", about: "Kim", text: "also likes: fencing\nShe prefers short lists." },
    { on: "2026-01-04", about: "Kim", text: "- She is often late." },
  ]);
  assert.deepEqual(lines("kim"), [
    "likes: tea",
    "likes: fencing",
    ": She prefers short lists.",
    ": She is often late.",
  ]);
});

test("[M14] a stranger's words close nothing that a person said, and stand beside it with where they come from", () => {
  const { lines, known } = remember([
    { on: "2026-01-01", about: "me", text: "bank account: NL91" },
    { on: "2026-02-01", about: "Ada", text: "bank account: XX66", stranger: true },
  ]);
  assert.deepEqual(lines("Ada"), ["bank account: NL91", "bank account: XX66"]);
  const [, strange] = [...known.facts.values()];
  assert.match(toFactLine(strange as Fact), /from strangers' words/);
});

test("[M15] what is forgotten is known no more, and what it alone had closed holds again", () => {
  const { lines, put, known } = remember(moves);
  put("fact.forgotten", { ids: ["1-0"], shut: [{ pid: 3, page: 7 }], posts: ["p1"], by: "Ada" });
  assert.deepEqual(lines("Kim"), ["lives in: Utrecht", "birthday: 3 May"]);
  const again = fromKnowledgeJson(JSON.parse(JSON.stringify(toKnowledgeJson(known))));
  assert.deepEqual(again, known, "a snapshot says the same");
});

test("what a person puts right is theirs", () => {
  const { known, put, lines } = remember([
    { on: "2026-01-01", about: "Kim", text: "job: spy", stranger: true },
  ]);
  put("fact.corrected", { id: "0-0", value: "baker", by: "Ada" });
  assert.deepEqual(lines("Kim"), ["job: baker"]);
  const [fact] = known.facts.values();
  assert.deepEqual([fact?.label.integrity, fact?.label.origins, fact?.by], ["person", [], "Ada"]);
});

test("a question gets the facts of whom it names, first those that speak of the same", () => {
  const { known } = remember([
    { on: "2026-01-01", about: "Kim", text: "job: baker\nlives in: Porto" },
    { on: "2026-01-02", about: "Kim Lee", text: "lives in: Oslo" },
    { on: "2026-01-02", about: "lighthouse project", text: "deadline: 2026-07-01" },
  ]);
  const ask = (words: string) =>
    rankFacts(words, [...known.facts.values()], { now, limit: 3 }).map(({ value }) => value);
  assert.deepEqual(ask("Where does Kim live?")[0], "Porto");
  assert.deepEqual(ask("When is the deadline of the lighthouse project?")[0], "2026-07-01");
  assert.deepEqual(ask("Who lives in Oslo?")[0], "Oslo");
  assert.deepEqual(ask("What is the weather?"), []);
});

test("time words mean a stretch of time, as seen from when they are said", () => {
  const show = (text: string) => {
    const span = toSpan(text, now);
    const day = (at: number) => (Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : "…");
    return span && `${day(span.from)}/${day(span.until)}`;
  };
  const cases: [string, string | null][] = [
    ["in March", "2026-03-01/2026-04-01"],
    ["in October", "2025-10-01/2025-11-01"],
    ["on 5 May 2024", "2024-05-05/2024-05-06"],
    ["May 5, 2024", "2024-05-05/2024-05-06"],
    ["before 2024-02-01", "…/2024-02-01"],
    ["after May 2025", "2025-06-01/…"],
    ["since last year", "2025-01-01/…"],
    ["yesterday", "2026-06-14/2026-06-15"],
    ["last week", "2026-06-08/2026-06-15"],
    ["two months ago", "2026-04-01/2026-05-01"],
    ["in 2023", "2023-01-01/2024-01-01"],
    ["2025年3月8日", "2025-03-08/2025-03-09"],
    ["三月", "2026-03-01/2026-04-01"],
    ["去年", "2025-01-01/2026-01-01"],
    ["may I march in?", null],
    ["2024-13-45", "2024-01-01/2025-01-01"],
    ["Where does Kim live?", null],
  ];
  for (const [text, wanted] of cases) assert.equal(show(text), wanted, text);
});
