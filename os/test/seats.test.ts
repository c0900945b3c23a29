// The seats of the engine, with a played llama.cpp: whose state stays in memory, and what is written before a call begins.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { LlamaContextSequence, Token } from "node-llama-cpp";
import type { KvFolder } from "../src/model/kv-file.ts";
import { createSeats, type Seat } from "../src/model/seats.ts";

const shared = Array.from({ length: 64 }, (_, at) => at as Token);
/** The common beginning, and a hundred tokens of its own. */
const toPrompt = (own: number) => ({
  tokens: [...shared, ...Array.from({ length: 100 }, (_, at) => (1_000 * own + at) as Token)],
  shared: shared.length,
});

function createPlayed(size: number) {
  const did: string[] = [];
  const kept = new Map<string, readonly number[]>();
  const sequences = Array.from({ length: size }, () => {
    let tokens: Token[] = [];
    const fill = (all: readonly Token[]) => {
      tokens = [...all];
    };
    return {
      fill,
      get contextTokens() {
        return tokens;
      },
      get nextTokenIndex() {
        return tokens.length;
      },
      clearHistory: async () => fill([]),
      eraseContextTokenRanges: async ([range]: { start: number }[]) => fill(tokens.slice(0, range!.start)),
    };
  });
  let loading: readonly number[] = [];
  const folder: KvFolder = {
    async save(name, tokens) {
      did.push(`save ${name.replace("\0", " ")}`);
      kept.set(name, [...tokens]);
    },
    peek: async (name) => (kept.has(name) ? Uint32Array.from(kept.get(name)!) : undefined),
    async load(name, io) {
      did.push(`load ${name.startsWith("shared") ? "shared" : name.replace("\0", " ")}`);
      loading = kept.get(name) ?? [];
      await io.load("");
      return true;
    },
    remove: async (name) => void kept.delete(name),
    settled: async () => undefined,
  };
  for (const sequence of sequences)
    Object.assign(sequence, { loadStateFromFile: async () => sequence.fill(loading as Token[]) });
  const seats = createSeats(sequences as unknown as LlamaContextSequence[], folder);
  return {
    seats,
    /** What was saved and loaded since it was asked last. */
    told: () => did.splice(0),
    async call(process: string, own: number, patient = false) {
      const prompt = toPrompt(own);
      const seat = await seats.take(process, prompt, patient);
      (seat.sequence as unknown as { fill(tokens: readonly Token[]): void }).fill(prompt.tokens);
      return seat;
    },
  };
}

test("with a seat more than calls under way, a new talk beside background work neither saves nor loads the state of another", async () => {
  const { seats, told, call } = createPlayed(5);
  const work: Seat[] = [];
  for (let at = 1; at <= 3; at++) work.push(await call(`work-${at}`, at, true));
  const next = async (at: number) => {
    seats.leave(work.shift()!);
    work.push(await call(`work-${at}`, at, true));
  };
  await next(4);
  seats.leave(await call("ann", 10));
  seats.leave(await call("ben", 11));
  await seats.release("ben");
  told();
  for (let at = 5; at < 9; at++) {
    await next(at);
    told();
    seats.leave(await call("ann", 10));
    assert.deepEqual(told(), [], "her talk goes on in memory");
    seats.leave(await call(`new-${at}`, 20 + at));
    assert.deepEqual(told(), [], "a new talk finds an empty seat");
    await seats.release(`new-${at}`);
  }
});

test("who comes without an empty seat takes the one that was left longest ago, whose state is saved and comes back", async () => {
  const { seats, told, call } = createPlayed(2);
  seats.leave(await call("ann", 1));
  seats.leave(await call("ben", 2));
  const seat = await call("eve", 3);
  assert.deepEqual(told(), ["save process ann"]);
  seats.leave(seat);
  seats.leave(await call("ann", 1));
  assert.deepEqual(told(), ["save process ben", "load process ann"]);
});

test("a new process takes over what an ended one has read, as far as both begin alike, and nothing that one wrote", async () => {
  const { seats, call } = createPlayed(3);
  const first = await call("first", 1);
  // It wrote three tokens after its hundred and sixty-four.
  (first.sequence as unknown as { fill(tokens: readonly Token[]): void }).fill([
    ...toPrompt(1).tokens,
    ...([7, 8, 9] as Token[]),
  ]);
  seats.leave(first);
  seats.leave(await call("other", 2));
  const going = toPrompt(1).tokens.slice(0, 140);
  const next = { tokens: [...going, ...([5, 5, 5, 5] as Token[])], shared: shared.length };
  const living = await seats.take("second", next);
  assert.equal(living.sequence.nextTokenIndex, 0, "the state of one that lives is its own");
  seats.leave(living);
  await seats.release("second");
  await seats.release("first");
  const heir = await seats.take("third", next);
  assert.equal(heir.sequence.nextTokenIndex, 140);
  seats.leave(heir);
  await seats.release("third");

  const { seats: again, call: callAgain } = createPlayed(1);
  const writer = await callAgain("writer", 1);
  const written = [...toPrompt(1).tokens, ...Array.from({ length: 80 }, () => 7 as Token)];
  (writer.sequence as unknown as { fill(tokens: readonly Token[]): void }).fill(written);
  again.leave(writer);
  await again.release("writer");
  const reader = await again.take("reader", { tokens: [...written, 5 as Token], shared: shared.length });
  assert.equal(reader.sequence.nextTokenIndex, 164);
});
