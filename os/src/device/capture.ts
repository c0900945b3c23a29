// Captures: the state of some places before an effect, kept so that the effect can be reported, undone, and taken back
// after a crash in the middle. This is what `prepare`, `run` and `recover` of the files and the terminal share.
//
// As `prepare` hands it out (JSON-safe): { captured: [{ root, hash of the manifest in the blob store }],
//                                          refused:  [{ root, why it could not be recorded }] }

import { dirname } from "node:path";
import { HumError } from "../error.ts";
import type { Blobs } from "./blobs.ts";
import { diffFolder, restoreFolder, snapshotFolder } from "./changes.ts";
import type { FileChange } from "./device.ts";
import { lookAt } from "./entry.ts";
import type { Manifest, WalkOptions } from "./walk.ts";

/** The recorded states, and the roots that were too large. */
export interface Capture {
  manifests: Manifest[];
  refused: { root: string; why: string }[];
}

/** What changed since a capture; a root that became too large stands in `lost`. */
export interface Comparison {
  changes: FileChange[];
  lost: { manifest: Manifest; why: string }[];
}

/** Records the state of each root. */
export async function capture(
  roots: readonly string[],
  blobs: Blobs,
  options: WalkOptions = {},
): Promise<Capture> {
  const result: Capture = { manifests: [], refused: [] };
  for (const root of toOutermost(roots, options.exclude)) {
    const snapshot = await snapshotFolder(root, blobs, options);
    if (snapshot.ok) result.manifests.push(snapshot.manifest);
    else result.refused.push({ root, why: snapshot.why });
  }
  return result;
}

/** What changed below the roots since the capture, in an order that can be undone. */
export async function compare(before: Capture, blobs: Blobs, options: WalkOptions = {}): Promise<Comparison> {
  const result: Comparison = { changes: [], lost: [] };
  for (const manifest of before.manifests) {
    const diff = await diffFolder(manifest, blobs, options);
    if (diff.ok) result.changes.push(...diff.changes);
    else result.lost.push({ manifest, why: diff.why });
  }
  return result;
}

/** A capture as `prepare` returns it. */
export async function toPrepared(before: Capture, blobs: Blobs): Promise<Record<string, unknown>> {
  const captured = [];
  for (const manifest of before.manifests)
    captured.push({ root: manifest.root, hash: await blobs.put(JSON.stringify(manifest)) });
  return { captured, refused: before.refused };
}

/** The capture that `prepare` returned, or null when it returned none. */
export async function fromPrepared(
  prepared: Record<string, unknown> | undefined,
  blobs: Blobs,
): Promise<Capture | null> {
  if (!Array.isArray(prepared?.captured)) return null;
  const manifests: Manifest[] = [];
  for (const { root, hash } of prepared.captured as { root: string; hash: string }[]) {
    const bytes = await blobs.get(hash);
    if (!bytes)
      throw new HumError("damaged", `The state of ${root} before the effect is not in the blob store.`);
    manifests.push(JSON.parse(bytes.toString()) as Manifest);
  }
  return { manifests, refused: (prepared.refused ?? []) as Capture["refused"] };
}

/** Brings every root back to what `prepare` recorded; returns what that changed. */
export async function restorePrepared(
  prepared: Record<string, unknown>,
  blobs: Blobs,
  options: WalkOptions = {},
): Promise<FileChange[]> {
  const before = await fromPrepared(prepared, blobs);
  const changes: FileChange[] = [];
  for (const manifest of before?.manifests ?? []) {
    const restored = await restoreFolder(manifest, blobs, options);
    changes.push(...restored.changes);
    const [conflict] = restored.conflicts;
    if (conflict)
      throw new HumError("conflict", `${conflict.change.path} could not be brought back: ${conflict.why}`);
  }
  return changes;
}

/** The roots that are not reached from another of them; a walk does not go through excluded folders. */
export function toOutermost(roots: readonly string[], exclude: readonly string[] = []): string[] {
  const holds = (outer: string, path: string) => path.startsWith(`${outer}/`);
  const reaches = (outer: string, path: string) =>
    holds(outer, path) && !exclude.some((wall) => holds(outer, wall) && (wall === path || holds(wall, path)));
  const sorted = [...new Set(roots)].sort();
  return sorted.filter((root) => !sorted.some((other) => reaches(other, root)));
}

/** The outermost part of a path that does not exist yet, or the path itself: all that making it can touch. */
export async function toRoot(path: string): Promise<string> {
  let root = path;
  for (let at = dirname(path); at !== dirname(at); at = dirname(at)) {
    if (await lookAt(at)) break;
    root = at;
  }
  return root;
}
