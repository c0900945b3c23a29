// A task done more than once (N-modular redundancy). A small model that is wrong is seldom wrong twice in the same way, so
// a `done` that is believed is not the end yet: its result is remembered by its fingerprint, all it changed is taken back,
// the window is emptied to what it began with, and the task is done again with other chance, until two attempts come to
// the same result. Where no two of them do, the first result is the one that counts.
//
// Rules
//   - Only where all can be taken back (syscall/rules.ts); messages wait for the end and are sent once.
//   - `attempt.ended` is durable first. What follows from it (taking back, choosing, bringing back) can be repeated, so that a
//     stop at any moment only repeats it. The record of the end is one with what people are told, and says which colleague
//     hears what: who that is, and what counts, may be another a moment later, and nothing of it is heard before.
//   - Attempts that a person's words came after are no comparison: they are forgotten.

import type { Told } from "../entity/conversation.ts";
import type { Attempt, Drafted, Entity, Outcome, Votes } from "../entity/entity.ts";
import { type HumEvent, toEvent, toStream } from "../entity/events.ts";
import type { State } from "../entity/state.ts";
import { joinLabels, type Label, toLabel } from "../memory/label.ts";
import { isDelegated } from "../syscall/delegate.ts";
import { toLook } from "../syscall/expect.ts";
import { findEntity } from "../syscall/table.ts";
import { type Draft, killed, type Machine } from "./machine.ts";
import { contextOf, lookAtFolder } from "./standing.ts";

/** True for an entity whose task is done more than once. */
export const isRepeated = (entity: Entity): boolean => entity.redundancy > 1;

/** The event of an attempt that came to a result which is believed. */
export async function toResult(
  machine: Machine,
  entity: Entity,
  { answer, label, doubt }: { answer: string; label: Label; doubt?: boolean },
): Promise<HumEvent> {
  const { print, of } = await machine.doors.print(entity, answer);
  const done = { answer, label, print, drafts: entity.drafts, ...(doubt ? { doubt } : {}) };
  return toEnded(entity, { done, why: answer, missing: [], of });
}

/** The event of an attempt that came to nothing; `missing` is what was plainly missing. */
export async function toLost(
  machine: Machine,
  entity: Entity,
  { why, told, missing = [] }: { why: string; told?: Told; missing?: readonly string[] },
): Promise<HumEvent> {
  const { of } = await machine.doors.print(entity, "");
  return toEnded(entity, { done: null, why, ...(told ? { told } : {}), missing: [...missing], of });
}

const toEnded = ({ pid }: Entity, attempt: Attempt): HumEvent => toEvent("attempt.ended", { pid, attempt });

/** True when somebody else is at work in the folder of an entity. */
export function isShared({ register }: State, { pid, folder }: Pick<Entity, "pid" | "folder">): boolean {
  return register.isAtWork(folder, pid);
}

type Choice = { attempt: Attempt; votes: Votes } | "again" | "none";

/** What follows from the attempts so far. */
export function choose(entity: Entity): Choice {
  const { attempts, redundancy } = entity;
  const done = attempts.filter((attempt) => attempt.done !== null);
  const clean = (attempt: Attempt) => !attempt.done?.doubt;
  const sameAs = (one: Attempt) => done.filter((attempt) => attempt.done?.print === one.done?.print);
  const last = attempts.at(-1);
  const same = last?.done ? sameAs(last) : [];
  if (last && same.length > 1 && same.some(clean))
    return { attempt: last, votes: { for: same.length, of: attempts.length } };
  if (attempts.length < redundancy) return "again";
  const first = done.find(clean) ?? done[0];
  return first ? { attempt: first, votes: { for: sameAs(first).length, of: attempts.length } } : "none";
}

/** Goes on after an attempt: chooses a result and ends with it, or begins anew. */
export async function settleAttempt(machine: Machine, entity: Entity, signal: AbortSignal): Promise<void> {
  const last = entity.attempts.at(-1);
  // Where others have begun to work meanwhile nothing is taken back: it could be theirs. Before a stop it may have been.
  const only = last?.done && isShared(machine.state, entity) && (await isStanding(machine, entity, last));
  if (signal.aborted) return;
  const votes = { for: 1, of: entity.attempts.length };
  const choice: Choice = only ? { attempt: last, votes } : choose(entity);
  const stream = toStream(entity.pid);
  // Not where somebody said something meanwhile: what was done so far does not know of it.
  const knowsAll = () => entity.attempts.length > 0;
  const lies = typeof choice === "object" && choice.attempt === last;
  if (!lies) {
    const undone = await machine.doors.takeBack(entity);
    if (signal.aborted) return;
    if (choice === "again") return beginAgain(machine, entity, undone);
    await machine.commit(stream, undone);
    if (choice === "none") return machine.commit(stream, [toFailure(entity)], knowsAll);
    const { of } = choice.attempt;
    // Whatever stops it in the middle, the next start knows what may lie there.
    if (of.length > 0) await machine.commit(stream, [toEvent("files.returning", { pid: entity.pid, of })]);
    if (signal.aborted) return;
    const again = await machine.doors.bringBack(entity, of);
    // A killed one has no next start: what lies there now is written down.
    if (signal.aborted && signal.reason !== killed) return;
    await machine.commit(stream, again);
    if (signal.aborted) return;
  }
  if (typeof choice !== "object" || choice.attempt.done === null) return;
  const { answer, drafts, label } = choice.attempt.done;
  const { sent, tells } = toLastWords(machine, entity, drafts);
  const outcome: Outcome = { kind: "done", text: answer, votes: choice.votes };
  const told = tells.length > 0 ? { tells } : {};
  const end = [...sent, toEvent("entity.ended", { pid: entity.pid, outcome, label, ...told })];
  await machine.commit(stream, end, knowsAll);
}

function toFailure(entity: Entity): HumEvent {
  const last = entity.attempts.at(-1);
  const told = last?.told ? { told: last.told } : {};
  const text = last?.why ?? "It came to nothing.";
  return toEvent("entity.ended", { pid: entity.pid, outcome: { kind: "failed", text, ...told } });
}

// What the last attempt did lies there, unless it was taken back or another one was brought back.
async function isStanding(machine: Machine, entity: Entity, last: Attempt): Promise<boolean> {
  const { of } = await machine.doors.print(entity, "");
  return of.join() === last.of.join();
}

// To people with the record of the end, to colleagues right behind it.
function toLastWords(
  machine: Machine,
  entity: Entity,
  drafts: readonly Drafted[],
): { sent: HumEvent[]; tells: Drafted[] } {
  const sent: HumEvent[] = [];
  const tells: Drafted[] = [];
  const { name: from, pid } = entity;
  for (const draft of drafts) {
    const other = findEntity(machine.doors, draft.to, entity.thread);
    if (other && other !== entity && other.state !== "ended") tells.push({ ...draft, to: String(other.pid) });
    else sent.push(toEvent("message.sent", { ...draft, from, pid, at: machine.now() }));
  }
  return { sent, tells };
}

/** True when colleagues that live have not heard yet what an entity said at its end. */
export const isUnheard = ({ entities }: State, { drafts, state }: Entity): boolean =>
  state === "ended" && drafts.some(({ to }) => (entities.get(Number(to))?.state ?? "ended") !== "ended");

/** Tells colleagues what an entity said at its end, each once by the id of the message. */
export async function tellColleagues(machine: Machine, entity: Entity): Promise<void> {
  const { name: from, pid: sender } = entity;
  for (const { id, to, text, label } of entity.drafts)
    await machine.doors.deliver(Number(to), { id, from, sender, text, label, quiet: false });
}

// The window is what it was at the beginning, which is also what the model has evaluated already; what others said since
// stays, and what was plainly missing is told.
async function beginAgain(machine: Machine, entity: Entity, undone: readonly HumEvent[]): Promise<void> {
  const drafts = [...(await toSurvey(machine, entity)), ...toNote(entity)];
  const pages = await machine.toPages(entity, drafts);
  const ids = entity.pages
    .filter((page) => page.resident && !page.pinned && page.kind !== "rules" && page.kind !== "program")
    .filter((page) => page.kind !== "task" && !(page.kind === "dialogue" && page.role === "user"))
    .map((page) => page.id);
  await machine.commit(toStream(entity.pid), [
    ...undone,
    toEvent("page.evicted", { pid: entity.pid, ids, pages, why: "attempt" }),
  ]);
}

// The folder as it is now, where it is not what the task page shows.
async function toSurvey(machine: Machine, entity: Entity): Promise<Draft[]> {
  const context = contextOf(machine, entity, { id: "attempt", signal: AbortSignal.timeout(60_000) });
  const survey = await lookAtFolder(machine, context, {
    ...toLook(entity.task, { acts: true, brief: isDelegated(entity), sealed: false }),
  });
  const texts = machine.textsOf(entity);
  const known = entity.pages.some(
    (page) => page.resident && page.kind === "task" && texts.get(page.id)?.includes(survey.text),
  );
  if (known) return [];
  return [{ kind: "stub", role: "user", label: survey.label, text: `The folder holds now:\n${survey.text}` }];
}

function toNote(entity: Entity): Draft[] {
  const last = entity.attempts.at(-1);
  if (!last || last.missing.length === 0) return [];
  const label = windowOf(entity);
  const text = `This was tried before and taken back, because it was not done:\n${last.missing.map((line) => `- ${line}`).join("\n")}\nDo it in another way.`;
  return [{ kind: "stub", role: "user", label, text }];
}

const windowOf = (entity: Entity): Label =>
  entity.pages.reduce<Label>(
    (joined, page) => (page.resident ? joinLabels(joined, page.label) : joined),
    toLabel("kernel"),
  );
