// One order out of what the indexes found. A page counts by how near it is in meaning, by how well its words fit (as a part
// of the best), and by what the question's form tells: its names, its time, whether it asks how things are.

import { memoryLimits as limits } from "../limits.ts";
import type { Found } from "./archive.ts";
import { type Asked, toNames } from "./asked.ts";

/** A page that was found, with all of its text. */
export interface Candidate extends Found {
  text: string;
  /** Nearness in meaning; 0 where it was not found that way. */
  nearness: number;
}

/** A page with what it counts. */
export interface Ranked extends Candidate {
  score: number;
}

const has = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}])${name}(?![\\p{L}\\p{N}])`, "u").test(text);

/** The candidates with what each counts, best first. */
export function rankPages(candidates: readonly Candidate[], asked: Asked): Ranked[] {
  const most = Math.max(1e-9, ...candidates.map(({ fit = 0 }) => fit));
  const times = candidates.map(({ at }) => at);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const { names, span } = asked;
  return candidates
    .map((page) => {
      const text = page.text.toLowerCase();
      const named = names.length === 0 ? 0 : names.filter((name) => has(text, name)).length / names.length;
      const inTime = span !== null && page.at >= span.from && page.at < span.until ? 1 : 0;
      const recent = asked.now && last > first ? (page.at - first) / (last - first) : 0;
      const score =
        page.nearness +
        limits.wordsWeight * ((page.fit ?? 0) / most) +
        limits.namesWeight * named +
        limits.timeWeight * inTime +
        limits.recentWeight * recent;
      return { ...page, score };
    })
    .sort((a, b) => b.score - a.score);
}

/** Several orders as one: a page counts as where it counts most. */
export function mergeRanked(orders: readonly (readonly Ranked[])[]): Ranked[] {
  const best = new Map<string, Ranked>();
  for (const order of orders)
    for (const page of order) {
      const key = `${page.pid} ${page.page}`;
      if (page.score > (best.get(key)?.score ?? Number.NEGATIVE_INFINITY)) best.set(key, page);
    }
  return [...best.values()].sort((a, b) => b.score - a.score);
}

/** Who it may be that is named through somebody: other names that stand beside that name in the first pages. */
export function toThroughNames(pages: readonly Ranked[], name: string): string[] {
  const found: string[] = [];
  for (const { excerpt } of pages.slice(0, limits.throughHits)) {
    if (!has(excerpt.toLowerCase(), name)) continue;
    for (const other of toNames(excerpt)) if (other !== name && !found.includes(other)) found.push(other);
  }
  return found.slice(0, limits.throughNames);
}
