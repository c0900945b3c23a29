// What entities are writing at this moment. It changes with every token, so it stands apart from the rest of the state
// and is shown at most once a frame. Nothing here is in the journal; the server tells a tab that comes in the middle all
// that was written so far.

import { create } from "zustand";
import type { StreamEvent } from "../../../os/src/workplace/api.ts";

/** One entity at work. */
export interface Live {
  thread: string | null;
  text: string;
  /** The text is there from its beginning on; false when it is longer than what is kept. */
  whole: boolean;
  reading: { done: number; total: number } | null;
  /** Name of the call that runs. */
  running: string | null;
}

/** A live event. */
export type LiveEvent = Extract<StreamEvent, { type: "live" }>;

/** Who writes what now, by pid. */
export const useLive = create<{ entities: Readonly<Record<number, Live>> }>(() => ({ entities: {} }));

/** Text that is kept of what an entity writes. */
const longest = 20_000;

let waiting: LiveEvent[] = [];
let planned = false;

/** Takes a live event in; it shows with the next frame. */
export function pushLive(event: LiveEvent): void {
  waiting.push(event);
  if (planned) return;
  planned = true;
  // A hidden tab draws no frames, and must not collect events for ever.
  if (document.visibilityState === "hidden") setTimeout(flushLive, 500);
  else requestAnimationFrame(flushLive);
}

function flushLive(): void {
  planned = false;
  const events = waiting;
  waiting = [];
  useLive.setState(({ entities }) => ({ entities: events.reduce(takeLive, entities) }));
}

/** Forgets all: the line was lost. */
export function clearLive(): void {
  waiting = [];
  useLive.setState({ entities: {} });
}

/** Live state after an event. */
export function takeLive(
  entities: Readonly<Record<number, Live>>,
  event: LiveEvent,
): Readonly<Record<number, Live>> {
  const { pid, thread, live } = event;
  const blank: Live = { thread, text: "", whole: true, reading: null, running: null };
  const before = entities[pid] ?? blank;
  switch (live.kind) {
    case "text": {
      const whole = before.whole && before.text.length + live.text.length <= longest;
      const text = (before.text + live.text).slice(-longest);
      return { ...entities, [pid]: { ...before, reading: null, running: null, text, whole } };
    }
    case "reset":
      return { ...entities, [pid]: blank };
    case "reading":
      return {
        ...entities,
        [pid]: { ...before, reading: { done: live.done, total: live.total }, running: null },
      };
    case "running":
      return { ...entities, [pid]: { ...before, reading: null, running: live.name } };
    case "idle": {
      const { [pid]: _idle, ...rest } = entities;
      return rest;
    }
  }
}
