// Verbs on an entity and all that it started: a person who pauses a task means the whole of it.

import type { Pid } from "../entity/entity.ts";
import { HumError } from "../error.ts";
import { familyOf } from "./attend.ts";
import type { Door, EntityRow } from "./door.ts";
import { toUnknown } from "./reader.ts";

/** Pauses an entity and what it started; the number that were paused. Throws when the entity itself cannot be. */
export function pauseFamily(door: Door, pid: Pid, by: string): Promise<number> {
  return forFamily(door, pid, {
    wanted: (row) => !row.paused,
    verb: (one) => door.pause(one, by),
  });
}

/** Lets an entity and what it started go on; the number that were paused. */
export function resumeFamily(door: Door, pid: Pid, by: string): Promise<number> {
  return forFamily(door, pid, {
    wanted: (row) => row.paused,
    verb: (one) => door.resume(one, by),
  });
}

async function forFamily(
  door: Door,
  pid: Pid,
  what: { wanted(row: EntityRow): boolean; verb(pid: Pid): Promise<void> },
): Promise<number> {
  const look = await door.look();
  if (!look.entities.some((row) => row.pid === pid)) throw toUnknown(pid);
  await what.verb(pid);
  const family = familyOf(look, pid);
  let changed = 1;
  for (const row of look.entities) {
    if (row.pid === pid || !family.has(row.pid) || row.state === "ended" || !what.wanted(row)) continue;
    try {
      await what.verb(row.pid);
      changed += 1;
    } catch (error) {
      // It ended, or changed, in the same moment.
      if (!HumError.is(error, "conflict")) throw error;
    }
  }
  return changed;
}
