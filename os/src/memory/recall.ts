// Recall: what left the windows, found by its words and by its meaning. Each index gives its ranking, and a page counts
// by its places in both (reciprocal rank fusion), so that neither needs to know how the other measures.
//
// Vectors are made in the background, some texts at a time. Without an embedding model the words alone are searched.

import { memoryLimits as limits } from "../limits.ts";
import type { Archive, Found } from "./archive.ts";
import { type Fact, rankFacts } from "./fact.ts";
import { type Passage, toPassages, type Unread } from "./meaning.ts";

/** Makes a vector for each text; null when that is not possible (now). */
export type Embed = (texts: readonly string[]) => Promise<Float32Array[] | null>;

/** Which of the two indexes are asked; for measurements. */
export type Ways = "both" | "words" | "meaning";

/** Search over what left the windows. */
export interface Recall {
  search(
    words: string,
    options?: { pids?: readonly number[]; limit?: number; ways?: Ways; now?: number },
  ): Promise<Found[]>;
  /** Those of the facts that answer to the words, best first. */
  facts(words: string, facts: readonly Fact[], now: number): Promise<Fact[]>;
  /** Makes the vectors that are missing, a few at a time; resolves when none is missing or none can be made. */
  catchUp(): Promise<void>;
  /** Told that the archive has taken a record: what is missing is made soon. */
  notice(): void;
  /** Ends what goes on in the background. */
  stop(): Promise<void>;
}

/** Makes it over an archive. */
export function createRecall(archive: Archive, embed?: Embed): Recall {
  let working: Promise<void> | null = null;
  let stopped = false;
  let seen = 0;

  const read = async (embedding: Embed, texts: readonly Unread[]): Promise<boolean> => {
    const cuts = texts.map(({ text }) => toPassages(text));
    const pieces = texts.flatMap(({ text }, i) =>
      (cuts[i] ?? []).map(({ start, length }) => text.slice(start, start + length)),
    );
    const vectors = pieces.length > 0 ? await embedding(pieces) : [];
    if (!vectors || stopped) return false;
    let at = 0;
    for (const [i, text] of texts.entries()) {
      const passages: Passage[] = (cuts[i] ?? []).map((cut) => ({ ...cut, vector: vectors[at++]! }));
      archive.meaning.keep(text, passages);
    }
    return true;
  };
  const work = async (embedding: Embed): Promise<void> => {
    while (!stopped) {
      const texts = archive.meaning.unread(limits.textsAtOnce);
      if (texts.length === 0 || !(await read(embedding, texts))) return;
    }
  };
  const catchUp = (): Promise<void> => {
    if (!embed || stopped) return Promise.resolve();
    working ??= work(embed)
      // An index never stops the machine: what could not be written is made at the next opening.
      .catch(() => {})
      .finally(() => {
        working = null;
      });
    return working;
  };

  const byMeaning = async (words: string, pids: readonly number[] | undefined, limit: number) => {
    const [vector] = (await embed?.([words])) ?? [];
    return vector ? archive.meaning.near(vector, { pids, limit }) : [];
  };

  return {
    async search(words, { pids, limit = limits.found, ways = "both" } = {}) {
      if (words.trim() === "") return [];
      const deep = Math.max(limit, limits.ranked);
      const among = pids ? { pids, limit: deep } : { limit: deep };
      const worded = ways === "meaning" ? [] : archive.search(words, among);
      const near = ways === "words" || stopped ? [] : await byMeaning(words, pids, deep);
      return fuse([worded, near]).slice(0, limit);
    },
    async facts(words, facts, now) {
      const likely = rankFacts(words, facts, { now, limit: limits.likelyFacts });
      if (likely.length < 2 || !embed || stopped) return likely.slice(0, limits.facts);
      const lines = likely.map(({ subject, relation, value }) => `${subject} ${relation} ${value}`);
      const [asked, ...vectors] = (await embed([words, ...lines])) ?? [];
      if (!asked) return likely.slice(0, limits.facts);
      const near = likely.map((fact, place) => ({ fact, place, nearness: product(asked, vectors[place]!) }));
      const order = [...near].sort((a, b) => b.nearness - a.nearness);
      const score = (one: (typeof near)[number]) =>
        1 / (limits.fusion + one.place) + 1 / (limits.fusion + order.indexOf(one));
      return near
        .sort((a, b) => score(b) - score(a))
        .slice(0, limits.facts)
        .map(({ fact }) => fact);
    },
    catchUp,
    notice() {
      seen += 1;
      if (!embed || seen % limits.noticeEvery !== 1) return;
      setImmediate(() => void catchUp());
    },
    async stop() {
      stopped = true;
      await working;
    },
  };
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** One ranking out of several: a page gains 1 / (60 + its place) from each. */
export function fuse(rankings: readonly (readonly Found[])[]): Found[] {
  const scores = new Map<string, { found: Found; score: number }>();
  for (const ranking of rankings)
    for (const [place, { pid, page, kind, excerpt, at }] of ranking.entries()) {
      const key = `${pid} ${page}`;
      const known = scores.get(key) ?? { found: { pid, page, kind, excerpt, at }, score: 0 };
      known.score += 1 / (limits.fusion + place + 1);
      scores.set(key, known);
    }
  return [...scores.values()].sort((a, b) => b.score - a.score).map(({ found }) => found);
}
