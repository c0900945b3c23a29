// Completions by entities. `hum/PROGRAM` starts an entity on the last message, with the conversation before it as
// context; `hum/pid-N` says the last message to a living one. What it writes on the way comes as thoughts, what it says
// to people and its result come as the answer.
//
// The work belongs to the kernel and not to the request: a client that goes away leaves the entity at work. An answer
// ends when the entity ends, or when it stands still for a person: then it says what is needed, and how to go on.

import type { Outcome, Pid, Waiting } from "../../../entity/entity.ts";
import type { Approval } from "../../../entity/events.ts";
import { HumError } from "../../../error.ts";
import type { JournalRecord } from "../../../journal/journal.ts";
import type { LiveEvent } from "../../../scheduler/machine.ts";
import type { Door, DoorEvent } from "../../door.ts";
import { type ChatRequest, type OpenAiError, type Piece, type Tokens, textOf } from "./shape.ts";

/** An entity that a completion follows. */
export interface Followed {
  pid: Pid;
  /** Records after this seq belong to the answer. */
  from: number;
}

/** Starts an entity of a program on the last message. Throws HumErrors. */
export async function startEntity(
  door: Door,
  program: string,
  at: { request: ChatRequest; by: string },
): Promise<Followed> {
  const { seq } = await door.look();
  const { last, before } = splitMessages(at.request);
  const task = before === "" ? last : `${last}\n\nWhat was said before:\n${before}`;
  const entity = await door.task({ task, owner: at.by, program, class: "interactive" });
  return { pid: entity.pid, from: seq };
}

/** Says the last message to a living entity. Throws HumErrors. */
export async function sayToEntity(
  door: Door,
  pid: Pid,
  at: { request: ChatRequest; by: string },
): Promise<Followed> {
  const { seq } = await door.look();
  await door.say(pid, at.by, splitMessages(at.request).last);
  return { pid, from: seq };
}

function splitMessages({ messages }: ChatRequest): { last: string; before: string } {
  const at = messages.findLastIndex(({ role }) => role === "user");
  if (at < 0) throw new HumError("bad-input", "There is no message of role `user`.");
  const before = messages
    .slice(0, at)
    .map(({ role, content }) => `${role}: ${textOf(content)}`)
    .join("\n");
  return { last: textOf((messages[at] as (typeof messages)[number]).content), before };
}

/** Follows an entity until its answer is whole. */
export async function* followEntity(
  door: Door,
  { pid, from }: Followed,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  const story = createStory(pid);
  for await (const event of door.follow({ pid, from }, signal)) {
    for (const piece of story.take(event)) {
      yield piece;
      if (piece.kind === "end" || piece.kind === "error") return;
    }
  }
  yield { kind: "error", error: gone };
}

/** Turns what happens to an entity and those it started into pieces of an answer. */
function createStory(pid: Pid) {
  const tokens: Tokens = { input: 0, cached: 0, output: 0 };
  let said = "";
  let question: string | null = null;
  const text = (words: string): Piece => {
    const piece = said === "" ? words : `\n\n${words}`;
    said += piece;
    return { kind: "text", text: piece };
  };
  const end: Piece = { kind: "end", reason: "stop", tokens };

  const takeRecord = (record: JournalRecord): Piece[] => {
    const data = record.data as { pid?: Pid };
    if (record.type === "turn.said") addUsage(tokens, record);
    if (record.type === "approval.asked")
      return [text(toApprovalText(record.data as unknown as Approval, pid)), end];
    if (data.pid !== pid) return [];
    switch (record.type) {
      case "message.sent":
        question = record.data.text as string;
        return [text(question)];
      case "entity.waiting":
        return takeWait(record.data.waiting as Waiting);
      case "entity.paused":
        return [text(`It is paused. \`hum resume ${pid}\` lets it go on.`), end];
      case "entity.ended": {
        const outcome = record.data.outcome as Outcome;
        if (outcome.kind === "done") return outcome.text === "" ? [end] : [text(outcome.text), end];
        return [text(`It ${outcome.kind === "killed" ? "was ended" : "failed"}: ${outcome.text}`), end];
      }
      default:
        return [];
    }
  };
  const takeWait = (waiting: Waiting): Piece[] => {
    // An approval tells of itself; a colleague or a clock will wake it.
    if (waiting.on !== "message") return [];
    const how = `It waits for your answer: go on with the model \`hum/pid-${pid}\`.`;
    return [text(question === null ? `It waits for a message. ${how}` : how), end];
  };
  return {
    take(event: DoorEvent): Piece[] {
      if (event.kind === "bye") return [{ kind: "error", error: gone }];
      return event.kind === "record" ? takeRecord(event.record) : takeLive(event.live, pid);
    },
  };
}

function takeLive(live: LiveEvent, pid: Pid): Piece[] {
  if (live.type !== "model" || live.pid !== pid) return [];
  if (live.event.type === "text" && live.event.text !== "")
    return [{ kind: "thought", text: live.event.text }];
  return live.event.type === "end" || live.event.type === "restart" ? [{ kind: "thought", text: "\n" }] : [];
}

function addUsage(tokens: Tokens, record: JournalRecord): void {
  const { usage } = record.data as { usage: Tokens };
  tokens.input += usage.input;
  tokens.cached += usage.cached;
  tokens.output += usage.output;
}

function toApprovalText(approval: Approval, pid: Pid): string {
  const what = `It needs your yes to ${approval.what} (${approval.why}):\n${JSON.stringify(approval.payload, null, 2)}`;
  return `${what}\nAnswer in the workplace or with \`hum approve ${approval.id}\` or \`hum deny ${approval.id}\`; then go on with the model \`hum/pid-${pid}\`.`;
}

const gone: OpenAiError = {
  ...{ status: 503, type: "server_error", code: "interrupted", param: null },
  message: "The machine stops. Its work is not lost and goes on at the next start.",
};
