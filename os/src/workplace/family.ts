// Verbs on an entity and all that it started: a person who pauses a task means the whole of it.

import type { Pid } from "../entity/entity.ts";
import { HumError } from "../error.ts";
import type { Door, EntityRow, Look } from "./door.ts";

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

/** An entity with all that it started. */
export function familyOf(look: Look, root: Pid): Set<Pid> {
  const family = new Set([root]);
  for (const row of look.entities) if (row.parent !== null && family.has(row.parent)) family.add(row.pid);
  return family;
}

/** The error for a pid that nobody has. */
export function toUnknown(pid: number): HumError {
  return new HumError("not-found", `There is no entity ${pid}. \`hum ps --all\` lists those there are.`);
}
