// Executes the call of a turn, and takes it up again after a wait or a crash.
//
// The order that makes a crash harmless: what the model said and the intent of the call are durable first
// (turn.said + call.begun), then the effect, then its result (call.ended). A call that has begun and not ended is in
// doubt: reads and reversible operations are brought back and repeated; others are asked of the person.

import { type Decision, hashPayload, type Pass } from "../device/broker.ts";
import type { DeviceResult, Effect, FileChange } from "../device/device.ts";
import { cutMiddle } from "../device/output.ts";
import {
  type Entity,
  type HeldCall,
  isNext,
  type NextCall,
  type OpenCall,
  type Outcome,
  toCallId,
} from "../entity/entity.ts";
import { type HumEvent, toEvent, toStream } from "../entity/events.ts";
import { deviceLimits } from "../limits.ts";
import { type Label, toLabel } from "../memory/label.ts";
import { toDenial } from "../syscall/delegate.ts";
import type { CallOutcome } from "../syscall/kernel.ts";
import { type Call, canAct, shapeOf } from "../syscall/names.ts";
import { type KernelCall, syscallTable } from "../syscall/table.ts";
import { isRepeated, toLost, toResult } from "./attempt.ts";
import { toDoubt, toHold, toUnanswered } from "./hold.ts";
import { type Draft, killed, type Machine } from "./machine.ts";
import { toSaidCall } from "./next.ts";
import { refuse } from "./refuse.ts";
import { commitEnd, isLate, type Said, toSaidEvent } from "./said.ts";
import { showChanges } from "./shown.ts";
import { authorityOf, contextOf, decideCall, windowLabel } from "./standing.ts";

/** Kernel calls that act on others, so that their intent must be durable first. */
const acting: ReadonlySet<string> = new Set(["spawn", "delegate", "say"]);

/** Executes the call that was said, up to its end or to a wait. */
export async function finishCall(
  machine: Machine,
  entity: Entity,
  turn: { said: Said; signal: AbortSignal },
): Promise<void> {
  const { said, signal } = turn;
  const call = said.parsed.call as Call;
  const { operation } = shapeOf(call.name);
  const spoken: Draft = { kind: "dialogue", role: "assistant", label: said.label, text: said.text };
  const open: OpenCall = {
    id: toCallId(entity.pid, entity.turn + 1),
    name: call.name,
    args: call.args,
    operation,
    prepared: null,
  };
  const begin = async (more: HumEvent[]) => {
    const pages = await machine.toPages(entity, [spoken]);
    await machine.commit(toStream(entity.pid), [toSaidEvent(entity, said, { pages, bad: null }), ...more]);
  };
  if (operation === null && acting.has(call.name)) {
    const wish = { tasks: call.args.tasks ?? "", acts: canAct(machine.callsOf(entity)) };
    const why = call.name === "delegate" ? toDenial({ entity, doors: machine.doors }, wish) : null;
    if (why !== null) return refuse(machine, entity, { ...said, parsed: { why }, action: null });
    await begin([toEvent("call.begun", { pid: entity.pid, call: open })]);
    if (signal.aborted) return;
    return runKernelCall(machine, entity, { open, before: null, signal });
  }
  if (operation === null) return runKernelCall(machine, entity, { open, before: { said, spoken }, signal });

  const decision = decideCall(machine, entity, { call, label: said.label });
  if (decision.do === "refuse")
    return endCall(machine, entity, {
      open,
      result: toRefusal(entity, decision.why),
      before: { said, spoken },
    });
  if (decision.do === "ask") {
    const { prepared: _prepared, ...waiting } = open;
    const asked = { reasons: decision.reasons, args: decision.payload.args };
    return begin(toHold(machine, entity, { call: waiting, asked, others: said.next, label: said.label }));
  }
  const spec = machine.broker.operation(operation);
  const { pass } = decision;
  const context = contextOf(machine, entity, { id: open.id, signal });
  if (spec.effect === "none") {
    const result = await machine.broker.perform(pass, context);
    if (signal.aborted) return;
    return endCall(machine, entity, { open, result, before: { said, spoken } });
  }
  await inTurn(machine, entity, spec.effect, async () => {
    if (signal.aborted) return;
    const prepared = await machine.broker.prepare(pass, context);
    if (signal.aborted) return;
    const begun: OpenCall = { ...open, args: decision.args, prepared, ...toSpent(decision) };
    await begin([toEvent("call.begun", { pid: entity.pid, call: begun })]);
    await runOperation(machine, entity, { open: begun, signal, pass });
  });
}

/** Goes on with a call that had begun when the machine stopped. */
export async function resumeOpen(machine: Machine, entity: Entity, signal: AbortSignal): Promise<void> {
  const open = entity.open as OpenCall;
  if (open.operation === null) return runKernelCall(machine, entity, { open, before: null, signal });
  // Where its device is gone nobody knows what it did.
  const effect = machine.broker.operations().get(open.operation)?.effect;
  if (effect === "none" || effect === "reversible")
    return inTurn(machine, entity, effect, async () => {
      if (signal.aborted) return;
      const context = contextOf(machine, entity, { id: open.id, signal });
      const restored = open.prepared
        ? await machine.broker.recover(open.operation as string, open.prepared, context)
        : undefined;
      if (signal.aborted) return;
      // It was decided before; what was taken back from the entity since is not done again.
      const decision = decideAgain(machine, entity, open);
      if (decision.do !== "run") {
        const result = { ...toRefusal(entity, decision.why), changes: restored ?? [] };
        return endCall(machine, entity, { open, result, before: null });
      }
      const { pass } = decision;
      await runOperation(machine, entity, { open, signal, pass, ...(restored ? { restored } : {}) });
    });
  await machine.commit(toStream(entity.pid), toDoubt(machine, entity, open));
}

/** Goes on with a call that waited for a person. */
export async function resumeHeld(machine: Machine, entity: Entity, signal: AbortSignal): Promise<void> {
  const held = entity.held as HeldCall;
  const { approval: _approval, inDoubt: _inDoubt, answer, also: _also, ...call } = held;
  const open: OpenCall = { ...call, prepared: null };
  if (answer !== "approved")
    return endCall(machine, entity, {
      ...{ open, before: null },
      result: toRefusal(entity, toUnanswered(held)),
    });
  await runApproved(machine, entity, { open, signal });
}

/** Goes on with what else the entity said in its last answer: the next of its calls. */
export async function resumeNext(machine: Machine, entity: Entity, signal: AbortSignal): Promise<void> {
  const [call, ...others] = entity.next as [NextCall, ...NextCall[]];
  const { action: _action, saw: _saw, approved, ...waiting } = call;
  const open: OpenCall = { ...waiting, prepared: null };
  if (approved) return runApproved(machine, entity, { open, signal });
  if (isLate(entity, call))
    return endCall(machine, entity, { open, result: toRefusal(entity, undoneNext), before: null });
  const label = windowLabel(entity);
  const decision = decideCall(machine, entity, { call: toSaidCall(call), label });
  if (decision.do === "refuse")
    return endCall(machine, entity, { open, result: toRefusal(entity, decision.why), before: null });
  if (decision.do === "ask") {
    const asked = { reasons: decision.reasons, args: decision.payload.args };
    const events = toHold(machine, entity, { call: waiting, asked, others, label });
    return machine.commit(toStream(entity.pid), events);
  }
  const begun = { ...open, args: decision.args, ...toSpent(decision) };
  await beginOperation(machine, entity, { open: begun, signal, pass: decision.pass });
}

const undoneNext =
  "You were told something meanwhile, so this was not done. Say it again if it is still what is wanted.";

// What was approved runs for exactly those arguments, and only while the entity still holds the operation.
async function runApproved(
  machine: Machine,
  entity: Entity,
  { open, signal }: Pick<Run, "open" | "signal">,
): Promise<void> {
  const decision = decideAgain(machine, entity, open);
  if (decision.do !== "run")
    return endCall(machine, entity, { open, result: toRefusal(entity, decision.why), before: null });
  await beginOperation(machine, entity, { open, signal, pass: decision.pass });
}

async function beginOperation(machine: Machine, entity: Entity, { open, signal, pass }: Run): Promise<void> {
  const context = contextOf(machine, entity, { id: open.id, signal });
  const { effect } = machine.broker.operation(pass.name);
  await inTurn(machine, entity, effect, async () => {
    if (signal.aborted) return;
    const prepared = await machine.broker.prepare(pass, context);
    const begun: OpenCall = { ...open, prepared };
    await machine.commit(toStream(entity.pid), [toEvent("call.begun", { pid: entity.pid, call: begun })]);
    await runOperation(machine, entity, { open: begun, signal, pass });
  });
}

// What is found by looking at a folder before and after is done there by one at a time.
function inTurn(machine: Machine, entity: Entity, effect: Effect, act: () => Promise<void>): Promise<void> {
  return effect === "reversible" ? machine.turns.take(entity.folder, act) : act();
}

// What was decided or approved before is for exactly these arguments, and only while the entity still holds the operation.
function decideAgain(machine: Machine, entity: Entity, { operation, args }: OpenCall): Decision {
  const name = operation as string;
  return machine.broker.decide(
    { pid: entity.pid, name, args },
    { ...authorityOf(machine, entity, windowLabel(entity)), approved: hashPayload({ name, args }) },
  );
}

const toSpent = ({ spends }: { spends?: string }): Pick<OpenCall, "spends"> =>
  spends === undefined ? {} : { spends };

interface Run {
  open: OpenCall;
  signal: AbortSignal;
  pass: Pass;
  /** What was brought back after a crash, before the call is repeated. */
  restored?: readonly FileChange[];
}

async function runOperation(machine: Machine, entity: Entity, run: Run): Promise<void> {
  const { open, signal, pass, restored = [] } = run;
  if (signal.aborted) return;
  const context = contextOf(machine, entity, { id: open.id, signal });
  const done = await machine.broker.perform(pass, context, open.prepared ?? undefined);
  const result = restored.length > 0 ? { ...done, changes: [...restored, ...(done.changes ?? [])] } : done;
  // Stopped in the middle: the call stays open and is brought back at the next start. A killed entity has no next
  // start, so what it changed is written down now and can be undone.
  if (signal.aborted && signal.reason !== killed) return;
  const shown = await showChanges(machine, entity, { open, result, context });
  await endCall(machine, entity, { open, result: shown, before: null });
}

/** Changes that one event may carry; a long list becomes several events. */
const eventChanges = 500;

interface Before {
  said: Said;
  spoken: Draft;
}

async function endCall(
  machine: Machine,
  entity: Entity,
  end: { open: OpenCall; result: DeviceResult; before: Before | null },
): Promise<void> {
  const { open, result, before } = end;
  const drafts: Draft[] = [
    ...(before ? [before.spoken] : []),
    // Whatever a device returns, its record must fit the journal.
    {
      kind: "results",
      role: "user",
      label: result.label,
      text: `${isNext(open.id) ? toPlace(open.id) : ""}${cutMiddle(result.text, deviceLimits.readBytes)}`,
    },
  ];
  const pages = await machine.toPages(entity, drafts);
  const all = result.changes ?? [];
  const changes = all.length > 0 ? { changes: all.slice(0, eventChanges) } : {};
  const ended = toEvent("call.ended", {
    pid: entity.pid,
    id: open.id,
    name: open.name,
    ok: result.ok,
    pages: pages.slice(-1),
    ...changes,
    ...(result.egress ? { egress: result.egress } : {}),
  });
  const said = before ? [toSaidEvent(entity, before.said, { pages: pages.slice(0, -1), bad: null })] : [];
  const more: HumEvent[] = [];
  for (let at = eventChanges; at < all.length; at += eventChanges)
    more.push(
      toEvent("files.changed", { pid: entity.pid, id: open.id, changes: all.slice(at, at + eventChanges) }),
    );
  await machine.commit(toStream(entity.pid), [...said, ended, ...more]);
}

// Which of several calls of one answer a result belongs to.
const toPlace = (id: string): string => `Call ${id.split(".").at(-1)}: `;

const waitsForWords = (outcome: CallOutcome): outcome is Extract<CallOutcome, { next: "wait" }> =>
  outcome.next === "wait" && outcome.waiting.on === "message";

const late = {
  next: "go-on" as const,
  ok: true,
  text: "You were told something while you wrote this: look at it, then go on or end.",
  label: toLabel("kernel"),
};

async function runKernelCall(
  machine: Machine,
  entity: Entity,
  run: { open: OpenCall; before: Before | null; signal: AbortSignal },
): Promise<void> {
  const { open, before, signal } = run;
  const handler = syscallTable[open.name as KernelCall];
  const label = windowLabel(entity);
  // Who waits for a word that is there already would wait for ever.
  const heard = before !== null && isLate(entity, before.said);
  const called =
    heard && (open.name === "done" || open.name === "fail")
      ? late
      : await handler(open.args as Record<string, string>, {
          entity,
          id: open.id,
          doors: machine.doors,
          label,
          signal,
        });
  const outcome: CallOutcome =
    heard && waitsForWords(called) ? { ...called, ...late, text: `${called.text} ${late.text}` } : called;
  if (signal.aborted) return;
  if (outcome.next === "refuse") return disbelieve(machine, entity, { open, before, ...outcome });
  const drafts: Draft[] = [...(before ? [before.spoken] : []), ...toDrafts(open, outcome, label)];
  const pages = await machine.toPages(entity, drafts);
  const own = before ? pages.slice(1) : pages;
  const events: HumEvent[] = before
    ? [toSaidEvent(entity, before.said, { pages: pages.slice(0, 1), bad: null })]
    : [];
  const ok = outcome.next !== "go-on" || outcome.ok;
  events.push(toEvent("call.ended", { pid: entity.pid, id: open.id, name: open.name, ok, pages: own }));
  if (outcome.next !== "end") events.push(...(outcome.events ?? []));
  if (outcome.next === "wait")
    events.push(toEvent("entity.waiting", { pid: entity.pid, waiting: outcome.waiting }));
  if (outcome.next === "end") events.push(await toEnd(machine, entity, { ...outcome, label }));
  if (outcome.next !== "end" || !before) return machine.commit(toStream(entity.pid), events);
  // What was said while the end was looked at comes before it.
  if (!(await commitEnd(machine, entity, { said: before.said, events })))
    return runKernelCall(machine, entity, run);
}

// The end of the task, or of one attempt at it.
async function toEnd(
  machine: Machine,
  entity: Entity,
  { outcome, label, doubt = false }: { outcome: Outcome; label: Label; doubt?: boolean },
): Promise<HumEvent> {
  if (!isRepeated(entity)) return toEvent("entity.ended", { pid: entity.pid, outcome, label });
  if (outcome.kind === "done") return toResult(machine, entity, { answer: outcome.text, label, doubt });
  return toLost(machine, entity, { why: outcome.text });
}

// A call that the kernel does not accept counts as no action, so that the window is emptied after some of them.
async function disbelieve(
  machine: Machine,
  entity: Entity,
  from: { open: OpenCall; before: Before | null; why: string; missing?: readonly string[] },
): Promise<void> {
  const { open, before, why, missing } = from;
  const denied = missing === undefined ? {} : { denied: missing };
  if (before) return refuse(machine, entity, { ...before.said, parsed: { why }, action: null, ...denied });
  return endCall(machine, entity, { open, result: toRefusal(entity, why), before: null });
}

function toDrafts(open: OpenCall, outcome: CallOutcome, label: Label): Draft[] {
  if (outcome.next === "end" || outcome.next === "refuse") return [];
  if (outcome.next === "wait" && outcome.text === "") return [];
  if (outcome.next === "wait") return [{ kind: "results", role: "user", label, text: outcome.text }];
  const kind = outcome.notes ? "notes" : "results";
  return [
    {
      kind,
      role: "user",
      label: outcome.label,
      text: outcome.notes ? `Note: ${outcome.text}` : `${outcome.text || `${open.name}: nothing`}`,
    },
  ];
}

// A refusal may repeat words of the call, which are made from the whole window.
function toRefusal(entity: Entity, why: string): DeviceResult {
  return { ok: false, text: why, label: windowLabel(entity) };
}
