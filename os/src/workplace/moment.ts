// What entities do at this moment: read, write, run a call. It is kept once, as it is now; each follower has only how far
// it was told. So whoever comes in the middle hears the words from their beginning, whoever is slow hears them in one
// piece, and nothing waits in queues. None of it is in the journal.

import type { Pid } from "../entity/entity.ts";
import type { JournalRecord } from "../journal/journal.ts";
import type { LiveEvent } from "../scheduler/machine.ts";
import type { StreamEvent } from "./api.ts";

type Live = Extract<StreamEvent, { type: "live" }>["live"];

interface Doing {
  /** Another one with each turn, and when a turn begins anew. */
  readonly epoch: number;
  readonly pieces: string[];
  reading: { done: number; total: number } | null;
  running: string | null;
  /** The turn has ended. */
  idle: boolean;
}

/** How far a follower was told of one entity. */
interface Told {
  epoch: number;
  pieces: number;
  reading: Doing["reading"];
  running: string | null;
  idle: boolean;
}

/** The moment. */
export interface Moment {
  /** Takes in what a model or a turn says; the entity of which there is something new, else null. */
  live(event: Exclude<LiveEvent, { type: "trouble" }>): Pid | null;
  /** Takes in what a record says: a call runs, or what was going on is over. */
  take(record: JournalRecord): Pid | null;
  /** What a new follower is to be told. */
  listen(): Listener;
}

/** One who is told. */
export interface Listener {
  /** There is something new of an entity. */
  ring(pid: Pid): void;
  /** What was not told yet of one entity, in order; null when there is nothing. */
  next(): { pid: Pid; live: Live[] } | null;
}

/** What is over with these records. */
const over: ReadonlySet<string> = new Set(["call.ended", "call.held", "entity.waiting", "entity.ended"]);

/** Makes the moment. */
export function createMoment(): Moment {
  const doings = new Map<Pid, Doing>();
  let epochs = 0;
  const begin = (pid: Pid): Doing => {
    const doing = { epoch: ++epochs, pieces: [], reading: null, running: null, idle: false };
    doings.set(pid, doing);
    return doing;
  };

  return {
    live(event) {
      const { pid } = event;
      if (event.type === "turn") {
        begin(pid);
        return pid;
      }
      const doing = doings.get(pid) ?? begin(pid);
      const { event: model } = event;
      switch (model.type) {
        case "text":
          if (model.text === "") return null;
          doing.pieces.push(model.text);
          doing.reading = null;
          break;
        case "prefill":
          doing.reading = { done: model.done, total: model.total };
          break;
        case "restart":
          begin(pid);
          break;
        case "end":
          doing.idle = true;
          break;
      }
      return pid;
    },
    take({ type, data }) {
      const { pid, call } = data as { pid?: Pid; call?: { name: string } };
      if (pid === undefined) return null;
      if (type === "call.begun" && call) {
        const doing = doings.get(pid) ?? begin(pid);
        doing.running = call.name;
        return pid;
      }
      return over.has(type) && doings.delete(pid) ? pid : null;
    },
    listen() {
      const told = new Map<Pid, Told>();
      const waiting = new Set(doings.keys());
      return {
        ring: (pid) => void waiting.add(pid),
        next() {
          for (const pid of waiting) {
            waiting.delete(pid);
            const doing = doings.get(pid);
            const live = doing ? toNews(doing, told.get(pid)) : told.has(pid) ? [idle] : [];
            if (doing) told.set(pid, toTold(doing));
            else told.delete(pid);
            if (live.length > 0) return { pid, live };
          }
          return null;
        },
      };
    },
  };
}

const idle: Live = { kind: "idle" };

const toTold = ({ epoch, pieces, reading, running, idle: ended }: Doing): Told => ({
  ...{ epoch, pieces: pieces.length, reading, running, idle: ended },
});

// In the order in which it happens within a turn.
function toNews(doing: Doing, before: Told | undefined): Live[] {
  const live: Live[] = [];
  const same = before?.epoch === doing.epoch ? before : null;
  if (!same) live.push({ kind: "reset" });
  if (doing.reading && doing.reading !== same?.reading) live.push({ kind: "reading", ...doing.reading });
  const text = doing.pieces.slice(same?.pieces ?? 0).join("");
  if (text !== "") live.push({ kind: "text", text });
  if (doing.idle && !same?.idle) live.push(idle);
  if (doing.running !== null && doing.running !== same?.running)
    live.push({ kind: "running", name: doing.running });
  return live;
}
