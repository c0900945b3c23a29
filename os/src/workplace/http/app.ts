// All routes of the server as one Hono app, in the order in which a request meets them: the token, the size and kind of
// its body, its idempotency key, its route. What is no route is the page. The head of a request (guard.ts) was looked at
// before it comes here.

import type { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Blobs } from "../../device/blobs.ts";
import type { Journal } from "../../journal/journal.ts";
import { httpLimits } from "../../limits.ts";
import { version } from "../../version.ts";
import type { Workplace } from "../api.ts";
import type { Door } from "../door.ts";
import { toSafeHeaders } from "./guard.ts";
import { type Keys, type KeyUse, keepAnswers } from "./keys.ts";
import { toLlmsText } from "./llms.ts";
import type { ModelDesk } from "./model-desk.ts";
import type { Raw } from "./openai/raw.ts";
import { addCompletions } from "./openai/routes.ts";
import { addMethodRefusals, addRoutes, createApp, type Route, refusalAt } from "./route.ts";
import { toFileRoutes } from "./routes-files.ts";
import { toHouseRoutes } from "./routes-house.ts";
import { toMemoryRoutes } from "./routes-memory.ts";
import { toSensesRoutes } from "./routes-senses.ts";
import { toTalkRoutes } from "./routes-talk.ts";
import { toWorkRoutes } from "./routes-work.ts";
import type { Bundle } from "./static.ts";
import { fromAuthorization, type TokenCheck } from "./token.ts";

/** What the app is made from. */
export interface AppParts {
  home: string;
  /** The person of this machine: whoever has the token acts for them. */
  by: string;
  workplace: Workplace;
  door: Door;
  blobs: Blobs;
  models: ModelDesk;
  /** Completions of models themselves. */
  raw: Raw;
  journal: Pick<Journal, "read">;
  /** Seq of the last record. */
  head(): number;
  keys: Keys;
  tokens: TokenCheck;
  bundle: Bundle;
  /** The settings of the senses were changed. */
  onSenses?(): void;
  /** More protocols at paths of their own, behind the same token. */
  mounts?: readonly Mount[];
}

/** A protocol at a path of its own, e.g. `/mcp`. */
export interface Mount {
  path: string;
  fetch(request: Request): Response | Promise<Response>;
}

const base = "/api/v1";

/** Makes the app. */
export function toApp(parts: AppParts): OpenAPIHono {
  const { tokens } = parts;
  const app = createApp();
  const routes = [
    ...toTalkRoutes(parts.workplace),
    ...toFileRoutes({ ...parts, protect: [parts.home] }),
    ...toWorkRoutes(parts),
    ...toMemoryRoutes(parts),
    ...toHouseRoutes(parts),
    ...toSensesRoutes(parts),
  ];
  app.use("*", setSafeHeaders);
  for (const path of ["/api/*", "/v1/*", ...(parts.mounts ?? []).flatMap(({ path }) => [path, `${path}/*`])])
    app.use(path, checkToken(tokens));
  for (const path of [`${base}/*`, "/v1/*"]) app.use(path, checkBody);
  app.use(`${base}/*`, keepAnswers(parts.keys, toKeyUse(routes)));
  addRoutes(app, base, { routes, by: parts.by });
  addCompletions(app, parts);
  for (const mount of parts.mounts ?? []) {
    app.all(mount.path, ({ req }) => mount.fetch(req.raw));
    app.all(`${mount.path}/*`, ({ req }) => mount.fetch(req.raw));
  }
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Hum",
      version,
      description: "The workplace of one machine. The token stands in HUM_HOME/token.",
    },
  });
  app.get("/openapi.json", (context) => context.json(document));
  app.get("/llms.txt", (context) => context.text(toLlmsText()));
  addMethodRefusals(app);
  app.get("*", (context, next) => {
    const path = new URL(context.req.url).pathname;
    if (/^\/(api|v1|mcp)(\/|$)/.test(path)) return next();
    return parts.bundle.get(path, context.req.header("accept-encoding")) ?? next();
  });
  return app;
}

const setSafeHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(toSafeHeaders(context.req.header("host") ?? "")))
    context.res.headers.set(name, value);
  if (!context.res.headers.has("cache-control")) context.res.headers.set("cache-control", "no-store");
};

const checkToken = (tokens: TokenCheck): MiddlewareHandler =>
  async function checkTokenOf(context, next) {
    const verdict = tokens.check(fromAuthorization(context.req.header("authorization")));
    if (verdict === "ok") return next();
    if (verdict === "limited")
      return refusalAt(context.req.path, 429, {
        code: "denied",
        message: "Too many wrong tokens. Wait a minute.",
        headers: { "retry-after": String(Math.ceil(httpLimits.wrongTokensMs / 1_000)), connection: "close" },
      });
    return refusalAt(context.req.path, 401, {
      code: "denied",
      message:
        "The token is missing or wrong. `hum open` shows the address with the token; a program sends it as `Authorization: Bearer TOKEN`.",
      headers: { "www-authenticate": 'Bearer realm="hum"' },
    });
  };

const isFile = (path: string): boolean => path.endsWith("/files/content");

const limitOf = (bytes: number) =>
  bodyLimit({
    maxSize: bytes,
    onError: (context) =>
      refusalAt(context.req.path, 413, {
        code: "bad-input",
        message: `The body is larger than ${bytes / 1024 / 1024} MiB.`,
        headers: { connection: "close" },
      }),
  });
const limitJson = limitOf(httpLimits.jsonBytes);
const limitFile = limitOf(httpLimits.fileBytes);

const checkBody: MiddlewareHandler = (context, next) => {
  const { req } = context;
  const length = req.header("content-length");
  const inPieces = req.header("transfer-encoding") !== undefined;
  const hasBody = (length !== undefined && length !== "0") || inPieces;
  // The limit reads a body without a length and makes the request anew, which the server's own kind of request cannot be.
  if (!hasBody) return next();
  if (inPieces) {
    const { method, headers, body, signal } = req.raw;
    const whole: RequestInit & { duplex: "half" } = { method, headers, body, signal, duplex: "half" };
    req.raw = new Request(req.url, whole);
  }
  if (isFile(req.path)) return limitFile(context, next);
  const type = req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json")
    return Promise.resolve(
      refusalAt(req.path, 415, {
        code: "bad-input",
        message: "The body must be JSON, with Content-Type application/json.",
      }),
    );
  return limitJson(context, next);
};

/** Which requests have an effect, and which of them must not be repeated when nobody knows whether the first had it. */
function toKeyUse(routes: readonly Route[]): (method: string, path: string) => KeyUse {
  const changing = routes
    .filter((route) => route.method !== "get")
    .map((route) => ({
      method: route.method.toUpperCase(),
      path: new RegExp(`^${base}${route.path.replace(/\{\w+\}/g, "[^/]+")}$`),
      use: route.once ? ("once" as const) : ("again" as const),
    }));
  return (method, path) =>
    changing.find((route) => route.method === method && route.path.test(path))?.use ?? "none";
}
