// Takes back what an entity did to files and to events. The newest unit is taken back: all that it changed since the last undo, or,
// when there is nothing newer, the last undo itself. So undoing twice is doing again, and nothing is ever lost: every
// content is in the blob store. With `force` the changes are always taken back and never done again, because a person
// who forces wants what the undo before had left alone.

import { type Past, redoChanges, toNet } from "../device/past.ts";
import { toName } from "../device/say.ts";
import type { FileChange } from "../entity/authority.ts";
import type { Entity, Pid } from "../entity/entity.ts";
import { type HumEvent, toEvent, toStream } from "../entity/events.ts";
import type { Ledger } from "../entity/ledger.ts";
import { HumError } from "../error.ts";
import type { Dispatch } from "../scheduler/dispatch.ts";

/** What an undo did. */
export interface UndoReport {
  pid: Pid;
  name: string;
  /** True when it took back an undo, so that the changes are there again. */
  again: boolean;
  undone: FileChange[];
  /** Files and events that were changed by somebody else since, and were left alone. */
  conflicts: { path: string; why: string }[];
}

/** Who takes back what a failed attempt changed. */
const machineName = "hum";

/** Changes that one event may carry; a long list becomes several events. */
const eventChanges = 1_000;

/** Undoes the newest changes of an entity; pid null is the entity that changed something last. */
export async function undoEntity(
  from: { ledger: Ledger; dispatch: Dispatch; past: Past },
  what: { pid: Pid | null; by: string; force: boolean },
): Promise<UndoReport> {
  const { ledger, dispatch, past } = from;
  const found = what.pid === null ? findLast(ledger) : findUnit(ledger, what.pid);
  const { entity } = found;
  const unit = what.force ? toRoot(found) : found.unit;
  if (dispatch.running().includes(entity.pid))
    throw new HumError(
      "conflict",
      `${entity.name} (pid ${entity.pid}) is still at work. \`hum pause ${entity.pid}\` or \`hum kill ${entity.pid}\` first.`,
    );
  const changes = unit.flatMap((record) => record.changes);
  const result = await past.undo(changes, { force: what.force });
  const isReal = (change: FileChange) => change.before !== change.after || change.mode !== change.modeAfter;
  const of = unit.map((record) => record.index);
  await ledger.commit(
    toStream(entity.pid),
    toUndone(entity.pid, { changes: result.changes.filter(isReal), of, by: what.by }),
  );
  return {
    pid: entity.pid,
    name: entity.name,
    again: Boolean(unit.at(-1)?.undo),
    undone: result.undone,
    conflicts: result.conflicts.map(({ change, why }) => ({ path: toName(change, ""), why })),
  };
}

/**
 * Takes back what an entity changed since its last undo, for a new attempt at its task, and returns the events that say
 * so. What somebody else changed since is left alone.
 */
export async function takeBack(ledger: Ledger, past: Past, entity: Entity): Promise<HumEvent[]> {
  const { of, changes } = readStanding(ledger, entity.pid);
  if (of.length === 0) return [];
  const result = await past.undo(changes, { force: false });
  const events = toUndone(entity.pid, { changes: result.changes, of, by: machineName });
  // Nothing left to undo: a stop came between the undo and its record.
  if (events.length > 0) return events;
  return [toEvent("files.undone", { pid: entity.pid, changes: [], of, by: machineName })];
}

/** What an entity itself changed and was not taken back: the places of the records, and the changes in their order. */
export function readStanding(ledger: Ledger, pid: Pid): { of: number[]; changes: FileChange[] } {
  const { unit } = readUnit(ledger, pid);
  if (unit.at(-1)?.undo) return { of: [], changes: [] };
  return {
    of: unit.map((record) => record.index),
    changes: unit.flatMap((record) => record.changes),
  };
}

/** Makes the changes of these records again, and returns the events that say so. What somebody else changed stays. */
export async function bringBack(
  ledger: Ledger,
  past: Past,
  { entity, of }: { entity: Entity; of: readonly number[] },
): Promise<HumEvent[]> {
  const { steps } = readUnit(ledger, entity.pid);
  const made = await redoChanges(past, toNet(of.flatMap((index) => steps.get(index)?.changes ?? [])));
  const id = `${entity.pid}.again`;
  const events: HumEvent[] = [];
  for (let at = 0; at < made.length; at += eventChanges)
    events.push(
      toEvent("files.changed", { pid: entity.pid, id, changes: made.slice(at, at + eventChanges) }),
    );
  return events;
}

function toUndone(
  pid: Pid,
  undone: { changes: readonly FileChange[]; of: number[]; by: string },
): HumEvent[] {
  const events: HumEvent[] = [];
  for (let at = 0; at < undone.changes.length; at += eventChanges)
    events.push(
      toEvent("files.undone", { pid, ...undone, changes: undone.changes.slice(at, at + eventChanges) }),
    );
  return events;
}

/** One record that changed files or events. */
interface Step {
  index: number;
  at: number;
  /** What it took back, and who did; null for what the entity did itself. */
  undo: { of: number[]; by: string } | null;
  changes: readonly FileChange[];
}

interface Unit {
  entity: Entity;
  unit: Step[];
  /** All steps of the entity, by their index. */
  steps: Map<number, Step>;
}

/** The entity's own changes behind an undo (of an undo …). */
function toRoot({ unit, steps }: Unit): Step[] {
  let root = unit;
  for (let undo = root[0]?.undo; undo; undo = root[0]?.undo)
    root = undo.of.flatMap((index) => steps.get(index) ?? []);
  return root;
}

function findUnit(ledger: Ledger, pid: Pid): Unit {
  const entity = ledger.state.entities.get(pid);
  if (!entity)
    throw new HumError("not-found", `There is no entity ${pid}. \`hum ps --all\` lists those there are.`);
  const { unit, steps } = readUnit(ledger, pid);
  if (unit.length === 0)
    throw new HumError(
      "not-found",
      `${entity.name} (pid ${pid}) changed no files and no events; there is nothing to undo.`,
    );
  if (unit.at(-1)?.undo?.by === machineName)
    throw new HumError(
      "not-found",
      `${entity.name} (pid ${pid}) left no changes: Hum took them back itself before a new attempt.`,
    );
  return { entity, unit, steps };
}

function readUnit(ledger: Ledger, pid: Pid): Omit<Unit, "entity"> {
  const unit: Step[] = [];
  const steps = new Map<number, Step>();
  let of = "";
  let returning: Step | null = null;
  for (const record of ledger.journal.read(toStream(pid), 0)) {
    const data = record.data as { changes?: readonly FileChange[]; of?: number[]; by?: string };
    const isReturning = record.type === "files.returning";
    // What was about to be made again counts as made until a record says what was.
    const returned = isReturning
      ? toNet((data.of ?? []).flatMap((index) => steps.get(index)?.changes ?? []))
      : null;
    const changes = returned ?? data.changes;
    if (!changes || (changes.length === 0 && record.type !== "files.undone")) continue;
    if (returning !== null) unit.splice(unit.indexOf(returning), 1);
    const undo = record.type === "files.undone" ? { of: data.of ?? [], by: data.by ?? "" } : null;
    const key = undo ? JSON.stringify(undo.of) : "";
    // A new unit begins with each undo, and with the first change after one.
    if (key !== of) unit.length = 0;
    of = key;
    const step: Step = { index: record.index, at: record.at, undo, changes };
    steps.set(step.index, step);
    unit.push(step);
    returning = isReturning ? step : null;
  }
  return { unit, steps };
}

function findLast(ledger: Ledger): Unit {
  const newest = [...ledger.state.entities.values()].sort((a, b) => b.lastAt - a.lastAt);
  let best: Unit | null = null;
  for (const entity of newest) {
    const at = best?.unit.at(-1)?.at ?? 0;
    if (entity.lastAt < at) break;
    try {
      const found = findUnit(ledger, entity.pid);
      if ((found.unit.at(-1)?.at ?? 0) > at) best = found;
    } catch (error) {
      if (!HumError.is(error, "not-found")) throw error;
    }
  }
  if (!best)
    throw new HumError("not-found", "No entity changed any files or events; there is nothing to undo.");
  return best;
}
