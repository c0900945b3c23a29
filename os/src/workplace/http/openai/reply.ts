// Sends pieces of an answer as OpenAI does: as one JSON document, or as server-sent events that end with [DONE].

import { randomUUID } from "node:crypto";
import { type ChatRequest, type Piece, toErrorAnswer, toErrorBody, toUsage } from "./shape.ts";

/** How an answer is sent. */
export interface ReplyOptions {
  request: ChatRequest;
  headers: Record<string, string>;
}

const toHead = (request: ChatRequest) => ({
  id: `chatcmpl-${randomUUID()}`,
  created: Math.floor(Date.now() / 1_000),
  model: request.model,
});

/** The whole answer as one document. */
export async function toAnswer(pieces: AsyncIterable<Piece>, options: ReplyOptions): Promise<Response> {
  const { id, created, model } = toHead(options.request);
  let content = "";
  let thoughts = "";
  for await (const piece of pieces) {
    if (piece.kind === "text") content += piece.text;
    if (piece.kind === "thought") thoughts += piece.text;
    if (piece.kind === "error") return toErrorAnswer(piece.error);
    if (piece.kind !== "end") continue;
    const message = { role: "assistant", content, refusal: null };
    return Response.json(
      {
        ...{ id, object: "chat.completion", created, model },
        choices: [
          {
            index: 0,
            message: thoughts === "" ? message : { ...message, reasoning_content: thoughts },
            logprobs: null,
            finish_reason: piece.reason,
          },
        ],
        usage: toUsage(piece.tokens),
      },
      { headers: options.headers },
    );
  }
  throw new Error("an answer has no end");
}

/** The answer as events. What fails before the first piece is an error with a status, not a stream. */
export async function toStream(
  pieces: AsyncIterable<Piece>,
  options: ReplyOptions & { keepAliveMs: number; onGone(): void },
): Promise<Response> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (!first.done && first.value.kind === "error") return toErrorAnswer(first.value.error);
  const { id, created, model } = toHead(options.request);
  const encoder = new TextEncoder();
  const toChunk = (delta: object, finish: string | null, more: object = {}) =>
    toEvent({
      ...{ id, object: "chat.completion.chunk", created, model },
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...more,
    });
  const toEvents = (piece: Piece): string => {
    switch (piece.kind) {
      case "text":
        return toChunk({ content: piece.text }, null);
      case "thought":
        return toChunk({ reasoning_content: piece.text }, null);
      case "error":
        return toEvent(toErrorBody(piece.error));
      case "end": {
        const usage = { usage: toUsage(piece.tokens), choices: [] };
        const last = options.request.stream_options?.include_usage ? toChunk({}, null, usage) : "";
        return `${toChunk({}, piece.reason)}${last}data: [DONE]\n\n`;
      }
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(toChunk({ role: "assistant", content: "" }, null)));
      if (!first.done) controller.enqueue(encoder.encode(toEvents(first.value)));
      if (first.done || isLast(first.value)) return controller.close();
      // A proxy or client that hears nothing for long gives up.
      timer = setInterval(() => controller.enqueue(encoder.encode(": at work\n\n")), options.keepAliveMs);
      timer.unref();
    },
    async pull(controller) {
      const { value, done } = await iterator.next();
      if (value) controller.enqueue(encoder.encode(toEvents(value)));
      if (!done && !isLast(value)) return;
      clearInterval(timer);
      controller.close();
    },
    async cancel() {
      clearInterval(timer);
      options.onGone();
      await iterator.return?.();
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      ...options.headers,
    },
  });
}

const isLast = (piece: Piece): boolean => piece.kind === "end" || piece.kind === "error";

const toEvent = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
