// The server: one listening port on 127.0.0.1 and nowhere else. It looks at the head of each request, hands requests to
// the app and connections for the stream to the tabs, and closes cleanly.

import { createServer, type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { isQuiet } from "../../device/senses/quiet.ts";
import { readSettings } from "../../device/senses/settings.ts";
import { HumError } from "../../error.ts";
import { toPaths } from "../../home.ts";
import { httpLimits } from "../../limits.ts";
import type { StreamEvent } from "../api.ts";
import { type AppParts, toApp } from "./app.ts";
import { checkHead, type Refused, toSafeHeaders } from "./guard.ts";
import { openKeys } from "./keys.ts";
import { openBundle } from "./static.ts";
import { createTabs } from "./stream.ts";
import { createTalkSockets, type TalkSocketParts } from "./talk-socket.ts";
import { createTokenCheck, readToken, toAddress } from "./token.ts";

/** What the server is started with. */
export interface ServerOptions extends Omit<AppParts, "keys" | "tokens" | "bundle"> {
  /** Folder of the web bundle. */
  web: string;
  /** 0 is any free port; one that is taken moves on to the next, unless `exact`. */
  port: number;
  exact?: boolean;
  /** How long a slow client may take; for tests. */
  patience?: Patience;
  openSenses: TalkSocketParts["openSenses"];
  isTalker?: TalkSocketParts["isTalker"];
  now(): number;
  onError(error: unknown): void;
}

/** How long a client may take to say what it wants, in milliseconds. */
export interface Patience {
  headMs: number;
  wholeMs: number;
  lookMs: number;
}

/** A server at work. */
export interface WorkServer {
  port: number;
  token: string;
  /** Where the page is, with the token behind the #, which no browser sends. */
  address: string;
  /** Tells all tabs something that is not in the journal. */
  tell(event: StreamEvent): void;
  close(): Promise<void>;
}

const host = "127.0.0.1";

/** Starts the server. Throws `locked` when no port is free. */
export async function startServer(options: ServerOptions): Promise<WorkServer> {
  const token = readToken(options.home);
  const tokens = createTokenCheck(token, options.now);
  const keys = openKeys(toPaths(options.home).keys, options.now);
  const tabs = createTabs({ ...options, tokens });
  const talks = createTalkSockets({ ...options, tokens, isQuiet: () => isQuietNow(options.home) });
  const onSenses = () => talks.forget();
  const app = toApp({ ...options, keys, tokens, onSenses, bundle: openBundle(options.web) });
  const handle = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  let port = 0;
  const { headMs, wholeMs, lookMs } = options.patience ?? httpLimits.patience;
  const bounds = {
    maxHeaderSize: httpLimits.headBytes,
    headersTimeout: headMs,
    requestTimeout: wholeMs,
    connectionsCheckingInterval: lookMs,
  };
  const server = createServer(bounds, (request, response) => {
    const refused = checkHead(request, port);
    if (!refused) return void handle(request, response);
    response.writeHead(refused.status, toRefusedHeaders(port)).end(toRefusedBody(refused));
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const refused = checkHead(request, port) ?? checkUpgrade(request);
    if (refused) refuseUpgrade(socket, refused, port);
    else (isTalk(request) ? talks : tabs).take(request, socket, head);
  });
  try {
    port = await listen(server, options);
  } catch (error) {
    keys.close();
    throw error;
  }
  return {
    port,
    token,
    address: toAddress(options.home, port),
    tell: tabs.tell,
    async close() {
      tabs.close();
      talks.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // Answers that are still being written (a streamed completion) get a moment.
      setTimeout(() => server.closeAllConnections(), 500).unref();
      await closed;
      keys.close();
    },
  };
}

async function listen(server: Server, { port, exact }: ServerOptions): Promise<number> {
  for (let tried = 0; ; tried++) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ host, port: port === 0 ? 0 : port + tried, exclusive: true }, () => {
          server.off("error", reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
      if (exact || port === 0 || tried + 1 >= httpLimits.portsTried)
        throw new HumError(
          "locked",
          `Port ${port + (exact ? 0 : tried)} ${code === "EACCES" ? "may not be opened by you" : "is taken by another program"}. Choose another with --port, or 0 for any.`,
        );
    }
  }
}

const pathOf = ({ url = "" }: IncomingMessage): string => new URL(url, "http://x").pathname;
const isTalk = (request: IncomingMessage): boolean => pathOf(request) === "/api/v1/talk";

function checkUpgrade(request: IncomingMessage): Refused | null {
  const { headers, method } = request;
  if (pathOf(request) !== "/api/v1/stream" && !isTalk(request))
    return { status: 404, message: "There is no stream here." };
  if (method !== "GET" || headers.upgrade?.toLowerCase() !== "websocket")
    return { status: 400, message: "This is a WebSocket." };
  // The token comes in the first message: an address is logged, a message is not.
  return null;
}

const toRefusedBody = ({ status, message }: Refused): string => {
  const code = status === 404 ? "not-found" : status === 400 ? "bad-input" : "denied";
  return JSON.stringify({ error: { code, message, data: {} } });
};

const toRefusedHeaders = (port: number) => ({
  ...toSafeHeaders(`${host}:${port}`),
  "content-type": "application/json",
  "cache-control": "no-store",
  connection: "close",
});

function refuseUpgrade(socket: Duplex, refused: Refused, port: number): void {
  const body = toRefusedBody(refused);
  const headers = { ...toRefusedHeaders(port), "content-length": String(Buffer.byteLength(body)) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end(
    `HTTP/1.1 ${refused.status} ${STATUS_CODES[refused.status]}\r\n${lines.join("\r\n")}\r\n\r\n${body}`,
  );
}

async function isQuietNow(home: string): Promise<boolean> {
  const { quiet } = await readSettings(home);
  return isQuiet(quiet, new Date());
}
