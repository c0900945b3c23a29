// What happens with an answer that is no acceptable action. It is told why, once; a model that then still says the same
// is caught in its own words, because what it reads is mostly what it wrote. So every second refusal in a row, and the
// repetition of a step that failed, begins
// anew: what it did to files is taken back (and can be undone), all it said leaves the window (it stays on disk), and it
// sees the task, the folder, what others said to it, and why the last attempt was not accepted.
//
// One that only repeats itself while nothing is visibly missing has not understood that it is done: it is taken at its
// work. And where a task is done more than once (attempt.ts), what would begin anew ends the attempt.

import type { Entity } from "../entity/entity.ts";
import { type HumEvent, toEvent, toStream } from "../entity/events.ts";
import { turnLimits } from "../limits.ts";
import { joinLabels } from "../memory/label.ts";
import { isDelegated } from "../syscall/delegate.ts";
import { toLook } from "../syscall/expect.ts";
import { isSealed } from "../syscall/looking.ts";
import { canAct } from "../syscall/names.ts";
import { toUndone } from "../syscall/review.ts";
import { isRepeated, toLost, toResult } from "./attempt.ts";
import type { Draft, Machine } from "./machine.ts";
import { commitEnd, giveUp, isLate, type Said, toSaidEvent, toStuck } from "./said.ts";
import { contextOf, lookAtFolder } from "./standing.ts";

/** Refusals in a row after which the window is emptied. */
const freshAfter = 2;

/** Characters of the reason that are kept for the new attempt. */
const whyChars = 600;

/** Says no to what was said, and why. */
export async function refuse(machine: Machine, entity: Entity, said: Said): Promise<void> {
  const circling = entity.sameResults >= turnLimits.sameResults;
  const stuck = said.parsed.repeated === true && (!entity.lastOk || circling);
  // What colleagues came to is not taken back, and whoever gave them the work must not forget it.
  const acts = canAct(machine.callsOf(entity));
  // Whoever was told something meanwhile reads that before it begins anew or ends.
  const late = isLate(entity, said);
  const fresh = acts && !late && (stuck || (entity.badTurns + 1) % freshAfter === 0);
  const done = late ? null : await lookAtRepetition(machine, entity, said);
  // Whoever acts begins anew; whoever only gives work to others is told what nobody has done.
  const why = (acts ? null : done?.undone) ?? said.parsed.why ?? "";
  const refused: Refused = { said, why, fresh };
  const ended = late ? null : (done?.ended ?? (await endAttempt(machine, entity, refused)));
  if (ended) return conclude(machine, entity, refused, ended);
  const undone = fresh ? await machine.doors.takeBack(entity) : [];
  const drafts = [...toSpoken(refused), ...(fresh ? [await toFreshStart(machine, entity, said)] : [])];
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
  const end = late ? [] : giveUp(entity, why, fresh);
  const events = [toSaidEvent(entity, said, { pages: spoken, bad: why }), ...undone, ...cleared, ...end];
  if (end.length === 0) return machine.commit(toStream(entity.pid), events);
  if (await commitEnd(machine, entity, { said, events })) return;
  await machine.commit(toStream(entity.pid), undone);
  return refuse(machine, entity, said);
}

interface Refused {
  said: Said;
  why: string;
  /** True when it would begin anew. */
  fresh: boolean;
}

const toSpoken = ({ said, why }: Refused): Draft[] => [
  { kind: "dialogue", role: "assistant", label: said.label, text: said.text.slice(0, 1_500) },
  { kind: "results", role: "user", label: said.label, text: why },
];

async function conclude(machine: Machine, entity: Entity, refused: Refused, ended: HumEvent): Promise<void> {
  const pages = await machine.toPages(entity, toSpoken(refused));
  const { said, why } = refused;
  const events = [toSaidEvent(entity, said, { pages, bad: why }), ended];
  if (!(await commitEnd(machine, entity, { said, events }))) return refuse(machine, entity, said);
}

// One that says again what it was told to be a repetition: its end, when all that the task visibly asks for is there, else
// what is missing.
async function lookAtRepetition(
  machine: Machine,
  entity: Entity,
  said: Said,
): Promise<{ ended?: HumEvent; undone?: string } | null> {
  if (!said.parsed.repeated || entity.badTurns === 0 || !entity.lastOk) return null;
  const answer = toAnswer(machine, entity, said);
  const { missing, pieces = [] } = await machine.doors.review(entity, answer, AbortSignal.timeout(60_000));
  if (missing.length > 0) return { undone: toUndone(entity.task, missing, pieces) };
  if (isRepeated(entity)) return { ended: await toResult(machine, entity, { answer, label: said.label }) };
  const outcome = { kind: "done" as const, text: answer };
  return { ended: toEvent("entity.ended", { pid: entity.pid, outcome, label: said.label }) };
}

// What its last step printed, or else its own words.
function toAnswer(machine: Machine, entity: Entity, said: Said): string {
  const texts = machine.textsOf(entity);
  const last = entity.pages.findLast(
    (page) => page.resident && page.kind === "results" && texts.get(page.id)?.startsWith(entity.lastResult),
  );
  const result = last ? (texts.get(last.id) ?? "") : "";
  const printed = (result.split(/^Files: /m)[0] ?? "").replace(/^\[exit code 0\]$/m, "").trim();
  return printed || (said.text.split("```", 1)[0] ?? "").trim() || "Done.";
}

// Where a task is done more than once, an attempt that would begin anew is over; so is one whose end was not believed,
// unless it only forgot to tell somebody.
async function endAttempt(machine: Machine, entity: Entity, refused: Refused): Promise<HumEvent | null> {
  if (!isRepeated(entity)) return null;
  const { why, fresh } = refused;
  const { denied } = refused.said;
  const forgot =
    denied && denied.length > 0 && denied.every((line) => line.startsWith("Nothing was said to "));
  if (!fresh && (denied === undefined || forgot)) return null;
  return toLost(machine, entity, { why: toGivenUp(why), told: toStuck(entity), missing: denied ?? [] });
}

const toGivenUp = (why: string): string =>
  `It could not find an action that helps (the last: ${why.replaceAll("\n", " ").slice(0, 200)})`;

async function toFreshStart(machine: Machine, entity: Entity, said: Said): Promise<Draft> {
  const context = contextOf(machine, entity, { id: "fresh", signal: AbortSignal.timeout(60_000) });
  const sealed = isSealed(machine.callsOf(entity));
  const survey = await lookAtFolder(machine, context, {
    ...toLook(entity.task, { acts: true, brief: isDelegated(entity), sealed }),
  });
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
