// Which steps of which calls the engine computes together. A token of one sequence costs nearly as much as a token of
// each of several, because the weights are read from memory once for all of them.
//
// Rules
//   - Only steps of one token (writing) go together. A step that reads a prompt is computed alone, so that its rows begin
//     and end at the same places whoever else is there (engine.ts says why that matters).
//   - Steps that read and steps that write take turns where both wait: those that write come again after each token, and who
//     reads would never be done.
//   - Sequences go in the order of their seats: llama.cpp computes neighbours at once, others one after the other.
//   - A step waits a moment for those that were answered just now: their next pull is on its way through the kernel. A
//     call that does not come in that moment stands still, and is not waited for again until it has come.

/** One step that waits to be computed; `evaluationPriority` is the seat (its number, from 1). */
export interface Step {
  readonly tokens: readonly unknown[];
  readonly evaluationPriority: number;
}

/** The gatherer. */
export interface Batching<Call> {
  /** A call was pulled: its step follows at once. */
  arrive(call: Call): void;
  /** A call was given a token: it will likely be pulled again. */
  answered(call: Call): void;
  leave(call: Call): void;
  /** Told that there are steps to compute; calls `compute` when it is time. */
  schedule(compute: () => void): void;
}

/** What the gatherer needs of the world. */
export interface BatchingOptions {
  /** Most milliseconds that a step waits for others. */
  waitMs: number;
  /** Runs something when all that has arrived is in line. */
  soon(run: () => void): void;
  /** Runs something later; returns how to call it off. */
  later(run: () => void, ms: number): () => void;
}

/** Makes a gatherer. */
export function createBatching<Call>({ waitMs, soon, later }: BatchingOptions): Batching<Call> {
  const expected = new Set<Call>();
  let waiting: (() => void) | undefined;
  let callOff: (() => void) | undefined;

  function go(): void {
    const compute = waiting;
    waiting = undefined;
    callOff?.();
    callOff = undefined;
    if (compute) soon(compute);
  }

  function lessExpected(call: Call): void {
    if (expected.delete(call) && expected.size === 0) go();
  }

  return {
    arrive: lessExpected,
    answered: (call) => void expected.add(call),
    leave: lessExpected,
    schedule(compute) {
      waiting = compute;
      if (expected.size === 0) return go();
      callOff ??= later(() => {
        expected.clear();
        go();
      }, waitMs);
    },
  };
}

/** Makes what says which steps are computed next, with how many of their tokens. */
export function createChoice(): <Item extends Step>(
  items: readonly Item[],
  size: number,
) => { item: Item; processAmount: number }[] {
  let wrote = false;
  return function choose(items, size) {
    const writing = items.filter((item) => item.tokens.length === 1);
    const reading = items.find((item) => item.tokens.length > 1);
    wrote = writing.length > 0 && !(wrote && reading);
    if (!wrote)
      return reading ? [{ item: reading, processAmount: Math.min(size, reading.tokens.length) }] : [];
    return toBatch(writing, size);
  };
}

function toBatch<Item extends Step>(writing: readonly Item[], size: number) {
  return writing
    .toSorted((a, b) => a.evaluationPriority - b.evaluationPriority)
    .slice(0, size)
    .map((item) => ({ item, processAmount: 1 }));
}
