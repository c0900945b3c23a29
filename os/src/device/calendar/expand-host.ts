// Asks the thread that takes foreign calendars apart, and ends it when it takes too long or too much memory.

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { HumError } from "../../error.ts";
import { calendarLimits } from "../sizes.ts";
import type { Expanded, ExpandRequest } from "./expand.ts";

/** The occurrences that touch a span. Throws `damaged` when the calendar takes too long or too much. */
export async function expandApart(
  request: ExpandRequest,
  signal: AbortSignal,
  ms: number = calendarLimits.readMs,
): Promise<Expanded> {
  signal.throwIfAborted();
  const worker = new Worker(new URL("./expand-worker.ts", import.meta.url), {
    workerData: request,
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: calendarLimits.memoryMb },
  });
  const whole = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  try {
    const [answer] = await once(worker, "message", { signal: whole });
    return answer as Expanded;
  } catch {
    signal.throwIfAborted();
    const why = whole.aborted ? "takes too long" : "takes too much";
    throw new HumError("damaged", `An event of the calendar ${why} to be counted out, so nothing was read.`);
  } finally {
    await worker.terminate();
  }
}
