// Hum's MCP server with the fixtures of the conformance suite, on 127.0.0.1, for a run of that suite:
//
//   node bench/mcp/server.ts [port]        prints its address
//
// The machine behind it is a real one in a home that is gone afterwards; its model is scripted, because the suite gives
// no task.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { localhostHostValidation, localhostOriginValidation } from "@modelcontextprotocol/hono";
import { createRequestStateCodec, type McpServer, type ServerNotifier } from "@modelcontextprotocol/server";
import { Hono } from "hono";
import { createScripted } from "../../os/src/model/scripted.ts";
import { startHum } from "../../os/src/start.ts";
import { createHub } from "../../os/src/workplace/hub.ts";
import { createLocalDoor } from "../../os/src/workplace/local-door.ts";
import { toHttpHandler } from "../../os/src/workplace/mcp/http.ts";
import { createHumServers } from "../../os/src/workplace/mcp/server.ts";
import { addAsking } from "./asking.ts";
import { addPlain } from "./fixtures.ts";

const home = mkdtempSync(join(tmpdir(), "hum-conformance-"));
const hum = await startHum({ home, openModel: async () => createScripted(() => "```done\nDone.\n```") });
const door = createLocalDoor({
  hum,
  hub: createHub(hum),
  machine: { pid: process.pid, kind: "daemon", since: Date.now() },
  onStop: () => {},
  close: async () => {},
});
const codec = createRequestStateCodec<unknown>({ key: randomBytes(32) });
const humServers = createHumServers({
  station: door,
  person: "kim",
  programs: () => [{ name: "worker", description: "Does everyday work." }],
  codec: codec as never,
});
let notify: () => ServerNotifier;
const handler = toHttpHandler(async (context) => {
  const server = (await humServers(context)) as McpServer;
  addPlain(server, () => notify());
  addAsking(server, codec);
  return server;
});
notify = () => handler.notify;

const app = new Hono();
app.use("*", localhostHostValidation(), localhostOriginValidation());
app.all("/mcp", (context) => handler.fetch(context.req.raw));
const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.argv[2] ?? 0) }, (at) =>
  console.log(`http://127.0.0.1:${at.port}/mcp`),
);
const stop = async () => {
  server.close();
  await handler.close();
  await hum.stop();
  rmSync(home, { recursive: true, force: true });
  process.exit(0);
};
process.on("SIGINT", stop).on("SIGTERM", stop);
