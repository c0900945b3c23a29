// The OpenAI-compatible interface: GET /v1/models and POST /v1/chat/completions.
//
//   model/ID      a model itself: plain text in, plain text out
//   hum/PROGRAM   starts an entity of that program on the last message
//   hum/pid-N     a message to a living entity

import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HumError, toMessage } from "../../../error.ts";
import { httpLimits } from "../../../limits.ts";
import type { Workplace } from "../../api.ts";
import type { Door } from "../../door.ts";
import type { ModelDesk } from "../model-desk.ts";
import { followEntity, sayToEntity, startEntity } from "./entity.ts";
import type { Raw } from "./raw.ts";
import { toAnswer, toStream } from "./reply.ts";
import {
  type ChatRequest,
  chatSchema,
  completionSchema,
  modelSchema,
  type OpenAiError,
  openAiErrorSchema,
  type Piece,
  toBadParam,
  toErrorAnswer,
} from "./shape.ts";

/** What the interface stands on. */
export interface CompletionParts {
  by: string;
  workplace: Pick<Workplace, "programs" | "processes">;
  door: Door;
  models: ModelDesk;
  raw: Raw;
}

const jsonOf = (schema: z.ZodType) => ({ "application/json": { schema } });

const refusals = Object.fromEntries(
  [400, 401, 403, 404, 409, 413, 415, 423, 429, 431, 500, 502, 503, 507].map((status) => [
    status,
    { description: "An error, in OpenAI's form.", content: jsonOf(openAiErrorSchema) },
  ]),
);

/** Adds the routes. */
export function addCompletions(app: OpenAPIHono, parts: CompletionParts): void {
  const security = [{ bearer: [] }];
  app.openapi(
    createRoute({
      ...{ method: "get", path: "/v1/models", summary: "Models, programs and living entities.", security },
      responses: {
        200: {
          description: "The list.",
          content: jsonOf(z.strictObject({ object: z.literal("list"), data: z.array(modelSchema) })),
        },
        ...refusals,
      },
    }) as never,
    (async (context: Context) => context.json({ object: "list", data: await toModels(parts) })) as never,
  );
  app.openAPIRegistry.registerPath({
    ...{ method: "get", path: "/v1/models/{id}", summary: "One of them; its id may hold a slash.", security },
    request: { params: z.object({ id: z.string().min(1).max(200) }) },
    responses: { 200: { description: "It.", content: jsonOf(modelSchema) }, ...refusals },
  });
  app.get("/v1/models/:id{.+}", async (context) => {
    const id = context.req.param("id");
    const model = (await toModels(parts)).find((one) => one.id === id);
    return model ? context.json(model) : toErrorAnswer(noModel(id));
  });
  app.openAPIRegistry.registerPath({
    ...{
      method: "post",
      path: "/v1/chat/completions",
      summary: "A completion, streamed or whole.",
      security,
    },
    request: { body: { required: true, content: jsonOf(chatSchema) } },
    responses: {
      200: {
        description: "The completion; with `stream` as server-sent events.",
        content: {
          ...jsonOf(completionSchema),
          "text/event-stream": { schema: { type: "string" } },
        },
      },
      ...refusals,
    },
  });
  app.post("/v1/chat/completions", (context) => complete(parts, context));
}

async function toModels({ models, workplace }: CompletionParts) {
  const row = (id: string, created = 0) => ({
    ...{ id, object: "model" as const, created: Math.floor(created / 1_000), owned_by: "hum" },
  });
  const here = (await models.list()).filter((model) => model.here).sort((a, b) => +b.used - +a.used);
  return [
    ...here.map((model) => row(`model/${model.id}`)),
    ...workplace
      .programs()
      .filter((program) => program.wrong === null)
      .map((program) => row(`hum/${program.name}`)),
    ...workplace
      .processes({ ended: false })
      .filter((process) => !process.ended)
      .map((process) => row(`hum/pid-${process.pid}`, process.spawnedAt)),
  ];
}

async function complete(parts: CompletionParts, context: Context): Promise<Response> {
  const read = chatSchema.safeParse(await readJson(context));
  if (!read.success) return toErrorAnswer(toBadParam(read.error));
  const request = read.data;
  try {
    // A client that goes away ends the completion, not the entity.
    const gone = new AbortController();
    const signal = AbortSignal.any([context.req.raw.signal, gone.signal]);
    const { pieces, headers } = await toPieces(parts, request, signal);
    if (!request.stream) return await toAnswer(pieces, { request, headers });
    const { keepAliveMs } = httpLimits;
    return await toStream(pieces, { request, headers, keepAliveMs, onGone: () => gone.abort() });
  } catch (error) {
    return toErrorAnswer(fromHumError(error));
  }
}

const readJson = (context: Context): Promise<unknown> => context.req.json().catch(() => undefined);

async function toPieces(
  parts: CompletionParts,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<{ pieces: AsyncIterable<Piece>; headers: Record<string, string> }> {
  const { door, by, models } = parts;
  const [, kind, name = ""] = /^(model|hum)\/(.+)$/s.exec(request.model) ?? [];
  if (kind === "model") {
    const known = (await models.list()).some((model) => model.id === name);
    if (!known) throw new HumError("not-found", `There is no model ${request.model}.`);
    return { pieces: parts.raw(name, request, signal), headers: {} };
  }
  if (kind !== "hum") throw new HumError("not-found", unknownName(request.model));
  const pid = /^pid-(\d{1,9})$/.exec(name)?.[1];
  if (pid === undefined && !parts.workplace.programs().some((program) => program.name === name))
    throw new HumError("not-found", unknownName(request.model));
  const followed =
    pid === undefined
      ? await startEntity(door, name, { request, by })
      : await sayToEntity(door, Number(pid), { request, by });
  return { pieces: followEntity(door, followed, signal), headers: { "x-hum-pid": String(followed.pid) } };
}

const unknownName = (model: string): string =>
  `There is no model ${model}. GET /v1/models lists them: model/ID, hum/PROGRAM, hum/pid-N.`;

const noModel = (id: string): OpenAiError => ({
  ...{ status: 404, type: "invalid_request_error", code: "model_not_found", param: "model" },
  message: unknownName(id),
});

function fromHumError(error: unknown): OpenAiError {
  const wrong = { type: "invalid_request_error" as const, param: null };
  if (!HumError.is(error))
    return { status: 500, type: "server_error", code: "bug", param: null, message: toMessage(error) };
  const { message } = error;
  switch (error.code) {
    case "not-found":
      return { ...wrong, status: 404, code: "model_not_found", message, param: "model" };
    case "bad-input":
      return { ...wrong, status: 400, code: null, message };
    case "denied":
      return { ...wrong, status: 403, code: "denied", message };
    case "conflict":
      return { ...wrong, status: 409, code: "conflict", message };
    default:
      return { status: 503, type: "server_error", code: error.code, message, param: null };
  }
}
