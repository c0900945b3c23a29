// The MCP server over HTTP, as a handler from request to response, to be mounted at `/mcp` (GET, POST and DELETE). Who may
// come in is checked before: token, Host and Origin are the business of the app.
//
// Clients of 2026 send whole requests, and each is served by itself. Clients of 2025 open a session, because without one
// they could neither give up a call nor be asked anything; a session is a few objects in memory, bounded in number.

import { randomUUID } from "node:crypto";
import {
  createMcpHandler,
  type EventStore,
  isLegacyRequest,
  type JSONRPCMessage,
  type McpServerFactory,
  type ServerNotifier,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { mcpServerLimits } from "../../limits.ts";
import { createHumServers, type HumServerOptions } from "./server.ts";

/** The handler. */
export interface HumMcpHandler {
  fetch(request: Request): Promise<Response>;
  /** Tells clients that listen that tools, prompts or resources changed. */
  notify: ServerNotifier;
  /** Ends every connection; what clients asked for goes on in Hum. */
  close(): Promise<void>;
}

/** Makes the handler of a machine. */
export function createMcpHandlerFor(options: Omit<HumServerOptions, "ending">): HumMcpHandler {
  const ending = new AbortController();
  const handler = toHttpHandler(createHumServers({ ...options, ending: ending.signal }));
  return {
    ...handler,
    async close() {
      ending.abort();
      await handler.close();
    },
  };
}

interface Session {
  transport: WebStandardStreamableHTTPServerTransport;
  lastAt: number;
}

/** Serves what a factory makes, to clients of both years. */
export function toHttpHandler(factory: McpServerFactory): HumMcpHandler {
  const maxRequestBodySize = mcpServerLimits.bodyBytes;
  const modern = createMcpHandler(factory, { legacy: "reject", maxRequestBodySize });
  const sessions = new Map<string, Session>();

  /** Makes room: sessions that nobody used for long, and at the limit the one used longest ago. */
  const sweep = () => {
    const old = Date.now() - mcpServerLimits.sessionMs;
    const byAge = [...sessions].sort(([, a], [, b]) => a.lastAt - b.lastAt);
    const surplus = sessions.size - mcpServerLimits.sessions + 1;
    for (const [i, [, session]] of byAge.entries())
      if (i < surplus || session.lastAt < old) void session.transport.close();
  };

  async function open(request: Request): Promise<Response> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize,
      eventStore: createEventStore(),
      retryInterval: 1_000,
      onsessioninitialized(id) {
        sweep();
        sessions.set(id, { transport, lastAt: Date.now() });
      },
    });
    const server = await factory({ era: "legacy", requestInfo: request });
    await server.connect(transport);
    // The server has put its own listener there.
    const { onclose } = transport;
    transport.onclose = () => {
      if (transport.sessionId) sessions.delete(transport.sessionId);
      onclose?.();
    };
    const response = await transport.handleRequest(request);
    // A request that opened nothing (no greeting, not well formed) leaves nothing behind.
    if (!transport.sessionId) await transport.close();
    return response;
  }

  return {
    notify: modern.notify,
    async fetch(request) {
      if (!(await isLegacyRequest(request, undefined, { maxRequestBodySize }))) return modern.fetch(request);
      const id = request.headers.get("mcp-session-id");
      if (id === null) return open(request);
      const session = sessions.get(id);
      // 404 tells a client to greet again.
      if (!session) return toError(404, "This session has ended.");
      session.lastAt = Date.now();
      return session.transport.handleRequest(request);
    },
    async close() {
      await modern.close();
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
    },
  };
}

function toError(status: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", id: null, error: { code: -32_001, message } }, { status });
}

/** The last messages of a session, for a client that comes back after its line broke. */
function createEventStore(): EventStore {
  const kept = new Map<string, { streamId: string; message: JSONRPCMessage }>();
  let last = 0;
  return {
    async storeEvent(streamId, message) {
      const id = `${streamId}_${++last}`;
      kept.set(id, { streamId, message });
      if (kept.size > mcpServerLimits.keptMessages) kept.delete(kept.keys().next().value as string);
      return id;
    },
    getStreamIdForEventId: async (id) => kept.get(id)?.streamId,
    async replayEventsAfter(lastId, { send }) {
      const streamId = kept.get(lastId)?.streamId ?? "";
      let after = false;
      for (const [id, event] of kept) {
        if (id === lastId) after = true;
        // What only opens a stream has no message.
        else if (after && event.streamId === streamId && Object.keys(event.message).length > 0)
          await send(id, event.message);
      }
      return streamId;
    },
  };
}
