// Recall by words and by meaning. The embedding model is played: a text is the sum of the ideas that its words stand for.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { JournalRecord } from "../src/journal/journal.ts";
import { openArchive } from "../src/memory/archive.ts";
import { toAsked } from "../src/memory/asked.ts";
import { toPassages } from "../src/memory/meaning.ts";
import { type Candidate, rankPages } from "../src/memory/rank.ts";
import { createRecall, type Embed } from "../src/memory/recall.ts";
import { createRandom } from "../src/sim/random.ts";

const ideas: Record<string, number> = { dog: 1, puppy: 1, hound: 1, car: 2, vehicle: 2, rain: 3, storm: 3 };

/** Directions that are the same each time; words of one idea have the same. */
function toVector(text: string): Float32Array {
  const vector = new Float32Array(384);
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
    const idea = ideas[word];
    const seed = idea ?? [...word].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 1_000);
    const random = createRandom(seed);
    for (let i = 0; i < vector.length; i++) vector[i]! += (random.next() - 0.5) * (idea ? 3 : 0.5);
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
const embed: Embed = async (texts) => texts.map(toVector);

/** An archive in which these texts, by pid and page, have left a window. */
function fill(texts: readonly (readonly [number, number, string])[]) {
  const archive = openArchive(":memory:");
  const records: JournalRecord[] = [];
  const put = (type: string, pid: number, data: object): void => {
    const seq = records.length + 1;
    const record = { seq, stream: `e/${pid}`, index: seq, at: 0, hash: "", type, data: { pid, ...data } };
    records.push(record);
    archive.take(record, (_stream, index) => records[index - 1]);
  };
  for (const [pid, id, text] of texts) {
    put("turn.said", pid, { pages: [{ id, kind: "results", role: "user", tokens: 1, label: {}, text }] });
    put("page.evicted", pid, { ids: [id], pages: [] });
  }
  return { archive, put };
}

const pagesOf = (found: readonly { pid: number; page: number }[]) =>
  found.map(({ pid, page }) => `${pid}.${page}`);

test("[M11] what was said in other words is found by its meaning, beside what has the words", async () => {
  const { archive } = fill([
    [1, 1, "Her puppy slept on the blanket."],
    [1, 2, "The dog show is on Friday."],
    [1, 3, "A vehicle stood at the gate."],
    [2, 1, "The hound of the neighbours."],
  ]);
  const recall = createRecall(archive, embed);
  await recall.catchUp();
  assert.equal(archive.meaning.left(), 0);
  const found = await recall.search("dog", { pids: [1] });
  assert.deepEqual(pagesOf(found), ["1.2", "1.1"], "words and meaning together first, then meaning alone");
  assert.match(found[1]?.excerpt ?? "", /puppy/);
  assert.deepEqual(pagesOf(await recall.search("dog", { ways: "words" })), ["1.2"]);
  assert.equal((await recall.search("dog")).length, 3, "and of everybody when nobody is named");
  assert.deepEqual(await recall.search("parliament"), [], "what nothing is near to finds nothing");
});

test("[M11] without an embedding model words are found; when there is one, what was before is found too", async () => {
  const { archive, put } = fill([[1, 1, "The hound barked."]]);
  let here = false;
  const later: Embed = async (texts) => (here ? embed(texts) : null);
  const recall = createRecall(archive, later);
  await recall.catchUp();
  assert.deepEqual(pagesOf(await recall.search("hound")), ["1.1"]);
  assert.deepEqual(await recall.search("puppy"), []);
  here = true;
  put("turn.said", 1, {
    pages: [{ id: 2, kind: "results", role: "user", tokens: 1, label: {}, text: "Storm." }],
  });
  put("page.evicted", 1, { ids: [2], pages: [] });
  await recall.catchUp();
  assert.deepEqual(pagesOf(await recall.search("puppy")), ["1.1"]);
  assert.deepEqual(pagesOf(await recall.search("rain")), ["1.2"]);
  archive.reset();
  assert.deepEqual(
    await recall.search("puppy"),
    [],
    "an archive that is made again has no vectors of before",
  );
});

test("[M11] an embedding model that fails, or answers late, stops nobody", async () => {
  const { archive } = fill([[1, 1, "The hound barked."]]);
  const broken = createRecall(archive, () => Promise.resolve(null));
  assert.deepEqual(pagesOf(await broken.search("hound")), ["1.1"]);
  let let_go: (vectors: null) => void = () => {};
  const slow = createRecall(archive, () => new Promise((resolve) => (let_go = resolve)));
  const working = slow.catchUp();
  const stopping = slow.stop();
  let_go(null);
  await Promise.all([working, stopping]);
  assert.deepEqual(pagesOf(await slow.search("hound")), ["1.1"]);
});

test("[M11] looking at signs first finds what measuring everything finds", async () => {
  const random = createRandom(7);
  const make = () => {
    const vector = Float32Array.from({ length: 384 }, () => random.next() + random.next() - 1);
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  };
  // Clusters, as texts have them.
  const centres = Array.from({ length: 300 }, make);
  const near = (centre: Float32Array, spread: number) => {
    const other = make();
    const mixed = centre.map((value, i) => value + spread * other[i]!);
    const length = Math.hypot(...mixed);
    return mixed.map((value) => value / length);
  };
  const vectors = Array.from({ length: 6_000 }, (_, i) => near(centres[i % 300]!, 0.9));
  const { archive } = fill(vectors.map((_, i) => [1 + (i % 3), i, "text"]));
  for (const text of archive.meaning.unread(vectors.length))
    archive.meaning.keep(text, [{ start: 0, length: 4, vector: vectors[text.page]! }]);
  let hits = 0;
  for (let asked = 0; asked < 40; asked++) {
    const wanted = near(centres[asked]!, 0.6);
    const exact = vectors
      .map((vector, page) => ({
        page,
        cosine: vector.reduce((sum, value, i) => sum + value * wanted[i]!, 0),
      }))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, 10)
      .map(({ page }) => page);
    const found = new Set(archive.meaning.near(wanted, { limit: 10 }).map(({ page }) => page));
    hits += exact.filter((page) => found.has(page)).length;
  }
  assert.ok(hits >= 0.97 * 400, `${hits} of 400`);
});

const candidate = (page: number, text: string, more: Partial<Candidate> = {}): Candidate => ({
  ...{ pid: 1, page, kind: "dialogue", excerpt: text, at: page, text, nearness: 0 },
  ...more,
});

test("[M11] a page counts by its meaning, its words, the names and the time of the question", () => {
  const asked = toAsked("Where did Kim live in March 2026?", Date.UTC(2026, 5, 1));
  const march = Date.UTC(2026, 2, 9);
  const order = (pages: Candidate[]) => rankPages(pages, asked).map(({ page }) => page);
  assert.deepEqual(
    order([candidate(1, "about Lena", { nearness: 0.5 }), candidate(2, "about Kim", { nearness: 0.4 })]),
    [2, 1],
  );
  assert.deepEqual(
    order([
      candidate(1, "Kimono and Kimberley", { nearness: 0.5 }),
      candidate(2, "of kim.", { nearness: 0.4 }),
    ]),
    [2, 1],
  );
  assert.deepEqual(
    order([candidate(1, "Kim", { nearness: 0.5 }), candidate(2, "Kim", { nearness: 0.4, at: march })]),
    [2, 1],
  );
  assert.deepEqual(order([candidate(1, "Kim", { fit: 2 }), candidate(2, "Kim", { fit: 8 })]), [2, 1]);
  assert.deepEqual(rankPages([], asked), []);
});

test("[M11] where it is asked how things are the newer of two alike goes first", () => {
  const pages = [candidate(1, "Kim", { nearness: 0.5 }), candidate(2, "Kim", { nearness: 0.5 })];
  assert.equal(rankPages(pages, toAsked("Where does Kim live?", 9))[0]?.page, 2);
  assert.equal(rankPages(pages, toAsked("Where did Kim live before?", 9))[0]?.page, 1);
});

test("[M11] a question is taken apart by its form", () => {
  const order = toAsked("What came first, Kim's wedding or Lena's marathon?", 0);
  assert.deepEqual(
    [order.names, order.parts],
    [
      ["kim", "lena"],
      ["Kim's wedding", "Lena's marathon"],
    ],
  );
  const through = toAsked("Where does the sister of Kim live?", 0).through;
  assert.deepEqual(
    [through?.phrase, through?.name, through?.put("Lena")],
    ["the sister of Kim", "kim", "Where does Lena live?"],
  );
  assert.equal(toAsked("What is Kim's sister's job?", 0).through?.put("Lena"), "What is Lena's job?");
  assert.equal(toAsked("What is Kim's job?", 0).through, null);
  assert.deepEqual(toAsked("where is it?", 0).names, []);
});

test("[M11] somebody who is named through somebody else is found and asked for by name", async () => {
  const { archive } = fill([
    [1, 1, "Lena is Kim's sister, I learned."],
    [1, 2, "Kim drives a car."],
    [1, 3, "Omar has a puppy. Lena lives by the sea with her hound."],
  ]);
  const recall = createRecall(archive, embed);
  await recall.catchUp();
  const found = await recall.search("Which dog does the sister of Kim have?", {
    pids: [1],
    limit: 3,
    now: 9,
  });
  assert.deepEqual(
    found
      .slice(0, 2)
      .map(({ page }) => page)
      .sort(),
    [1, 3],
  );
});

test("[M11] a thing said is cut into its sentences, and each goes on until it means something", () => {
  const text =
    "Yes, I think so! It is the blue one, with the broken handle on its left side.\nI moved to Porto in the spring of that year, by the way!";
  assert.deepEqual(
    toPassages(text).map(({ start, length }) => text.slice(start, start + length).trim()),
    [
      "Yes, I think so! It is the blue one, with the broken handle on its left side.",
      "It is the blue one, with the broken handle on its left side.",
      "I moved to Porto in the spring of that year, by the way!",
      text,
    ],
    "and it is there as a whole",
  );
  const chinese =
    "我上个月搬到了成都，现在每天坐地铁上班，大概要四十分钟，路上正好可以看书，也可以听听音乐，慢慢地就习惯了这样的生活节奏了。周末去爬山。";
  assert.ok(toPassages(chinese).length >= 2);
});

test("[M11] passages cover a text, end where sentences end, and are bounded", () => {
  const text = Array.from({ length: 90 }, (_, i) => `This is sentence number ${i} of a long text.`).join(" ");
  const cuts = toPassages(text);
  let covered = 0;
  for (const { start, length } of cuts) {
    assert.ok(start <= covered && length <= 700);
    covered = start + length;
  }
  assert.equal(covered, text.length);
  assert.ok(cuts.slice(0, -1).every(({ start, length }) => /\.\s?$/.test(text.slice(start, start + length))));
  assert.ok(toPassages("x".repeat(5_000_000)).length <= 400);
  assert.deepEqual(toPassages("  \n "), []);
});
