// The shelf: the programs of one home, as the machine uses them. A person's own lie in HUM_HOME/programs and go before
// the shipped ones. What was read is kept in mind as long as the file and its folder are the same, so that a program
// that somebody edits by hand is used as it is now.

import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toProgram } from "./extend.ts";
import { type Program, type ProgramFile, readPrograms, toMissing } from "./program.ts";

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
  const root = join(home, "programs");
  const folder = (name: string) => join(root, name);
  const known = new Map<string, { stamp: string; files: readonly string[]; program: Program }>();
  const toStamps = (files: readonly string[]) => files.map(toStamp).join("") + toStamp(root);
  let names: { stamp: string; names: string[] } | null = null;
  return {
    names() {
      const stamp = toStamp(root);
      if (names?.stamp !== stamp) names = { stamp, names: readPrograms(home).map((program) => program.name) };
      return names.names;
    },
    find(name) {
      const before = known.get(name);
      if (before && toStamps(before.files) === before.stamp) return before.program;
      const all = readPrograms(home);
      const found = all.find((other) => other.name === name);
      if (!found) throw toMissing(name, all);
      const program = toProgram(found.text, found.file, all);
      // With one that it extends it changes too.
      const files = program.extends === undefined ? [found.file] : all.map((other) => other.file);
      known.set(name, { stamp: toStamps(files), files, program });
      return program;
    },
    list: () => readPrograms(home),
    save(name, text) {
      mkdirSync(folder(name), { recursive: true, mode: 0o700 });
      const file = join(folder(name), "PROGRAM.md");
      writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
      known.clear();
      names = null;
    },
    remove(name) {
      rmSync(folder(name), { recursive: true, force: true });
      known.clear();
      names = null;
    },
  };
}

/** Tells when a file or folder is another one than before. */
function toStamp(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.mtimeMs} ${found.size};` : ";";
}
