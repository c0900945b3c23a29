// The window of an entity as people see and change it. The order of pages never changes: an edited page is a new one at
// the end, and the old one stays on disk. Rules, program and task cannot be taken out.

import type { Entity, Pid } from "../entity/entity.ts";
import { toEvent, toStream } from "../entity/events.ts";
import { HumError } from "../error.ts";
import { joinLabels, toLabel } from "../memory/label.ts";
import { type NewPage, type Page, toTitle } from "../memory/page.ts";
import type { Workplace } from "./api.ts";
import type { MemoryPage } from "./contract.ts";
import { findEntity, type Room, toText } from "./room.ts";

/** Pages that make an entity what it is. */
const fixed: ReadonlySet<string> = new Set(["rules", "program", "task"]);

const pageBytes = 64 * 1024;

/** Makes the part of the workplace that shows windows. */
export function createMemoryView(room: Room): Pick<Workplace, "pages" | "page" | "changePage" | "dropPage"> {
  const commit = room.machine.commit;
  const findPage = (entity: Entity, id: number): Page => {
    const page = pagesOf(room, entity).find((other) => other.id === id);
    if (!page) throw new HumError("not-found", `${entity.name} (pid ${entity.pid}) has no page ${id}.`);
    return page;
  };
  const toShown = (pid: Pid, id: number): MemoryPage => ({
    ...toMemoryPage(findPage(findEntity(room, pid), id)),
    text: room.ledger.pageText(pid, id) ?? "",
  });
  const findLiving = (pid: Pid): Entity => {
    const entity = findEntity(room, pid);
    if (entity.state === "ended")
      throw new HumError("conflict", `${entity.name} (pid ${pid}) has ended; its window cannot be changed.`);
    return entity;
  };
  const findResident = (pid: Pid, id: number): { entity: Entity; page: Page } => {
    const entity = findLiving(pid);
    const page = findPage(entity, id);
    if (!page.resident) throw new HumError("conflict", `Page ${id} is not in the window any more.`);
    return { entity, page };
  };

  return {
    pages: (pid) => pagesOf(room, findEntity(room, pid)).map(toMemoryPage),
    page: toShown,
    async changePage(by, pid, { id, pinned, text }) {
      const { entity, page } = findResident(pid, id);
      let shown = id;
      if (text !== undefined) {
        if (fixed.has(page.kind))
          throw new HumError(
            "denied",
            "Rules and examples are those of the program, and the task is what was asked for: edit the program, or tell the entity more.",
          );
        toText(text, "page", pageBytes);
        // It is the last page now, and a window must not end with words of the model itself. What a person left of a
        // stranger's words is still the stranger's.
        const label = joinLabels(page.label, toLabel("person"));
        const draft = { kind: page.kind, role: "user", label, text } as const;
        const pages = await room.machine.toPages(entity, [draft]);
        shown = pages[0]?.id ?? id;
        await commit(toStream(pid), [
          toEvent("page.evicted", { pid, ids: [id], pages, why: "person" }),
          ...(page.pinned ? [toEvent("page.pinned", { pid, id: shown, pinned: true, by })] : []),
        ]);
      }
      if (pinned !== undefined)
        await commit(toStream(pid), [toEvent("page.pinned", { pid, id: shown, pinned, by })]);
      return toShown(pid, shown);
    },
    async dropPage(_by, pid, id) {
      const { page } = findResident(pid, id);
      if (fixed.has(page.kind))
        throw new HumError("denied", "Rules, program and task cannot leave the window.");
      await commit(toStream(pid), [toEvent("page.evicted", { pid, ids: [id], pages: [], why: "person" })]);
    },
  };
}

// An entity that has ended has no window; what was in it stands in the journal.
function pagesOf(room: Room, entity: Entity): Page[] {
  if (entity.state !== "ended") return entity.pages;
  const pages: Page[] = [];
  for (const record of room.ledger.journal.read(toStream(entity.pid), 0))
    for (const { text, ...page } of (record.data as { pages?: NewPage[] }).pages ?? [])
      pages.push({ ...page, lastUse: 0, title: toTitle(text), resident: false, index: record.index });
  return pages;
}

function toMemoryPage(page: Page): MemoryPage {
  const { id, kind, role, title, tokens, resident, lastUse } = page;
  const pinned = page.pinned === true || fixed.has(kind) || kind === "notes";
  const { integrity, origins } = page.label;
  return { id, kind, role, title, tokens, resident, lastUse, pinned, integrity, origins: [...origins] };
}
