// Recall: what left the windows, found by its words and by its meaning (rank.ts makes one order of both). A question is taken
// apart first (asked.ts): its parts are looked for each by itself, and somebody who is named through somebody else is found
// out and asked for by name.
//
// Vectors are made in the background, some texts at a time. Without an embedding model the words alone are searched.

import { memoryLimits as limits } from "../limits.ts";
import type { Archive, Found } from "./archive.ts";
import { type Asked, toAsked } from "./asked.ts";
import { type Fact, rankFacts } from "./fact.ts";
import { type Passage, toPassages, type Unread } from "./meaning.ts";
import { type Candidate, mergeRanked, type Ranked, rankPages, toThroughNames } from "./rank.ts";

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
    const pieces = texts.flatMap(({ text }, i) => {
      // Who speaks belongs to each of the sentences.
      const [speaker = ""] = /^[^\n:]{1,40} says: /.exec(text) ?? [];
      return (cuts[i] ?? []).map(({ start, length }) =>
        ((start === 0 ? "" : speaker) + text.slice(start, start + length)).replace(/\s+/g, " ").trim(),
      );
    });
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
    const [vector] = (stopped ? null : await embed?.([words])) ?? [];
    return vector ? archive.meaning.near(vector, { pids, limit }) : [];
  };
  const look = async (asked: Asked, pids: readonly number[] | undefined): Promise<Ranked[]> => {
    const near = await byMeaning(asked.text, pids, limits.ranked);
    const worded = archive.search(
      asked.words,
      pids ? { pids, limit: limits.ranked } : { limit: limits.ranked },
    );
    const found = new Map<string, Candidate>();
    for (const page of near) found.set(toName(page), { ...page, text: archive.text(page.row) });
    for (const page of worded) {
      const known = found.get(toName(page));
      if (known) known.fit = page.fit ?? 0;
      else found.set(toName(page), { ...page, nearness: 0, text: archive.text(page.row ?? 0) });
    }
    return rankPages([...found.values()], asked);
  };
  const lookAll = async (
    words: string,
    pids: readonly number[] | undefined,
    now: number,
  ): Promise<Found[]> => {
    const asked = toAsked(words, now);
    const whole = await look(asked, pids);
    const orders = [whole];
    for (const part of asked.parts) orders.push(await look({ ...toAsked(part, now), now: asked.now }, pids));
    const { through } = asked;
    if (through) {
      const who = await look(toAsked(through.phrase, now), pids);
      orders.push(who.slice(0, limits.throughHits));
      for (const name of toThroughNames(who, through.name)) {
        const proper = (name[0] ?? "").toUpperCase() + name.slice(1);
        orders.push(await look({ ...toAsked(through.put(proper), now), now: asked.now }, pids));
      }
    }
    return mergeRanked(orders);
  };

  return {
    async search(words, { pids, limit = limits.found, ways = "both", now = Date.now() } = {}) {
      if (words.trim() === "") return [];
      if (ways === "words") return archive.search(words, pids ? { pids, limit } : { limit }).map(toFound);
      const found =
        ways === "meaning" ? await byMeaning(words, pids, limit) : await lookAll(words, pids, now);
      return found.slice(0, limit).map(toFound);
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

const toName = ({ pid, page }: Found): string => `${pid} ${page}`;

const toFound = ({ pid, page, kind, excerpt, at }: Found): Found => ({ pid, page, kind, excerpt, at });
