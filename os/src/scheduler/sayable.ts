// What a small model may say in this turn: of the calls that its entity holds those that can help now. The grammar holds
// it to the way that a person would go:
//   - While a program that the task asks for is not there, it writes that program.
//   - After a step that failed, or left no trace, it takes another one: it does not say that it is done.
//   - Whoever can only give work on gives a wish about mail or a calendar on as a whole, to the one who has them, and tells what
//     that one answered: of its own it knows nothing of them.
//   - What is to be done with one account by what stands in another is not done before anybody has looked there.
// What it says is still read as any call, because not every driver obeys a grammar.

import { nothingDone } from "../device/terminal.ts";
import type { Entity } from "../entity/entity.ts";
import { isSmall } from "../model/model.ts";
import { isProgram, toExpectations } from "../syscall/expect.ts";
import type { Sayable } from "../syscall/form.ts";
import { isLook, isWish } from "../syscall/looking.ts";
import { type CallName, canAct } from "../syscall/names.ts";
import { toUsualProgram } from "../syscall/rules.ts";
import type { Machine } from "./machine.ts";
import { maySayMore } from "./next.ts";
import { authorityOf, contextOf, windowLabel } from "./standing.ts";

/** The calls for the grammar of a turn. */
export async function toSayable(machine: Machine, entity: Entity, signal: AbortSignal): Promise<Sayable> {
  const calls = machine.callsOf(entity);
  const { info } = await machine.modelOf(entity);
  const operations = machine.broker.operations();
  if (!isSmall(info)) return { calls, several: calls.filter((name) => maySayMore(operations, name)) };
  const passed = toPassedOn(machine, entity, calls);
  if (passed) return passed;
  const first = toSource(machine, entity, calls);
  if (first) return { calls: first };
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
  const works = calls.includes("bash") || calls.includes("python") || calls.includes("write");
  const well = entity.lastOk && !entity.lastResult.includes(nothingDone);
  return well || !works ? { calls } : { calls: calls.filter((name) => name !== "done") };
}

// Of one account it may only look, in another it may write: what it is to write stands in the first.
function toSource(machine: Machine, entity: Entity, calls: readonly CallName[]): CallName[] | null {
  const devices = ["mail", "calendar"].filter((one) => calls.some((name) => name.startsWith(`${one}.`)));
  const writes = (device: string) => calls.some((name) => name.startsWith(`${device}.`) && !isLook(name));
  const source = devices.find((one) => !writes(one));
  if (source === undefined || !devices.some(writes)) return null;
  const texts = machine.textsOf(entity);
  const looked = entity.pages.some(
    ({ id, kind, resident }) =>
      resident && kind === "dialogue" && texts.get(id)?.includes(`\`\`\`${source}.`),
  );
  return looked ? null : calls.filter((name) => name.startsWith(`${source}.`));
}

/** Characters of a wish or an answer that is passed on as it is. */
const passedChars = 600;

function toPassedOn(machine: Machine, entity: Entity, calls: readonly CallName[]): Sayable | null {
  if (!calls.includes("delegate") || canAct(calls) || entity.badTurns > 0) return null;
  const { task, children } = entity;
  const by = toUsualProgram(task, machine.broker.operations().keys());
  if (by === "worker" || !isWish(task) || toExpectations(task).named.length > 0) return null;
  const fits = (text: string) => text.trim() !== "" && text.length <= passedChars && !text.includes("```");
  const line = `${by}: ${task.trim().replace(/\s*\n\s*/g, "\n  ")}`;
  if (children.length === 0) return fits(task) ? { calls: ["delegate"], bodies: { delegate: line } } : null;
  const [only, more] = children.map((pid) => machine.state.entities.get(pid));
  const answer = only?.outcome?.kind === "done" ? only.outcome.text.trim() : "";
  if (more || only?.program !== by || !fits(answer)) return null;
  return { calls: ["done"], bodies: { done: answer } };
}
