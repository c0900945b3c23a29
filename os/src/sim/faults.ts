// The faults of a simulated run beyond a kill: how likely each is, and the book in which it is written that one struck. A
// fault that never strikes proves nothing, so every run says which did, and whether the machine went on after it.

import { HumError } from "../error.ts";
import type { Random } from "./random.ts";

/** Every kind of fault that a run can have. */
export const faultKinds = [
  // The process and its disk.
  ...(["killed", "killed-at-record", "late-answer", "stuck-write", "failed-write", "disk-full"] as const),
  ...(["lying-disk", "damaged-snapshot", "lost-index"] as const),
  // The model.
  ...(["refused", "died-in-a-word", "babble", "stalled", "partition", "stand-in"] as const),
  // Devices.
  ...(["device-failed", "device-threw", "device-hung", "result-lost"] as const),
  // Time and people.
  ...(["clock-forward", "clock-back", "answered-twice", "posted-twice", "expired"] as const),
] as const;

/** A kind of fault. */
export type FaultKind = (typeof faultKinds)[number];

/** How likely the faults of a run are. Those of before (kills, failing models) stand in the plan itself. */
export interface FaultPlan {
  /** Chance that one write of the journal fails; somebody starts the machine anew after it. */
  failedWrite: number;
  /** Parts of the time (milliseconds after the start, and how long) in which nothing can be written. */
  full: readonly [number, number] | null;
  /** Chance that a kill is a loss of power with a disk that has lied: the last records are gone, though acknowledged. */
  lyingDisk: number;
  /** Chance that a snapshot is damaged at a kill, and that the indexes are lost with it. */
  damagedSnapshot: number;
  lostIndex: number;
  /** Chance that a model says nothing for minutes. */
  stalled: number;
  /** The model is on a server that cannot be reached in this part of the time. */
  partition: readonly [number, number] | null;
  /** Another model answers when that one cannot. */
  spare: boolean;
  /** Chance that a device throws, hangs, or loses the result of what it did. */
  deviceThrows: number;
  deviceHangs: number;
  resultLost: number;
  /** Moments (milliseconds after the start) at which the clock jumps, and how far. */
  jumps: readonly (readonly [number, number])[];
  /** Chance that an answer to an approval is given twice at once. */
  answeredTwice: number;
  /** Moments at which an approval is answered just when its time is over. */
  expiries: readonly number[];
}

/** No fault of these. */
export const calm: FaultPlan = {
  ...{ failedWrite: 0, full: null, lyingDisk: 0, damagedSnapshot: 0, lostIndex: 0 },
  ...{ stalled: 0, partition: null, spare: false, deviceThrows: 0, deviceHangs: 0, resultLost: 0 },
  ...{ jumps: [], answeredTwice: 0, expiries: [] },
};

const minute = 60_000;
const day = 24 * 60 * minute;

/** Draws the faults of a run that goes on for so long. */
export function toFaults(random: Random, horizonMs: number): FaultPlan {
  const span = (longest: number): readonly [number, number] => [
    random.below(horizonMs),
    random.below(longest),
  ];
  const forward = () => random.pick([minute, 60 * minute, day, 8 * day]);
  const jump = () => (random.chance(0.6) ? forward() : -random.below(10 * minute));
  return {
    failedWrite: random.pick([0, 0, 0.002, 0.01]),
    full: random.chance(0.2) ? span(3_000) : null,
    lyingDisk: random.pick([0, 0, 0.2]),
    damagedSnapshot: random.pick([0, 0.3]),
    lostIndex: random.pick([0.2, 0.5]),
    stalled: random.pick([0, 0, 0.001]),
    partition: random.chance(0.25) ? span(4_000) : null,
    spare: random.chance(0.3),
    deviceThrows: random.pick([0, 0, 0.05]),
    deviceHangs: random.pick([0, 0, 0.02]),
    resultLost: random.pick([0, 0, 0.1]),
    jumps: Array.from(
      { length: random.pick([0, 0, 1, 2]) },
      () => [random.below(horizonMs), jump()] as const,
    ),
    answeredTwice: random.pick([0, 0.2]),
    expiries: random.chance(0.15) ? [random.below(horizonMs)] : [],
  };
}

/** How often a kind struck in a run, and whether anything became durable after it. */
export interface FaultStrikes {
  struck: number;
  survived: boolean;
}

/** What happened to each kind in a run. */
export type FaultCount = Partial<Record<FaultKind, FaultStrikes>>;

/** The book of a run. */
export interface FaultBook {
  /** A fault strikes now. */
  strike(kind: FaultKind): void;
  /** What struck; it was survived when something became durable after it. */
  close(): FaultCount;
}

/** Makes the book; `seq` is the number of durable records. */
export function createFaultBook(seq: () => number): FaultBook {
  const struck = new Map<FaultKind, { times: number; first: number }>();
  return {
    strike(kind) {
      const before = struck.get(kind);
      struck.set(kind, { times: (before?.times ?? 0) + 1, first: before?.first ?? seq() });
    },
    close() {
      const count: FaultCount = {};
      for (const [kind, { times, first }] of struck) count[kind] = { struck: times, survived: seq() > first };
      return count;
    },
  };
}

/** A write that fails because the simulation says so. */
export const toWriteFailure = (): HumError =>
  new HumError("damaged", "The journal cannot be written: EIO", { data: { simulated: true } });

/** True for a failure that the simulation made, or that follows from one. */
export function isSimulated(error: unknown): boolean {
  for (let at: unknown = error; at; at = (at as { cause?: unknown }).cause)
    if (HumError.is(at) && at.data.simulated === true) return true;
  return false;
}
