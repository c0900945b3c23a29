// The shapes of OpenAI's chat interface: what is taken, what is answered, and errors in its form. Parameters that would
// change the meaning of an answer and are not done here are refused; those that only tune it are read over.

import { z } from "@hono/zod-openapi";
import { httpLimits } from "../../../limits.ts";

const textPart = z.object({ type: z.literal("text"), text: z.string() });

const message = z.object({
  role: z.enum(["system", "developer", "user", "assistant"]),
  content: z.union([z.string(), z.array(textPart)]),
});

/** A request for a completion. */
export const chatSchema = z
  .object({
    model: z.string().min(1).max(200),
    messages: z.array(message).min(1).max(1_000),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    seed: z.int().nullish(),
    max_tokens: z.int().min(1).nullish(),
    max_completion_tokens: z.int().min(1).nullish(),
    stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
    n: z.literal(1).nullish(),
    tools: z.array(z.unknown()).max(0).nullish(),
    functions: z.array(z.unknown()).max(0).nullish(),
    logprobs: z.literal(false).nullish(),
    response_format: z.object({ type: z.literal("text") }).nullish(),
  })
  .openapi("ChatRequest");

/** A checked request. */
export type ChatRequest = z.output<typeof chatSchema>;

/** Says why a parameter is refused, where the schema's own words would not tell. */
const refusedParams: Record<string, string> = {
  tools:
    "Tools of the client are not called: entities have their own. Leave `tools` out, or use a `hum/` model.",
  functions: "Functions of the client are not called: entities have their own. Leave `functions` out.",
  n: "One choice is made for each request: leave `n` out.",
  logprobs: "Probabilities of tokens are not told: leave `logprobs` out.",
  response_format: "Answers are plain text: leave `response_format` out.",
};

/** What is wrong with a request. */
export function toBadParam(error: z.ZodError): OpenAiError {
  const [issue] = error.issues;
  const param = issue?.path.join(".") ?? "";
  const known = refusedParams[String(issue?.path[0] ?? "")];
  return {
    status: 400,
    type: "invalid_request_error",
    code: known ? "unsupported_parameter" : null,
    message: known ?? `The request is wrong (${param || "body"}): ${issue?.message ?? "it does not fit"}.`,
    param: param === "" ? null : param,
  };
}

/** An error before it takes its form. */
export interface OpenAiError {
  status: number;
  type: "invalid_request_error" | "authentication_error" | "rate_limit_error" | "server_error";
  code: string | null;
  message: string;
  param: string | null;
}

/** The form of an error. */
export const openAiErrorSchema = z
  .strictObject({
    error: z.strictObject({
      message: z.string(),
      type: z.string(),
      param: z.string().nullable(),
      code: z.string().nullable(),
    }),
  })
  .openapi("OpenAiError");

/** The body of an error. */
export const toErrorBody = ({ message, type, param, code }: OpenAiError) => ({
  error: { message, type, param, code },
});

/** An error as an answer. */
export const toErrorAnswer = (error: OpenAiError): Response =>
  Response.json(toErrorBody(error), { status: error.status });

const usageSchema = z.strictObject({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  prompt_tokens_details: z.strictObject({ cached_tokens: z.int() }),
});

/** A whole completion. */
export const completionSchema = z
  .strictObject({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: z.int(),
    model: z.string(),
    choices: z.array(
      z.strictObject({
        index: z.literal(0),
        message: z.strictObject({
          role: z.literal("assistant"),
          content: z.string(),
          refusal: z.null(),
          reasoning_content: z.string().optional(),
        }),
        logprobs: z.null(),
        finish_reason: z.enum(["stop", "length"]),
      }),
    ),
    usage: usageSchema,
  })
  .openapi("ChatCompletion");

/** A model of the list. */
export const modelSchema = z
  .strictObject({
    id: z.string(),
    object: z.literal("model"),
    created: z.int(),
    owned_by: z.string(),
  })
  .openapi("OpenAiModel");

/** Tokens as OpenAI counts them. */
export interface Tokens {
  input: number;
  cached: number;
  output: number;
}

/** Tokens in its form. */
export const toUsage = ({ input, cached, output }: Tokens): z.output<typeof usageSchema> => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached },
});

/** What a completion yields, from a model or an entity. The last is `end` or `error`. */
export type Piece =
  | { kind: "text"; text: string }
  /** What is thought or tried on the way; clients show it apart, or not at all. */
  | { kind: "thought"; text: string }
  | { kind: "end"; reason: "stop" | "length"; tokens: Tokens }
  | { kind: "error"; error: OpenAiError };

/** The text of a message. */
export const textOf = (content: ChatRequest["messages"][number]["content"]): string =>
  typeof content === "string" ? content : content.map((part) => part.text).join("\n");

/** Stop texts of a request. */
export const stopsOf = ({ stop }: ChatRequest): string[] =>
  (typeof stop === "string" ? [stop] : (stop ?? [])).filter((text) => text !== "");

/** Most tokens of an answer. */
export const mostTokensOf = (request: ChatRequest, fallback: number = httpLimits.completionTokens): number =>
  request.max_completion_tokens ?? request.max_tokens ?? fallback;
