// The stream of a tab: one WebSocket. It says the token and the seq of the last event it has seen; the server sends all
// since then and goes on. When the line breaks it comes back by itself, sooner at first and later with time, and at
// once when the network or the tab comes back. Nothing is lost: what was missed is sent.

import type { StreamEvent } from "../../../os/src/workplace/api.ts";

/** How the line is. */
export type Line = "connecting" | "live" | "broken";

interface StreamParts {
  url: string;
  token: () => string;
  /** Seq of the last event that was taken in. */
  since: () => number;
  onEvent: (event: StreamEvent) => void;
  onLine: (line: Line) => void;
  /** The server does not know the token. */
  onRefused: () => void;
  open?: (url: string) => WebSocket;
}

const firstWait = 400;
const longestWait = 10_000;

/** Opens the stream. Returns the function that closes it. */
export function openStream(parts: StreamParts): () => void {
  const open = parts.open ?? ((url: string) => new WebSocket(url));
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let closed = false;

  const connect = () => {
    clearTimeout(timer);
    if (closed) return;
    const made = open(parts.url);
    socket = made;
    parts.onLine("connecting");
    made.onopen = () => made.send(JSON.stringify({ token: parts.token(), since: parts.since() }));
    made.onmessage = (message) => {
      if (socket !== made) return;
      const event = JSON.parse(String(message.data)) as StreamEvent;
      if (event.type === "welcome" || event.type === "caught-up") {
        failures = 0;
        parts.onLine("live");
      }
      parts.onEvent(event);
    };
    made.onclose = (event) => {
      if (socket !== made) return;
      socket = null;
      if (closed) return;
      // 4401: the token is wrong; trying again helps nobody.
      if (event.code === 4401) return parts.onRefused();
      parts.onLine("broken");
      timer = setTimeout(connect, toWait(++failures));
    };
  };
  const now = () => {
    if (socket === null && document.visibilityState === "visible") connect();
  };
  addEventListener("online", now);
  document.addEventListener("visibilitychange", now);
  connect();

  return () => {
    closed = true;
    clearTimeout(timer);
    removeEventListener("online", now);
    document.removeEventListener("visibilitychange", now);
    socket?.close();
  };
}

/** Milliseconds before the next try; some chance in it, so that many tabs do not come at once. */
export function toWait(failures: number, chance: number = Math.random()): number {
  const base = Math.min(longestWait, firstWait * 1.7 ** (failures - 1));
  return Math.round(base * (0.75 + chance * 0.5));
}
