// Completions of a model itself, without any entity. They go through the scheduler like all else, as jobs of one process
// that is none: pid -1, class interactive. Why a pid below zero and no short-lived entity: a completion has no effect, no
// authority and nothing to go on with after a crash, so a process with a home, a budget and records in the journal would
// say nothing; and one pid for all of them gives the whole interface the share of one entity, however many requests a
// client sends at once.
//
// The red switch ends them too, and nothing begins until it is lifted.

import type { Ledger } from "../../../entity/ledger.ts";
import type { Model, ModelRequest } from "../../../model/model.ts";
import type { Scheduler } from "../../../scheduler/scheduler.ts";
import { type ChatRequest, mostTokensOf, type OpenAiError, type Piece, stopsOf, textOf } from "./shape.ts";

/** The process of all completions. */
export const completionPid = -1;

/** What completions stand on. */
export interface RawParts {
  /** A model by its id. */
  openModel(id: string): Promise<Model>;
  scheduler: Scheduler;
  ledger: Pick<Ledger, "state" | "listen">;
}

/** Completions of models. */
export type Raw = (id: string, request: ChatRequest, signal: AbortSignal) => AsyncIterable<Piece>;

/** Makes them. */
export function createRaw({ openModel, scheduler, ledger }: RawParts): Raw {
  const underWay = new Set<AbortController>();
  let serial = 0;
  ledger.listen((record) => {
    if (record.type === "kernel.halted") for (const call of underWay) call.abort();
  });

  return async function* complete(id, request, signal) {
    if (ledger.state.halted) return yield { kind: "error", error: halted };
    const model = await openModel(id);
    const call = new AbortController();
    underWay.add(call);
    const process = `completion-${++serial}`;
    const answer = createAnswer();
    try {
      const job = {
        ...{ pid: completionPid, class: "interactive" as const, nice: 0, model },
        request: toModelRequest(process, request),
        signal: AbortSignal.any([signal, call.signal]),
      };
      for await (const event of scheduler.generate(job)) {
        if (event.type === "restart") answer.restart();
        if (event.type === "text") {
          const text = answer.push(event.text);
          if (text === null) return yield { kind: "error", error: changed };
          if (text !== "") yield { kind: "text", text };
        }
        if (event.type !== "end") continue;
        if (event.reason === "error") return yield { kind: "error", error: toModelError(event.failure) };
        if (event.reason === "aborted")
          return yield { kind: "error", error: ledger.state.halted ? halted : gone };
        return yield { kind: "end", reason: event.reason, tokens: event.usage };
      }
    } finally {
      underWay.delete(call);
      call.abort();
      if (underWay.size === 0) scheduler.forget(completionPid);
      await model.release(process).catch(() => {});
    }
  };
}

function toModelRequest(process: string, request: ChatRequest): ModelRequest {
  return {
    process,
    messages: request.messages.map(({ role, content }) => ({
      role: role === "developer" ? "system" : role,
      text: textOf(content),
    })),
    shared: 0,
    stops: stopsOf(request),
    maxTokens: mostTokensOf(request),
    temperature: request.temperature ?? 1,
    seed: request.seed ?? Math.floor(Math.random() * 2 ** 31),
  };
}

// The scheduler may begin an answer again (the server broke off, more urgent work needed the room). What was sent stays
// sent: the new answer is held back as far as it is the same, and an answer that is not the same is an error.
function createAnswer() {
  let sent = "";
  let again: string | null = null;
  return {
    restart() {
      again = sent === "" ? null : "";
    },
    push(text: string): string | null {
      if (again === null) {
        sent += text;
        return text;
      }
      again += text;
      if (again.length <= sent.length) return sent.startsWith(again) ? "" : null;
      if (!again.startsWith(sent)) return null;
      const rest = again.slice(sent.length);
      sent = again;
      again = null;
      return rest;
    },
  };
}

const serverError = (status: number, code: string, message: string): OpenAiError => ({
  ...{ status, type: "server_error", code, message, param: null },
});

const halted: OpenAiError = {
  ...{ status: 403, type: "invalid_request_error", code: "halted", param: null },
  message: "Everything was stopped. `hum resume --all` lets work begin again.",
};
const gone = serverError(499, "aborted", "The request was given up.");
const changed = serverError(
  502,
  "interrupted",
  "The model had to begin again and says something else now. Ask once more.",
);

function toModelError(failure: { code: string; message: string } | undefined): OpenAiError {
  const message = failure?.message ?? "The model could not answer.";
  switch (failure?.code) {
    case "context-full":
      return {
        ...{ status: 400, type: "invalid_request_error", code: "context_length_exceeded", message },
        param: "messages",
      };
    case "bad-request":
    case "refused":
      return { status: 400, type: "invalid_request_error", code: failure.code, message, param: null };
    case "rate-limited":
      return { status: 429, type: "rate_limit_error", code: "rate_limited", message, param: null };
    default:
      return serverError(503, failure?.code ?? "crashed", message);
  }
}
