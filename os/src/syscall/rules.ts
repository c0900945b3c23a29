// The first pages of an entity's window: the rules of its program with the calls it holds, and its task with what its
// folder holds. The rules are the same for every entity of a program, so that their KV state is computed once.

import type { Program } from "../entity/program.ts";
import { HumError } from "../error.ts";
import { toExpectations } from "./expect.ts";
import type { Form } from "./form.ts";
import { type SyscallName, syscallNames } from "./names.ts";

/** The calls of a program, checked. Throws `bad-input` for a name that is no call. */
export function toCalls(program: Program): SyscallName[] {
  const unknown = program.tools.find((tool) => !syscallNames.includes(tool as SyscallName));
  if (unknown)
    throw new HumError(
      "bad-input",
      `The program ${program.name} wants "${unknown}", which is no system call. There are: ${syscallNames.join(", ")}.`,
    );
  return syscallNames.filter((name) => program.tools.includes(name));
}

/**
 * The calls that an entity holds for its task: a message to somebody is possible only when the task speaks of somebody
 * to tell, or when it has colleagues. A small model that can send messages will send them.
 */
export function toHeld(
  calls: readonly SyscallName[],
  entity: { task: string; parent: number | null },
): SyscallName[] {
  const social =
    entity.parent !== null || calls.includes("spawn") || toExpectations(entity.task).people.length > 0;
  return calls.filter((name) => social || name !== "say");
}

/** The rules page. */
export function toRules(program: Program, form: Form, held: readonly SyscallName[]): string {
  return `${program.instructions}\n\nThe blocks:\n\n${form.explain(held)}`;
}

/** The task page. */
export function toTaskText(task: string, survey: string): string {
  return `The folder you work in holds:\n${survey}\n\nTask: ${task}`;
}
