// The failures of the outside world as sentences: what happened, and what to do next.

import { HumError, toMessage } from "../error.ts";
import { escapeCode } from "./anchor.ts";
import type { DeviceResult } from "./device.ts";
import { type Label, toLabel } from "./label.ts";

const sentences: Record<string, string> = {
  ENOENT: "There is no such file or folder. List the folder to see what is there.",
  EACCES: "Permission denied: the file system does not allow this.",
  EPERM: "Permission denied: the file system does not allow this.",
  EISDIR: "This is a folder, not a file.",
  ENOTDIR: "A part of this path is a file, not a folder.",
  EEXIST: "There is already something with this name.",
  ENOTEMPTY: "The folder is not empty.",
  ENOSPC: "The disk is full: free some space first.",
  EDQUOT: "The disk quota is used up: free some space first.",
  EROFS: "This file system can only be read.",
  ENAMETOOLONG: "The name is too long.",
  EMFILE: "Too many files are open: try again in a moment.",
  ELOOP: "The path leads through a symbolic link that changed meanwhile. Try again.",
  [escapeCode]: "The path leads through a symbolic link that changed meanwhile. Try again.",
};

/** A result for something that an entity did, with what a program may read of it. */
export function done(text: string, data: Record<string, unknown>): DeviceResult {
  return { ok: true, text, label: toLabel("entity"), data };
}

/** A result for something that did not work. */
export function fail(text: string, label: Label = toLabel("kernel")): DeviceResult {
  return { ok: false, text, label };
}

/** A result for anything thrown while working on `what`. */
export function toFailure(error: unknown, what: string): DeviceResult {
  if (isAbort(error)) return fail(`${what}: stopped before it was finished.`);
  const code = (error as NodeJS.ErrnoException | null)?.code ?? "";
  if (HumError.is(error)) return fail(`${what}: ${error.message}`);
  return fail(`${what}: ${sentences[code] ?? toMessage(error)}`);
}

/** Whether something was thrown because the caller gave up. */
export function isAbort(error: unknown): boolean {
  const name = (error as Error | null)?.name;
  return name === "AbortError" || name === "TimeoutError";
}
