// The window of an entity as a strip and a list. The order of pages is that of the window and never changes; pages that
// left it are listed apart.

import type { MemoryPage } from "../../../../os/src/workplace/contract.ts";

/** A page in the strip: its part of the used window. */
export interface StripPart {
  page: MemoryPage;
  x: number;
  width: number;
}

/** The window at a look. */
export interface WindowView {
  strip: StripPart[];
  resident: MemoryPage[];
  /** Those on disk, the last to leave first. */
  evicted: MemoryPage[];
  tokens: number;
  untrusted: number;
  pinned: number;
  /** Tokens by kind, largest first. */
  kinds: { kind: string; tokens: number; pages: number }[];
}

/** Tokens that a template adds around one page, at most (memory/pager.ts counts so). */
const perPage = 8;

/** The view of a page table. */
export function toWindow(pages: readonly MemoryPage[]): WindowView {
  const resident = pages.filter((page) => page.resident);
  const evicted = pages.filter((page) => !page.resident).sort((a, b) => b.lastUse - a.lastUse || b.id - a.id);
  const tokens = resident.reduce((sum, page) => sum + page.tokens + perPage, 0);
  const kinds = new Map<string, { kind: string; tokens: number; pages: number }>();
  const strip: StripPart[] = [];
  let at = 0;
  for (const page of resident) {
    const width = tokens === 0 ? 0 : (page.tokens + perPage) / tokens;
    strip.push({ page, x: at, width });
    at += width;
    const kind = kinds.get(page.kind) ?? { kind: page.kind, tokens: 0, pages: 0 };
    kind.tokens += page.tokens + perPage;
    kind.pages += 1;
    kinds.set(page.kind, kind);
  }
  return {
    strip,
    resident,
    evicted,
    tokens,
    untrusted: resident.filter((page) => page.integrity === "untrusted").length,
    pinned: resident.filter((page) => page.pinned).length,
    kinds: [...kinds.values()].sort((a, b) => b.tokens - a.tokens),
  };
}

/** Pages that must stay: an entity without its rules or its task is another one. */
export function canTakeOut(page: MemoryPage): boolean {
  return page.resident && page.kind !== "rules" && page.kind !== "task" && page.kind !== "stub";
}

/** Pages whose text may be written anew: what is said or known, never the rules. */
export function canEdit(page: MemoryPage): boolean {
  return page.resident && page.kind !== "rules" && page.kind !== "stub";
}
