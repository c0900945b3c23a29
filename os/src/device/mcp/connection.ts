// One connection to a foreign server, by the client of the SDK. Hum offers a server nothing of its own: no sampling, no
// questions to the person, no folders. What comes back is data of a stranger, limited in size before it is read.

import {
  type CallToolResult,
  Client,
  type ClientOptions,
  StreamableHTTPClientTransport,
  type Tool,
  type Transport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";
import { HumError, toMessage } from "../../error.ts";
import { mcpLimits } from "../../limits.ts";
import { version } from "../../version.ts";
import type { Sandbox } from "../bubblewrap.ts";
import { isLocal, type McpServer, type RemoteServer } from "./config.ts";
import type { Definition } from "./definition.ts";
import { type Login, useLogin } from "./login.ts";
import { createProcessTransport, type ProcessTransport, toServerFolder } from "./process.ts";
import { uncheckedResults } from "./schema.ts";

/** Where a connection comes from. */
export interface ConnectOptions {
  home: string;
  sandbox: Sandbox | null;
  signal: AbortSignal;
  /** A person who can log in; without one only a login of before is used. */
  login?: Login;
  /** More of the client, and handlers; Hum itself gives a server nothing. */
  client?: ClientOptions;
  prepare?(client: Client): void;
}

/** A server that was greeted. */
export interface Connection {
  era: "modern" | "legacy";
  /** All its tools, as it lists them now. Throws when it does not. */
  list(signal: AbortSignal): Promise<Record<string, unknown>[]>;
  /** Calls a tool. Rejects when the call did not come to a result. */
  call(
    definition: Definition,
    args: Record<string, unknown>,
    how: { key: string; signal: AbortSignal; ms: number },
  ): Promise<CallToolResult>;
  /** Called when it says that its tools changed. */
  onChange(listener: () => void): void;
  /** Why it is gone, null while it is there. */
  ended(): string | null;
  errors(): string;
  close(): Promise<void>;
}

/** Meta key under which a server finds the idempotency key of a call. */
export const keyMeta = "hum/idempotency-key";

/**
 * Greets a server. `era` null finds out which of the two ways it knows: the new one first, and after a failure of a
 * program the old one with a fresh start, because old servers may end at a question they do not know.
 */
export async function connectMcp(
  server: Pick<McpServer, "name" | "at"> & { era: McpServer["era"] | null },
  options: ConnectOptions,
): Promise<Connection> {
  if (server.era !== null) return greet(server, server.era, options);
  try {
    return await greet(server, null, options);
  } catch (error) {
    if (!isLocal(server.at) || options.signal.aborted || HumError.is(error, "denied")) throw error;
    return greet(server, "legacy", options).catch(() => {
      throw error;
    });
  }
}

interface Line {
  client: Client;
  transport: Transport;
  program: ProcessTransport | null;
}

/** Answers to a login that are handed in for one connection; a third wish for one ends it. */
const mostLogins = 2;

/** Who can log in, and how often that was asked. */
interface Asked {
  login: Login | null;
  logins: number;
  signal: AbortSignal;
}

async function greet(
  server: Pick<McpServer, "name" | "at">,
  era: McpServer["era"] | null,
  options: ConnectOptions,
): Promise<Connection> {
  const { at } = server;
  const login = isLocal(at) || !at.login ? null : (options.login ?? toLogin(server, options));
  let line = await openLine(server, { ...options, era, login });
  const asked: Asked = { login, logins: 0, signal: options.signal };
  for (;;) {
    const error = await connect(line, options.signal);
    if (error === null) break;
    if (!(await answerLogin(line, error, asked))) throw await toOffline(server.name, line, error);
    await line.client.close().catch(() => {});
    line = await openLine(server, { ...options, era, login });
  }
  return toConnection(line, asked);
}

function toLogin({ name }: Pick<McpServer, "name">, { home }: ConnectOptions): Login {
  return useLogin(name, toServerFolder(home, name));
}

/** The client and its transport; nothing is sent yet. */
async function openLine(
  { name, at }: Pick<McpServer, "name" | "at">,
  options: Omit<ConnectOptions, "login"> & { era: McpServer["era"] | null; login: Login | null },
): Promise<Line> {
  const program = isLocal(at) ? createProcessTransport({ ...options, name, at }) : null;
  const transport: Transport = program ?? createHttpTransport(at as RemoteServer, options.login);
  const { era } = options;
  const client = new Client(
    { name: "hum", version },
    {
      capabilities: {},
      versionNegotiation: {
        mode: era === "legacy" ? "legacy" : "auto",
        // A program that knows only the old way may not answer at all; a server that is far away is only slow.
        probe: { timeoutMs: isLocal(at) ? mcpLimits.startMs / 3 : mcpLimits.startMs },
      },
      listMaxPages: mcpLimits.listPages,
      jsonSchemaValidator: uncheckedResults,
      inputRequired: { autoFulfill: false },
      ...options.client,
    },
  );
  // Reported where it matters: as the failure of the call, or in `ended`.
  client.onerror = () => {};
  options.prepare?.(client);
  return { client, transport, program };
}

/** Greets; what went wrong, null when nothing did. */
async function connect({ client, transport }: Line, signal: AbortSignal): Promise<unknown> {
  // The greeting itself does not listen to a signal everywhere.
  const giveUp = () => void transport.close();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect(transport, { timeout: mcpLimits.startMs, signal });
    return null;
  } catch (error) {
    return error;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

async function toOffline(name: string, { client, program }: Line, error: unknown): Promise<HumError> {
  const why = describeStart(program, error);
  await client.close().catch(() => {});
  await program?.close();
  if (HumError.is(error, "denied")) return error;
  if (isUnauthorized(error))
    return new HumError(
      "denied",
      `The MCP server ${name} lets nobody in without a login or a key: add it with --login, or with --key-env.`,
      { cause: error },
    );
  return new HumError("offline", `The MCP server ${name} did not answer as one: ${why}`, { cause: error });
}

const isUnauthorized = (error: unknown): boolean =>
  UnauthorizedError.isInstance(error) || (error as { status?: number } | null)?.status === 401;

/** Hands in what the person's browser brought; false when nobody is there to log in. */
async function answerLogin({ transport }: Line, error: unknown, asked: Asked): Promise<boolean> {
  const { login, signal } = asked;
  if (!UnauthorizedError.isInstance(error) || !login?.answer || asked.logins >= mostLogins) return false;
  asked.logins += 1;
  await (transport as StreamableHTTPClientTransport).finishAuth(await login.answer(signal));
  return true;
}

function toConnection(line: Line, asked: Asked): Connection {
  const { client, program } = line;
  let closed: string | null = null;
  client.onclose = () => {
    closed ??= "the connection was closed";
  };
  const listeners: (() => void)[] = [];
  client.setNotificationHandler("notifications/tools/list_changed", () => {
    for (const listener of listeners) listener();
  });
  /** A server may want more of a login in the middle. */
  const loggedIn = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;)
      try {
        return await work();
      } catch (error) {
        if (!(await answerLogin(line, error, asked))) throw error;
      }
  };
  return {
    era: client.getProtocolEra() ?? "legacy",
    list: async (stop) => {
      const options = { timeout: mcpLimits.startMs, signal: stop, cacheMode: "bypass" as const };
      const { tools } = await loggedIn(() => client.listTools(undefined, options));
      return tools as unknown as Record<string, unknown>[];
    },
    call: (definition, args, how) =>
      loggedIn(() =>
        client.callTool(
          { name: definition.name, arguments: args, _meta: { [keyMeta]: how.key } },
          {
            ...{ timeout: how.ms, maxTotalTimeout: how.ms, signal: how.signal },
            toolDefinition: definition as unknown as Tool,
          },
        ),
      ),
    onChange: (listener) => listeners.push(listener),
    ended: () => program?.ended() ?? closed,
    errors: () => program?.errors() ?? "",
    async close() {
      await client.close().catch(() => {});
      await program?.close();
    },
  };
}

function describeStart(program: ProcessTransport | null, error: unknown): string {
  const errors = program?.errors() ?? "";
  const why = program?.ended() ?? toMessage(error);
  return errors === "" ? `${why}.` : `${why}. It wrote: ${errors}`;
}

function createHttpTransport(at: RemoteServer, login: Login | null): Transport {
  const key = at.keyEnv;
  const held = key === null ? null : { token: async () => process.env[key] };
  const authProvider = login?.provider ?? held;
  return new StreamableHTTPClientTransport(new URL(at.url), {
    fetch: fetchLimited,
    ...(authProvider ? { authProvider } : {}),
  });
}

/** Fetches, and breaks off an answer that is too long. */
async function fetchLimited(url: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const { body } = response;
  // What a stream of notifications sends over days has no limit as a whole.
  if (!body || (init?.method ?? "GET") === "GET") return response;
  let bytes = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      bytes += piece.length;
      if (bytes <= mcpLimits.messageBytes) controller.enqueue(piece);
      else controller.error(new Error(`the answer has more than ${mcpLimits.messageBytes / 1024 ** 2} MB`));
    },
  });
  const { status, statusText, headers } = response;
  return new Response(body.pipeThrough(limit), { status, statusText, headers });
}
