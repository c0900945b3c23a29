// Stays with one entity until it ends or needs somebody who is not here: shows what it does, and asks the person at the
// terminal what it asks.

import type { Outcome, Pid } from "../entity/entity.ts";
import type { Approval } from "../entity/events.ts";
import { HumError } from "../error.ts";
import type { JournalRecord } from "../journal/journal.ts";
import type { Bye, Door, EntityRow, Look } from "../workplace/door.ts";
import { familyOf } from "../workplace/family.ts";
import type { Io } from "./io.ts";
import { question } from "./prompt.ts";
import { clean, createPaint, showAll } from "./text.ts";
import type { View } from "./view.ts";

/** Why the attendance is over. */
export type Attended =
  | { kind: "ended"; outcome: Outcome }
  /** Nobody is here to answer. */
  | { kind: "approval"; approval: Approval }
  | { kind: "question"; from: string; to: string; text: string }
  /** The machine paused it after too many errors. */
  | { kind: "paused" }
  | { kind: "interrupted" }
  | { kind: "bye"; why: Bye };

/** What attending needs. */
export interface AttendOptions {
  io: Io;
  door: Door;
  view: View;
  pid: Pid;
  /** Records after this seq are shown. */
  from: number;
  person: string;
  /** Answers every approval with no. */
  refuseAll: boolean;
  signal: AbortSignal;
  /** Ids of messages that were questions and have been answered here. */
  answered: Set<string>;
}

/** Follows an entity. */
export async function attend(options: AttendOptions): Promise<Attended> {
  const { door, view, pid } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  let result = { kind: "interrupted" } as Attended;
  const finish = (attended: Attended) => {
    if (over.signal.aborted) return;
    result = attended;
    over.abort();
  };
  const asker = createAsker(options, { signal, finish });
  try {
    const look = await door.look();
    const row = look.entities.find((entity) => entity.pid === pid);
    if (row?.outcome) finish({ kind: "ended", outcome: row.outcome });
    else if (row) asker.takeUp(look, row);
    for await (const event of door.follow({ pid, from: options.from }, signal)) {
      if (event.kind === "bye") finish({ kind: "bye", why: event.why });
      else if (event.kind === "live") view.live(event.live);
      else {
        view.record(event.record);
        asker.record(event.record);
        const end = toEnd(event.record, pid);
        if (end) finish(end);
      }
      if (over.signal.aborted) break;
    }
  } catch (error) {
    if (!HumError.is(error, "interrupted")) throw error;
    finish({ kind: "bye", why: (error.data.bye as Bye | undefined) ?? "lost" });
  } finally {
    over.abort();
  }
  await asker.idle();
  return options.signal.aborted && result.kind !== "ended" ? { kind: "interrupted" } : result;
}

function toEnd(record: JournalRecord, pid: Pid): Attended | null {
  const data = record.data as { pid?: Pid; outcome?: Outcome; by?: string };
  if (data.pid !== pid) return null;
  if (record.type === "entity.ended") return { kind: "ended", outcome: data.outcome as Outcome };
  if (record.type === "entity.paused" && data.by === "hum") return { kind: "paused" };
  return null;
}

/** Puts what entities ask to the person, one question after the other. */
function createAsker(options: AttendOptions, end: { signal: AbortSignal; finish(attended: Attended): void }) {
  const { io, door, view, pid, person } = options;
  const open = new Map<string, AbortController>();
  const known = new Set<string>();
  let lastMail: { id: string; from: string; to: string; text: string } | null = null;
  let queue: Promise<void> = Promise.resolve();

  const put = (id: string, ask: (signal: AbortSignal) => Promise<void>) => {
    if (known.has(id)) return;
    known.add(id);
    const controller = new AbortController();
    open.set(id, controller);
    queue = queue.then(async () => {
      const signal = AbortSignal.any([end.signal, controller.signal]);
      if (!signal.aborted) {
        view.hold();
        await ask(signal).catch((error) => {
          // Answered elsewhere, or expired, in the same moment.
          if (!HumError.is(error)) throw error;
          io.stderr.write(`${error.message}\n`);
        });
        view.release();
      }
      open.delete(id);
    });
  };
  const close = (id: string) => open.get(id)?.abort();

  const askApproval = (approval: Approval) => {
    if (options.refuseAll)
      return put(approval.id, async () => {
        await door.answer(approval.id, "denied", person);
        io.stderr.write(`Refused ${approval.what} (${clean(approval.why)}), because of --yes-to-none.\n`);
      });
    if (!io.interactive) return end.finish({ kind: "approval", approval });
    put(approval.id, async (signal) => {
      const answer = await question(io, `${showApproval(io, approval)}\ny = once, n = no [n] `, signal);
      if (signal.aborted) return;
      if (answer === null) return end.finish({ kind: "approval", approval });
      await door.answer(approval.id, /^y(es)?$/i.test(answer.trim()) ? "approved" : "denied", person);
    });
  };
  const askMessage = () => {
    const mail = lastMail;
    if (!mail) return;
    if (!io.interactive) return end.finish({ kind: "question", ...mail });
    put(mail.id, async (signal) => {
      const paint = createPaint(io.color);
      const text = `${paint("bold", `${clean(mail.from)} asks ${clean(mail.to)}:`)} ${clean(mail.text)}\n> `;
      for (;;) {
        const answer = await question(io, text, signal);
        if (signal.aborted) return;
        if (answer === null) return end.finish({ kind: "question", ...mail });
        if (answer.trim() === "") continue;
        options.answered.add(mail.id);
        return door.say(pid, person, answer.trim());
      }
    });
  };

  return {
    idle: () => queue,
    /** What was waiting before the following began. */
    takeUp(look: Look, row: EntityRow) {
      const family = familyOf(look, row.pid);
      for (const approval of look.approvals) if (family.has(approval.pid)) askApproval(approval);
      if (row.state !== "waiting" || row.waiting?.on !== "message") return;
      lastMail = look.mail.findLast((mail) => mail.pid === row.pid) ?? null;
      askMessage();
    },
    record(record: JournalRecord) {
      const data = record.data as { pid?: Pid; id?: string; waiting?: { on: string } };
      if (record.type === "approval.asked") askApproval(record.data as unknown as Approval);
      if (record.type === "approval.answered") close(data.id as string);
      if (data.pid !== pid) return;
      if (record.type === "message.sent") lastMail = record.data as unknown as NonNullable<typeof lastMail>;
      if (record.type === "entity.waiting" && data.waiting?.on === "message") askMessage();
      if ((record.type === "message.delivered" || record.type === "entity.woken") && lastMail)
        close(lastMail.id);
    },
  };
}

/** An approval as a person is to read it: who, exactly what, why. */
export function showApproval(io: Io, approval: Approval): string {
  const paint = createPaint(io.color);
  const payload = showAll(JSON.stringify(approval.payload, null, 2)).replaceAll("\n", "\n  ");
  return [
    paint("bold", `pid ${approval.pid} asks for ${clean(approval.what)} (${approval.id})`),
    `  ${payload}`,
    `  why it asks: ${clean(approval.why)}`,
  ].join("\n");
}
