// A record of the journal as lines for people: when, who, what.

import type { JournalRecord } from "../journal/journal.ts";
import { clean, toLine, toTime } from "./text.ts";
import { unfence } from "./view.ts";

/** Longest text of one line. */
const width = 140;

type Data = Record<string, unknown>;
type Teller = (data: Data) => string | string[];

const text = (value: unknown): string => toLine(String(value ?? ""), width);
const pagesOf = (data: Data): { text: string }[] => (data.pages as { text: string }[] | undefined) ?? [];

/** The words of each type of record; others are shown by their name. */
const tellers: Record<string, Teller> = {
  "kernel.booted": (data) => `Hum ${text(data.version)} started`,
  "kernel.halted": (data) => `everything stopped by ${text(data.by)}`,
  "kernel.unhalted": (data) => `work allowed again by ${text(data.by)}`,
  "entity.spawned": (data) => `${text(data.name)} started for ${text(data.owner)}: ${text(data.task)}`,
  "entity.waiting": (data) => `waits for ${text((data.waiting as Data).on)}`,
  "entity.woken": (data) => `woken by ${text(data.why)}`,
  "entity.paused": (data) => `paused by ${text(data.by)}`,
  "entity.resumed": (data) => `resumed by ${text(data.by)}`,
  "capability.revoked": (data) => `${text(data.operation)} was taken back by ${text(data.by)}`,
  "entity.reniced": (data) => `class ${text(data.class)}, niceness ${text(data.nice)}`,
  "entity.restarted": (data) => `turn begun again: ${text(data.why)}`,
  "entity.ended": (data) => `${text((data.outcome as Data).kind)}: ${text((data.outcome as Data).text)}`,
  "budget.raised": (data) => `budget raised by ${text(data.by)}: ${text(JSON.stringify(data.budget))}`,
  "budget.charged": (data) => `gave ${text(JSON.stringify(data.used))} to a colleague`,
  "capability.granted": (data) => `may ${text((data.capability as Data).operation)}`,
  "turn.said": toTurn,
  "call.begun": (data) => `${text((data.call as Data).name)} begins`,
  "call.held": (data) => {
    const { name, also } = data.call as { name: unknown; also?: unknown[] };
    return `${text(name)}${also ? ` × ${also.length + 1}` : ""} waits for a yes`;
  },
  "call.ended": toCallEnd,
  "page.evicted": (data) =>
    data.why === "attempt"
      ? "once more from the beginning, to compare"
      : `pages ${text((data.ids as number[]).join(", "))} left its window`,
  "attempt.ended": toAttemptEnd,
  "message.drafted": (data) => `to ${text(data.to)}, kept until the end: ${text(data.text)}`,
  "files.changed": (data) => `${text((data.changes as unknown[]).length)} more changes of files`,
  "files.returning": () => "the files of the attempt that counts come back",
  "page.noted": () => "noted",
  "approval.asked": (data) => `asks for ${text(data.what)} (${text(data.id)}): ${text(data.why)}`,
  "approval.answered": (data) => `${text(data.id)} ${text(data.answer)} by ${text(data.by)}`,
  "message.delivered": (data) => `hears from ${text(data.from)}: ${text(data.text)}`,
  "fact.told": (data) => `${text(data.by)} noted about ${text(data.subject)}: ${text(data.value)}`,
  "fact.corrected": (data) => `${text(data.by)} put ${text(data.id)} right`,
  "fact.forgotten": (data) => `${text(data.by)} had ${(data.ids as string[]).join(", ")} forgotten`,
  "message.sent": (data) => `to ${text(data.to)}: ${text(data.text)}`,
  "message.read": (data) => `${text((data.ids as string[]).length)} read by ${text(data.by)}`,
  "channel.created": (data) => `${text(data.name)} opened by ${text(data.by)}`,
  "post.written": (data) => `${text(data.by)} in ${text(data.channel)}: ${text(data.text)}`,
  "post.edited": (data) => `${text(data.by)} changed ${text(data.id)}: ${text(data.text)}`,
  "post.deleted": (data) => `${text(data.by)} deleted ${text(data.id)}`,
  "post.settled": (data) => `${text(data.id)}: ${text(data.why)}`,
  "thread.opened": (data) => `thread ${text(data.id)} opened for ${text(data.owner)}: ${text(data.title)}`,
  "trigger.saved": (data) => `trigger ${text(data.name)} saved by ${text(data.by)}`,
  "trigger.removed": (data) => `trigger ${text(data.id)} removed by ${text(data.by)}`,
  "trigger.fired": (data) => `trigger ${text(data.name)} starts ${text(data.program)}: ${text(data.why)}`,
  "program.saved": (data) => `program ${text(data.name)} saved by ${text(data.by)}`,
  "program.removed": (data) => `program ${text(data.name)} removed by ${text(data.by)}`,
  "grant.given": (data) =>
    `${text((data.capability as Data).operation)} allowed by ${text(data.by)} for ${text(data.scope)}`,
  "grant.revoked": (data) => `${text(data.id)} is no longer allowed, says ${text(data.by)}`,
  "talk.stopped": (data) => `only talks with pid ${text(data.with)}; that wakes nobody any more`,
  "page.pinned": (data) => `page ${text(data.id)} ${data.pinned ? "pinned" : "unpinned"} by ${text(data.by)}`,
  "files.undone": (data) =>
    `${text((data.changes as unknown[]).length)} changes taken back by ${text(data.by)}`,
};

/** The lines of a record. */
export function toLogLine(record: JournalRecord): string[] {
  const pid = (record.data as { pid?: number | null }).pid;
  const who = pid === undefined || pid === null ? "" : `[${pid}]`;
  const told = tellers[record.type]?.(record.data) ?? record.type;
  const [first = "", ...rest] = Array.isArray(told) ? told : [told];
  return [
    `${toTime(record.at)} ${who.padStart(5)} ${first}`,
    ...rest.map((line) => `${" ".repeat(15)}${line}`),
  ];
}

function toTurn(data: Data): string[] {
  const { turn, usage, ms, bad } = data as {
    turn: number;
    usage: Record<string, number>;
    ms: number;
    bad: string | null;
  };
  const said = clean(unfence(pagesOf(data)[0]?.text ?? ""));
  const lines = said.split("\n");
  const shown = lines.slice(0, 6).map((line) => toLine(`.${line}`, width).slice(1));
  const used = `${usage.input} in (${usage.cached} cached), ${usage.output} out, ${Math.round(ms)} ms`;
  return [
    `turn ${turn} (${used})${bad === null ? "" : " not done"}`,
    ...shown.map((line) => `  ${line}`),
    ...(lines.length > shown.length ? [`  … ${lines.length - shown.length} more lines`] : []),
    ...(bad === null ? [] : [`  refused: ${text(bad)}`]),
  ];
}

function toAttemptEnd(data: Data): string {
  const { done, why } = data.attempt as { done: object | null; why: string };
  return `attempt ${done ? "came to a result" : "came to nothing"}: ${text(why)}`;
}

function toCallEnd(data: Data): string[] {
  const { name, ok, changes = [] } = data as { name: string; ok: boolean; changes?: { path: string }[] };
  const result = pagesOf(data).at(-1)?.text ?? "";
  const changed = changes.length > 0 ? `, ${changes.length} changed` : "";
  return [`${text(name)} ${ok ? "ended" : "failed"}${changed}: ${text(result)}`];
}
