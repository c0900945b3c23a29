// The store of the tab: looks once, then follows the stream. Screens read it with `useHum(selector)` and act by
// client/commands.ts; what they do comes back by the stream, so nothing is set here by hand but what was read on demand.

import { create } from "zustand";
import type { StreamEvent } from "../../../os/src/workplace/api.ts";
import type { Thread } from "../../../os/src/workplace/contract.ts";
import { look } from "../client/commands.ts";
import { ApiError, onRefused } from "../client/rest.ts";
import { openStream } from "../client/stream.ts";
import { readToken } from "../client/token.ts";
import { clearLive, pushLive } from "./live.ts";
import { emptyState, type HumState, takeEvent, takeLook } from "./state.ts";

/** The state of the tab. */
export const useHum = create<HumState>(() => emptyState);

/** Called for each event after it was taken in. */
const listeners = new Set<(event: StreamEvent) => void>();

/** Hears every event of the stream. Returns the function that ends it. */
export function onEvent(listener: (event: StreamEvent) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

let closeStream: (() => void) | null = null;
/** Events that came while a frame was awaited, taken in together: a busy machine must not redraw for each. */
let waiting: StreamEvent[] = [];
let flushing = false;

function push(event: StreamEvent): void {
  if (event.type === "live") pushLive(event);
  else if (event.type === "look-again") void begin();
  else {
    waiting.push(event);
    if (flushing) return;
    flushing = true;
    setTimeout(flush, 0);
  }
}

function flush(): void {
  flushing = false;
  const events = waiting;
  waiting = [];
  useHum.setState((state) => events.reduce(takeEvent, state));
  for (const event of events) for (const listener of listeners) listener(event);
}

function lock(): void {
  closeStream?.();
  closeStream = null;
  useHum.setState({ phase: "locked" });
}

/** Looks and follows. Called at the start, after a new token, and when the server says that the tab is too far behind. */
export async function begin(): Promise<void> {
  closeStream?.();
  closeStream = null;
  waiting = [];
  onRefused.call = lock;
  if (readToken() === "") return lock();
  for (let failures = 0; ; failures++) {
    try {
      const seen = await look();
      useHum.setState((state) => takeLook(state, seen));
      break;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return;
      useHum.setState({ line: "broken" });
      await new Promise((resolve) => setTimeout(resolve, Math.min(8000, 500 * 1.6 ** failures)));
    }
  }
  closeStream = openStream({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/stream`,
    token: readToken,
    since: () => useHum.getState().seq,
    onEvent: push,
    onRefused: lock,
    onLine(line) {
      // What came but was not taken in yet must be, before anybody asks for what follows it.
      if (line === "broken") {
        flush();
        clearLive();
      }
      useHum.setState({ line });
    },
  });
}

/** Puts threads that were read on demand into the store; what the stream brought is newer. */
export function keepThreads(threads: readonly Thread[]): void {
  useHum.setState((state) => {
    const fresh = threads.filter((thread) => (state.threads[thread.id]?.lastSeq ?? -1) < thread.lastSeq);
    if (fresh.length === 0) return state;
    return {
      threads: { ...state.threads, ...Object.fromEntries(fresh.map((thread) => [thread.id, thread])) },
    };
  });
}
