// The state of a tab and how an event of the stream changes it: a pure function, the same for the first look and all
// that comes after, so that a tab that was away and one that was there show the same.

import type { ShownApproval, StreamEvent, WorkLook } from "../../../os/src/workplace/api.ts";
import type {
  Channel,
  InboxItem,
  ProcessRow,
  ProgramInfo,
  Thread,
  Trigger,
} from "../../../os/src/workplace/contract.ts";
import type { Line } from "../client/stream.ts";
import { takePost, type Windows } from "./windows.ts";

/** What the tab knows. Rows by id; lists are made by the selectors. */
export interface HumState {
  /** `starting` until the first look; `locked` without a valid token. */
  phase: "starting" | "ready" | "locked";
  line: Line;
  /** Seq of the last event that was taken in. */
  seq: number;
  person: string;
  version: string;
  halted: boolean;
  model: WorkLook["model"] | null;
  /** What the machine is troubled by now, for example a full disk. */
  trouble: string | null;
  channels: Readonly<Record<string, Channel>>;
  threads: Readonly<Record<string, Thread>>;
  processes: Readonly<Record<number, ProcessRow>>;
  approvals: Readonly<Record<string, ShownApproval>>;
  inbox: Readonly<Record<string, InboxItem>>;
  programs: Readonly<Record<string, ProgramInfo>>;
  triggers: Readonly<Record<string, Trigger>>;
  /** Last seq this person has seen, by channel and thread id. */
  seen: Readonly<Record<string, number>>;
  /** Posts that were read, by place. */
  windows: Windows;
}

/** A tab that knows nothing yet. */
export const emptyState: HumState = {
  ...{ phase: "starting", line: "connecting", seq: 0, person: "", version: "", halted: false, model: null },
  ...{ trouble: null, channels: {}, threads: {}, processes: {}, approvals: {}, inbox: {}, programs: {} },
  ...{ triggers: {}, seen: {}, windows: {} },
};

const byId = <T extends { id: string }>(rows: readonly T[]): Record<string, T> =>
  Object.fromEntries(rows.map((row) => [row.id, row]));

/** The state after a look. Posts that were read before may be behind it, so they are read again. */
export function takeLook(state: HumState, seen: WorkLook): HumState {
  return {
    ...state,
    ...{ phase: "ready", seq: seen.seq, person: seen.person, version: seen.version, halted: seen.halted },
    ...{ model: seen.model, seen: seen.seen },
    channels: byId(seen.channels),
    threads: byId(seen.threads),
    processes: Object.fromEntries(seen.processes.map((row) => [row.pid, row])),
    approvals: byId(seen.approvals),
    inbox: byId(seen.inbox),
    programs: Object.fromEntries(seen.programs.map((row) => [row.name, row])),
    triggers: byId(seen.triggers),
    windows: {},
  };
}

function setRow<T>(rows: Readonly<Record<string, T>>, id: string, row: T | null): Record<string, T> {
  if (row !== null) return { ...rows, [id]: row };
  const { [id]: _gone, ...rest } = rows;
  return rest as Record<string, T>;
}

/** The state after an event. Live text is not here (live.ts). */
export function takeEvent(state: HumState, event: StreamEvent): HumState {
  const seq = "seq" in event ? Math.max(state.seq, event.seq) : state.seq;
  const next = seq === state.seq ? state : { ...state, seq };
  switch (event.type) {
    case "post":
      return { ...next, windows: takePost(state.windows, event.post) };
    case "channel":
      return { ...next, channels: setRow(state.channels, event.channel.id, event.channel) };
    case "thread":
      return { ...next, threads: setRow(state.threads, event.thread.id, event.thread) };
    case "process":
      return { ...next, processes: { ...state.processes, [event.process.pid]: event.process } };
    case "approval":
      return { ...next, approvals: setRow(state.approvals, event.id, event.approval) };
    case "inbox":
      return { ...next, inbox: setRow(state.inbox, event.id, event.item) };
    case "trigger":
      return { ...next, triggers: setRow(state.triggers, event.id, event.trigger) };
    case "program":
      return { ...next, programs: setRow(state.programs, event.name, event.program) };
    case "halted":
      return { ...next, halted: event.halted };
    case "seen":
      return {
        ...next,
        seen: { ...state.seen, [event.place]: Math.max(event.upTo, state.seen[event.place] ?? 0) },
      };
    case "model":
      return { ...next, model: event.model };
    // A server that is troubled says so after it.
    case "welcome":
      return { ...next, trouble: null };
    case "trouble":
      return { ...next, trouble: event.message };
    default:
      return next;
  }
}
