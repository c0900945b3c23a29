// A program may build on another one: `extends: worker` in its head. It holds the tools of that one and its own, follows
// its instructions and then its own, and shows its examples before its own; model, budget and redundancy are its own where
// it names them. What is inherited comes first, so that the beginning of both windows is the same.

import { HumError } from "../error.ts";
import { fromProgramText, type Program, type ProgramFile, readPrograms, toMissing } from "./program.ts";

/**
 * The whole program of a text, with all that it inherits from `files`. Throws `bad-input` when it, or one that it
 * extends, is wrong.
 */
export function toProgram(text: string, where: string, files: readonly ProgramFile[]): Program {
  const own = fromProgramText(text, where);
  return inherit(own, files, [own.name]);
}

function inherit(own: Program, files: readonly ProgramFile[], trail: readonly string[]): Program {
  if (own.extends === undefined) return own;
  if (trail.includes(own.extends)) {
    const way = [...trail, own.extends].join(" -> ");
    throw new HumError("bad-input", `The programs extend each other in a circle: ${way}.`);
  }
  const file = files.find((other) => other.name === own.extends);
  if (!file) {
    const names = files.map((other) => other.name).join(", ");
    throw new HumError(
      "bad-input",
      `The program ${own.name} extends "${own.extends}", which is no program. There are: ${names}.`,
    );
  }
  const text = fromProgramText(file.text, file.file);
  return join(inherit(text, files, [...trail, own.extends]), own);
}

function join(base: Program, own: Program): Program {
  const redundancy = own.redundancy ?? base.redundancy;
  return {
    ...own,
    ...(redundancy === undefined ? {} : { redundancy }),
    tools: [...new Set([...base.tools, ...own.tools])],
    onlyWhen: { ...base.onlyWhen, ...own.onlyWhen },
    model: own.model ?? base.model,
    budget: { ...base.budget, ...own.budget },
    instructions: [base.instructions, own.instructions].filter((part) => part !== "").join("\n"),
    example: [...base.example, ...own.example],
  };
}

/** Every program there is, those of the person first. Throws `bad-input` when one of them is wrong. */
export function listPrograms(home: string): Program[] {
  const files = readPrograms(home);
  return files.map(({ text, file }) => toProgram(text, file, files));
}

/** The program of that name. Throws `not-found` with the names there are, `bad-input` when it is wrong. */
export function findProgram(home: string, name: string): Program {
  const files = readPrograms(home);
  const program = files.find((other) => other.name === name);
  if (!program) throw toMissing(name, files);
  return toProgram(program.text, program.file, files);
}
