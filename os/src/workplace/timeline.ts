// The timeline of an entity: its records as bars, a turn of the model, a call, a wait. A pure fold, made when somebody
// looks.

import type { Pid } from "../entity/entity.ts";
import { toStream } from "../entity/events.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { type NewPage, toTitle } from "../memory/page.ts";
import type { Workplace } from "./api.ts";
import type { TimelineBar } from "./contract.ts";
import { findEntity, type Room } from "./room.ts";

/** Makes the part of the workplace that shows timelines. */
export function createTimelines(room: Room): Pick<Workplace, "timeline"> {
  const barsOf = (pid: Pid): TimelineBar[] => toBars(pid, room.ledger.journal.read(toStream(pid), 0));
  const treeOf = (pid: Pid): Pid[] => [pid, ...findEntity(room, pid).children.flatMap(treeOf)];
  return {
    timeline: (pid, { tree = false }) =>
      (tree ? treeOf(pid) : [findEntity(room, pid).pid])
        .flatMap(barsOf)
        .sort((a, b) => a.from - b.from || a.seq - b.seq),
  };
}

/** Records of an entity as bars, in order. */
export function toBars(pid: Pid, records: Iterable<JournalRecord>): TimelineBar[] {
  const bars: TimelineBar[] = [];
  let call: TimelineBar | null = null;
  let wait: TimelineBar | null = null;
  let last = 0;
  const begin = (record: JournalRecord, bar: Omit<TimelineBar, "pid" | "seq" | "from" | "to" | "ok">) => {
    const begun: TimelineBar = { pid, seq: record.seq, from: record.at, to: null, ok: true, ...bar };
    bars.push(begun);
    return begun;
  };
  const endWait = (at: number) => {
    if (wait) wait.to = at;
    wait = null;
  };
  for (const record of records) {
    // biome-ignore lint/suspicious/noExplicitAny: payloads of many types are looked into here
    const data = record.data as any;
    if (record.type === "turn.said") {
      endWait(Math.max(last, record.at - data.ms));
      const written = (data.pages as NewPage[]).find((page) => page.role === "assistant")?.text ?? "";
      const bad = data.bad !== null;
      const bar = begin(record, {
        kind: bad ? "refused" : "model",
        name: data.model,
        text: toTitle(bad ? data.bad : written, 160),
      });
      const { input, cached, output } = data.usage;
      Object.assign(bar, {
        from: record.at - data.ms,
        to: record.at,
        ok: !bad,
        tokens: input - cached + output,
        cached,
      });
    }
    if (record.type === "call.begun") {
      endWait(record.at);
      call = begin(record, {
        kind: "call",
        name: data.call.name,
        text: toTitle(Object.values(data.call.args).join(" "), 160),
      });
    }
    if (record.type === "call.ended") {
      // Calls without a lasting effect have only an end: they lie between what was said and their result.
      const bar: TimelineBar = call ?? begin(record, { kind: "call", name: data.name, text: "" });
      if (!call) bar.from = Math.max(last, record.at - 1);
      Object.assign(bar, { to: record.at, ok: data.ok });
      if (bar.text === "") bar.text = toTitle((data.pages as NewPage[]).at(-1)?.text ?? "", 160);
      call = null;
    }
    if (record.type === "entity.waiting") {
      endWait(record.at);
      wait = begin(record, { kind: "wait", name: data.waiting.on, text: `waits for ${toAim(data.waiting)}` });
    }
    const wakes = ["entity.woken", "approval.answered"].includes(record.type);
    const heard = record.type === "message.delivered" && wait?.name === "message" && !data.quiet;
    if (wakes || heard) endWait(record.at);
    if (record.type === "entity.ended") {
      endWait(record.at);
      if (call) Object.assign(call, { to: record.at, ok: false });
      call = null;
    }
    last = record.at;
  }
  return bars;
}

function toAim(waiting: { on: string; pid?: Pid | null; pids?: Pid[]; until?: number | null }): string {
  if (waiting.on === "timer") return `the time, until ${new Date(waiting.until ?? 0).toISOString()}`;
  if (waiting.on === "child" && waiting.pids) return `pid ${waiting.pids.join(", ")}`;
  if (waiting.on === "child") return waiting.pid ? `pid ${waiting.pid}` : "a colleague";
  return waiting.on === "message" ? "a message" : "a yes";
}
