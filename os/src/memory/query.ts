// Full-text search whose cost does not grow with the archive. Ranking (BM25) looks at every page that holds one of the
// words, so words that most pages hold would make it as slow as the archive is large. Therefore:
//
//   1  the rarest words are ranked, as many as together are on at most `ranked` pages
//   2  of the best of those, each of the other words that a page holds too raises its score by its weight (its idf)
//   3  when nothing was rare, or that gives too little: the newest pages that hold the other words, those with most of
//      their weight first
//
// As long as all words together are on few enough pages, only the first step happens and the ranking is exact.

import type { DatabaseSync } from "node:sqlite";
import { memoryLimits } from "../limits.ts";
import type { Found } from "./archive.ts";

/** How much a search may look at. */
export interface SearchLimits {
  /** Pages that are ranked. */
  ranked: number;
  /** The best of them whose other words are looked up. */
  best: number;
  /** Newest pages of a common word that are looked at. */
  newest: number;
  /** Words of a question that count, the rarest first. */
  words: number;
}

/** Searches the table `words` of an archive. */
export interface Finder {
  find(words: string, options: { pids?: readonly number[] | undefined; limit: number }): Found[];
  /** How many pages a search for these words ranks at most. */
  plan(words: string): { rows: number };
  /** Forgets how common words are. */
  reset(): void;
}

/** Common words that are remembered. */
const rememberedWords = 5_000;

/** Makes the finder of an archive's database; the archive made the table. */
export function createFinder(database: DatabaseSync, limits: SearchLimits = memoryLimits.search): Finder {
  const last = database.prepare("SELECT max(rowid) AS row FROM words");
  const count = database.prepare(
    "SELECT count(*) AS pages FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)",
  );
  const nth = database.prepare(
    "SELECT rowid AS row FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?",
  );
  const rank = database.prepare(
    "SELECT rowid AS row, rank AS score FROM words WHERE words MATCH ? AND rank MATCH 'bm25(1.0, 0.0)' ORDER BY rank LIMIT ?",
  );
  // A number comes as a floating one, which the index would pass over.
  const has = database.prepare("SELECT 1 FROM words WHERE words MATCH ? AND rowid = CAST(? AS INTEGER)");
  const newest = database.prepare(
    "SELECT rowid AS row FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?",
  );
  const show = database.prepare(
    "SELECT pid, page, kind, at, snippet(words, 0, '', '', '…', 24) AS excerpt FROM words WHERE words MATCH ? AND rowid = CAST(? AS INTEGER)",
  );
  /** On which part of all pages each common word is: pages only come, so it stays common. */
  const known = new Map<string, { part: number; of: number }>();

  const pagesWith = (word: string, of: number): number => {
    const before = known.get(word);
    if (before && of <= 2 * before.of) return Math.max(limits.ranked + 1, Math.round(before.part * of));
    const query = toText([word]);
    const { pages } = count.get(query, limits.ranked + 1) as { pages: number };
    if (pages <= limits.ranked) return pages;
    // More than can be ranked: how many there are is told from how dense the newest of them lie.
    const { row } = nth.get(query, limits.ranked) as { row: number };
    const part = Math.min(1, limits.ranked / Math.max(1, of - row));
    if (known.size >= rememberedWords) known.clear();
    known.set(word, { part, of });
    return Math.max(pages, Math.round(part * of));
  };
  const planWith = (words: string, of: number) => {
    const parts = [...new Set(words.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])];
    const all = parts
      .map((word) => ({ word, pages: pagesWith(word, of) }))
      .filter(({ pages }) => pages > 0)
      .sort((a, b) => a.pages - b.pages)
      .slice(0, limits.words);
    let rows = 0;
    const rare = all.filter(({ pages }) => {
      if (rows + pages > limits.ranked) return false;
      rows += pages;
      return true;
    });
    const common = all
      .filter((one) => !rare.includes(one))
      .map(({ word, pages }) => ({ word, weight: toWeight(pages, of) }));
    return { rare: rare.map(({ word }) => word), common, rows };
  };

  return {
    plan(words) {
      return { rows: planWith(words, (last.get() as { row: number | null }).row ?? 0).rows };
    },
    find(words, { pids, limit }) {
      const { rare, common } = planWith(words, (last.get() as { row: number | null }).row ?? 0);
      const among = pids ? `owner : (${pids.map(toOwner).join(" OR ")}) AND ` : "";
      const scores = new Map<number, number>();
      if (rare.length > 0) {
        const most = common.length > 0 ? Math.max(limit, limits.best) : limit;
        for (const { row, score } of rank.all(among + toText(rare), most) as { row: number; score: number }[])
          scores.set(row, -score);
        for (const { word, weight } of common)
          for (const [row, score] of scores)
            if (has.get(toText([word]), row)) scores.set(row, score + weight);
      }
      if (scores.size < limit && common.length > 0) {
        const more = new Map<number, number>();
        for (const { word, weight } of common)
          for (const { row } of newest.all(among + toText([word]), limits.newest) as { row: number }[])
            if (!scores.has(row)) more.set(row, (more.get(row) ?? 0) + weight);
        for (const [row, score] of more) scores.set(row, score);
      }
      const any = toText([...rare, ...common.map(({ word }) => word)]);
      return [...scores]
        .sort((a, b) => b[1] - a[1] || b[0] - a[0])
        .slice(0, limit)
        .flatMap(([row, fit]) => {
          const found = show.get(any, row) as Found | undefined;
          return found ? [{ ...found, row, fit }] : [];
        });
    },
    reset: () => known.clear(),
  };
}

/** The word of the index that tells whose page it is. */
export const toOwner = (pid: number): string => `p${Number(pid)}`;

// Any of the words. Quoting makes any text a valid query.
const toText = (words: readonly string[]): string =>
  `text : (${words.map((word) => `"${word}"`).join(" OR ")})`;

// The weight of BM25 for a word that a page holds once; never nothing.
const toWeight = (pages: number, of: number): number =>
  Math.max(1e-6, Math.log((of - pages + 0.5) / (pages + 0.5)));
