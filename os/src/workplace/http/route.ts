// How a route is written and registered. A route says what it takes and what it answers as schemas, and does its work in
// `run`, which is given checked values and returns the answer; HTTP itself is dealt with here, once for all of them.
// Every refusal has one form: {error: {code, message, data}}.

import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type ErrorCode, fromSystem, HumError, toMessage } from "../../error.ts";

// JSON and queries know no undefined: what is optional is there or is not.
type Present<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]: Present<Exclude<T[K], undefined>> }
    : T;

/** What a handler is given. */
export interface Call<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  /** The person who acts. */
  by: string;
  /** The Idempotency-Key, null without one. */
  key: string | null;
  context: Context;
}

/** One route. Without `answer` it answers `{}`; a `Response` that `run` returns is sent as it is. */
export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
> {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** In the manner of OpenAPI: `/channels/{id}`. */
  path: string;
  about: string;
  params?: P;
  query?: Q;
  body?: B;
  /** A request may leave the body out. */
  optionalBody?: boolean;
  answer?: A;
  /** A body or an answer that is bytes and not JSON. */
  bytes?: "body" | "answer";
  /** Doing it twice is more than doing it once, so a repetition whose first outcome is unknown is refused. */
  once?: boolean;
  run(
    call: Call<Present<z.output<P>>, Present<z.output<Q>>, Present<z.output<B>>>,
  ): z.output<A> | Promise<z.output<A>> | Promise<Response> | undefined | Promise<void>;
}

/** Checks the types of a route and returns it. */
export function defineRoute<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  A extends z.ZodType,
>(route: Route<P, Q, B, A>): Route {
  return route as unknown as Route;
}

const statusOf: Record<ErrorCode, number> = {
  "bad-input": 400,
  denied: 403,
  "not-found": 404,
  conflict: 409,
  locked: 423,
  "needs-approval": 403,
  interrupted: 503,
  offline: 503,
  "no-model": 503,
  "disk-full": 507,
  damaged: 500,
  bug: 500,
};

/** The form of every refusal. */
export const errorSchema = z
  .strictObject({
    error: z.strictObject({
      code: z.string(),
      message: z.string(),
      data: z.record(z.string(), z.unknown()),
    }),
  })
  .openapi("Error");

/** An answer that tells of an error. */
export function toErrorResponse(thrown: unknown): Response {
  const error = fromSystem(thrown);
  const known = HumError.is(error) ? error : null;
  return refusal(known ? statusOf[known.code] : 500, known?.code ?? "bug", {
    message: known
      ? known.message
      : `Something went wrong inside Hum: ${toMessage(error)}. Please report it; nothing is lost.`,
    data: known?.data ?? {},
  });
}

/** An answer that refuses. */
export function refusal(
  status: number,
  code: string,
  more: { message: string; data?: Record<string, unknown>; headers?: Record<string, string> },
): Response {
  return Response.json(
    { error: { code, message: more.message, data: more.data ?? {} } },
    { status, headers: more.headers ?? {} },
  );
}

/** The same at a path: the OpenAI-compatible one has a form of its own. */
export function refusalAt(
  path: string,
  status: number,
  more: { code: string; message: string; headers?: Record<string, string> },
): Response {
  if (!path.startsWith("/v1/")) return refusal(status, more.code, more);
  const type =
    status === 401 ? "authentication_error" : status === 429 ? "rate_limit_error" : "invalid_request_error";
  const { code, message } = more;
  return Response.json(
    { error: { message, type, param: null, code } },
    { status, headers: more.headers ?? {} },
  );
}

const refusals: Record<number, string> = {
  400: "The request is wrong: the message says what is wrong with it.",
  401: "The token is missing or wrong.",
  403: "It may not be done: from that origin, in that state, or by that person.",
  404: "There is no such thing.",
  409: "It does not fit the present state, or the Idempotency-Key belongs to another request.",
  413: "The body is too large.",
  415: "The body is of another kind than this route takes.",
  423: "Something holds it just now.",
  429: "Too many wrong tokens.",
  431: "The address and the headers together are too large.",
  500: "A bug of Hum.",
  503: "A model or the network is not there just now; try again.",
  507: "The disk is full.",
};

const jsonOf = (schema: z.ZodType) => ({ "application/json": { schema } });
const bytesOf = { "application/octet-stream": { schema: { type: "string", format: "binary" } as const } };

const documented = (bodyless: boolean) =>
  Object.fromEntries(
    Object.entries(refusals)
      .filter(([status]) => !(bodyless && (status === "413" || status === "415")))
      .map(([status, description]) => [status, { description, content: jsonOf(errorSchema) }]),
  );

/** The header that makes a request one that has an effect once. */
export const keyHeader = "idempotency-key";

const keySchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, "must be 1 to 200 visible characters")
  .optional()
  .openapi({ description: "The same key again gives the first answer and has no second effect." });

/** Registers routes below a path, for the person of this machine. */
export function addRoutes(
  app: OpenAPIHono,
  base: string,
  at: { routes: readonly Route[]; by: string },
): void {
  for (const route of at.routes) {
    const changing = route.method !== "get";
    const path = base + route.path;
    const definition = createRoute({
      method: route.method,
      path,
      summary: route.about,
      operationId: toOperationId(route),
      security: [{ bearer: [] }],
      request: {
        ...(route.params ? { params: route.params as never } : {}),
        ...(route.query ? { query: route.query as never } : {}),
        ...(changing ? { headers: z.object({ [keyHeader]: keySchema }) } : {}),
        ...(route.body
          ? { body: { required: route.optionalBody !== true, content: jsonOf(route.body) } }
          : {}),
        ...(route.bytes === "body" ? { body: { required: true, content: bytesOf } } : {}),
      },
      responses: {
        200: {
          description: "Done.",
          content: route.bytes === "answer" ? bytesOf : jsonOf(route.answer ?? z.strictObject({})),
        },
        ...documented(!route.body && route.bytes !== "body"),
      },
    } as never) as ReturnType<typeof createRoute>;
    app.openapi(
      definition as never,
      (async (context: Context) => {
        const valid = (target: string) => context.req.valid(target as never) as never;
        const answer = await route.run({
          params: route.params ? valid("param") : (undefined as never),
          query: route.query ? valid("query") : (undefined as never),
          body: route.body ? valid("json") : (undefined as never),
          by: at.by,
          key: context.req.header(keyHeader) ?? null,
          context,
        });
        return answer instanceof Response ? answer : context.json((answer ?? {}) as object);
      }) as never,
    );
  }
}

const toOperationId = ({ method, path }: Route): string =>
  `${method}${path.replace(/[^a-zA-Z]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`;

/** An app whose refusals have the one form. */
export function createApp(): OpenAPIHono {
  const app = new OpenAPIHono({
    defaultHook(result) {
      if (result.success) return;
      const [issue] = result.error.issues;
      const where = issue?.path.length ? ` (${result.target}: ${issue.path.join(".")})` : "";
      return refusal(400, "bad-input", {
        message: `The request is wrong: ${issue?.message ?? "it does not fit"}${where}.`,
        data: {
          in: result.target,
          issues: result.error.issues.map(({ path, message }) => ({ path, message })),
        },
      }) as never;
    },
  });
  app.onError((error) => toHttpError(error));
  app.notFound(({ req }) =>
    refusalAt(req.path, 404, { code: "not-found", message: `There is nothing at ${req.path}.` }),
  );
  return app;
}

// What Hono itself refuses (JSON that is none) is the client's mistake and no bug.
function toHttpError(error: Error): Response {
  const status = (error as { status?: number }).status;
  if (status !== undefined && status >= 400 && status < 500)
    return refusal(status, "bad-input", { message: `The request is wrong: ${error.message}.` });
  return toErrorResponse(error);
}

/** Answers 405 where a path is known and the method is not. Comes after all routes. */
export function addMethodRefusals(app: OpenAPIHono): void {
  const byPath = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === "ALL" || path.includes("*")) continue;
    byPath.set(path, (byPath.get(path) ?? new Set()).add(method));
  }
  // `/programs/check` before `/programs/:name`, which would take it for a name.
  const plainFirst = [...byPath].sort(([a], [b]) => Number(a.includes(":")) - Number(b.includes(":")));
  for (const [path, methods] of plainFirst) {
    const allow = [...methods].sort().join(", ");
    app.all(path, () =>
      refusalAt(path, 405, {
        code: "bad-input",
        message: `This path takes ${allow} only.`,
        headers: { allow },
      }),
    );
  }
}

export { OpenAPIHono };
