// The past of files and events: changes that were made are taken back, and changes that were taken back are made again. This
// is the door through which the kernel does so; on a disk the contents are in the blob store.

import type { Blobs } from "./blobs.ts";
import { type Undone, undoChanges } from "./changes.ts";
import type { FileChange } from "./device.ts";
import { readEntry } from "./entry.ts";

/** What can be done with the past. */
export interface Past {
  /** Takes changes back, the last first; what somebody else changed since stays, unless `force`. */
  undo(changes: readonly FileChange[], options: { force: boolean }): Promise<Undone>;
  /** True when the path or the event is as this change left it. */
  stands(change: FileChange): Promise<boolean>;
  /** A content of before or after a change. */
  content(hash: string): Promise<Uint8Array | string | null>;
}

/** The past of a disk; `events` is that of calendars on servers, of which nothing is taken back without it. */
export function createPast(blobs: Blobs, events?: Pick<Past, "undo" | "stands">): Past {
  return {
    async undo(changes, options) {
      const isEvent = (change: FileChange) => change.kind === "event";
      // An event and a file never lie in each other, so that the order of both together does not matter.
      const files = await undoChanges(
        events ? changes.filter((one) => !isEvent(one)) : changes,
        blobs,
        options,
      );
      const others = await events?.undo(changes.filter(isEvent), options);
      return {
        undone: [...files.undone, ...(others?.undone ?? [])],
        conflicts: [...files.conflicts, ...(others?.conflicts ?? [])],
        changes: [...files.changes, ...(others?.changes ?? [])],
      };
    },
    async stands(change) {
      const { path, kind = "file", after } = change;
      if (kind === "event") return (await events?.stands(change)) ?? false;
      const now = await readEntry(path, { blobs });
      return now ? now.kind === kind && now.hash === after : after === null;
    },
    content: (hash) => blobs.get(hash),
  };
}

/** What several steps of changes came to, one change a path, in an order in which they can be made. */
export function toNet(changes: readonly FileChange[]): FileChange[] {
  const net = new Map<string, FileChange>();
  for (const change of changes) {
    const { path, kind = "file", before, after, mode, modeAfter } = change;
    const key = `${kind} ${path}`;
    const first = net.get(key);
    const modes = {
      ...((first ? first.mode : mode) === undefined ? {} : { mode: (first ? first.mode : mode) as number }),
      ...(modeAfter === undefined ? {} : { modeAfter }),
    };
    net.set(key, { path, kind, before: first ? first.before : before, after, ...modes });
  }
  const real = [...net.values()].filter(
    ({ before, after, mode, modeAfter }) =>
      before !== after ||
      (before !== null && mode !== undefined && modeAfter !== undefined && mode !== modeAfter),
  );
  const byPath = (a: FileChange, b: FileChange) => (a.path < b.path ? -1 : 1);
  const removed = real.filter((change) => change.after === null).sort(byPath);
  return [...removed.reverse(), ...real.filter((change) => change.after !== null).sort(byPath)];
}

/** Makes changes again that were taken back; answers those that stand now. */
export async function redoChanges(past: Past, changes: readonly FileChange[]): Promise<FileChange[]> {
  const turned = changes.map(
    ({ path, kind = "file", before, after, mode, modeAfter }): FileChange => ({
      ...{ path, kind, before: after, after: before },
      ...(modeAfter === undefined ? {} : { mode: modeAfter }),
      ...(mode === undefined ? {} : { modeAfter: mode }),
    }),
  );
  await past.undo(turned.reverse(), { force: false });
  // What lay there already, because a stop came in between, stands as well.
  const standing = await Promise.all(changes.map((change) => past.stands(change)));
  return changes.filter((_change, i) => standing[i]);
}
