// Reading a tree: every regular file, symbolic link and folder below a root, with the hash of its content. What cannot
// be recorded (pipes, sockets, devices, unreadable files, names that are not UTF-8, folders of Hum itself) stands in
// `skipped` with its reason; nothing is left out silently. A full disk is an error: the record would have holes.
//
// An entry in the manifest: { path relative to the root ("" is the root itself), kind, hash, mode, size }.

import type { BigIntStats } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { HumError } from "../error.ts";
import { deviceLimits } from "../limits.ts";
import { chmodAt, holdFolder } from "./anchor.ts";
import type { Blobs } from "./blobs.ts";
import { type Entry, lookAt, readEntry, type StatCache } from "./entry.ts";

const lanes = 8;

/** The state of a tree. An absent root is a manifest without entries. */
export interface Manifest {
  root: string;
  entries: Entry[];
  skipped: { path: string; why: string }[];
  files: number;
  bytes: number;
}

/** A manifest, or why the tree is too large for one. */
export type Snapshot = { ok: true; manifest: Manifest } | { ok: false; why: string };

/** How a tree is read. */
export interface WalkOptions {
  cache?: StatCache;
  /** Folders that are left out (and named in `skipped`). */
  exclude?: readonly string[];
  limits?: { files: number; bytes: number };
  /** Files (by full path) whose content is not looked at; their hash is "". */
  blind?(path: string): boolean;
  signal?: AbortSignal;
}

interface Found {
  path: string;
  stats: BigIntStats;
}

/** A walk under way. */
interface Walk {
  manifest: Manifest;
  /** Found and not read yet, folders before what is in them. */
  waiting: Found[];
  /** Folders that were opened for the walk, with their permissions. */
  opened: { path: string; mode: number }[];
  exclude: ReadonlySet<string>;
  limits: { files: number; bytes: number };
  skip(path: string, why: string): void;
}

/** Reads the tree at `root`; with a blob store, every content is kept in it. */
export async function readTree(
  root: string,
  blobs: Blobs | null,
  options: WalkOptions = {},
): Promise<Snapshot> {
  const manifest: Manifest = { root, entries: [], skipped: [], files: 0, bytes: 0 };
  const walk: Walk = {
    manifest,
    waiting: [],
    opened: [],
    exclude: new Set([...(options.exclude ?? []), ...(blobs ? [blobs.root] : [])]),
    limits: options.limits ?? { files: deviceLimits.snapshotFiles, bytes: deviceLimits.snapshotBytes },
    skip: (path, why) => manifest.skipped.push({ path, why }),
  };
  try {
    const top = await lookAt(root);
    if (top) note({ path: root, stats: top }, walk);
    for (let i = 0; i < walk.waiting.length; i++) {
      options.signal?.throwIfAborted();
      if (walk.waiting[i]!.stats.isDirectory()) await readFolder(walk.waiting[i]!, walk);
      if (manifest.files > walk.limits.files || manifest.bytes > walk.limits.bytes)
        return tooLarge(root, manifest, walk.limits);
    }
    await readContents(walk, blobs, options);
  } finally {
    for (const { path, mode } of walk.opened.reverse()) await chmodAt(path, mode).catch(() => {});
  }
  manifest.entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ok: true, manifest };
}

async function readContents(walk: Walk, blobs: Blobs | null, options: WalkOptions): Promise<void> {
  const { manifest, waiting } = walk;
  let next = 0;
  async function readLane(): Promise<void> {
    while (next < waiting.length) {
      options.signal?.throwIfAborted();
      const { path, stats } = waiting[next++]!;
      const blind = options.blind?.(path) ?? false;
      try {
        const entry = await readEntry(path, { blobs, stats, cache: options.cache, blind });
        if (entry) manifest.entries.push({ ...entry, path: path.slice(manifest.root.length + 1) });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (HumError.is(error, "disk-full")) throw error;
        if (code !== "ENOENT") walk.skip(path, `cannot be read (${code ?? error})`);
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, readLane));
}

function note(found: Found, walk: Walk): void {
  const { path, stats } = found;
  if (path !== walk.manifest.root && walk.exclude.has(path)) walk.skip(path, "belongs to Hum itself");
  else if (stats.isFile() || stats.isSymbolicLink() || stats.isDirectory()) {
    walk.waiting.push(found);
    walk.manifest.files += 1;
    if (stats.isFile()) walk.manifest.bytes += Number(stats.size);
  } else walk.skip(path, "is neither a file, a folder nor a link");
}

/** Notes what stands in a folder. One of ours that is locked is opened until the walk is over. */
async function readFolder(at: Found, walk: Walk): Promise<void> {
  const { path, stats } = at;
  try {
    if (isLocked(stats)) {
      const mode = Number(stats.mode) & 0o7777;
      await chmodAt(path, mode | 0o500);
      walk.opened.push({ path, mode });
    }
    await using held = await holdFolder(path);
    for (const raw of await readdir(held.at("."), { encoding: "buffer" })) {
      const name = raw.toString();
      if (Buffer.from(name).equals(raw)) {
        const found = await lookAt(held.at(name));
        if (found) note({ path: join(path, name), stats: found }, walk);
      } else walk.skip(join(path, name), "has a name that is not UTF-8");
    }
  } catch (error) {
    walk.skip(path, `cannot be opened (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}

/** Whether a folder of ours may not be read or searched. Nothing is locked for root. */
function isLocked(stats: BigIntStats): boolean {
  const own = process.getuid?.() ?? 0;
  return own !== 0 && Number(stats.uid) === own && (Number(stats.mode) & 0o500) !== 0o500;
}

function tooLarge(root: string, manifest: Manifest, limits: { files: number; bytes: number }): Snapshot {
  const found =
    manifest.files > limits.files
      ? `more than ${limits.files} files`
      : `more than ${Math.round(limits.bytes / 1024 / 1024)} MB`;
  return { ok: false, why: `folder too large: ${root} holds ${found}, so its changes could not be undone` };
}
