// One call of the engine: an async generator that does one step per pull, a chunk of the prompt or one token. Whatever
// happens inside becomes its last event.

import {
  type EvaluationPriority,
  type LlamaGrammar,
  LlamaGrammarEvaluationState,
  type LlamaModel,
  type Token,
} from "node-llama-cpp";
import { toMessage } from "../error.ts";
import { type Answer, createAnswer } from "./answer.ts";
import type { EngineEvent } from "./embedded-protocol.ts";
import type { ModelFailure, ModelRequest, Usage } from "./model.ts";
import { type Prompt, type PromptParts, wholeBlocks } from "./render.ts";
import type { Seat, Seats } from "./seats.ts";

/** What a call works with. */
export interface CallParts {
  model: LlamaModel;
  contextTokens: number;
  /** Tokens evaluated in one step, and in one of a call that is patient. */
  chunk: number;
  patientChunk: number;
  seats: Seats;
  render(parts: PromptParts): Prompt;
  compile(grammar: string): Promise<LlamaGrammar>;
  answers: {
    find(process: string, text: string): readonly Token[] | undefined;
    keep(process: string, text: string, tokens: readonly Token[]): void;
  };
  /** A token with which a model would begin to speak as another; it ends the answer. */
  messageStart: Token | undefined;
}

type Steps<Result> = AsyncGenerator<EngineEvent, Result, void>;
type Reason = "stop" | "length" | "aborted";

/** Answers one request. Contract: must not throw. */
export async function* runCall(parts: CallParts, request: ModelRequest, signal: AbortSignal): Steps<void> {
  const usage: Usage = { input: 0, cached: 0, output: 0 };
  const failed = (failure: ModelFailure): EngineEvent => ({ type: "end", reason: "error", usage, failure });
  const { process, begin = "" } = request;
  let seat: Seat | undefined;
  try {
    const answers = (text: string) => parts.answers.find(process, text);
    const prompt = parts.render({ ...request, begin, answers });
    prompt.shared = wholeBlocks(prompt.shared);
    usage.input = prompt.tokens.length;
    // The engine would drop the beginning of the window to make room; here the window never gets full.
    const room = parts.contextTokens - 2 - prompt.tokens.length;
    if (room < 1) return yield failed(toContextFull(prompt, parts.contextTokens));
    const grammar = await compile(parts, request);
    if (grammar && "code" in grammar) return yield failed(grammar);

    seat = await parts.seats.take(process, prompt, request.patient);
    usage.cached = seat.sequence.nextTokenIndex;
    const chunk = request.patient ? parts.patientChunk : parts.chunk;
    const rest = yield* read({ parts, seat, prompt, usage, signal, chunk });
    if (signal.aborted) return yield { type: "end", reason: "aborted", usage };

    const answer = createAnswer(parts.model, request.stops, prompt.tokens);
    const most = Math.min(request.maxTokens, room);
    const reason = yield* write({ parts, seat, rest, request, grammar, answer, usage, most, signal });
    const text = reason === "aborted" ? "" : answer.flush();
    if (text !== "") yield { type: "text", text, tokens: 0 };
    const said = answer.said();
    const begun = begin === "" ? [] : parts.model.tokenize(begin, false);
    parts.answers.keep(process, begin + said.text, [...begun, ...said.tokens]);
    yield { type: "end", reason, usage };
  } catch (error) {
    await seat?.sequence.clearHistory().catch(() => undefined);
    yield failed({ code: "crashed", message: `The engine failed: ${toMessage(error)}`, retry: true });
  } finally {
    if (seat) parts.seats.leave(seat);
  }
}

interface Reading {
  parts: CallParts;
  seat: Seat;
  prompt: Prompt;
  usage: Usage;
  signal: AbortSignal;
  chunk: number;
}

/** Evaluates the prompt but its last chunk, and returns that: it is evaluated together with the first token. */
async function* read({ parts, seat, prompt, usage, signal, chunk }: Reading): Steps<Token[]> {
  const { tokens } = prompt;
  const total = tokens.length;
  let at = usage.cached;
  for (let next = chunkEnd(at, chunk, prompt); next < total; next = chunkEnd(at, chunk, prompt)) {
    if (signal.aborted) break;
    await seat.sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, next), toPlace(seat));
    at = next;
    if (at === prompt.shared) await parts.seats.share(seat, prompt);
    yield { type: "prefill", done: at, total, cached: usage.cached, shared: prompt.shared };
  }
  return tokens.slice(at);
}

interface Writing {
  parts: CallParts;
  seat: Seat;
  /** Tokens of the prompt that are not evaluated. */
  rest: Token[];
  request: ModelRequest;
  grammar: LlamaGrammar | undefined;
  answer: Answer;
  usage: Usage;
  /** Most tokens to generate. */
  most: number;
  signal: AbortSignal;
}

async function* write(task: Writing): Steps<Reason> {
  const { parts, request, grammar, answer, usage, signal } = task;
  const { model } = parts;
  const tokens = task.seat.sequence.evaluate(task.rest, {
    ...toPlace(task.seat),
    temperature: request.temperature,
    seed: request.seed,
    yieldEogToken: true,
    ...(grammar && { grammarEvaluationState: new LlamaGrammarEvaluationState({ model, grammar }) }),
  });
  try {
    while (usage.output < task.most) {
      const step = await tokens.next();
      if (usage.output === 0) {
        const { input, cached } = usage;
        yield { type: "prefill", done: input, total: input, cached };
      }
      if (signal.aborted) return "aborted";
      if (step.done || model.isEogToken(step.value) || step.value === parts.messageStart) return "stop";
      usage.output++;
      const { text, stopped } = answer.push(step.value);
      yield { type: "text", text, tokens: 1 };
      if (stopped) return "stop";
      if (signal.aborted) return "aborted";
    }
    return "length";
  } finally {
    await tokens.return();
  }
}

/** The batching reads the seat where the library has a priority (batch.ts). */
function toPlace({ number }: Seat): { evaluationPriority: EvaluationPriority } {
  return { evaluationPriority: number as EvaluationPriority };
}

async function compile(
  parts: CallParts,
  request: ModelRequest,
): Promise<LlamaGrammar | ModelFailure | undefined> {
  try {
    return request.grammar === undefined ? undefined : await parts.compile(request.grammar);
  } catch (error) {
    return { code: "bad-request", message: `The grammar is not valid: ${toMessage(error)}`, retry: false };
  }
}

/** Where the chunk that starts at `at` ends: at a multiple of the chunk size, or where the shared part ends. */
function chunkEnd(at: number, size: number, prompt: Prompt): number {
  const end = Math.floor(at / size) * size + size;
  return at < prompt.shared && prompt.shared < end ? prompt.shared : end;
}

function toContextFull(prompt: Prompt, contextTokens: number): ModelFailure {
  const message = `The window of ${prompt.tokens.length} tokens does not fit the model's ${contextTokens}. Shorten it.`;
  return { code: "context-full", message, retry: false };
}
