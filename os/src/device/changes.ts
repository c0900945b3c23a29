// Changes of files: seen by comparing two states of a tree, and taken back. Every content before and after is in the
// blob store, so undoing loses nothing and can itself be undone.
//
// A list of changes is in an order in which they could have been made: things are removed (inner first), then made
// (outer first), then folders change their permissions. Undoing goes through the list from its end, so that lists of
// several steps may simply be joined.

import { lstat, mkdir, rename, rm, rmdir, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { toMessage } from "../error.ts";
import { chmodAt, holdFolder, makeFolders } from "./anchor.ts";
import { type Blobs, toHash } from "./blobs.ts";
import type { FileChange } from "./device.ts";
import { type Entry, folderHash, readEntry } from "./entry.ts";
import { type Manifest, readTree, type Snapshot, type WalkOptions } from "./walk.ts";

/** What became of a tree since its manifest; `manifest` is its state now. */
export type Diff = { ok: true; changes: FileChange[]; manifest: Manifest } | { ok: false; why: string };

/** What undoing did. `changes` are the changes it made itself, so that it can be undone in turn. */
export interface Undone {
  undone: FileChange[];
  conflicts: { change: FileChange; why: string }[];
  changes: FileChange[];
}

/** Records the state of a folder (or of one file, or that there is none), with every content in the blob store. */
export function snapshotFolder(path: string, blobs: Blobs, options: WalkOptions = {}): Promise<Snapshot> {
  return readTree(path, blobs, options);
}

/** What changed below the root of a manifest since it was taken. */
export async function diffFolder(
  manifest: Manifest,
  blobs: Blobs | null,
  options: WalkOptions = {},
): Promise<Diff> {
  const now = await readTree(manifest.root, blobs, options);
  if (!now.ok) return now;
  return { ok: true, changes: diffManifests(manifest, now.manifest), manifest: now.manifest };
}

/** Brings a folder back to its manifest. What it overwrites is in the blob store first, unless it is too large. */
export async function restoreFolder(
  manifest: Manifest,
  blobs: Blobs,
  options: WalkOptions = {},
): Promise<Undone> {
  const diff = await diffFolder(manifest, blobs, options);
  if (diff.ok) return undoChanges(diff.changes, blobs, { force: true });
  // Too large to keep: what a command made is dropped, which is what a runaway command deserves.
  const known = new Set(manifest.entries.map((entry) => join(manifest.root, entry.path)));
  const limits = { files: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
  const blind = (path: string) => !known.has(path);
  const all = await diffFolder(manifest, null, { ...options, limits, blind });
  if (!all.ok) return { undone: [], conflicts: [], changes: [] };
  return undoChanges(all.changes, blobs, { force: true, drop: true });
}

/**
 * Takes changes back, last first. A path whose content is not what the change left is a conflict and stays as it is;
 * with `force` its content is kept in the blob store and overwritten; with `drop` it is not kept, and `changes` is
 * empty.
 */
export async function undoChanges(
  changes: readonly FileChange[],
  blobs: Blobs,
  options: { force?: boolean; drop?: boolean } = {},
): Promise<Undone> {
  const result: Undone = { undone: [], conflicts: [], changes: [] };
  const how = { force: options.force ?? false, drop: options.drop ?? false, made: [] as FileChange[] };
  for (const change of [...changes].reverse()) {
    const why = await withAccess(change.path, () => undoOne(change, blobs, how)).catch(toMessage);
    if (why === null) result.undone.push(change);
    else result.conflicts.push({ change, why });
  }
  if (!how.drop) result.changes = how.made;
  return result;
}

/** The changes that lead from one state of a tree to another. */
export function diffManifests(before: Manifest, after: Manifest): FileChange[] {
  const was = new Map(before.entries.map((entry) => [entry.path, entry]));
  const is = new Map(after.entries.map((entry) => [entry.path, entry]));
  const isUnknown = toUnknown(before, after);
  const removed: FileChange[] = [];
  const made: FileChange[] = [];
  const modes: FileChange[] = [];
  const toPath = (path: string) => (path === "" ? before.root : join(before.root, path));
  for (const [path, old] of was) {
    const now = is.get(path);
    if (!now && isUnknown(toPath(path))) continue;
    if (!now || now.kind !== old.kind) removed.push(toChange(toPath(path), old, null));
    else if (now.kind === "folder" && now.mode !== old.mode) modes.push(toChange(toPath(path), old, now));
    else if (now.kind !== "folder" && (now.hash !== old.hash || now.mode !== old.mode))
      made.push(toChange(toPath(path), old, now));
  }
  for (const [path, now] of is) {
    const old = was.get(path);
    if (!old && isUnknown(toPath(path))) continue;
    if (!old || old.kind !== now.kind) made.push(toChange(toPath(path), null, now));
  }
  // Sorted by path, a folder stands before what is in it: right for making, and reversed for removing.
  const byPath = (a: FileChange, b: FileChange) => (a.path < b.path ? -1 : 1);
  return [...removed.sort(byPath).reverse(), ...made.sort(byPath), ...modes.sort(byPath).reverse()];
}

/** Whether a path was left out of one of the states, itself or with a folder around it: nothing is known of it. */
function toUnknown(before: Manifest, after: Manifest): (path: string) => boolean {
  const unknown = new Set([...before.skipped, ...after.skipped].map((skip) => skip.path));
  if (unknown.size === 0) return () => false;
  return function isUnknown(path) {
    for (let at = path; at.length > before.root.length; at = dirname(at)) if (unknown.has(at)) return true;
    return unknown.has(path);
  };
}

function toChange(path: string, before: Entry | null, after: Entry | null): FileChange {
  const change: FileChange = {
    path,
    kind: (after ?? before)!.kind,
    before: before?.hash ?? null,
    after: after?.hash ?? null,
  };
  if (before) change.mode = before.mode;
  if (after) change.modeAfter = after.mode;
  return change;
}

/** Undoes one change; null when done, else why not. */
async function undoOne(
  change: FileChange,
  blobs: Blobs,
  options: { force: boolean; drop: boolean; made: FileChange[] },
): Promise<string | null> {
  const kind = change.kind ?? "file";
  if (kind === "event") return "calendars are not known here";
  const now = await readEntry(change.path, { blobs, blind: options.drop });
  const expected = now ? now.kind === kind && now.hash === change.after : change.after === null;
  if (!expected && !options.force) return now ? "it was changed since" : "it is not there any more";
  const target: Entry | null =
    change.before === null
      ? null
      : { path: change.path, kind, hash: change.before, mode: change.mode ?? now?.mode ?? 0o644, size: 0 };
  if (!target && !now) return null;
  if (target && target.kind !== "folder" && !(await blobs.has(target.hash)))
    return "its earlier content is not kept";
  if (target) for (const path of await makeFolders(dirname(change.path))) options.made.push(toMade(path));
  const why = await bring(change.path, { now, target, blobs });
  if (why === null) options.made.push(...toSteps(change.path, now, target));
  return why;
}

interface Bring {
  now: Entry | null;
  target: Entry | null;
  blobs: Blobs;
}

/** Makes the path what `target` says. */
async function bring(path: string, { now, target, blobs }: Bring): Promise<string | null> {
  await using folder = await holdFolder(dirname(path));
  const at = folder.at(basename(path));
  if (now && now.kind !== target?.kind) {
    if (now.kind === "folder") {
      const left = await rmdir(at).catch((error: NodeJS.ErrnoException) => error);
      if (left?.code === "ENOTEMPTY") return "the folder holds other files";
      if (left) throw left;
    } else await rm(at);
  }
  if (!target) {
    await folder.sync();
    return null;
  }
  if (target.kind === "folder") {
    if (now?.kind !== "folder") await mkdir(at);
    await chmodAt(path, target.mode);
  } else if (target.kind === "link") {
    const content = await blobs.get(target.hash);
    const spare = folder.at(`.hum-${toHash(path).slice(0, 12)}.tmp`);
    await rm(spare, { force: true });
    await symlink(content!, spare);
    await rename(spare, at);
  } else if (now?.kind === "file" && now.hash === target.hash) {
    await chmodAt(path, target.mode);
  } else await blobs.copyTo(target.hash, path, { mode: target.mode });
  await folder.sync();
  return null;
}

/**
 * Works at a path. When folders of ours on the way lack permissions (a command may have taken them away), they get
 * them for the time being.
 */
async function withAccess<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
  }
  const ways: string[] = [];
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) ways.unshift(at);
  const opened: { path: string; mode: number }[] = [];
  try {
    for (const way of ways) {
      const stats = await lstat(way).catch(() => null);
      if (!stats?.isDirectory() || stats.uid !== process.getuid?.() || (stats.mode & 0o700) === 0o700)
        continue;
      await chmodAt(way, (stats.mode & 0o7777) | 0o700);
      opened.push({ path: way, mode: stats.mode & 0o7777 });
    }
    return await work();
  } finally {
    for (const one of opened.reverse()) await chmodAt(one.path, one.mode).catch(() => {});
  }
}

function toSteps(path: string, before: Entry | null, after: Entry | null): FileChange[] {
  if (before && after && before.kind !== after.kind)
    return [toChange(path, before, null), toChange(path, null, after)];
  return [toChange(path, before, after)];
}

function toMade(path: string): FileChange {
  return { path, kind: "folder", before: null, after: folderHash };
}
