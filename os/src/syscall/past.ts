// What an entity can see again of what left windows: its own pages, those of its colleagues, and those of others whose
// memory a person has shared with it. Each page brings its own label, whoever reads it.

import type { Entity, Pid } from "../entity/entity.ts";
import { factsFor, toPageKey } from "../entity/knowledge.ts";
import { toMessage } from "../error.ts";
import { toFactLine } from "../memory/fact.ts";
import { joinLabels, type Label, toUntrusted } from "../memory/label.ts";
import type { Handler, KernelDoors } from "./kernel.ts";

/** The capability to search and recall what others remember; `pid` names whose. */
export const memoryCapability = "memory.read";

/** Whose pages an entity may see: its own, those of its colleagues, and what was shared with it. */
export function readableBy(entity: Entity, now: number): Pid[] {
  const shared = entity.capabilities
    .filter(({ operation, expires }) => operation === memoryCapability && (expires ?? now + 1) > now)
    .flatMap(({ args }) => (args?.pid ?? []).map(Number));
  return [...new Set([entity.pid, ...entity.children, ...shared])];
}

/** The label of a page, also of one that is known no more: then it is as little trusted as all its entity has seen. */
function labelOfPage(doors: KernelDoors, pid: Pid, page: number): Label {
  const entity = doors.state.entities.get(pid);
  const kept = entity?.pages.find((other) => other.id === page)?.label;
  return kept ?? entity?.endLabel ?? doors.pageLabel(pid, page) ?? toUntrusted(`memory:${pid}`);
}

/** Shows a page again: `7`, or `7 of 12` for one of another entity, as a search names it. */
export const recall: Handler = ({ page = "" }, { entity, doors, label: said }) => {
  const [, number, of] = /^(?:page )?(\d+)(?: of (?:pid )?#?(\d+))?$/.exec(page.trim()) ?? [];
  const [id, pid] = [Number(number ?? page), of === undefined ? entity.pid : Number(of)];
  if (!readableBy(entity, doors.now()).includes(pid))
    return {
      next: "go-on",
      ok: false,
      text: `What pid ${pid} remembers is not shared with you.`,
      label: said,
    };
  const shut = doors.state.knowledge.shut.has(toPageKey({ pid, page: id }));
  const text = shut ? null : doors.pageText(pid, id);
  if (text === null) return { next: "go-on", ok: false, text: `There is no page ${page}.`, label: said };
  const whose = pid === entity.pid ? "" : ` of pid ${pid}`;
  const label = labelOfPage(doors, pid, id);
  const again = { next: "go-on" as const, ok: true, text: `Page ${id}${whose} again:\n${text}`, label };
  return pid === entity.pid ? { ...again, recalled: id } : again;
};

/** Searches what left the windows. */
export const search: Handler = async ({ words = "" }, { entity, doors, label: said }) => {
  try {
    const now = doors.now();
    const known = factsFor(doors.state.knowledge, entity, now);
    const facts = await doors.searchFacts(words, known);
    const found = await doors.search(words, readableBy(entity, now));
    if (found.length + facts.length === 0)
      return {
        next: "go-on",
        ok: true,
        text: `Nothing that is known or left your window speaks of "${words}".`,
        label: said,
      };
    // The best were found; they are told as they followed each other, which is how they are read right most often.
    const pages = found
      .toSorted((a, b) => a.at - b.at)
      .map(({ page, pid, at, excerpt }) => {
        const whose = pid === entity.pid ? "" : ` of pid ${pid}`;
        return `page ${page}${whose}, ${toDay(at)}: ${excerpt.replaceAll("\n", " ")}`;
      });
    const lines = [...facts.map(toFactLine), ...pages];
    const label = [
      ...facts.map((fact) => fact.label),
      ...found.map(({ pid, page }) => labelOfPage(doors, pid, page)),
    ].reduce(joinLabels, said);
    return { next: "go-on", ok: true, text: lines.join("\n"), label };
  } catch (error) {
    return { next: "go-on", ok: false, text: `The search failed: ${toMessage(error)}`, label: said };
  }
};

/** The day on which something was written: what is true changes, and the newest of two counts. */
const toDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
