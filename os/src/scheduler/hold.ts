// Calls that wait for a person: what is asked, and how it goes into the journal. Further calls of the same operation in one
// answer are asked together: one question that shows each of them whole, and one yes or no for all.

import { hashPayload } from "../device/broker.ts";
import type { Entity, HeldCall, NextCall, OpenCall } from "../entity/entity.ts";
import { type Approval, type HumEvent, toEvent } from "../entity/events.ts";
import { joinReasons, type Reason, toWhy } from "../entity/reason.ts";
import { approvalMs } from "../limits.ts";
import type { Label } from "../memory/label.ts";
import type { Machine } from "./machine.ts";
import { toSaidCall } from "./next.ts";
import { decideCall } from "./standing.ts";

/** What makes a call wait: the arguments as its schema read them, because their hash is what is approved. */
export interface Asked {
  reasons: Reason[];
  args: Record<string, unknown>;
}

/**
 * The events with which a call begins to wait, and with it those of `others` that would wait too; whatever else stands
 * among them is left for its turn.
 */
export function toHold(
  machine: Machine,
  entity: Entity,
  hold: { call: Omit<OpenCall, "prepared">; asked: Asked; others: readonly NextCall[]; label: Label },
): HumEvent[] {
  const { call, asked, others, label } = hold;
  const operation = call.operation as string;
  const waiting = others.flatMap((other) => {
    if (other.approved || other.operation !== operation) return [];
    const decision = decideCall(machine, entity, { call: toSaidCall(other), label });
    return decision.do === "ask"
      ? [{ call: { ...other, args: decision.payload.args }, reasons: decision.reasons }]
      : [];
  });
  const also = waiting.map((one) => one.call);
  const payload =
    also.length === 0
      ? { name: operation, args: asked.args }
      : { name: operation, calls: [asked.args, ...also.map((one) => one.args)] };
  const approval = toApproval(machine, entity, {
    kind: "effect",
    what: operation,
    reasons: joinReasons([asked.reasons, ...waiting.map((one) => one.reasons)]),
    payload,
    hash: hashPayload(payload),
    id: `a-${call.id}`,
  });
  const held: HeldCall = {
    ...{ ...call, args: asked.args, approval: approval.id, inDoubt: false, answer: null },
    ...(also.length > 0 ? { also } : {}),
  };
  return toHeldEvents(entity, held, approval);
}

/** The events with which a call begins to wait that may have happened before a stop. */
export function toDoubt(machine: Machine, entity: Entity, open: OpenCall): HumEvent[] {
  const { prepared: _prepared, ...call } = open;
  const operation = open.operation as string;
  const approval = toApproval(machine, entity, {
    kind: "in-doubt",
    what: operation,
    reasons: [{ kind: "doubt", name: entity.name }],
    payload: open.args,
    hash: hashPayload({ name: operation, args: open.args }),
    id: `d-${open.id}-${machine.state.seq}`,
  });
  const held: HeldCall = { ...call, approval: approval.id, inDoubt: true, answer: null };
  return toHeldEvents(entity, held, approval);
}

function toHeldEvents(entity: Entity, held: HeldCall, approval: Approval): HumEvent[] {
  return [
    toEvent("call.held", { pid: entity.pid, call: held }),
    toEvent("approval.asked", approval),
    toEvent("entity.waiting", { pid: entity.pid, waiting: { on: "approval", id: approval.id } }),
  ];
}

function toApproval(
  machine: Machine,
  entity: Entity,
  ask: Pick<Approval, "kind" | "what" | "payload" | "hash" | "id"> & { reasons: Reason[] },
): Approval {
  const why = toWhy(ask.reasons);
  return { ...ask, why, pid: entity.pid, askedAt: machine.now(), expiresAt: machine.now() + approvalMs };
}

/** What the entity hears that got no yes. */
export function toUnanswered({ answer, inDoubt, name, also = [] }: HeldCall): string {
  const who = answer === "expired" ? "Nobody answered in time" : "The answer was no";
  if (inDoubt) return `${who}: it is not repeated. It may have happened before the stop.`;
  const what = also.length === 0 ? `${name} was not done` : `none of the ${also.length + 1} ${name} was done`;
  return `${who}: ${what}.`;
}
