// The page table of an entity as the journal makes it: what came into its window, what left it, and what left so long ago
// that only the disk knows it. Pure functions of the records, as all of the state.

import type { JournalRecord } from "../journal/journal.ts";
import { joinLabels, toLabel } from "../memory/label.ts";
import { type NewPage, type Page, toTitle } from "../memory/page.ts";
import type { Entity } from "./entity.ts";

/** Pages that left a window and are still in its table: at least so many, and at most twice as many. */
const gonePages = 64;

/** Puts a page at the end of a window. */
export function addPage(entity: Entity, page: NewPage, record: JournalRecord): void {
  const { text, ...rest } = page;
  const added: Page = {
    ...rest,
    lastUse: entity.turn,
    title: toTitle(text),
    resident: true,
    index: record.index,
  };
  entity.pages.push(added);
  entity.nextPage = Math.max(entity.nextPage, page.id + 1);
}

/** Takes pages out of a window. What left long ago leaves the table too, so that a long life costs a step no more. */
export function leave(entity: Entity, ids: readonly number[]): void {
  for (const page of entity.pages) if (ids.includes(page.id)) page.resident = false;
  const away = entity.pages.filter((page) => !page.resident);
  if (away.length <= 2 * gonePages) return;
  const dropped = new Set(away.slice(0, away.length - gonePages));
  let { count, label } = entity.gone ?? { count: 0, label: toLabel("kernel") };
  for (const page of dropped) {
    label = joinLabels(label, page.label);
    if (page.kind !== "stub" && page.kind !== "notes") count += 1;
  }
  entity.gone = { count, label };
  entity.pages = entity.pages.filter((page) => !dropped.has(page));
}
