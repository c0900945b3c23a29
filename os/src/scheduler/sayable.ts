// What a small model may say in this turn: of the calls that its entity holds those that can help now. The grammar holds
// it to the way that a person would go:
//   - While a program that the task asks for is not there, it writes that program.
//   - After a step that failed, or left no trace, it takes another one: it does not say that it is done.
// What it says is still read as any call, because not every driver obeys a grammar.

import { nothingDone } from "../device/terminal.ts";
import type { Entity } from "../entity/entity.ts";
import { isProgram, toExpectations } from "../syscall/expect.ts";
import type { Sayable } from "../syscall/form.ts";
import type { Machine } from "./machine.ts";
import { authorityOf, contextOf, windowLabel } from "./standing.ts";

/** The calls for the grammar of a turn. */
export async function toSayable(machine: Machine, entity: Entity, signal: AbortSignal): Promise<Sayable> {
  const calls = machine.callsOf(entity);
  const { info } = await machine.modelOf(entity);
  if ((info.attempts ?? 1) === 1) return { calls };
  const programs = calls.includes("write") ? toExpectations(entity.task).files.filter(isProgram) : [];
  for (const path of programs) {
    const context = contextOf(machine, entity, { id: "look", signal });
    const authority = authorityOf(machine, entity, windowLabel(entity));
    const decision = machine.broker.decide(
      { pid: entity.pid, name: "files.read", args: { path } },
      authority,
    );
    // What it may not look at it need not write.
    if (decision.do !== "run") continue;
    const found = await machine.broker.perform(decision.pass, context);
    if (!found.ok) return { calls: ["write"], heads: { write: path } };
  }
  const canAct = calls.includes("bash") || calls.includes("python") || calls.includes("write");
  const well = entity.lastOk && !entity.lastResult.includes(nothingDone);
  return well || !canAct ? { calls } : { calls: calls.filter((name) => name !== "done") };
}
