// The seats of the engine: sequences of its context, each with the KV state of at most one process. A process that runs
// again finds its seat as it left it, or its state on disk, or the state of its program's shared beginning, whichever
// spares the most tokens. A new one takes over the seat of one that has ended where both begin alike: in a talk each turn has an entity
// of its own, whose window begins with what was said before. Only when no seat is idle does a call wait.
//
// Rule for callers: `take` before touching a sequence, `leave` exactly once after.

import type { LlamaContextSequence, Token } from "node-llama-cpp";
import type { KvFolder, StateIo } from "./kv-file.ts";
import { commonLength, type Prompt, wholeBlocks } from "./render.ts";
import { engineLimits } from "./sizes.ts";

/** One sequence and who sits on it. */
export interface Seat {
  readonly sequence: LlamaContextSequence;
  /** Its place among the others, from 1. */
  readonly number: number;
  process: string | undefined;
  busy: boolean;
  lastUse: number;
  /** How many of its first tokens were read and not written: only those are the same to the last bit for another process. */
  read: number;
  /** True when the call that last sat here was patient. */
  patient: boolean;
}

/** The seats of one context. */
export interface Seats {
  /**
   * Gives a seat whose state is the longest known prefix of the prompt, in whole blocks; a part is always left over. One that is
   * patient takes the seat of another such one where it can: people find their states in memory, and an empty seat for a new talk.
   */
  take(process: string, prompt: Prompt, patient?: boolean): Promise<Seat>;
  /** Keeps the shared beginning on disk, when the seat holds exactly that. */
  share(seat: Seat, prompt: Prompt): Promise<void>;
  leave(seat: Seat): void;
  /** Forgets a process, in memory and on disk. */
  release(process: string): Promise<void>;
  /** Saves every idle seat, and waits until all is on disk. */
  saveAll(): Promise<void>;
}

/** Creates seats over the sequences of a context. */
export function createSeats(sequences: readonly LlamaContextSequence[], folder: KvFolder): Seats {
  const seats: Seat[] = sequences.map((sequence, index) => ({
    sequence,
    number: index + 1,
    process: undefined,
    busy: false,
    ...{ lastUse: 0, read: 0 },
    patient: true,
  }));
  const waiting: (() => void)[] = [];
  let clock = 0;

  async function save(seat: Seat): Promise<void> {
    const { process, sequence } = seat;
    if (process === undefined || sequence.contextTokens.length < engineLimits.keepTokens) return;
    await folder.save(processName(process), sequence.contextTokens, toStateIo(sequence));
  }

  /** What a seat that was left for good has read of this prompt. */
  const leftOf = ({ process, read, sequence }: Seat, { tokens }: Prompt): number =>
    process === undefined
      ? wholeBlocks(Math.min(read, tokens.length - 1, commonLength(sequence.contextTokens, tokens)))
      : 0;

  /** The seat that has read most of this prompt for one that has ended, when that is worth more than the shared beginning. */
  function findHeir(idle: readonly Seat[], prompt: Prompt): { seat: Seat; left: number } | undefined {
    let best: { seat: Seat; left: number } | undefined;
    for (const seat of idle) {
      const left = leftOf(seat, prompt);
      if (left >= prompt.shared + engineLimits.keepTokens && left > (best?.left ?? 0)) best = { seat, left };
    }
    return best;
  }

  async function claim(process: string, prompt: Prompt, patient: boolean): Promise<Seat> {
    for (;;) {
      const own = seats.find((seat) => seat.process === process);
      const cost = ({ process, patient: wasPatient }: Seat) =>
        (patient && !wasPatient ? 2 : 0) + (process === undefined ? 0 : 1);
      const idle = seats
        .filter((seat) => !seat.busy)
        .sort((a, b) => cost(a) - cost(b) || a.lastUse - b.lastUse);
      const heir = own && !own.busy ? undefined : findHeir(idle, prompt);
      const seat = own && !own.busy ? own : (heir?.seat ?? idle[0]);
      if (seat) {
        seat.busy = true;
        seat.patient = patient;
        if (seat !== own) {
          await save(seat);
          // A second call of the same process gets a seat without a name: its state is not kept.
          seat.process = own ? undefined : process;
          await (heir ? cut(seat.sequence, heir.left) : clear(seat));
        }
        return seat;
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  async function restore(seat: Seat, process: string, prompt: Prompt): Promise<void> {
    const { sequence } = seat;
    let best = commonLength(sequence.contextTokens, prompt.tokens);
    let name: string | undefined;
    if (best < prompt.tokens.length - 1) {
      const names = [processName(process)];
      if (prompt.shared >= engineLimits.keepTokens) names.push(sharedName(prompt));
      for (const candidate of names) {
        const kept = await folder.peek(candidate);
        const common = kept ? commonLength(kept, prompt.tokens) : 0;
        if (common >= best + engineLimits.keepTokens) {
          best = common;
          name = candidate;
        }
      }
    }
    if (name !== undefined) {
      const loaded = await folder.load(name, toStateIo(sequence));
      if (!loaded) await clear(seat);
      // Of what a process kept, nobody remembers what it wrote itself.
      else seat.read = name === processName(process) ? 0 : best;
    }
    const common = commonLength(sequence.contextTokens, prompt.tokens);
    await cut(sequence, wholeBlocks(Math.min(common, prompt.tokens.length - 1)));
    if (sequence.nextTokenIndex <= seat.read) seat.read = prompt.tokens.length;
  }

  async function clear(seat: Seat): Promise<void> {
    seat.read = 0;
    await seat.sequence.clearHistory();
  }

  return {
    async take(process, prompt, patient = false) {
      const seat = await claim(process, prompt, patient);
      seat.lastUse = ++clock;
      try {
        await restore(seat, process, prompt);
      } catch {
        await clear(seat);
      }
      return seat;
    },
    async share(seat, prompt) {
      const tokens = prompt.tokens.slice(0, prompt.shared);
      if (tokens.length < engineLimits.keepTokens || seat.sequence.contextTokens.length !== tokens.length)
        return;
      await folder.save(sharedName(prompt), tokens, toStateIo(seat.sequence));
    },
    leave(seat) {
      seat.busy = false;
      seat.lastUse = ++clock;
      waiting.shift()?.();
    },
    async release(process) {
      for (const seat of seats) if (seat.process === process) seat.process = undefined;
      await folder.remove(processName(process));
    },
    async saveAll() {
      for (const seat of seats) if (!seat.busy) await save(seat);
      await folder.settled();
    },
  };
}

/** Drops everything after the first `size` tokens. */
async function cut(sequence: LlamaContextSequence, size: number): Promise<void> {
  const end = sequence.nextTokenIndex;
  if (size < end) await sequence.eraseContextTokenRanges([{ start: size, end }]);
}

function toStateIo(sequence: LlamaContextSequence): StateIo {
  return {
    save: (file) => sequence.saveStateToFile(file),
    load: (file) => sequence.loadStateFromFile(file, { acceptRisk: true }),
  };
}

function processName(process: string): string {
  return `process\0${process}`;
}

function sharedName(prompt: Prompt): string {
  return `shared\0${Buffer.from(Uint32Array.from(prompt.tokens.slice(0, prompt.shared) as Token[]).buffer).toString("base64")}`;
}
