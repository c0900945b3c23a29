// The stream: one WebSocket for each tab. The first message of the client is {token, since}; then everything after
// `since` comes, and from then on what happens, as it happens. The server never waits for a slow client with more than a
// megabyte in hand: it pulls the next event when there is room, and what is not pulled is dropped (live events) or read
// again from the journal (all others).
//
//   close codes   1001 the server stops     4400 the first message is wrong     4401 wrong token
//                 1013 too many tabs        4408 no first message in time       4413 the client sent too much

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { httpLimits } from "../../limits.ts";
import type { StreamEvent, Workplace } from "../api.ts";
import type { TokenCheck } from "./token.ts";

/** What the stream stands on. */
export interface StreamParts {
  workplace: Pick<Workplace, "follow">;
  tokens: TokenCheck;
  /** The person of this machine. */
  by: string;
  onError(error: unknown): void;
}

/** The tabs. */
export interface Tabs {
  /** Takes over a connection that asks for the stream; its head was checked. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells all tabs something that is not in the journal. */
  tell(event: StreamEvent): void;
  close(): void;
  count(): number;
}

const helloSchema = z.strictObject({ token: z.string().max(200), since: z.int().min(0) });

/** Makes the stream. */
export function createTabs(parts: StreamParts): Tabs {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: httpLimits.clientBytes,
    perMessageDeflate: false,
    clientTracking: true,
  });
  const listening = new Set<WebSocket>();
  const silent = new Set<WebSocket>();
  const pinging = setInterval(() => {
    for (const socket of server.clients) {
      if (silent.has(socket)) socket.terminate();
      silent.add(socket);
      socket.ping();
    }
  }, httpLimits.pingMs);
  pinging.unref();

  const open = (socket: WebSocket) => {
    const gone = new AbortController();
    const late = setTimeout(() => socket.close(4408, "no first message"), httpLimits.helloMs);
    socket.on("error", () => socket.terminate());
    socket.on("pong", () => silent.delete(socket));
    socket.on("close", () => {
      clearTimeout(late);
      gone.abort();
      listening.delete(socket);
      silent.delete(socket);
    });
    let greeted = false;
    socket.on("message", (data, binary) => {
      // The client has one thing to say; all that it wants done goes through requests.
      if (greeted) return socket.close(4413, "only the first message is read");
      greeted = true;
      clearTimeout(late);
      const hello = binary ? null : readHello(String(data));
      if (!hello) return socket.close(4400, "the first message must be {token, since}");
      if (parts.tokens.check(hello.token) !== "ok") return socket.close(4401, "wrong token");
      listening.add(socket);
      serve(socket, hello.since, gone.signal).catch((error: unknown) => {
        parts.onError(error);
        socket.close(1011, "a bug of Hum");
      });
    });
  };

  const serve = async (socket: WebSocket, since: number, signal: AbortSignal): Promise<void> => {
    for await (const event of parts.workplace.follow(parts.by, since, signal)) {
      if (signal.aborted) return;
      await send(socket, event);
    }
    socket.close(signal.aborted ? 1001 : 1000);
  };

  return {
    count: () => server.clients.size,
    take(request, socket, head) {
      server.handleUpgrade(request, socket, head, (taken) => {
        if (server.clients.size > httpLimits.tabs) return taken.close(1013, "too many tabs");
        open(taken);
      });
    },
    tell(event) {
      const text = JSON.stringify(event);
      for (const socket of listening) if (socket.bufferedAmount < httpLimits.waitingBytes) socket.send(text);
    },
    close() {
      clearInterval(pinging);
      for (const socket of server.clients) {
        socket.close(1001, "Hum stops");
        // A client that does not answer must not hold up the stop.
        setTimeout(() => socket.terminate(), 500).unref();
      }
      server.close();
    },
  };
}

function readHello(text: string): z.output<typeof helloSchema> | null {
  try {
    return helloSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Sends an event; waits for room when too much is on its way. */
function send(socket: WebSocket, event: StreamEvent): Promise<void> | undefined {
  if (socket.readyState !== WebSocket.OPEN) return;
  const text = JSON.stringify(event);
  if (socket.bufferedAmount < httpLimits.waitingBytes) {
    socket.send(text);
    return;
  }
  return new Promise((resolve) => socket.send(text, () => resolve()));
}
