// Gives records and live events of one machine to many followers, in the order in which they happened. A follower has
// a queue of its own; one that does not read fast enough loses live events first, never records.

import type { Pid } from "../entity/entity.ts";
import type { State } from "../entity/state.ts";
import type { JournalRecord } from "../journal/journal.ts";
import type { LiveEvent } from "../scheduler/machine.ts";
import type { StartedHum } from "../start.ts";
import type { Bye, DoorEvent, FollowRequest } from "./door.ts";

/** Live events that a slow follower may have waiting. */
const mostWaiting = 10_000;

/** The hub of a machine. */
export interface Hub {
  follow(request: FollowRequest, signal: AbortSignal): AsyncIterable<DoorEvent>;
  /** Says goodbye to all followers. */
  close(why: Bye): void;
  /** Gives an event that does not come from the machine itself (trouble with the disk). */
  give(live: LiveEvent): void;
}

interface Follower {
  request: FollowRequest;
  queue: DoorEvent[];
  wake: (() => void) | null;
}

/** Makes the hub of a machine; it listens from now on. */
export function createHub(hum: StartedHum): Hub {
  const followers = new Set<Follower>();
  const { state, journal } = hum.ledger;
  let bye: Bye | null = null;

  const give = (pid: Pid | null, event: DoorEvent) => {
    for (const follower of followers) {
      if (!concerns(state, follower.request.pid, pid)) continue;
      if (event.kind === "live" && follower.queue.length > mostWaiting) continue;
      follower.queue.push(event);
      follower.wake?.();
    }
  };
  hum.ledger.listen((record) => give(pidOf(record), { kind: "record", record }));
  hum.watch((live) => give(pidOfLive(live), { kind: "live", live }));

  return {
    give: (live) => give(pidOfLive(live), { kind: "live", live }),
    close(why) {
      bye = why;
      for (const follower of followers) follower.wake?.();
    },
    async *follow(request, signal) {
      const follower: Follower = { request, queue: [], wake: null };
      // Everything up to now is read, everything after now is queued: nothing is missed and nothing comes twice.
      followers.add(follower);
      try {
        const until = state.seq;
        if (request.from < until)
          for (const record of journal.read(null, request.from)) {
            if (record.seq > until || signal.aborted) break;
            if (concerns(state, request.pid, pidOf(record))) yield { kind: "record", record };
          }
        while (!signal.aborted) {
          const event = follower.queue.shift();
          if (event) {
            if (event.kind !== "record" || event.record.seq > until) yield event;
            continue;
          }
          if (bye !== null) return yield { kind: "bye", why: bye };
          await new Promise<void>((resolve) => {
            const wake = () => {
              follower.wake = null;
              signal.removeEventListener("abort", wake);
              resolve();
            };
            follower.wake = wake;
            signal.addEventListener("abort", wake);
            if (signal.aborted) wake();
          });
        }
      } finally {
        followers.delete(follower);
      }
    },
  };
}

const pidOf = (record: JournalRecord): Pid | null => (record.data as { pid?: Pid }).pid ?? null;
const pidOfLive = (live: LiveEvent): Pid | null => ("pid" in live ? live.pid : null);

/** Whether something of `pid` concerns a follower of `root`: itself or what it started. No pid concerns all. */
function concerns(state: State, root: Pid | null, pid: Pid | null): boolean {
  if (root === null || pid === null) return true;
  for (let at: Pid | null = pid; at !== null; at = state.entities.get(at)?.parent ?? null)
    if (at === root) return true;
  return false;
}
