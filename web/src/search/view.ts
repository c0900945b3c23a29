// What a search shows: the words that were found, in the text around them; where and by whom, to choose from; places and
// people whose names have the words; and what was searched for before. Pure.

import type { Channel, Post, ProgramInfo, Thread } from "../../../os/src/workplace/contract.ts";
import { toGist } from "../post/gist.ts";

/** A result as the server gives it. */
export interface Found {
  post: Post;
  excerpt: string;
}

/** A piece of a text; `hit` is a word that was searched for. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** The words of a query, as the server reads them. */
export const toTerms = (query: string): string[] => query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

// Scripts that put no space between words: a word may begin anywhere in them.
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

const bare = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "");

/** Where the terms stand in a text: pairs of begin and end, in order, not overlapping. */
function findHits(text: string, terms: readonly string[]): [number, number][] {
  const hits: [number, number][] = [];
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const lower = bare(word.toLowerCase());
    for (const term of terms.map(bare)) {
      // What was folded away has made the word shorter: then the whole of it is the hit.
      const exact = lower.length === word.length;
      const at = lower.startsWith(term) ? 0 : unspaced.test(term) ? lower.indexOf(term) : -1;
      if (at < 0) continue;
      hits.push(exact ? [index + at, index + at + term.length] : [index, index + word.length]);
      break;
    }
  }
  return hits;
}

/** Characters before the first hit that are kept. */
const before = 50;

/** The part of a text around the first hit, cut to about `length`, with the hits marked. */
export function toHighlights(text: string, terms: readonly string[], length = 220): Piece[] {
  const gist = toGist(text, 2_000);
  const first = findHits(gist, terms)[0]?.[0] ?? 0;
  let from = first <= before * 1.5 || gist.length <= length ? 0 : first - before;
  if (from > 0)
    from =
      gist.indexOf(" ", from) >= first || gist.indexOf(" ", from) < 0 ? from : gist.indexOf(" ", from) + 1;
  const shown = gist.slice(from, from + length);
  const cut = `${from > 0 ? "…" : ""}${shown}${from + length < gist.length ? "…" : ""}`;
  const pieces: Piece[] = [];
  let at = 0;
  for (const [begin, end] of findHits(cut, terms)) {
    if (begin > at) pieces.push({ text: cut.slice(at, begin), hit: false });
    pieces.push({ text: cut.slice(begin, end), hit: true });
    at = end;
  }
  if (at < cut.length) pieces.push({ text: cut.slice(at), hit: false });
  return pieces;
}

/** What results are narrowed to; an empty text is no limit. */
export interface Limits {
  place: string;
  author: string;
}

/** The results within the limits. */
export function narrow(found: readonly Found[], { place, author }: Limits): Found[] {
  return found.filter(
    ({ post }) => (place === "" || post.channel === place) && (author === "" || post.from.name === author),
  );
}

/** What can be chosen, with how often it occurs, the most frequent first. */
export function toChoices(
  found: readonly Found[],
  of: (post: Post) => string,
): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { post } of found) counts.set(of(post), (counts.get(of(post)) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}

/** A place or somebody whose name has the words. */
export type Named =
  | { kind: "channel"; id: string; name: string; about: string }
  | { kind: "colleague"; id: string; name: string; about: string }
  | { kind: "thread"; id: string; name: string; channel: string };

/** Names that are shown above the posts. */
const shownNames = 6;

/** Places and people by name: those whose name begins with the words first. */
export function toNamed(
  known: { channels: readonly Channel[]; programs: readonly ProgramInfo[]; threads: readonly Thread[] },
  terms: readonly string[],
): Named[] {
  if (terms.length === 0) return [];
  const all: Named[] = [
    ...known.channels
      .filter((one) => !one.archived && one.kind === "channel")
      .map(({ id, name, about }): Named => ({ kind: "channel", id, name, about })),
    ...known.programs
      .filter((one) => one.wrong === null)
      .map(({ name, description }): Named => ({ kind: "colleague", id: name, name, about: description })),
    ...known.threads
      .filter((one) => one.id !== one.channel)
      .sort((a, b) => b.lastAt - a.lastAt)
      .map(({ id, title, channel }): Named => ({ kind: "thread", id, name: title, channel })),
  ];
  const has = (one: Named) => {
    const words = toTerms(one.name);
    return terms.every((term) =>
      words.some((word) => word.startsWith(term) || (unspaced.test(term) && word.includes(term))),
    );
  };
  const begins = (one: Named) => one.name.toLowerCase().startsWith(terms[0] as string);
  const found = all.filter(has);
  return [...found.filter(begins), ...found.filter((one) => !begins(one))].slice(0, shownNames);
}

/** Searches that are remembered. */
const remembered = 8;

/** What was searched for, with a new search first; one that only grew replaces what it grew from. */
export function remember(recent: readonly string[], query: string): string[] {
  const text = query.trim().replace(/\s+/g, " ");
  if (text.length < 2) return [...recent];
  const same = (one: string) => text.toLowerCase().startsWith(one.toLowerCase());
  return [text, ...recent.filter((one) => !same(one))].slice(0, remembered);
}
