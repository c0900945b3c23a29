// How a Python program of an entity is started: by a starter (python-start.py) that has the common modules at hand,
// because small models forget the import and not the use, and that speaks up where Python would quietly do what nobody
// means: a move onto another file, a row that is a text, numbers that are compared by their letters.

import { readFileSync } from "node:fs";

let starter: string | null = null;

/** The command line that runs the program in `path` with the interpreter `python`. */
export function toPython(python: string, path: string): string[] {
  starter ??= readFileSync(new URL("./python-start.py", import.meta.url), "utf8");
  return [python, "-c", starter, path];
}
