// Records of the journal as lines to scan and JSON to open. A line tells the kind, the time and the few words that tell
// records of one kind apart; all else is in the JSON below it.

import type { ShownApproval } from "../../../../os/src/workplace/api.ts";
import { toApprovalWords } from "../../post/own-words.ts";

type Say = (key: string, values: Record<string, string>) => string;

/** A record as the server gives it. */
export interface JournalRow {
  seq: number;
  stream: string;
  index: number;
  type: string;
  at: number;
  data: Record<string, unknown>;
  hash?: string;
}

/** Longest line. */
const width = 200;

/** One line about a record; "" when its type says all. */
export function toRecordLine(record: JournalRow, t: Say): string {
  const { data } = record;
  const line = tellers[record.type]?.(data, t) ?? toWords(data);
  const flat = line.replaceAll(/\s+/g, " ").trim();
  return flat.length > width ? `${flat.slice(0, width - 1)}…` : flat;
}

type Data = Record<string, unknown>;
const text = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
const of = (value: unknown): Data => (typeof value === "object" && value !== null ? (value as Data) : {});
const firstPage = (data: Data): string => {
  const pages = Array.isArray(data.pages) ? (data.pages as Data[]) : [];
  return text(pages.at(-1)?.text ?? "");
};

const tellers: Record<string, (data: Data, t: Say) => string> = {
  "entity.spawned": (data) => text(data.task),
  "entity.waiting": (data) => text(of(data.waiting).on),
  "entity.woken": (data) => text(data.why),
  "entity.paused": (data) => text(data.by),
  "entity.resumed": (data) => text(data.by),
  "entity.reniced": (data) => `${text(data.class)} ${text(data.nice)}`,
  "entity.restarted": (data) => text(data.why),
  "entity.ended": (data) => `${text(of(data.outcome).kind)} ${text(of(data.outcome).text)}`,
  "budget.raised": (data) => text(data.budget),
  "budget.charged": (data) => text(data.used),
  "capability.granted": (data) => text(of(data.capability).operation),
  "turn.said": (data) => `${data.bad ? `${text(data.bad)} · ` : ""}${firstPage(data)}`,
  "call.begun": (data) => `${text(of(data.call).name)} ${text(of(data.call).args)}`,
  "call.held": (data) => {
    const { name, args, also } = of(data.call);
    const others = Array.isArray(also) ? also.map((call) => ` · ${text(of(call).args)}`) : [];
    return `${text(name)} ${text(args)}${others.join("")}`;
  },
  "call.ended": (data) => `${text(data.name)} ${data.ok ? "✓" : "✗"} ${firstPage(data)}`,
  "page.evicted": (data) => text(data.ids),
  "page.noted": firstPage,
  "attempt.ended": (data) => `${of(data.attempt).done ? "✓" : "✗"} ${text(of(data.attempt).why)}`,
  "message.drafted": (data) => `${text(data.to)}: ${text(data.text)}`,
  "approval.asked": (data, t) =>
    `${text(data.what)} ${toApprovalWords({ why: text(data.why), reasons: data.reasons as ShownApproval["reasons"] }, t)}`,
  "approval.answered": (data) => `${text(data.answer)} ${text(data.by)}`,
  "message.delivered": (data) => `${text(data.from)}: ${text(data.text)}`,
  "message.sent": (data) => `${text(data.to)}: ${text(data.text)}`,
  "files.returning": (data) => text(data.of),
  "files.undone": (data) => `${Array.isArray(data.changes) ? data.changes.length : 0}`,
};

// For types that are not known here: their short values.
function toWords(data: Data): string {
  return Object.entries(data)
    .filter(([key, value]) => key !== "pid" && ["string", "number", "boolean"].includes(typeof value))
    .map(([key, value]) => `${key} ${text(value)}`)
    .join(" · ");
}

/** The family of a record, for its colour and for filters: `entity`, `turn`, `call` … */
export function toFamily(type: string): string {
  return type.split(".", 1)[0] ?? type;
}

/** Records whose type, stream or JSON holds the words. */
export function matchesRecord(record: JournalRow, words: string): boolean {
  const low = words.trim().toLowerCase();
  if (low === "") return true;
  return record.type.includes(low) || JSON.stringify(record.data).toLowerCase().includes(low);
}
