// Reads what people type on the command line: pids, folders, shares, the text of a task. Everything wrong is a
// `bad-input` with what to write instead.

import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { text as readAll } from "node:stream/consumers";
import type { Share } from "../entity/authority.ts";
import type { Pid } from "../entity/entity.ts";
import { HumError } from "../error.ts";
import { taskBytes } from "../limits.ts";
import type { Io } from "./io.ts";

/** A pid as typed. */
export function toPid(text: string): Pid {
  if (!/^#?[1-9]\d{0,9}$/.test(text))
    throw new HumError("bad-input", `"${text}" is no pid; a pid is a whole number, see \`hum ps\`.`);
  return Number(text.replace("#", ""));
}

/** The real path of a folder as typed, which the person may read (and with `write` change). */
export function toFolder(io: Io, path: string, options: { write: boolean }): string {
  const home = io.env.HOME ?? homedir();
  const full = resolve(
    io.cwd,
    path === "~" ? home : path.startsWith("~/") ? join(home, path.slice(2)) : path,
  );
  try {
    const real = realpathSync(full);
    if (!statSync(real).isDirectory())
      throw new HumError("bad-input", `${path} is not a folder: give one that is.`);
    accessSync(real, constants.R_OK | constants.X_OK | (options.write ? constants.W_OK : 0));
    return real;
  } catch (error) {
    if (HumError.is(error)) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new HumError("bad-input", `The folder ${path} ${reasons[code] ?? `cannot be used (${code})`}.`);
  }
}

const reasons: Record<string, string> = {
  ENOENT: "does not exist: make it, or look at its spelling",
  ENOTDIR: "is not a folder: give one that is",
  EACCES: "may not be used by you: change its permissions, or choose another",
  EROFS: "lies on a file system that can only be read",
  ELOOP: "is a link in a circle",
};

/** A share as typed: `DIR`, `DIR:ro` (the same) or `DIR:rw`. */
export function toShare(io: Io, text: string): Share {
  const [, path = text, mode = "ro"] = /^(.+?)(?::(ro|rw))?$/s.exec(text) ?? [];
  return { path: toFolder(io, path, { write: mode === "rw" }), write: mode === "rw" };
}

/** The task as typed; `-` reads it from standard input. */
export async function toTask(io: Io, words: readonly string[]): Promise<string> {
  const typed = words.join(" ");
  const task = typed === "-" ? await readAll(io.stdin) : typed;
  if (task.trim() === "")
    throw new HumError(
      "bad-input",
      'The task is empty: say what is to be done, as in `hum ask "Count the lines"`.',
    );
  const bytes = Buffer.byteLength(task);
  if (bytes > taskBytes)
    throw new HumError(
      "bad-input",
      `The task has ${Math.round(bytes / 1024)} kB, more than the ${taskBytes / 1024} kB that fit. Put the text in a file and name the file in the task.`,
    );
  return task;
}
