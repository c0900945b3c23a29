// What an entity changed in files and events, one row each, with the difference as text where both sides are text. The contents
// before and after lie in the blob store.

import { createTwoFilesPatch } from "diff";
import { toName } from "../device/say.ts";
import type { FileChange } from "../entity/authority.ts";
import { toStream } from "../entity/events.ts";
import type { Workplace } from "./api.ts";
import { findEntity, type Room } from "./room.ts";

/** Contents larger than this are shown without a difference, in bytes. */
const diffBytes = 256 * 1024;

interface Changed {
  name: string;
  before: string | null;
  after: string | null;
  at: number;
  undone: boolean;
}

/** Makes the part of the workplace that lists changes. */
export function createChanges(room: Room): Pick<Workplace, "changes"> {
  return {
    async changes(pid) {
      const entity = findEntity(room, pid);
      const rows = toChanged([...room.ledger.journal.read(toStream(pid), 0)], entity.folder);
      return Promise.all(
        rows.map(async ({ name, before, after, at, undone }) => {
          const change = before === null ? "new" : after === null ? "gone" : "changed";
          return { path: name, change, at, undone, diff: await toBlobDiff(room, name, before, after) };
        }),
      );
    },
  };
}

// Several changes of one file are one; what was taken back stays in the list, marked.
function toChanged(
  records: readonly { type: string; at: number; data: Record<string, unknown> }[],
  folder: string,
): Changed[] {
  const rows = new Map<string, Changed>();
  for (const { type, at, data } of records) {
    const changes = (data.changes ?? []) as readonly FileChange[];
    if (type === "files.undone") {
      for (const { path, after } of changes) {
        const row = rows.get(path);
        if (row) Object.assign(row, { undone: after === row.before, at });
      }
      continue;
    }
    if (type !== "call.ended" && type !== "files.changed") continue;
    for (const one of changes) {
      const { path, kind, before, after } = one;
      if (kind === "folder") continue;
      const row = rows.get(path);
      if (row && !row.undone) Object.assign(row, { after, at });
      else rows.set(path, { name: toName(one, folder), before, after, at, undone: false });
    }
  }
  return [...rows.values()].filter((row) => row.before !== row.after);
}

async function toBlobDiff(
  room: Room,
  path: string,
  before: string | null,
  after: string | null,
): Promise<string | null> {
  const textOf = async (hash: string | null): Promise<string | null> => {
    if (hash === null) return "";
    const bytes = (await room.blobs?.get(hash)) ?? null;
    if (bytes === null || bytes.length > diffBytes || bytes.subarray(0, 8_192).includes(0)) return null;
    return bytes.toString("utf8");
  };
  const [old, now] = [await textOf(before), await textOf(after)];
  return old === null || now === null ? null : toDiff(path, old, now);
}

/** The difference of two texts in the unified form. */
export function toDiff(path: string, before: string, after: string): string {
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, { context: 3 });
  return patch.replace(/^=+\n/, "");
}
