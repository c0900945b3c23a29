// The line of `hum talk`: the same socket that the page uses (workplace/talk/protocol.ts). Sound comes in pieces, as a
// microphone or a file gives it; answers come back sentence by sentence.

import { WebSocket } from "ws";
import { HumError } from "../error.ts";
import type { TalkMessage, TalkRequest } from "../workplace/talk/protocol.ts";

/** What comes over the line. */
export type Said = { message: TalkMessage; sound: Int16Array | null };

/** A line to a machine that runs. */
export interface CliLine {
  /** Sends samples of 16 bits. */
  hear(samples: Int16Array): void;
  tell(request: TalkRequest): void;
  /** What comes, until the line is closed. */
  said(): AsyncIterable<Said>;
  close(): void;
}

/** Opens the line. Throws `not-found` when the senses must be fetched first, `offline` when it broke. */
export async function openCliLine(how: {
  port: number;
  token: string;
  program: string;
  language?: string;
}): Promise<CliLine> {
  const { port, token, program, language } = how;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/talk`);
  const waiting: Said[] = [];
  let wake: () => void = () => {};
  let closed = false;
  let trouble: string | null = null;
  socket.on("error", () => {});
  socket.on("message", (data, binary) => {
    if (binary) {
      const bytes = data as Buffer;
      const samples = new Int16Array(bytes.length / 2);
      for (let i = 0; i < samples.length; i++) samples[i] = bytes.readInt16LE(i * 2);
      const last = waiting.findLast((one) => one.message.type === "say" && one.sound === null);
      if (last) last.sound = samples;
    } else {
      const message = JSON.parse(String(data)) as TalkMessage;
      if (message.type === "trouble") trouble = message.message;
      waiting.push({ message, sound: null });
    }
    wake();
  });
  const ended = new Promise<number>((resolve) =>
    socket.on("close", (code) => {
      closed = true;
      wake();
      resolve(code);
    }),
  );
  socket.on("open", () =>
    socket.send(JSON.stringify({ token, program, ...(language === undefined ? {} : { language }) })),
  );
  const ready = (one: Said) => one.message.type !== "say" || one.sound !== null;

  async function* said(): AsyncIterable<Said> {
    for (;;) {
      const first = waiting[0];
      if (first && ready(first)) {
        waiting.shift();
        yield first;
      } else if (closed) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }

  while (!closed && !waiting.some((one) => one.message.type === "ready"))
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  if (closed) {
    const code = await ended;
    throw new HumError(
      code === 4404 ? "not-found" : "offline",
      trouble ?? `The line to Hum broke (${code}).`,
    );
  }
  return {
    hear(samples) {
      if (socket.readyState === WebSocket.OPEN)
        socket.send(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
    },
    tell(request) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
    },
    said,
    close: () => socket.close(),
  };
}
