// The first pages of an entity's window: the rules of its program with the calls it holds, and its task with what its
// folder holds. The rules are the same for every entity of a program, so that their KV state is computed once.

import type { Program } from "../entity/program.ts";
import { HumError } from "../error.ts";
import type { Form } from "./form.ts";
import { type SyscallName, syscallNames } from "./names.ts";

/** The calls of a program, checked. Throws `bad-input` for a name that is no call. */
export function toCalls(program: Program): SyscallName[] {
  const unknown = program.tools.find((tool) => !syscallNames.includes(tool as SyscallName));
  if (unknown) throw new HumError("bad-input", `The program ${program.name} wants "${unknown}", which is no system call. There are: ${syscallNames.join(", ")}.`);
  return syscallNames.filter((name) => program.tools.includes(name));
}

/** The rules page. */
export function toRules(program: Program, form: Form): string {
  return `${program.instructions}\n\nEach answer is exactly one of these blocks and nothing else:\n\n${form.explain(toCalls(program))}`;
}

/** The task page. */
export function toTaskText(task: string, survey: string): string {
  return `The folder you work in holds:\n${survey}\n\nTask: ${task}`;
}
