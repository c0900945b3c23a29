// One turn of one entity: a plain function from what is known to events in the journal. The order is the way of Hum:
// memory (what it sees) -> scheduler and model (what it says) -> syscall (what it does) -> device -> journal.
//
// Rules
//   - What the model said is durable, together with the intent of its call, before the call has an effect.
//   - After each wait the signal is looked at, and nothing is committed after it: an entity that was killed has no
//     further effect and leaves no further record.
//   - A turn never throws for what happens outside; it ends with the entity ready, waiting or ended.

import type { Told } from "../entity/conversation.ts";
import type { Entity } from "../entity/entity.ts";
import { type HumEvent, toEvent, toStream } from "../entity/events.ts";
import { HumError } from "../error.ts";
import { turnLimits } from "../limits.ts";
import { toGists } from "../memory/gist.ts";
import { joinLabels, type Label, toLabel } from "../memory/label.ts";
import type { Page } from "../memory/page.ts";
import { isFull, planEviction, readStubLines, toMessages, toStubText } from "../memory/pager.ts";
import { toWorth } from "../memory/worth.ts";
import type { ModelInfo, ModelRequest, Usage } from "../model/model.ts";
import type { Parsed, Sayable } from "../syscall/form.ts";
import { type Call, type CallName, isSyscall, readArguments } from "../syscall/names.ts";
import { type JsonSchema, toJsonSchema } from "../syscall/shape-grammar.ts";
import { isRepeated, settleAttempt, toLost } from "./attempt.ts";
import { askBudget, isOverBudget } from "./budget.ts";
import { killed, type Machine } from "./machine.ts";
import { hashAction, toNext, toSaidCall } from "./next.ts";
import { finishCall, resumeHeld, resumeNext, resumeOpen } from "./perform.ts";
import { refuse } from "./refuse.ts";
import type { Said } from "./said.ts";
import { toSayable } from "./sayable.ts";
import { windowLabel } from "./standing.ts";

/** Takes one turn of a runnable entity. */
export async function takeTurn(machine: Machine, entity: Entity, signal: AbortSignal): Promise<void> {
  if (entity.between) return settleAttempt(machine, entity, signal);
  if (entity.open) return resumeOpen(machine, entity, signal);
  if (entity.held) return resumeHeld(machine, entity, signal);
  const over = isOverBudget(entity);
  if (over) return askBudget(machine, entity, over);
  if (entity.next.length > 0) return resumeNext(machine, entity, signal);
  machine.emit({ type: "turn", pid: entity.pid, turn: entity.turn + 1 });
  const model = await machine.modelOf(entity);
  await evict(machine, entity, model.info.contextTokens);
  const saw = entity.nextPage;
  const request = toRequest(machine, entity, await toSayable(machine, entity, signal));
  if (signal.aborted) return;
  const answer = await listen(machine, entity, { request, signal });
  if (signal.aborted || answer.reason === "aborted") return;
  if (answer.reason === "error") return failTurn(machine, entity, answer);
  const text = (request.begin ?? "") + answer.text;
  const said = await toSaid(machine, entity, { text, answer, request, model: answer.model, saw });
  if (said.parsed.call === undefined) return refuse(machine, entity, said);
  await finishCall(machine, entity, { said, signal });
}

/** Takes turns until the entity is no longer runnable. */
export async function runEntity(machine: Machine, entity: Entity, signal: AbortSignal): Promise<void> {
  const own = untilStopped(machine, signal);
  while (!signal.aborted && !machine.state.halted && entity.state === "ready" && !entity.paused)
    await takeTurn(own, entity, signal);
}

// The machine as one driver sees it: after its signal nothing of a turn becomes durable any more, whatever the turn was
// waiting for, but what a killed one had changed already.
function untilStopped(machine: Machine, signal: AbortSignal): Machine {
  const stopped = () => new HumError("interrupted", "The turn was stopped.");
  const commit: Machine["commit"] = async (stream, events, when) => {
    const tells = ({ type }: HumEvent) => type === "call.ended" || type === "files.changed";
    const mayBe = () => !signal.aborted || (signal.reason === killed && events.every(tells));
    if (!mayBe()) throw stopped();
    // Looked at again when it is its turn: an end may be on its way to the stream.
    let may = true;
    await machine.commit(stream, events, () => {
      may = mayBe();
      return may && (when?.() ?? true);
    });
    if (!may) throw stopped();
  };
  return { ...machine, commit };
}

async function evict(machine: Machine, entity: Entity, contextTokens: number): Promise<void> {
  const reserveTokens = Math.min(turnLimits.reserveTokens, Math.floor(contextTokens / 4));
  const limits = { contextTokens, reserveTokens, evictTo: turnLimits.evictTo };
  if (!isFull(entity.pages, limits)) return;
  const ids = planEviction(entity.pages, limits, worthOf(machine, entity));
  if (ids.length === 0) return;
  const leaving = entity.pages.filter((page) => ids.includes(page.id) && page.kind !== "stub");
  const gone = [
    ...entity.pages.filter((page) => !page.resident && page.kind !== "stub" && page.kind !== "notes"),
    ...leaving,
  ];
  const form = (id: number) => machine.form.render({ name: "recall", args: { page: String(id) } });
  const text = toStubText(gone, form, {
    older: entity.gone?.count ?? 0,
    lines: toLines(machine, entity, leaving),
  });
  const before = entity.gone?.label ?? toLabel("kernel");
  const label = gone.reduce<Label>((joined, page) => joinLabels(joined, page.label), before);
  const pages = await machine.toPages(entity, [{ kind: "stub", role: "user", label, text }]);
  const stubs = entity.pages.filter((page) => page.resident && page.kind === "stub").map((page) => page.id);
  await machine.commit(toStream(entity.pid), [
    toEvent("page.evicted", {
      why: "full",
      pid: entity.pid,
      ids: [...ids, ...stubs.filter((id) => !ids.includes(id))],
      pages,
    }),
  ]);
}

// A line for each page that leaves, beside those of the stub before.
function toLines(machine: Machine, entity: Entity, leaving: readonly Page[]): Map<number, string> {
  const texts = machine.textsOf(entity);
  const textOf = ({ id }: Page) => texts.get(id) ?? "";
  const resident = entity.pages.filter((page) => page.resident);
  const before = resident.filter((page) => page.kind === "stub").map(textOf);
  const others = resident.filter((page) => page.kind !== "stub" && !leaving.includes(page)).map(textOf);
  const gists = toGists(leaving.map(textOf), others);
  return new Map([
    ...before.flatMap((text) => [...readStubLines(text)]),
    ...leaving.map(({ id }, i) => [id, gists[i] ?? ""] as const),
  ]);
}

// What a page has to do with the task; a result belongs to the call before it, which may be all that names its file.
function worthOf(machine: Machine, entity: Entity): Map<number, number> {
  const texts = machine.textsOf(entity);
  const resident = entity.pages.filter((page) => page.resident);
  const notes = resident.filter((page) => page.kind === "notes").map((page) => texts.get(page.id) ?? "");
  const free = resident.map(({ id, kind }, i) => {
    const call = kind === "results" ? (texts.get(resident[i - 1]?.id ?? 0) ?? "") : "";
    return { id, kind, text: `${call}\n${texts.get(id) ?? ""}` };
  });
  return toWorth(
    free.filter(({ kind }) => kind === "results" || kind === "dialogue"),
    [entity.task, ...notes].join("\n"),
  );
}

function toRequest(machine: Machine, entity: Entity, sayable: Sayable): ModelRequest {
  const texts = machine.textsOf(entity);
  const resident = entity.pages.filter((page) => page.resident);
  const { messages, shared } = toMessages(
    resident.map((page) => ({ role: page.role, kind: page.kind, text: texts.get(page.id) ?? "" })),
  );
  const { form } = machine;
  return {
    process: String(entity.pid),
    messages,
    shared,
    begin: form.begin,
    grammar: form.grammar({ ...sayable, ...toManner(machine, entity) }, (name) => schemaOf(machine, name)),
    stops: form.stops,
    maxTokens: turnLimits.outputTokens,
    temperature: toTemperature(entity),
    seed: entity.pid * 1_000 + entity.turn,
  };
}

function toManner(machine: Machine, entity: Entity): Partial<Sayable> {
  const gives = machine.callsOf(entity).includes("delegate");
  return { colleagues: gives ? toColleagues(machine, entity) : [], bare: isWordy(machine, entity) };
}

// Work is given to colleagues that there are: programs, and whoever works in the same thread under a name of its own. Not all
// that live: they may be thousands, at each turn and in each grammar.
function toColleagues(machine: Machine, { thread }: Entity): string[] {
  const beside = thread === null ? [] : machine.state.register.inThread(thread);
  return [...new Set([...machine.colleagues(), ...beside.map(({ name }) => name)])];
}

// An answer without a call had words without end; it would have them again.
function isWordy(machine: Machine, entity: Entity): boolean {
  const last = entity.pages.findLast((page) => page.resident && page.role === "assistant");
  if (entity.badTurns === 0 || !last) return false;
  return !machine.textsOf(entity).get(last.id)?.includes(machine.form.opening);
}

// Greedy at first. An entity that was refused must say something else, one whose step failed had better, and one that does
// its task again must do so by other chance.
function toTemperature({ badTurns, lastOk, attempts }: Entity): number {
  const refused = badTurns === 0 ? 0 : 0.3 + 0.2 * badTurns;
  return Math.min(0.9, Math.max(refused, lastOk ? 0 : 0.4, attempts.length > 0 ? 0.6 : 0));
}

// The schema of a device call that wants its arguments letter by letter.
function schemaOf(machine: Machine, name: CallName): JsonSchema | null {
  const operation = machine.broker.operations().get(name);
  return operation?.shaped ? toJsonSchema(operation.args) : null;
}

interface Answer {
  text: string;
  reason: "stop" | "length" | "aborted" | "error";
  usage: Usage;
  ms: number;
  failure: string;
  /** Who answered. */
  model: ModelInfo;
}

async function listen(
  machine: Machine,
  entity: Entity,
  call: { request: ModelRequest; signal: AbortSignal },
): Promise<Answer> {
  const model = await machine.modelOf(entity);
  const answer: Answer = {
    model: model.info,
    text: "",
    reason: "aborted",
    usage: { input: 0, cached: 0, output: 0 },
    ms: 0,
    failure: "",
  };
  const fallbacks = (await machine.fallbacksOf?.(entity)) ?? [];
  const hedge = (await machine.hedgeOf?.(entity)) ?? null;
  const job = {
    ...{ pid: entity.pid, class: entity.class, nice: entity.nice, model, fallbacks, ...call },
    ...(hedge ? { hedge } : {}),
  };
  const began = machine.now();
  let tokens = 0;
  for await (const event of machine.scheduler.generate(job)) {
    if (call.signal.aborted) return answer;
    machine.emit({ type: "model", pid: entity.pid, event });
    if (event.type === "text") {
      answer.text += event.text;
      tokens += event.tokens;
      // Words without end: nothing is gained by waiting for the last of them.
      if (tokens > turnLimits.proseTokens && !answer.text.includes(machine.form.opening))
        return {
          ...answer,
          reason: "length",
          usage: { ...answer.usage, output: tokens },
          ms: machine.now() - began,
        };
    } else if (event.type === "prefill")
      answer.usage = { ...answer.usage, input: event.total, cached: event.cached };
    else if (event.type === "restart") {
      answer.text = "";
      answer.model = event.model ?? answer.model;
      tokens = 0;
    } else if (event.type === "end")
      Object.assign(answer, {
        reason: event.reason,
        usage: event.usage,
        ms: event.ms,
        failure: event.failure?.message ?? "",
      });
  }
  return answer;
}

async function failTurn(machine: Machine, entity: Entity, answer: Answer): Promise<void> {
  const told: Told = { what: "mute", name: entity.name, words: answer.failure };
  const outcome = { kind: "failed" as const, text: `The model could not answer: ${answer.failure}`, told };
  // What it came to before is better than nothing.
  if (isRepeated(entity) && entity.attempts.some((attempt) => attempt.done !== null))
    return machine.commit(toStream(entity.pid), [await toLost(machine, entity, { why: outcome.text, told })]);
  await machine.commit(toStream(entity.pid), [toEvent("entity.ended", { pid: entity.pid, outcome })]);
}

async function toSaid(
  machine: Machine,
  entity: Entity,
  from: { text: string; answer: Answer; request: ModelRequest; model: ModelInfo; saw: number },
): Promise<Said> {
  const { text, answer, request, model, saw } = from;
  const parsed =
    answer.reason === "length"
      ? { why: text.includes(machine.form.opening) ? tooLong : toEndless(entity) }
      : checkRepeat(machine, entity, machine.form.parse(text, machine.callsOf(entity)));
  const next = toNext(machine, entity, { parsed, saw });
  return {
    text: parsed.call ? toWritten(machine, text, [parsed.call, ...next.map(toSaidCall)]) : text,
    ...{ parsed, next },
    label: windowLabel(entity),
    ...{ usage: answer.usage, ms: answer.ms, model: model.id, saw },
    egress: model.local ? [] : [{ host: `model ${model.id}`, bytes: toBytes(request) }],
    action: parsed.call ? hashAction(parsed.call) : null,
  };
}

const toBytes = (request: ModelRequest): number =>
  request.messages.reduce((sum, message) => sum + Buffer.byteLength(message.text), 0);

const circling = `The last ${turnLimits.sameResults} steps came to the same result, so this way does not lead there.`;

/** Characters of the task that are said again. */
const taskChars = 400;

// Words of the refusal turn up in the answer of a small model, so there are few of them, and the task comes last.
const toEndless = ({ task }: Entity): string =>
  `That was too long. Answer in one short block: ${task.slice(0, taskChars)}`;

const tooLong = `That was longer than ${turnLimits.outputTokens} tokens and was cut off, so nothing was done. Do it in smaller steps.`;

// What stays in the window are the calls as they should have been written, so that a slip is not learned from, and nothing
// behind them, so that nobody thinks it was done.
function toWritten(machine: Machine, text: string, calls: readonly [Call, ...Call[]]): string {
  const rendered = calls.map((call) => machine.form.render(call)).join("\n");
  const at = text.indexOf(rendered);
  if (at >= 0) return text.slice(0, at + rendered.length);
  const prose = text.split("```", 1)[0]?.trim() ?? "";
  return prose === "" || calls[0].args.answer === prose ? rendered : `${prose}\n${rendered}`;
}

const mayRepeat = new Set(["wait", "sleep", "now", "done", "recall"]);

const ofExample = " is of an example and has nothing to do with this task";

/** Parts of sentences, of four words at least. */
const clausesOf = (text: string): string[] =>
  text
    .split(/(?<=[.!?,;:])\s+|\n+/)
    .map((one) => one.trim())
    .filter((one) => one.split(/\s+/).length > 3);

// A small model takes a sentence of a worked example for its own. What it writes to others must not be one of those.
function findBorrowed(machine: Machine, entity: Entity, call: Call): string | null {
  if (isSyscall(call.name) || isLook(machine, call)) return null;
  const values = Object.values(readArguments(call.args.arguments ?? "") ?? {});
  const said = values.filter((value) => typeof value === "string").flatMap(clausesOf);
  if (said.length === 0) return null;
  const texts = machine.textsOf(entity);
  const textOf = (pages: readonly Page[]) => pages.map(({ id }) => texts.get(id) ?? "").join("\n");
  const examples = textOf(entity.pages.filter(({ kind }) => kind === "program"));
  const heard = entity.pages.filter(({ id, kind, role }) => {
    const isOther = role === "user" && kind !== "program" && kind !== "rules";
    return isOther && !texts.get(id)?.includes(ofExample);
  });
  const own = textOf(heard);
  return said.find((one) => examples.includes(one) && !own.includes(one)) ?? null;
}

const isLook = (machine: Machine, { name }: Call): boolean =>
  !isSyscall(name) && machine.broker.operations().get(name)?.effect === "none";

// A look at a device whose result has left the window tells something new again.
function isForgotten(machine: Machine, entity: Entity, call: Call): boolean {
  if (!isLook(machine, call)) return false;
  const texts = machine.textsOf(entity);
  const rendered = machine.form.render(call);
  return !entity.pages.some(
    ({ id, resident, role }) => resident && role === "assistant" && texts.get(id)?.includes(rendered),
  );
}

function checkRepeat(machine: Machine, entity: Entity, parsed: Parsed): Parsed {
  const { call, more = [] } = parsed;
  if (!call || mayRepeat.has(call.name)) return parsed;
  const [borrowed] = [call, ...more].flatMap((one) => findBorrowed(machine, entity, one) ?? []);
  if (borrowed !== undefined)
    return {
      why: `"${borrowed}"${ofExample}. Write what the task says: ${entity.task}`,
    };
  if (entity.sameResults >= turnLimits.sameResults) return { repeated: true, why: circling };
  if (!entity.recent.includes(hashAction(call)) || isForgotten(machine, entity, call)) return parsed;
  const done = machine.form.render({ name: "done", args: { answer: "…" } });
  if (isLook(machine, call))
    return {
      repeated: true,
      why: `You have seen this already, it stands above. Take the next step, or answer the task from it with\n${done}`,
    };
  return {
    repeated: true,
    why: `You did exactly this before, and nothing has changed since: the result would be the same. Do something else, or end with\n${done}`,
  };
}
