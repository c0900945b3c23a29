// What happens with an answer that is no acceptable action. It is told why, once; a model that then still says the same
// is caught in its own words, because what it reads is mostly what it wrote. So every second refusal in a row begins
// anew: all it did leaves the window (it stays on disk), and it sees the task, the folder as it is now, and what came
// of the last attempt.

import type { Entity } from "../entity/entity.ts";
import { toEvent, toStream } from "../entity/events.ts";
import { joinLabels, toLabel } from "../memory/label.ts";
import type { Draft, Machine } from "./machine.ts";
import { giveUp, type Said, toSaidEvent } from "./said.ts";
import { contextOf } from "./standing.ts";

/** Refusals in a row after which the window is emptied. */
const freshAfter = 2;

/** Characters of the last result that are kept for the new attempt. */
const lastResultChars = 600;

/** Says no to what was said, and why. */
export async function refuse(machine: Machine, entity: Entity, said: Said): Promise<void> {
  const why = said.parsed.why ?? "";
  const fresh = (entity.badTurns + 1) % freshAfter === 0;
  const drafts: Draft[] = [
    { kind: "dialogue", role: "assistant", label: said.label, text: said.text.slice(0, 1_500) },
    { kind: "results", role: "user", label: toLabel("kernel"), text: why },
    ...(fresh ? [await toFreshStart(machine, entity)] : []),
  ];
  const pages = await machine.toPages(entity, drafts);
  const spoken = pages.slice(0, 2);
  const gone = [...entity.pages.filter((page) => page.resident), ...spoken]
    .filter((page) => page.kind === "dialogue" || page.kind === "results" || page.kind === "stub")
    .map((page) => page.id);
  const cleared = fresh
    ? [toEvent("page.evicted", { pid: entity.pid, ids: gone, pages: pages.slice(2) })]
    : [];
  await machine.commit(toStream(entity.pid), [
    toSaidEvent(entity, said, { pages: spoken, bad: why }),
    ...cleared,
    ...giveUp(entity, why),
  ]);
}

async function toFreshStart(machine: Machine, entity: Entity): Promise<Draft> {
  const texts = machine.textsOf(entity);
  const last = entity.pages.findLast((page) => page.resident && page.kind === "results");
  const came = last ? (texts.get(last.id) ?? "").slice(0, lastResultChars) : "";
  const context = contextOf(machine, entity, { id: "fresh", signal: AbortSignal.timeout(60_000) });
  const survey = await machine.broker.perform("folder.survey", {}, { context });
  const attempt = came === "" ? "" : `An earlier attempt did not do it; it came to this:\n${came}\n\n`;
  const text = `${attempt}The folder holds now:\n${survey.text}\n\nBegin anew, in another way. The task: ${entity.task}`;
  const label = last ? joinLabels(survey.label, last.label) : survey.label;
  return { kind: "stub", role: "user", label, text };
}
