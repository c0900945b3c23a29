// The DevTools protocol over two pipes: JSON messages that end with a zero byte. No port is opened, so that nobody but this
// process can speak to the browser.

import type { Readable, Writable } from "node:stream";
import { browserLimits } from "../sizes.ts";

/** A message of the browser. */
export interface CdpEvent {
  method: string;
  // biome-ignore lint/suspicious/noExplicitAny: the protocol has hundreds of shapes
  params: any;
  sessionId?: string;
}

/** A conversation with a browser. */
export interface CdpPipe {
  /** Sends a command; rejects when the browser refuses it or is gone. */
  // biome-ignore lint/suspicious/noExplicitAny: the protocol has hundreds of shapes
  send(method: string, params?: Record<string, unknown>, sessionId?: string): Promise<any>;
  /** Told of every event. */
  onEvent(listener: (event: CdpEvent) => void): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Speaks with a browser over its pipes; `lost` is told once when the line breaks. */
export function createCdpPipe(to: Writable, from: Readable, lost: (why: string) => void): CdpPipe {
  const waiting = new Map<number, Waiting>();
  const listeners: ((event: CdpEvent) => void)[] = [];
  let id = 0;
  let gone: string | null = null;
  const end = (why: string) => {
    if (gone !== null) return;
    gone = why;
    for (const one of waiting.values()) one.reject(new Error(why));
    waiting.clear();
    lost(why);
  };
  let pieces: Buffer[] = [];
  let bytes = 0;
  from.on("data", (piece: Buffer) => {
    for (let at = 0; at < piece.length && gone === null; ) {
      const stop = piece.indexOf(0, at);
      const part = piece.subarray(at, stop < 0 ? piece.length : stop);
      pieces.push(part);
      bytes += part.length;
      if (bytes > browserLimits.messageBytes) return end("the browser said too much at once");
      if (stop < 0) return;
      take(Buffer.concat(pieces).toString());
      pieces = [];
      bytes = 0;
      at = stop + 1;
    }
  });
  for (const stream of [to, from]) {
    stream.on("error", () => end("the browser is gone"));
    stream.on("close", () => end("the browser is gone"));
  }

  function take(text: string): void {
    const message = JSON.parse(text) as CdpEvent & {
      id?: number;
      result?: unknown;
      error?: { message: string };
    };
    if (message.id === undefined) {
      for (const listener of listeners) listener(message);
      return;
    }
    const one = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) one?.reject(new Error(message.error.message));
    else one?.resolve(message.result);
  }

  return {
    send(method, params = {}, sessionId) {
      if (gone !== null) return Promise.reject(new Error(gone));
      const number = ++id;
      return new Promise((resolve, reject) => {
        waiting.set(number, { resolve, reject });
        to.write(`${JSON.stringify({ id: number, method, params, ...(sessionId ? { sessionId } : {}) })}\0`);
      });
    },
    onEvent: (listener) => void listeners.push(listener),
  };
}
