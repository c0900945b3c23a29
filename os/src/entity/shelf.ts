// The shelf: the programs of one home, as the machine uses them. What was read is kept in mind until it is saved or
// removed here; a person's own lie in HUM_HOME/programs and go before the shipped ones.

import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram, type Program, type ProgramFile, readPrograms } from "./program.ts";

/** The programs of a home. */
export interface Programs {
  /** Names of those that can be mentioned. */
  names(): string[];
  /** Throws `not-found` or `bad-input`. */
  find(name: string): Program;
  list(): ProgramFile[];
  save(name: string, text: string): void;
  remove(name: string): void;
}

/** The programs on the disk. */
export function openPrograms(home: string): Programs {
  const known = new Map<string, Program>();
  const folder = (name: string) => join(home, "programs", name);
  let names: string[] | null = null;
  const forget = (name: string) => {
    known.delete(name);
    names = null;
  };
  return {
    names() {
      names ??= readPrograms(home).map((program) => program.name);
      return names;
    },
    find(name) {
      const program = known.get(name) ?? findProgram(home, name);
      known.set(name, program);
      return program;
    },
    list: () => readPrograms(home),
    save(name, text) {
      mkdirSync(folder(name), { recursive: true, mode: 0o700 });
      const file = join(folder(name), "PROGRAM.md");
      writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
      forget(name);
    },
    remove(name) {
      rmSync(folder(name), { recursive: true, force: true });
      forget(name);
    },
  };
}
