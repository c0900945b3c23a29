// Hum as an MCP server: one server object for each connection or request, all on the same station. Nothing is kept in it,
// so a client may come and go; what goes on goes on in Hum.
//
//   tools      ask_<program>  list_processes  process  send  stop  search
//   resources  hum://process/{pid}   hum://process/{pid}/page/{page}
//   prompts    one for each program

import { randomBytes } from "node:crypto";
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  McpServer,
  type McpServerFactory,
  type RequestStateCodec,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { toSeen } from "../../device/mcp/text.ts";
import { HumError } from "../../error.ts";
import { mcpServerLimits } from "../../limits.ts";
import { toUntrusted } from "../../memory/label.ts";
import { version } from "../../version.ts";
import { type AskState, addAsk } from "./ask.ts";
import type { Station, StationProgram } from "./station.ts";
import { addTools } from "./tools.ts";

/** What the server stands on. */
export interface HumServerOptions {
  station: Station;
  /** The person for whom clients act. */
  person: string;
  /** Asked for each connection, so that a program that was written since is there. */
  programs(): readonly StationProgram[];
  /** Signs what is carried through clients; one with a key of its own unless told. */
  codec?: RequestStateCodec<AskState>;
  /** Aborts when Hum itself stops: that a client goes then is not its wish. */
  ending?: AbortSignal;
}

const instructions =
  "Hum does digital work with files by entities: processes that a language model runs. ask_<program> gives a task to a new one and returns its answer; a task may take minutes. Effects that nobody granted wait for the person, who answers in Hum, not here.";

/** Makes the factory of servers; the SDK serves what it makes over HTTP or standard input and output. */
export function createHumServers(options: HumServerOptions): McpServerFactory {
  const { station, person, ending = new AbortController().signal } = options;
  const codec = options.codec ?? createCodec();
  return () => {
    const server = new McpServer(
      { name: "hum", title: "Hum", version },
      {
        instructions,
        requestState: { verify: codec.verify },
        maxToolInputElements: 1_000,
        capabilities: { tools: {}, resources: {}, prompts: {} },
      },
    );
    const asks = (context: ServerContext) => ({ form: canAsk(server, context) });
    const labelOf = (context: ServerContext) => toUntrusted(`mcp-client:${nameOf(server, context)}`);
    const programs = options.programs();
    for (const program of programs)
      addAsk(server, { station, person, codec, asks, labelOf, ending }, program);
    addTools(server, { station, person, labelOf });
    addResources(server, station);
    addPrompts(server, programs);
    return server;
  };
}

function createCodec(): RequestStateCodec<AskState> {
  return createRequestStateCodec<AskState>({
    key: randomBytes(32),
    ttlSeconds: mcpServerLimits.stateSeconds,
    bind: (context) => `${context.mcpReq.method}\0${context.http?.authInfo?.clientId ?? ""}`,
  });
}

/** What a client calls itself, as a plain word. */
function nameOf(server: McpServer, context: ServerContext): string {
  const envelope = context.mcpReq.envelope as Record<string, { name?: unknown } | undefined> | undefined;
  const info = envelope?.[CLIENT_INFO_META_KEY] ?? server.server.getClientVersion();
  const name = typeof info?.name === "string" ? info.name.replaceAll(/[^\w.-]+/g, "-").slice(0, 40) : "";
  return name === "" ? "unnamed" : name;
}

/** Whether a client can put a form to its user. */
function canAsk(server: McpServer, context: ServerContext): boolean {
  const envelope = context.mcpReq.envelope as Record<string, ClientCapabilities | undefined> | undefined;
  const capabilities = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
  const { elicitation } = capabilities ?? {};
  if (elicitation === undefined) return false;
  // An empty capability means forms, as in the first version of the protocol that had it.
  return elicitation.form !== undefined || elicitation.url === undefined;
}

function addResources(server: McpServer, station: Station): void {
  const miss = async <T>(uri: URL, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (HumError.is(error, "not-found")) throw new ResourceNotFoundError(uri.href);
      throw error;
    }
  };
  server.registerResource(
    "process",
    new ResourceTemplate("hum://process/{pid}", {
      async list() {
        const { entities } = await station.look();
        const living = entities.filter((row) => row.state !== "ended").slice(-mcpServerLimits.rows);
        return {
          resources: living.map(({ pid, name }) => ({
            uri: `hum://process/${pid}`,
            name: `${name} (pid ${pid})`,
            mimeType: "application/json",
          })),
        };
      },
    }),
    {
      title: "An entity",
      description: "How an entity stands, with the table of its pages.",
      mimeType: "application/json",
    },
    (uri, { pid }) =>
      miss(uri, async () => {
        const entity = await station.entity(toNumber(pid, uri));
        const { pages, recent: _recent, heard: _heard, ...rest } = entity;
        const text = JSON.stringify({ ...rest, pages }, null, 2);
        return { contents: [{ uri: uri.href, mimeType: "application/json", text }] };
      }),
  );
  server.registerResource(
    "page",
    new ResourceTemplate("hum://process/{pid}/page/{page}", { list: undefined }),
    {
      title: "A page",
      description: "One page of the window of an entity, also one that left it.",
      mimeType: "text/plain",
    },
    (uri, { pid, page }) =>
      miss(uri, async () => {
        const [number, id] = [toNumber(pid, uri), toNumber(page, uri)];
        const text = await station.pageText(number, id);
        if (text === null) throw new ResourceNotFoundError(uri.href);
        const label = (await station.entity(number)).pages.find((one) => one.id === id)?.label;
        return {
          contents: [
            {
              uri: uri.href,
              mimeType: "text/plain",
              text: toSeen(text),
              ...(label ? { _meta: { "hum/label": { ...label } } } : {}),
            },
          ],
        };
      }),
  );
}

function toNumber(text: string | string[] | undefined, uri: URL): number {
  if (typeof text !== "string" || !/^[1-9]\d{0,9}$/.test(text)) throw new ResourceNotFoundError(uri.href);
  return Number(text);
}

function addPrompts(server: McpServer, programs: readonly StationProgram[]): void {
  for (const { name, description } of programs)
    server.registerPrompt(
      name,
      {
        title: `Hand a task to ${name}`,
        description,
        argsSchema: z.object({
          task: z.string().describe("what is to be done"),
          folder: z.string().optional(),
        }),
      },
      ({ task, folder }) => {
        const where = folder ? `, with the folder ${folder}` : "";
        const text = `Hand this task to Hum with the tool ask_${name}${where}, wait for its answer, and tell me what came of it:\n\n${task}`;
        return { messages: [{ role: "user", content: { type: "text", text } }] };
      },
    );
}
