// Where entities are looked up: by name, by folder, by thread, by what they were started for. Made from the entities, kept
// by the reducer and never saved, so that what is done for one of them does not look at all of them.

import type { Entity, Pid } from "./entity.ts";
import type { Approval } from "./events.ts";

/** The indexes over all entities. Lists are in the order in which the entities were started. */
export interface Register {
  /** All that have not ended. */
  living(): Entity[];
  /** Those of a name, in any case of letters. */
  named(name: string): Entity[];
  /** Those that work in a thread. */
  inThread(thread: string): Entity[];
  /** True when one other than `pid` works in a folder, inside it or around it. */
  isAtWork(folder: string, pid: Pid): boolean;
  /** The first that was started for a cause, ended or not. */
  causedBy(cause: string): Entity | undefined;
  /** The last that ended, the last first; at most so many. */
  lastEnded(most: number): Entity[];
  /** Ids of the approvals that wait for an entity. */
  approvalsOf(pid: Pid): string[];

  // for the reducer
  spawned(entity: Entity): void;
  ended(entity: Entity): void;
  asked(approval: Approval): void;
  answered(approval: Approval): void;
}

/** Makes the register of these entities and approvals. */
export function createRegister(
  entities: ReadonlyMap<Pid, Entity>,
  approvals: Iterable<Approval> = [],
): Register {
  const living = new Set<Pid>();
  const names = new Map<string, Set<Pid>>();
  const folders = new Map<string, Set<Pid>>();
  /** How many work in a folder or inside it. */
  const within = new Map<string, number>();
  const threads = new Map<string, Set<Pid>>();
  const causes = new Map<string, Pid>();
  const ended: Pid[] = [];
  const asking = new Map<Pid, Set<string>>();

  const rowsOf = (pids: Iterable<Pid> = []) => [...pids].flatMap((pid) => entities.get(pid) ?? []);
  const count = (folder: string, by: number) => {
    for (const path of [folder, ...above(folder)]) {
      const sum = (within.get(path) ?? 0) + by;
      if (sum > 0) within.set(path, sum);
      else within.delete(path);
    }
  };
  const begin = ({ pid, name, folder, thread }: Entity) => {
    living.add(pid);
    put(names, name.toLowerCase(), pid);
    put(folders, folder, pid);
    count(folder, 1);
    if (thread !== null) put(threads, thread, pid);
  };
  const register: Register = {
    living: () => rowsOf(living),
    named: (name) => rowsOf(names.get(name.toLowerCase())),
    inThread: (thread) => rowsOf(threads.get(thread)),
    isAtWork(folder, pid) {
      const own = living.has(pid) ? entities.get(pid)?.folder : undefined;
      const inside = (within.get(folder) ?? 0) - (own !== undefined && isWithin(own, folder) ? 1 : 0);
      return inside > 0 || above(folder).some((path) => hasOther(folders.get(path), pid));
    },
    causedBy(cause) {
      const pid = causes.get(cause);
      return pid === undefined ? undefined : entities.get(pid);
    },
    lastEnded: (most) => rowsOf(ended.slice(-most).reverse()),
    approvalsOf: (pid) => [...(asking.get(pid) ?? [])],
    spawned(entity) {
      const { pid, cause } = entity;
      if (cause !== null && !causes.has(cause)) causes.set(cause, pid);
      begin(entity);
    },
    ended({ pid, name, folder, thread }) {
      if (!living.delete(pid)) return;
      drop(names, name.toLowerCase(), pid);
      drop(folders, folder, pid);
      count(folder, -1);
      if (thread !== null) drop(threads, thread, pid);
      ended.push(pid);
    },
    asked: ({ pid, id }) => put(asking, pid, id),
    answered: ({ pid, id }) => drop(asking, pid, id),
  };

  const gone: Entity[] = [];
  for (const entity of entities.values()) {
    register.spawned(entity);
    if (entity.state === "ended") gone.push(entity);
  }
  for (const entity of gone.sort((a, b) => a.endedSeq - b.endedSeq)) register.ended(entity);
  for (const approval of approvals) register.asked(approval);
  return register;
}

function put<K, V>(into: Map<K, Set<V>>, key: K, value: V): void {
  const set = into.get(key);
  if (set) set.add(value);
  else into.set(key, new Set([value]));
}

function drop<K, V>(from: Map<K, Set<V>>, key: K, value: V): void {
  const set = from.get(key);
  if (set?.delete(value) && set.size === 0) from.delete(key);
}

const hasOther = (pids: ReadonlySet<Pid> | undefined, pid: Pid): boolean =>
  pids !== undefined && pids.size > (pids.has(pid) ? 1 : 0);

const isWithin = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}/`);

/** The folders around a folder, the nearest first. */
function above(folder: string): string[] {
  const found: string[] = [];
  for (let cut = folder.lastIndexOf("/"); cut > 0; cut = folder.lastIndexOf("/", cut - 1))
    found.push(folder.slice(0, cut));
  return found;
}
