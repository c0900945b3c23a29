// Logging in to a server over HTTP: an authorization server and an MCP server that are played in this process, and a browser
// that says yes at once.

import assert from "node:assert/strict";
import { mkdir, stat } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { keepServer } from "../src/device/mcp/config.ts";
import { openLogin } from "../src/device/mcp/login.ts";
import { surveyServer, toPinned } from "../src/device/mcp/survey.ts";
import { openMcpHome } from "./fixtures/mcp-kit.ts";

/** Plays both servers; only the tokens in `valid` are let in. */
async function playServers() {
  const valid = new Set<string>();
  const seen = { registered: 0, authorized: 0, tokens: 0 };
  const handle = toNodeHandler(
    createMcpHandler(() => {
      const mcp = new McpServer({ name: "locked", version: "1" });
      mcp.registerTool("tell", { description: "Tells something." }, async () => ({
        content: [{ type: "text", text: "the secret" }],
      }));
      return mcp;
    }),
  );
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", base());
    const json = (value: object, status = 200) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (url.pathname === "/mcp") {
      if (valid.has(request.headers.authorization?.replace("Bearer ", "") ?? ""))
        return void handle(request as Parameters<typeof handle>[0], response);
      const where = `Bearer resource_metadata="${base()}/.well-known/oauth-protected-resource/mcp"`;
      return void response.writeHead(401, { "www-authenticate": where }).end();
    }
    if (url.pathname.startsWith("/.well-known/oauth-protected-resource"))
      return json({ resource: `${base()}/mcp`, authorization_servers: [base()] });
    if (url.pathname.startsWith("/.well-known/oauth-authorization-server"))
      return json({
        ...{
          issuer: base(),
          authorization_endpoint: `${base()}/authorize`,
          token_endpoint: `${base()}/token`,
        },
        ...{ registration_endpoint: `${base()}/register`, response_types_supported: ["code"] },
        ...{ code_challenge_methods_supported: ["S256"], token_endpoint_auth_methods_supported: ["none"] },
      });
    if (url.pathname === "/register") {
      seen.registered += 1;
      return json({ ...JSON.parse(await readBody(request)), client_id: `client-${seen.registered}` }, 201);
    }
    if (url.pathname === "/authorize") {
      seen.authorized += 1;
      const back = new URL(url.searchParams.get("redirect_uri") as string);
      back.searchParams.set("code", "the-code");
      back.searchParams.set("state", url.searchParams.get("state") ?? "");
      return void response.writeHead(302, { location: back.href }).end();
    }
    if (url.pathname === "/token") {
      const body = new URLSearchParams(await readBody(request));
      if (body.get("code") !== "the-code" || !body.get("code_verifier"))
        return json({ error: "invalid_grant" }, 400);
      seen.tokens += 1;
      valid.add(`token-${seen.tokens}`);
      return json({ access_token: `token-${seen.tokens}`, token_type: "Bearer", expires_in: 3_600 });
    }
    response.writeHead(404).end();
  });
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    ...{ valid, seen, url: `${base()}/mcp` },
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}

test("a person logs in once; the machine uses it, and says when a new login is needed", async () => {
  using played = await playServers();
  await using home = await openMcpHome();
  const at = { url: played.url, keyEnv: null, login: true };
  const folder = join(home.home, "mcp", "played");
  await mkdir(folder, { recursive: true });
  const shown: URL[] = [];
  const login = await openLogin("played", folder, (url) => {
    shown.push(url);
    void fetch(url);
  });
  const signal = AbortSignal.timeout(10_000);
  const survey = await surveyServer(
    { name: "played", at },
    { home: home.home, sandbox: null, signal, login },
  );
  login.close();
  assert.deepEqual(
    survey.tools.map((tool) => tool.name),
    ["tell"],
  );
  assert.deepEqual(played.seen, { registered: 1, authorized: 1, tokens: 1 });
  assert.equal(shown[0]?.searchParams.get("code_challenge_method"), "S256");
  assert.equal((await stat(join(folder, "login.json"))).mode & 0o777, 0o600);
  await keepServer(home.home, "played", {
    name: "played",
    at,
    era: survey.era,
    tools: toPinned(survey.tools, {}),
  });
  await home.mcp.reload();
  assert.equal((await home.call("tell")).text, "the secret");
  assert.deepEqual(played.seen, { registered: 1, authorized: 1, tokens: 1 }, "nobody was asked again");
  played.valid.clear();
  await home.mcp.close();
  await using other = await openMcpHome();
  await mkdir(join(other.home, "mcp", "played"), { recursive: true });
  await keepServer(other.home, "played", {
    name: "played",
    at,
    era: survey.era,
    tools: toPinned(survey.tools, {}),
  });
  await other.mcp.reload();
  assert.match((await other.call("tell")).text, /played wants a login: `hum mcp login played`/);
});

test("an answer with another state is not taken", async () => {
  await using home = await openMcpHome();
  const login = await openLogin("played", home.home, () => {});
  const callback = new URL(String(login.provider.redirectUrl));
  callback.searchParams.set("code", "stolen");
  callback.searchParams.set("state", "wrong");
  assert.equal((await fetch(callback)).status, 404);
  await assert.rejects(login.answer!(AbortSignal.abort(new Error("nothing came"))), /nothing came/);
  login.close();
});

test("a server that wants a login, added without one, says so", async () => {
  using played = await playServers();
  await using home = await openMcpHome();
  const at = { url: played.url, keyEnv: null, login: false };
  await assert.rejects(
    surveyServer(
      { name: "played", at },
      { home: home.home, sandbox: null, signal: AbortSignal.timeout(10_000) },
    ),
    /lets nobody in without a login or a key: add it with --login, or with --key-env/,
  );
});
