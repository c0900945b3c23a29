// Several calls in one answer (parallel tool calls). A model may say further calls of the operation that it just called: three
// mails, two pages of the web. They are done one after the other, each with a record and a result of its own, before the model
// is asked again; those that need a yes are one question (hold.ts).
//
// Only what may need a yes can be said so: everything else is a step whose result is to be looked at before the next.

import { createHash } from "node:crypto";
import type { Declared } from "../device/broker.ts";
import { type Entity, type NextCall, toCallId } from "../entity/entity.ts";
import { turnLimits } from "../limits.ts";
import type { Parsed } from "../syscall/form.ts";
import { type Call, type CallName, shapeOf } from "../syscall/names.ts";
import type { Machine } from "./machine.ts";

/** Identity of an action, to know it again. */
export const hashAction = (call: Call): string =>
  createHash("sha256").update(JSON.stringify(call)).digest("base64url").slice(0, 16);

/** A further call as it was said. */
export const toSaidCall = ({ name, args }: NextCall): Call => ({
  name: name as CallName,
  args: args as Call["args"],
});

/** Whether several calls of this name may stand in one answer. */
export function maySayMore(
  operations: ReadonlyMap<string, Pick<Declared, "effect">>,
  name: CallName,
): boolean {
  const { operation } = shapeOf(name);
  const effect = operation === null ? undefined : operations.get(operation)?.effect;
  return effect === "irreversible" || effect === "egress";
}

/** The further calls of an answer, without those that say the same again. */
export function toNext(
  machine: Machine,
  entity: Entity,
  { parsed, saw }: { parsed: Parsed; saw: number },
): NextCall[] {
  const { call, more = [] } = parsed;
  if (!call || !maySayMore(machine.broker.operations(), call.name)) return [];
  const operation = shapeOf(call.name).operation as string;
  const known = new Set([...entity.recent, hashAction(call)]);
  const fresh = more.filter((one) => {
    const action = hashAction(one);
    return !known.has(action) && known.add(action);
  });
  return fresh.slice(0, turnLimits.callsOfAnswer - 1).map(({ name, args }, i) => ({
    ...{ id: toCallId(entity.pid, entity.turn + 1, i + 2), name, args, operation },
    ...{ action: hashAction({ name, args }), saw },
  }));
}
