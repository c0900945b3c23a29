// What the inbox shows, made from its rows: what cannot go on without the person, what is new, and what was there before.
// Words that follow each other in one place are one entry, so that a talk does not fill the page. Pure.

import type { InboxItem } from "../../../os/src/workplace/contract.ts";

/** Which part of the inbox is shown. */
export type Part = "all" | "needs" | "results" | "words" | "trouble";

/** All parts, in the order in which they are offered. */
export const parts: readonly Part[] = ["all", "needs", "results", "words", "trouble"];

/** Where an entry stands. */
export type Group = "needs" | "fresh" | "earlier";

/** One entry: an item, or several of one place with the newest on top. */
export interface Entry {
  /** Stays the same while the entry does. */
  key: string;
  item: InboxItem;
  /** All its rows. */
  ids: string[];
  group: Group;
  unread: boolean;
}

/** What is shown. */
export interface InboxView {
  entries: Entry[];
  count: Record<Group, number>;
}

/** Whether an item belongs to a part. */
export function isOf(part: Part, item: InboxItem): boolean {
  switch (part) {
    case "all":
      return true;
    case "needs":
      return item.needsYou;
    case "results":
      return item.kind === "result";
    case "words":
      return item.kind === "mention" || item.kind === "direct" || item.kind === "question";
    case "trouble":
      return item.kind === "trouble";
  }
}

const order: Record<Group, number> = { needs: 0, fresh: 1, earlier: 2 };

/** What a visit of the inbox remembers: rows that were new in it, and rows that were put away in it. */
export interface Visit {
  kept: ReadonlySet<string>;
  gone: ReadonlySet<string>;
}

/** A visit that begins. */
export const newVisit: Visit = { kept: new Set(), gone: new Set() };

/** The visit after rows changed. A row that was put away is forgotten as soon as the server has heard of it. */
export function goOn(visit: Visit, items: readonly InboxItem[]): Visit {
  const fresh = items.filter((item) => item.unread && !visit.gone.has(item.id) && !visit.kept.has(item.id));
  const heard = items.filter((item) => !item.unread && visit.gone.has(item.id));
  if (fresh.length + heard.length === 0) return visit;
  const gone = new Set(visit.gone);
  for (const item of heard) gone.delete(item.id);
  return { kept: new Set([...visit.kept, ...fresh.map((item) => item.id)]), gone };
}

/** The visit after rows were put away. */
export function leave(visit: Visit, ids: readonly string[]): Visit {
  return {
    kept: new Set([...visit.kept].filter((id) => !ids.includes(id))),
    gone: new Set([...visit.gone, ...ids]),
  };
}

/** The visit after rows were taken back. */
export function comeBack(visit: Visit, ids: readonly string[]): Visit {
  return {
    kept: new Set([...visit.kept, ...ids]),
    gone: new Set([...visit.gone].filter((id) => !ids.includes(id))),
  };
}

/** Makes the entries. What was new in this visit stays there while it is read: nothing moves from under the eye. */
export function toInboxView(
  items: readonly InboxItem[],
  { part, visit }: { part: Part; visit: Visit },
): InboxView {
  const isFresh = ({ id, unread }: InboxItem) => !visit.gone.has(id) && (unread || visit.kept.has(id));
  const entries = new Map<string, Entry>();
  const sorted = items.filter((item) => isOf(part, item)).sort((a, b) => b.at - a.at || b.seq - a.seq);
  for (const item of sorted) {
    const group: Group = item.needsYou ? "needs" : isFresh(item) ? "fresh" : "earlier";
    const place = item.thread ?? item.channel;
    // What waits for an answer stands by itself, and so does what belongs to no place.
    const key = group === "needs" || place === null ? item.id : `${group} ${place} ${toFamily(item)}`;
    const entry = entries.get(key);
    if (entry) {
      entry.ids.push(item.id);
      entry.unread ||= item.unread;
    } else entries.set(key, { key, item, ids: [item.id], group, unread: item.unread });
  }
  const list = [...entries.values()].sort((a, b) => order[a.group] - order[b.group]);
  const count = { needs: 0, fresh: 0, earlier: 0 };
  for (const entry of list) count[entry.group]++;
  return { entries: list, count };
}

// Trouble is not hidden below a word that came later.
const toFamily = (item: InboxItem): string => (item.kind === "trouble" ? "trouble" : "words");

/** The title of an item in the language of the page; names and places stay as they are. */
export function toShownTitle(
  item: Pick<InboxItem, "kind" | "name" | "place">,
  t: (key: string, values: Record<string, string>) => string,
): string {
  const { name, place } = item;
  return t(item.kind === "approval" ? "inbox.asks" : "inbox.from", { name, place });
}

/** The entry after one that goes away: the next below it, else the one above. */
export function toNextKey(keys: readonly string[], gone: string): string | null {
  const at = keys.indexOf(gone);
  return keys[at + 1] ?? keys[at - 1] ?? null;
}

/** The entry so many steps from one; the first when there is none. */
export function toStepKey(keys: readonly string[], from: string | null, by: number): string | null {
  const at = from === null ? -1 : keys.indexOf(from);
  if (at < 0) return keys[0] ?? null;
  return keys[Math.min(Math.max(at + by, 0), keys.length - 1)] ?? null;
}
