// One thing in a tree: what it is, and the hash of its content. A link's content is its target; a folder has no content
// and the hash of nothing. Links are never followed.

import type { BigIntStats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import { chmodAt } from "./anchor.ts";
import { type Blobs, hashFile, toHash } from "./blobs.ts";

/** A file that changed less than this long ago may change again without a new time stamp: it is not cached. */
const settledMs = 50;

/** What a path is. */
export type Kind = "file" | "link" | "folder";

/** One thing in a tree. */
export interface Entry {
  path: string;
  kind: Kind;
  hash: string;
  /** Permission bits. */
  mode: number;
  size: number;
}

/** Hashes of files that have not changed since they were read. */
export interface StatCache {
  get(path: string, stats: BigIntStats): string | undefined;
  set(path: string, stats: BigIntStats, hash: string): void;
}

/** The hash that stands for a folder. */
export const folderHash: string = toHash("");

/** A cache keyed by path, size, times and inode; holds at most `most` files. */
export function createStatCache(most = 200_000): StatCache {
  const kept = new Map<string, { stamp: string; hash: string }>();
  const toStamp = (s: BigIntStats) => `${s.dev}:${s.ino}:${s.size}:${s.mtimeNs}:${s.ctimeNs}`;
  return {
    get(path, stats) {
      const found = kept.get(path);
      return found?.stamp === toStamp(stats) ? found.hash : undefined;
    },
    set(path, stats, hash) {
      if (Date.now() - Number(stats.ctimeMs) < settledMs) return;
      kept.delete(path);
      kept.set(path, { stamp: toStamp(stats), hash });
      if (kept.size > most) kept.delete(kept.keys().next().value!);
    },
  };
}

/** Reads the one thing at `path`; null when there is nothing (or a special file). The entry carries this path. */
export async function readEntry(
  path: string,
  options: { blobs: Blobs | null; stats?: BigIntStats; cache?: StatCache | undefined; blind?: boolean },
): Promise<Entry | null> {
  const stats = options.stats ?? (await lookAt(path));
  if (!stats) return null;
  const mode = Number(stats.mode) & 0o7777;
  if (stats.isDirectory()) return { path, kind: "folder", hash: folderHash, mode, size: 0 };
  if (stats.isSymbolicLink()) {
    const target = await readlink(path, { encoding: "buffer" });
    const hash = options.blobs ? await options.blobs.put(target) : toHash(target);
    return { path, kind: "link", hash, mode, size: target.length };
  }
  if (!stats.isFile()) return null;
  const size = Number(stats.size);
  if (options.blind) return { path, kind: "file", hash: "", mode, size };
  const cached = options.cache?.get(path, stats);
  if (cached && (!options.blobs || (await options.blobs.has(cached))))
    return { path, kind: "file", hash: cached, mode, size };
  const { blobs } = options;
  const hash = await unlocked({ path, stats }, () => (blobs ? blobs.putFile(path) : hashFile(path)));
  options.cache?.set(path, stats, hash);
  return { path, kind: "file", hash, mode, size };
}

/** The state of a path, null when there is nothing; a path that may not be looked at is an error, not nothing. */
export async function lookAt(path: string): Promise<BigIntStats | null> {
  return lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
}

/**
 * Reads something of ours that has no read permission by giving it for a moment. Without this a command could change
 * a file, lock it, and the change would not be seen.
 */
async function unlocked<T>(at: { path: string; stats: BigIntStats }, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const ours = Number(at.stats.uid) === process.getuid?.();
    if ((error as NodeJS.ErrnoException).code !== "EACCES" || !ours) throw error;
  }
  const mode = Number(at.stats.mode) & 0o7777;
  await chmodAt(at.path, mode | 0o400);
  try {
    return await read();
  } finally {
    await chmodAt(at.path, mode);
  }
}
