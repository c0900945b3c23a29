// Decides what stays in the window. A model pays for everything after the first changed token, so nothing is evicted
// until the window is full, and then much at once: results first, then dialogue; of each kind those first that have least
// to do with what is asked (worth.ts), and of those the oldest. Rules, program, task, pinned pages and the last
// pages always stay, and so do notes while they fill a third of the room at most: beyond it the oldest leave but never the last, or who notes for
// years would have no room left to work in. What leaves is on disk, can be searched and can be recalled, and one stub
// page says which pages left.

import type { Page, PageKind, Role } from "./page.ts";

/** How the pager sees the window. */
export interface PagerLimits {
  /** Tokens the window holds. */
  contextTokens: number;
  /** Tokens kept free for the answer. */
  reserveTokens: number;
  /** Part of the room to which a full window is emptied. */
  evictTo: number;
}

/** Tokens that a template adds around one message, at most. */
const perMessage = 8;

/** The last pages that are never evicted: the action under way and its result. */
const keepLast = 3;

/** Part of the room that notes may fill. */
const notesPart = 1 / 3;

const order: readonly PageKind[] = ["stub", "results", "dialogue"];

/** Tokens of the resident pages, with what a template adds. */
export function countWindow(pages: readonly Page[]): number {
  return pages.reduce((sum, page) => sum + (page.resident ? page.tokens + perMessage : 0), 0);
}

/** True when not everything fits. */
export function isFull(pages: readonly Page[], limits: PagerLimits): boolean {
  return countWindow(pages) > limits.contextTokens - limits.reserveTokens;
}

/** Ids of the pages to evict, those that leave first before the others; none while everything fits. `worth` tells what a page is worth. */
export function planEviction(
  pages: readonly Page[],
  limits: PagerLimits,
  worth: ReadonlyMap<number, number> = new Map(),
): number[] {
  const room = limits.contextTokens - limits.reserveTokens;
  let used = countWindow(pages);
  if (used <= room) return [];
  const target = Math.floor(room * limits.evictTo);
  const resident = pages.filter((page) => page.resident);
  const free = resident.slice(0, -keepLast);
  const evicted: number[] = [];
  const notes = resident.filter((page) => page.kind === "notes");
  let noted = countWindow(notes);
  for (const page of notes.slice(0, -1)) {
    if (noted <= room * notesPart) break;
    if (page.pinned) continue;
    evicted.push(page.id);
    noted -= page.tokens + perMessage;
    used -= page.tokens + perMessage;
  }
  const least = free.toSorted((a, b) => (worth.get(a.id) ?? 0) - (worth.get(b.id) ?? 0));
  for (const kind of order)
    for (const page of least) {
      if (used <= target) return evicted;
      if (page.kind !== kind || page.pinned) continue;
      evicted.push(page.id);
      used -= page.tokens + perMessage;
    }
  // Only pages that must stay are left: give up even the last results rather than the task.
  for (const page of resident.slice(-keepLast)) {
    if (used <= room) break;
    if ((page.kind !== "results" && page.kind !== "dialogue") || page.pinned) continue;
    evicted.push(page.id);
    used -= page.tokens + perMessage;
  }
  return evicted;
}

/** Evicted pages that a stub names. */
const stubLines = 12;

/**
 * The text of the stub that stands for evicted pages, and for so many older ones: a line of each (`lines` by page number,
 * else its title) with the number that brings it back.
 */
export function toStubText(
  pages: readonly Page[],
  form: (id: number) => string,
  { older = 0, lines: told = new Map() }: { older?: number; lines?: ReadonlyMap<number, string> } = {},
): string {
  const lines = pages.slice(-stubLines).map((page) => `page ${page.id}: ${told.get(page.id) ?? page.title}`);
  const unnamed = older + pages.length - lines.length;
  const more = unnamed > 0 ? `and ${unnamed} older pages\n` : "";
  const first = pages.at(-1)?.id ?? 1;
  return `Left this window to save room, still on disk:\n${more}${lines.join("\n")}\nTo see one again: ${form(first)}`;
}

/** The lines of a stub by page number, for the one that takes its place. */
export function readStubLines(text: string): Map<number, string> {
  const found = [...text.matchAll(/^page (\d+): (.+)$/gm)];
  return new Map(found.map(([, id, line]) => [Number(id), line ?? ""]));
}

/** A page with its text, as the model is to read it. */
export interface TextPage {
  role: Role;
  kind: PageKind;
  text: string;
}

/** The window as messages: neighbours of one role become one message. `shared` counts those of rules and program. */
export function toMessages(pages: readonly TextPage[]): {
  messages: { role: Role; text: string }[];
  shared: number;
} {
  const messages: { role: Role; text: string }[] = [];
  let shared = 0;
  for (const page of pages) {
    const last = messages.at(-1);
    const isShared = page.kind === "rules" || page.kind === "program";
    if (last && last.role === page.role && isShared === (messages.length === shared))
      last.text += `\n\n${page.text}`;
    else {
      messages.push({ role: page.role, text: page.text });
      if (isShared && shared === messages.length - 1) shared += 1;
    }
  }
  return { messages, shared };
}
