// What happens with an answer that is no acceptable action. It is told why, once; a model that then still says the same
// is caught in its own words, because what it reads is mostly what it wrote. So every second refusal in a row, and the
// repetition of a step that failed, begins
// anew: what it did to files is taken back (and can be undone), all it said leaves the window (it stays on disk), and it
// sees the task, the folder, what others said to it, and why the last attempt was not accepted.

import type { Entity } from "../entity/entity.ts";
import { toEvent, toStream } from "../entity/events.ts";
import { turnLimits } from "../limits.ts";
import { joinLabels } from "../memory/label.ts";
import { toWords } from "../syscall/expect.ts";
import type { Draft, Machine } from "./machine.ts";
import { giveUp, type Said, toSaidEvent } from "./said.ts";
import { contextOf } from "./standing.ts";

/** Refusals in a row after which the window is emptied. */
const freshAfter = 2;

/** Characters of the reason that are kept for the new attempt. */
const whyChars = 600;

/** Says no to what was said, and why. */
export async function refuse(machine: Machine, entity: Entity, said: Said): Promise<void> {
  const why = said.parsed.why ?? "";
  const circling = entity.sameResults >= turnLimits.sameResults;
  const stuck = said.parsed.repeated === true && (!entity.lastOk || circling);
  const fresh = stuck || (entity.badTurns + 1) % freshAfter === 0;
  const undone = fresh ? await machine.doors.takeBack(entity) : [];
  const drafts: Draft[] = [
    { kind: "dialogue", role: "assistant", label: said.label, text: said.text.slice(0, 1_500) },
    { kind: "results", role: "user", label: said.label, text: why },
    ...(fresh ? [await toFreshStart(machine, entity, said)] : []),
  ];
  const pages = await machine.toPages(entity, drafts);
  const spoken = pages.slice(0, 2);
  const gone = [...entity.pages.filter((page) => page.resident), ...spoken]
    // What others said to it stays: nobody says it twice.
    .filter((page) => page.kind !== "dialogue" || page.role === "assistant")
    .filter((page) => page.kind === "dialogue" || page.kind === "results" || page.kind === "stub")
    .map((page) => page.id);
  const cleared = fresh
    ? [toEvent("page.evicted", { pid: entity.pid, ids: gone, pages: pages.slice(2), why: "fresh" })]
    : [];
  await machine.commit(toStream(entity.pid), [
    toSaidEvent(entity, said, { pages: spoken, bad: why }),
    ...undone,
    ...cleared,
    ...giveUp(entity, why, fresh),
  ]);
}

async function toFreshStart(machine: Machine, entity: Entity, said: Said): Promise<Draft> {
  const context = contextOf(machine, entity, { id: "fresh", signal: AbortSignal.timeout(60_000) });
  const survey = await machine.broker.perform("folder.survey", { words: toWords(entity.task) }, { context });
  const texts = machine.textsOf(entity);
  // A repetition says nothing about what was wrong: the result or the refusal before it does.
  const last = entity.pages.findLast((page) => page.resident && page.kind === "results");
  const before = last ? (texts.get(last.id) ?? "") : "";
  const came = said.parsed.repeated && before !== "" ? before : (said.parsed.why ?? "");
  const text = `An earlier attempt was taken back. What was wrong with it:\n${came.slice(-whyChars)}\n\nThe folder holds:\n${survey.text}\n\nBegin anew, in another way. The task: ${entity.task}`;
  return {
    kind: "stub",
    role: "user",
    // What was wrong with it may repeat what was said, and that was made from the whole window.
    label: joinLabels(survey.label, said.label),
    text,
  };
}
