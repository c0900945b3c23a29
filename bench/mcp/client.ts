// The client side of the conformance suite, on Hum's own connection (os/src/device/mcp/connection.ts):
//
//   conformance client --command "node bench/mcp/client.ts" --requirements 2026-07-28
//
// The suite names the scenario in the environment and gives the address as the last argument. Hum offers a server no
// sampling and no questions; where a scenario needs a client that does, they are added here.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client, ClientOptions, OAuthClientProvider } from "@modelcontextprotocol/client";
import { type Connection, type ConnectOptions, connectMcp } from "../../os/src/device/mcp/connection.ts";
import { type Definition, toDefinition } from "../../os/src/device/mcp/definition.ts";
import { createLoginProvider, toLoginFile } from "../../os/src/device/mcp/login.ts";

const url = process.argv.at(-1) as string;
const scenario = process.env.MCP_CONFORMANCE_SCENARIO ?? "";
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}") as {
  client_id?: string;
  client_secret?: string;
  toolCalls?: { name: string; arguments: Record<string, unknown> }[];
};
const home = mkdtempSync(join(tmpdir(), "hum-conformance-"));
const signal = AbortSignal.timeout(110_000);
const isAuth = scenario.startsWith("auth/");

/** A login whose browser says yes at once. */
function createBrowser(): NonNullable<ConnectOptions["login"]> {
  let answer = new URLSearchParams();
  const provider: OAuthClientProvider = createLoginProvider({
    name: "suite",
    file: toLoginFile(home),
    redirectUrl: "http://127.0.0.1:3000/callback",
    clientMetadataUrl: "https://conformance-test.local/client-metadata.json",
    async show(address) {
      const response = await fetch(address, { redirect: "manual" });
      answer = new URL(response.headers.get("location") ?? "", address).searchParams;
    },
  });
  if (context.client_id !== undefined)
    provider.clientInformation = async () => ({
      client_id: context.client_id as string,
      ...(context.client_secret === undefined ? {} : { client_secret: context.client_secret }),
    });
  return { provider, answer: async () => answer };
}

/** More than Hum's own client offers, for the scenarios that ask for it. */
const more: Record<string, { client: ClientOptions; prepare(client: Client): void }> = {
  "elicitation-sep1034-client-defaults": {
    client: { capabilities: { elicitation: { form: { applyDefaults: true } } } },
    prepare: (client) =>
      client.setRequestHandler("elicitation/create", () => ({ action: "accept", content: {} })),
  },
  "sep-2322-client-request-state": {
    client: { capabilities: { elicitation: { form: {} } }, inputRequired: { autoFulfill: true } },
    prepare: (client) =>
      client.setRequestHandler("elicitation/create", () => ({
        action: "accept",
        content: { confirmed: true },
      })),
  },
  "request-metadata": {
    client: { capabilities: { elicitation: {}, sampling: {}, roots: {} } },
    prepare: () => {},
  },
};

/** Arguments that fit the first words of a schema. */
function toArguments({ inputSchema }: Definition): Record<string, unknown> {
  const properties = (inputSchema.properties ?? {}) as Record<string, { type?: string }>;
  const needed = (inputSchema.required ?? []) as string[];
  const values: Record<string, unknown> = {
    number: 2,
    integer: 2,
    boolean: true,
    string: "text",
    object: {},
    array: [],
  };
  return Object.fromEntries(needed.map((name) => [name, values[properties[name]?.type ?? "string"]]));
}

async function play(connection: Connection): Promise<void> {
  const tools = (await connection.list(signal)).map(toDefinition).filter((tool) => !("why" in tool));
  // A call that fails is no reason not to make the next one.
  const call = (definition: Definition, args: Record<string, unknown>) =>
    connection
      .call(definition, args, { key: `${scenario}.${definition.name}`, signal, ms: 100_000 })
      .catch((error: Error) => console.error(`${definition.name}: ${error.message}`));
  if (scenario === "json-schema-2020-12-preservation") {
    const [focal, echo] = tools as Definition[];
    await call(echo as Definition, { schema: focal?.inputSchema });
    return;
  }
  const planned = context.toolCalls;
  if (planned)
    for (const { name, arguments: args } of planned)
      await call(tools.find((tool) => (tool as Definition).name === name) as Definition, args);
  else for (const tool of tools as Definition[]) await call(tool, toArguments(tool));
}

const legacy = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION !== "2026-07-28";
try {
  const at = { url, keyEnv: null, login: isAuth };
  const connection = await connectMcp(
    { name: "suite", at, era: legacy ? "legacy" : null },
    { home, sandbox: null, signal, ...(isAuth ? { login: createBrowser() } : {}), ...more[scenario] },
  );
  await play(connection);
  await connection.close();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}
