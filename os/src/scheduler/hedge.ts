// A call that is made twice, where the person named a second model for that (as in "The Tail at Scale"): when a server
// has said nothing for longer than nineteen of twenty of its answers took to begin, the other model is asked the same.
// Whoever speaks first answers; the other is told to stop, and what it read is paid all the same.
//
// Rules
//   - Only servers, and only before the first word: nobody who listens hears two answers.
//   - The other is asked only when it has a place free and nobody waits for it, within its rates and its money.
//   - A failure of one leaves the answer to the other; when both fail the first one's failure counts.

import type { Model, ModelEvent, ModelRequest } from "../model/model.ts";
import type { Lane } from "./lane.ts";
import { type JobEvent, type Ticket, toInput } from "./ticket.ts";

/** What it needs. */
export interface HedgeParts {
  /** Where the call stands, and its ticket there. */
  lane: Lane;
  ticket: Ticket;
  /** The lane of the other model. */
  other: Lane;
  request: ModelRequest;
  signal: AbortSignal;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A place of the other lane is free again. */
  onLeft(): void;
}

interface Racer {
  model: Model;
  events: AsyncIterator<ModelEvent>;
  stop: AbortController;
  next: Promise<{ racer: Racer; value: ModelEvent | undefined }>;
}

/** Asks one model, and the other when the first is late. */
export async function* hedge(parts: HedgeParts): AsyncGenerator<JobEvent, void> {
  const { lane, ticket, other, request, signal } = parts;
  const begin = (model: Model): Racer => {
    const stop = new AbortController();
    const events = model.generate(request, AbortSignal.any([signal, stop.signal]))[Symbol.asyncIterator]();
    const racer = { model, events, stop } as Racer;
    racer.next = events.next().then(({ value }) => ({ racer, value: value || undefined }));
    return racer;
  };
  const first = begin(lane.model);
  const racers = [first];
  const late = new AbortController();
  const afterMs = lane.throttle.lateMs();
  const timer = afterMs === null ? null : parts.sleep(afterMs, late.signal).then(() => null);
  let guest: ReturnType<Lane["host"]> = null;
  // What was asked in vain was read all the same.
  const vain = { usage: { input: toInput(request), cached: 0, output: 0 } };
  let failed: Extract<ModelEvent, { type: "end" }> | null = null;
  try {
    let heard = await (timer ? Promise.race([first.next, timer]) : first.next);
    if (heard === null) {
      guest = signal.aborted ? null : other.host(ticket.estimate);
      if (guest) racers.push(begin(other.model));
      heard = await Promise.race(racers.map((racer) => racer.next));
      // A failure is no answer while the other may still give one.
      if (guest && isFailure(heard.value)) {
        if (heard.racer === first && heard.value?.type === "end") failed = heard.value;
        heard = await racers.find((racer) => racer !== heard!.racer)!.next;
        if (isFailure(heard.value)) heard = await first.next;
      }
    }
    const { racer } = heard;
    for (const loser of racers) if (loser !== racer) loser.stop.abort();
    if (guest) {
      ticket.vain += vain.usage.input;
      if (racer === first) guest.end(vain);
      else {
        // It was at least so late.
        if (!failed) ticket.passage?.first();
        ticket.passage?.end(failed?.failure ? { ...vain, failure: failed.failure } : vain);
        ticket.passage = guest.take();
        yield {
          type: "restart",
          why: `${first.model.info.id} was slow. ${racer.model.info.id} answers instead.`,
          model: racer.model.info,
        };
      }
    }
    let { value } = heard;
    while (value) {
      yield value;
      if (value.type === "end") return;
      const step: IteratorResult<ModelEvent> = await racer.events.next();
      value = step.done ? undefined : step.value;
    }
  } finally {
    late.abort();
    for (const racer of racers) {
      racer.stop.abort();
      void racer.events.return?.();
    }
    if (guest) {
      guest.end(vain);
      guest.leave();
      parts.onLeft();
    }
  }
}

const isFailure = (event: ModelEvent | undefined): boolean =>
  event === undefined || (event.type === "end" && event.reason === "error");
