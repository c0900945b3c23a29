// What the palette offers: places, people, threads and what can be done, by the beginnings of their words. Pure; words in
// the reader's language are given.

import type { Channel, ProgramInfo, Thread } from "../../../os/src/workplace/contract.ts";
import type { IconName } from "../ui/icon.tsx";

/** The groups, in the order in which they stand when nothing is typed. */
export const groups = ["do", "screens", "places", "people", "threads"] as const;
/** One of them. */
export type Group = (typeof groups)[number];

/** One line of the palette. */
export interface Item {
  /** Unique, and what is run is known by it. */
  id: string;
  group: Group;
  label: string;
  /** What stands beside it, quieter. */
  about: string;
  icon: IconName;
  /** A colleague, whose face stands there instead of the icon. */
  face?: string;
  keys?: string;
  /** Larger comes first in its group when nothing is typed. */
  weight: number;
}

/** Lines of a group when nothing is typed, and when something is. */
const shownBefore: Record<Group, number> = { do: 3, screens: 12, places: 6, people: 4, threads: 4 };
const shownFound = 6;

/** The lines for a query, best first, in groups. */
export function toPalette(items: readonly Item[], query: string): Item[] {
  const terms = toWords(query);
  if (terms.length === 0)
    return groups.flatMap((group) =>
      items
        .filter((item) => item.group === group)
        .sort((a, b) => b.weight - a.weight)
        .slice(0, shownBefore[group]),
    );
  const ranked = items
    .map((item) => ({ item, rank: toRank(item, terms) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || b.item.weight - a.item.weight);
  // The group of the best line is the first; groups stay whole, so that the eye finds them.
  const order = [...new Set(ranked.map(({ item }) => item.group))];
  return order.flatMap((group) =>
    ranked
      .filter(({ item }) => item.group === group)
      .slice(0, shownFound)
      .map(({ item }) => item),
  );
}

const toWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

// Scripts that put no space between words: a word may begin anywhere in them.
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

function toRank(item: Item, terms: readonly string[]): number {
  const name = item.label.toLowerCase().replace(/^[#@]/, "");
  const words = toWords(item.label);
  const begins = (term: string) =>
    words.some((word) => word.startsWith(term) || (unspaced.test(term) && word.includes(term)));
  const joined = terms.join(" ");
  if (name === joined) return 4;
  if (name.startsWith(joined)) return 3;
  if (terms.every(begins)) return 2;
  const about = toWords(item.about);
  return terms.every((term) => begins(term) || about.some((word) => word.startsWith(term))) ? 1 : 0;
}

/** Places as lines; unread ones first, then those in which something was said last. */
export function toPlaces(channels: readonly Channel[], seen: Readonly<Record<string, number>>): Item[] {
  return channels
    .filter((channel) => channel.kind === "channel" && !channel.archived)
    .map((channel) => ({
      ...{ id: `c/${channel.id}`, group: "places", label: channel.name, about: channel.about, icon: "hash" },
      weight: channel.lastAt + (channel.lastSeq > (seen[channel.id] ?? 0) ? 1e15 : 0),
    }));
}

/** Colleagues as lines. */
export function toPeople(programs: readonly ProgramInfo[], channels: readonly Channel[]): Item[] {
  const last = new Map(channels.filter((one) => one.kind === "direct").map((one) => [one.name, one.lastAt]));
  return programs
    .filter((program) => program.wrong === null)
    .map((program) => ({
      ...{ id: `p/${program.name}`, group: "people", label: program.name, about: program.description },
      ...{
        icon: "people",
        face: program.name,
        weight: last.get(program.name) ?? (program.name === "guide" ? 1 : 0),
      },
    }));
}

/** Threads as lines: those that are open before those that are resolved. */
export function toThreadItems(threads: readonly Thread[]): Item[] {
  return threads
    .filter((thread) => thread.id !== thread.channel)
    .map((thread) => ({
      ...{
        id: `t/${thread.id}`,
        group: "threads",
        label: thread.title,
        about: `#${thread.channel}`,
        icon: "thread",
      },
      weight: thread.lastAt + (thread.resolved ? 0 : 1e15),
    }));
}
