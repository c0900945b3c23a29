// Stays with one entity on behalf of a client: tells its steps, and comes back when it has ended, needs the person, or
// when the time is over. A client can never answer an approval: it only hears that the person is waited for.

import { toOneLine } from "../../device/mcp/text.ts";
import { toPlace } from "../../device/say.ts";
import type { FileChange } from "../../entity/authority.ts";
import type { Outcome, Pid } from "../../entity/entity.ts";
import type { Approval, Mail } from "../../entity/events.ts";
import type { JournalRecord } from "../../journal/journal.ts";
import { mcpServerLimits } from "../../limits.ts";
import { type Label, toLabel } from "../../memory/label.ts";
import type { NewPage } from "../../memory/page.ts";
import type { Station } from "./station.ts";

/** What an entity waits for, that only a person can give. */
export type Needs =
  | { kind: "approval"; id: string; what: string; why: string }
  | { kind: "answer"; id: string; text: string }
  | { kind: "resume"; text: string };

/** How an entity stands. */
export interface Work {
  pid: Pid;
  state: "active" | "awaitingInput" | "complete" | "error";
  outcome: Outcome | null;
  needs: Needs | null;
  /** Names of files it changed, as it wrote them. */
  files: string[];
  /** How far what it says can be trusted, and from where it came. */
  label: Label;
  /** The last record that was seen. */
  seq: number;
}

/** How long and with whom. */
export interface AttendOptions {
  pid: Pid;
  folder: string;
  /** Records after this one are new. */
  from: number;
  /** Comes back with `active` after so many milliseconds; null waits on. */
  ms: number | null;
  signal: AbortSignal;
  onStep(words: string): void;
}

/** Follows an entity. Rejects with the signal's reason when it aborts. */
export async function attendWork(station: Station, options: AttendOptions): Promise<Work> {
  const { pid, signal } = options;
  const over = new AbortController();
  const timer = options.ms === null ? null : setTimeout(() => over.abort(), options.ms);
  const work: Work = {
    ...{ pid, state: "active", outcome: null, needs: null, files: [], label: toLabel("entity") },
    seq: options.from,
  };
  const step = createSteps(options.onStep);
  let mail: Mail | null = null;
  try {
    const both = AbortSignal.any([signal, over.signal]);
    for await (const event of station.follow({ pid, from: options.from }, both)) {
      if (event.kind === "bye") break;
      if (event.kind === "live") {
        if (event.live.type === "model" && event.live.pid === pid && event.live.event.type === "prefill")
          step(`reads ${event.live.event.done} of ${event.live.event.total} tokens`);
        continue;
      }
      const { record } = event;
      work.seq = record.seq;
      note(work, record, options);
      step(toWords(record));
      if (record.type === "message.sent") mail = record.data as unknown as Mail;
      Object.assign(work, toStop(record, pid, mail));
      if (work.state !== "active") break;
    }
  } finally {
    if (timer) clearTimeout(timer);
    step.end();
  }
  signal.throwIfAborted();
  return work;
}

/** What a record tells of the work itself. */
function note(work: Work, record: JournalRecord, { folder }: AttendOptions): void {
  const { pid, pages, changes } = record.data as { pid?: Pid; pages?: NewPage[]; changes?: FileChange[] };
  if (pid === work.pid && record.type === "turn.said") work.label = pages?.at(-1)?.label ?? work.label;
  if (record.type !== "call.ended" && record.type !== "files.changed") return;
  for (const { path, kind } of changes ?? []) {
    const name = toPlace(path, folder);
    if (
      kind !== "folder" &&
      kind !== "event" &&
      !work.files.includes(name) &&
      work.files.length < mcpServerLimits.files
    )
      work.files.push(name);
  }
}

/** Why the attendance ends with a record, nothing when it goes on. */
function toStop(record: JournalRecord, pid: Pid, mail: Mail | null): Partial<Work> {
  const data = record.data as { pid?: Pid; by?: string; outcome?: Outcome; waiting?: { on: string } };
  if (record.type === "approval.asked") {
    const { id, what, why } = record.data as unknown as Approval;
    return { state: "awaitingInput", needs: { kind: "approval", id, what, why } };
  }
  if (data.pid !== pid) return {};
  if (record.type === "entity.ended" && data.outcome)
    return { state: data.outcome.kind === "done" ? "complete" : "error", outcome: data.outcome };
  if (record.type === "entity.paused")
    return { state: "awaitingInput", needs: { kind: "resume", text: `It was paused by ${data.by}.` } };
  if (record.type === "entity.waiting" && data.waiting?.on === "message" && mail?.pid === pid)
    return { state: "awaitingInput", needs: { kind: "answer", id: mail.id, text: mail.text } };
  return {};
}

/** A record in a few words, "" when it says nothing to somebody who waits. */
function toWords(record: JournalRecord): string {
  const data = record.data as {
    turn?: number;
    name?: string;
    ok?: boolean;
    call?: { name: string };
    task?: string;
  };
  if (record.type === "turn.said") return `turn ${data.turn}`;
  if (record.type === "call.begun") return `does ${data.call?.name}`;
  if (record.type === "call.ended") return `${data.name} ${data.ok ? "worked" : "did not work"}`;
  if (record.type === "entity.spawned")
    return `starts: ${toOneLine(data.task ?? "", mcpServerLimits.lineChars)}`;
  return "";
}

/** Tells steps, not too often and not too seldom. */
function createSteps(tell: (words: string) => void) {
  let last = Number.NEGATIVE_INFINITY;
  let waiting: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  const give = () => {
    timer = null;
    if (waiting === null) return;
    last = performance.now();
    tell(waiting);
    waiting = null;
  };
  const heart = setInterval(() => {
    if (performance.now() - last > mcpServerLimits.heartbeatMs) tell("is at work");
  }, mcpServerLimits.heartbeatMs);
  heart.unref();
  const step = (words: string) => {
    if (words === "") return;
    waiting = words;
    const wait = last + mcpServerLimits.progressMs - performance.now();
    if (wait <= 0) give();
    else timer ??= setTimeout(give, wait);
  };
  step.end = () => {
    clearInterval(heart);
    if (timer) clearTimeout(timer);
  };
  return step;
}
