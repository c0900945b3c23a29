// The fake server: the routes and the stream of os/src/workplace/api.ts over a World (fake/world.ts), with the headers of
// the real one, and the built page. For tests and for development without a machine:
//
//   node web/test/fake-server.ts            prints the address; with colleagues that answer after a moment
//   HUM_URL=http://127.0.0.1:PORT npx vite web

import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { WebSocketServer } from "ws";
import type { StreamEvent } from "../../os/src/workplace/api.ts";
import { toFakeRoutes } from "./fake/routes.ts";
import type { World } from "./fake/world.ts";

/** A fake server at work. */
export interface FakeServer {
  port: number;
  /** Address with the token in the fragment. */
  url: string;
  world: World;
  /** Closes all connections, as a server that was killed does; it takes no more until `revive`. */
  kill(): Promise<void>;
  revive(): Promise<void>;
  close(): Promise<void>;
  /** How many requests came, by `METHOD path`. */
  requests: string[];
}

const token = "fake-token";
const dist = join(import.meta.dirname, "..", "dist");
const types: Record<string, string> = {
  ...{
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
  },
  ...{ ".css": "text/css; charset=utf-8", ".json": "application/json", ".woff2": "font/woff2" },
};

const toPolicy = (port: number): string =>
  [
    ...[
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
    ],
    ...["media-src 'self' blob:", "worker-src 'self'", `connect-src 'self' ws://127.0.0.1:${port}`],
    ...[
      "frame-ancestors 'none'",
      "form-action 'none'",
      "base-uri 'none'",
      "require-trusted-types-for 'script'",
    ],
  ].join("; ");

/** Starts a fake server on a free port of 127.0.0.1. */
export async function startFakeServer(world: World): Promise<FakeServer> {
  const requests: string[] = [];
  const app = new Hono();
  app.use("/api/*", async (context, next) => {
    requests.push(`${context.req.method} ${context.req.path}`);
    if (context.req.header("authorization") === `Bearer ${token}`) return next();
    return context.json(
      { error: { code: "denied", message: "The token is missing or wrong.", data: {} } },
      401,
    );
  });
  toFakeRoutes(app, world);
  const handle = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/api/")) void handle(request, response);
    else sendFile(request.url ?? "/", response, port);
  });
  server.on("upgrade", (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (tab) => {
      tab.once("message", (data) => {
        const hello = JSON.parse(String(data)) as { token: string; since: number };
        if (hello.token !== token) return tab.close(4401);
        const send = (event: StreamEvent) => tab.send(JSON.stringify(event));
        send({ type: "welcome", seq: world.seq, version: "0.1.0" });
        for (const event of world.events) if ("seq" in event && event.seq > hello.since) send(event);
        send({ type: "caught-up", seq: world.seq });
        world.listeners.add(send);
        tab.on("close", () => world.listeners.delete(send));
      });
    });
  });
  const listen = (at: number) =>
    new Promise<void>((resolve) => server.listen(at, "127.0.0.1", () => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      for (const tab of sockets.clients) tab.terminate();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    ...{ port, world, requests, url: `http://127.0.0.1:${port}/#token=${token}` },
    kill: stop,
    revive: () => listen(port),
    close: () => (server.listening ? stop() : Promise.resolve()),
  };
}

function sendFile(url: string, response: ServerResponse, port: number): void {
  const path = normalize(new URL(url, "http://x").pathname).replace(/^\/+/, "") || "index.html";
  const file = join(dist, path);
  if (!file.startsWith(dist) || !existsSync(file)) return void response.writeHead(404).end();
  response.writeHead(200, {
    "content-type": types[extname(file)] ?? "application/octet-stream",
    "content-security-policy": toPolicy(port),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
  if (extname(file) === ".html") response.end(readFileSync(file));
  else createReadStream(file).pipe(response);
}

if (import.meta.main) {
  const { tellStory } = await import("./fake/story.ts");
  const { answerAll } = await import("./fake/answer.ts");
  const world = tellStory({ many: 100_000 });
  answerAll(world);
  const { url } = await startFakeServer(world);
  console.log(url);
}
