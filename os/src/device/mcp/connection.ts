// One connection to a foreign server, by the client of the SDK. Hum offers a server nothing of its own: no sampling, no
// questions to the person, no folders. What comes back is data of a stranger, limited in size before it is read.

import {
  type CallToolResult,
  Client,
  StreamableHTTPClientTransport,
  type Tool,
  type Transport,
} from "@modelcontextprotocol/client";
import { HumError, toMessage } from "../../error.ts";
import { mcpLimits } from "../../limits.ts";
import { version } from "../../version.ts";
import type { Sandbox } from "../bubblewrap.ts";
import { isLocal, type McpServer, type RemoteServer } from "./config.ts";
import type { Definition } from "./definition.ts";
import { createProcessTransport, type ProcessTransport } from "./process.ts";
import { uncheckedResults } from "./schema.ts";

/** Where a connection comes from. */
export interface ConnectOptions {
  home: string;
  sandbox: Sandbox | null;
  signal: AbortSignal;
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

async function greet(
  server: Pick<McpServer, "name" | "at">,
  era: McpServer["era"] | null,
  options: ConnectOptions,
): Promise<Connection> {
  const { name, at } = server;
  const program = isLocal(at) ? createProcessTransport({ ...options, name, at }) : null;
  const transport: Transport = program ?? createHttpTransport(at as RemoteServer);
  const client = new Client(
    { name: "hum", version },
    {
      capabilities: {},
      versionNegotiation: {
        mode: era === "legacy" ? "legacy" : "auto",
        probe: { timeoutMs: mcpLimits.startMs / 3 },
      },
      listMaxPages: mcpLimits.listPages,
      jsonSchemaValidator: uncheckedResults,
      inputRequired: { autoFulfill: false },
    },
  );
  let closed: string | null = null;
  client.onclose = () => {
    closed ??= "the connection was closed";
  };
  // Reported where it matters: as the failure of the call, or in `ended`.
  client.onerror = () => {};
  const listeners: (() => void)[] = [];
  client.setNotificationHandler("notifications/tools/list_changed", () => {
    for (const listener of listeners) listener();
  });
  // The greeting itself does not listen to a signal everywhere.
  const giveUp = () => void transport.close();
  options.signal.addEventListener("abort", giveUp, { once: true });
  try {
    options.signal.throwIfAborted();
    await client.connect(transport, { timeout: mcpLimits.startMs, signal: options.signal });
  } catch (error) {
    const why = describeStart(program, error);
    await client.close().catch(() => {});
    await program?.close();
    if (HumError.is(error, "denied")) throw error;
    throw new HumError("offline", `The MCP server ${name} did not answer as one: ${why}`, { cause: error });
  } finally {
    options.signal.removeEventListener("abort", giveUp);
  }
  return {
    era: client.getProtocolEra() ?? "legacy",
    list: async (signal) => {
      const { tools } = await client.listTools(undefined, {
        timeout: mcpLimits.startMs,
        signal,
        cacheMode: "bypass",
      });
      return tools as unknown as Record<string, unknown>[];
    },
    call: (definition, args, { key, signal, ms }) =>
      client.callTool(
        { name: definition.name, arguments: args, _meta: { [keyMeta]: key } },
        { timeout: ms, maxTotalTimeout: ms, signal, toolDefinition: definition as unknown as Tool },
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

function createHttpTransport(at: RemoteServer): Transport {
  const key = at.keyEnv;
  return new StreamableHTTPClientTransport(new URL(at.url), {
    fetch: fetchLimited,
    ...(key === null ? {} : { authProvider: { token: async () => process.env[key] } }),
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
