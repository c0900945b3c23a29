// The frame around an operation that changes files: find the places that the call can touch, record them, act, compare.
// `prepare` records the same places, so that after a crash `recover` brings them back and the call is simply made again;
// an append is never doubled. An act that fails half way is taken back.

import type { Blobs } from "./blobs.ts";
import { type Capture, capture, compare, fromPrepared, restorePrepared, toPrepared } from "./capture.ts";
import { undoChanges } from "./changes.ts";
import { type DeviceContext, type DeviceResult, defineOperation, type Operation } from "./device.ts";
import { fail, toFailure } from "./failure.ts";
import { toLabel } from "./label.ts";
import type { WalkOptions } from "./walk.ts";

/** What a call is going to do: the places it touches, and the act, which says what was done. */
export interface Plan {
  roots: string[];
  act(before: Capture): Promise<string>;
}

/** Something in the way of a plan, as a sentence. */
export class Obstacle extends Error {}

/** Makes an operation of a plan. A plan throws an Obstacle when something is in its way. */
export function changing<A>(
  blobs: Blobs,
  one: Pick<Operation<A>, "about" | "args" | "sinks"> & {
    plan(args: A, context: DeviceContext): Promise<Plan>;
  },
): Operation<A> {
  const { plan, ...rest } = one;
  return defineOperation({
    ...rest,
    effect: "reversible",
    async prepare(args, context) {
      try {
        return await toPrepared(
          await capture((await plan(args, context)).roots, blobs, toWalk(context)),
          blobs,
        );
      } catch (error) {
        return { failed: toSentence(error, args) };
      }
    },
    async run(args, context, prepared) {
      try {
        context.signal.throwIfAborted();
        if (typeof prepared?.failed === "string") return fail(prepared.failed);
        const { roots, act } = await plan(args, context);
        const before =
          (await fromPrepared(prepared, blobs)) ?? (await capture(roots, blobs, toWalk(context)));
        const [refused] = before.refused;
        if (refused) return fail(refused.why);
        return await observe(before, blobs, () => act(before));
      } catch (error) {
        return fail(toSentence(error, args));
      }
    },
    recover: (prepared) => restorePrepared(prepared, blobs),
  });
}

function toSentence(error: unknown, args: unknown): string {
  const what = String(Object.values(args as Record<string, unknown>)[0]);
  return error instanceof Obstacle ? error.message : toFailure(error, what).text;
}

/** Acts and compares; what a failed act left half done is taken back. */
async function observe(before: Capture, blobs: Blobs, act: () => Promise<string>): Promise<DeviceResult> {
  try {
    const text = await act();
    const { changes } = await compare(before, blobs);
    return { ok: true, text, label: toLabel("entity"), changes };
  } catch (error) {
    await undoChanges((await compare(before, blobs)).changes, blobs, { force: true });
    throw error;
  }
}

function toWalk(context: DeviceContext): WalkOptions {
  return { signal: context.signal };
}
