// Anchors: a folder held open, so that nobody can swap a part of its path for a link while it is used. Between the
// check of a path and its use, a program in the sandbox might replace a folder by a symbolic link to somewhere else;
// names below a held folder do not move with it.
//
// On Linux a held folder is addressed as /proc/self/fd/N, and the place of an open file is read back from there. On
// other systems the path is resolved again after opening, which narrows the race and does not close it.
//
// Rules for callers: paths are absolute and already real (paths.ts); close every anchor (`await using`).

import { constants } from "node:fs";
import { chmod, type FileHandle, lstat, mkdir, open, readlink, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";

const linux = process.platform === "linux";

/** Linux: a handle that only names a place, which needs no permission to read. Node has no constant for it. */
const pathOnly = 0o10000000;

/** Thrown as `code` when a path turns out to lead elsewhere than it said. */
export const escapeCode = "EESCAPE";

/** A folder held open. */
export interface Anchor {
  /** The folder as it was asked for. */
  path: string;
  /** A path for a name in this folder that cannot be redirected; "." is the folder itself. */
  at(name: string): string;
  /** Makes names that were added or removed durable. */
  sync(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Opens a file that must really be at `path`: no part of the path may be a symbolic link. */
export async function openAt(path: string, flags: number = constants.O_RDONLY): Promise<FileHandle> {
  const handle = await open(path, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    await checkPlace(handle, path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Holds a folder open that must really be at `path`. */
export async function holdFolder(path: string): Promise<Anchor> {
  const handle = await openAt(path, constants.O_RDONLY | constants.O_DIRECTORY);
  const base = linux ? `/proc/self/fd/${handle.fd}` : path;
  return {
    path,
    at: (name) => (name === "." ? `${base}/.` : `${base}/${name}`),
    sync: () => handle.sync().catch(() => {}),
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** Sets the permission bits of the file or folder that really is at `path`, also of one that may not be read. */
export async function chmodAt(path: string, mode: number): Promise<void> {
  if (!linux) return chmod(path, mode);
  await using handle = await openAt(path, pathOnly);
  await chmod(`/proc/self/fd/${handle.fd}`, mode);
}

/** Makes a folder and its missing parents, one real step at a time; the paths that were made, outermost first. */
export async function makeFolders(path: string, mode = 0o777): Promise<string[]> {
  const missing: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    const found = await lstat(at).catch(() => null);
    if (found) break;
    missing.unshift(at);
    if (dirname(at) === at) break;
  }
  for (const folder of missing) {
    await using parent = await holdFolder(dirname(folder));
    await mkdir(parent.at(folder.slice(join(dirname(folder), "/").length)), { mode });
  }
  return missing;
}

async function checkPlace(handle: FileHandle, path: string): Promise<void> {
  if (linux) {
    const place = await readlink(`/proc/self/fd/${handle.fd}`);
    if (place === path) return;
    throw toEscape(path);
  }
  const [real, opened, found] = await Promise.all([realpath(path), handle.stat(), lstat(path)]);
  if (real !== path || opened.ino !== found.ino || opened.dev !== found.dev) throw toEscape(path);
}

function toEscape(path: string): Error {
  const error = new Error(`${path} leads elsewhere`) as NodeJS.ErrnoException;
  error.code = escapeCode;
  return error;
}
