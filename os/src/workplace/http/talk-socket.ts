// The sockets of those who talk: /api/v1/talk (talk/protocol.ts tells what goes over them). The senses are opened when the
// first one comes, once for all; each talk has a detector of its own.

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import type { Senses } from "../../device/senses/open.ts";
import { pauses } from "../../device/senses/settings.ts";
import { HumError, toMessage } from "../../error.ts";
import { httpLimits, talkLimits } from "../../limits.ts";
import { afterRunning } from "../../scheduler/after.ts";
import type { TalkMessage } from "../talk/protocol.ts";
import { openTalk, type Talk, type TalkParts } from "../talk/talk.ts";
import type { TokenCheck } from "./token.ts";

/** What the sockets stand on. */
export interface TalkSocketParts {
  workplace: TalkParts["workplace"];
  tokens: TokenCheck;
  by: string;
  openSenses(): Promise<Senses>;
  /** Whether it is quiet now (device/senses/quiet.ts). */
  isQuiet?: (() => Promise<boolean>) | undefined;
  /** Whether an entity can do nothing but talk (talk/talk.ts). */
  isTalker?: ((pid: number) => boolean) | undefined;
  now(): number;
  onError(error: unknown): void;
}

/** The sockets. */
export interface TalkSockets {
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The settings have changed: the next talk opens the senses anew, those under way end as they began. */
  forget(): void;
  close(): void;
}

const helloSchema = z.strictObject({
  token: z.string().max(200),
  program: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/)
    .default("guide"),
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .optional(),
});

const requestSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("release") }),
  z.strictObject({ type: z.literal("played") }),
  z.strictObject({ type: z.literal("stopped"), playedMs: z.number().min(0).max(3_600_000) }),
  z.strictObject({ type: z.literal("show"), path: z.string().min(1).max(1024) }),
]);

/** Makes the sockets. */
export function createTalkSockets(parts: TalkSocketParts): TalkSockets {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: talkLimits.messageBytes,
    perMessageDeflate: false,
  });
  let senses: Promise<Senses> | null = null;
  const open = () => {
    senses ??= parts.openSenses();
    // What was not here may be fetched meanwhile.
    senses.catch(() => {
      senses = null;
    });
    return senses;
  };

  const begin = async (socket: WebSocket, hello: z.output<typeof helloSchema>): Promise<Talk | null> => {
    try {
      const { settings, hearing, speech, attend } = await open();
      return await openTalk({
        ...{
          workplace: parts.workplace,
          by: parts.by,
          program: hello.program,
          now: parts.now,
          onError: parts.onError,
        },
        ...{ hearing, speech, attention: attend() },
        ...(settings.moment ? { later: afterRunning } : {}),
        manners: pauses[settings.patience],
        ...(parts.isQuiet ? { isQuiet: await watchQuiet(socket, parts.isQuiet) } : {}),
        ...(parts.isTalker ? { isTalker: parts.isTalker } : {}),
        language: settings.language ?? hello.language ?? "en",
        speed: settings.speed,
        ...(settings.voice === undefined ? {} : { voice: settings.voice }),
        send: (message, sound) => send(socket, message, sound),
      });
    } catch (error) {
      if (!HumError.is(error)) parts.onError(error);
      send(socket, { type: "trouble", message: toMessage(error) });
      socket.close(HumError.is(error, "not-found") ? 4404 : 1011, "no senses");
      return null;
    }
  };

  const serve = (socket: WebSocket) => {
    const late = setTimeout(() => socket.close(4408, "no first message"), httpLimits.helloMs);
    let talk: Promise<Talk | null> | null = null;
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearTimeout(late);
      void talk?.then((one) => one?.close());
    });
    socket.on("message", (data, binary) => {
      if (!talk) {
        clearTimeout(late);
        const hello = binary ? null : read(helloSchema, String(data));
        if (!hello) return socket.close(4400, "the first message must be {token, program?, language?}");
        if (parts.tokens.check(hello.token) !== "ok") return socket.close(4401, "wrong token");
        talk = begin(socket, hello);
        return;
      }
      // Sound that comes before the senses are open is not lost: it waits its turn.
      if (binary) {
        const samples = toSamples(data as Buffer);
        if (!samples) return socket.close(4400, "sound is whole samples of 16 bits");
        void talk.then((one) => one?.hear(samples));
      } else {
        const request = read(requestSchema, String(data));
        if (!request) return socket.close(4400, "unknown message");
        void talk.then((one) => one?.take(request));
      }
    });
  };

  return {
    take(request, socket, head) {
      server.handleUpgrade(request, socket, head, (taken) => {
        if (server.clients.size > talkLimits.talks) return taken.close(1013, "too many talks");
        serve(taken);
      });
    },
    forget() {
      senses = null;
    },
    close() {
      for (const socket of server.clients) {
        socket.close(1001, "Hum stops");
        setTimeout(() => socket.terminate(), 500).unref();
      }
      server.close();
    },
  };
}

/** Looks at the settings now and then, so that a talk need not wait for them. */
async function watchQuiet(socket: WebSocket, look: () => Promise<boolean>): Promise<() => boolean> {
  let quiet = await look();
  // Whoever has hung up meanwhile ends nothing any more.
  if (socket.readyState === WebSocket.CLOSED) return () => quiet;
  const timer = setInterval(() => {
    look().then(
      (now) => {
        quiet = now;
      },
      () => {},
    );
  }, talkLimits.quietLookMs);
  socket.on("close", () => clearInterval(timer));
  return () => quiet;
}

function send(socket: WebSocket, message: TalkMessage, sound?: Int16Array): void {
  if (socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > talkLimits.waitingBytes) return;
  socket.send(JSON.stringify(message));
  if (sound) socket.send(Buffer.from(sound.buffer, sound.byteOffset, sound.byteLength));
}

function toSamples(data: Buffer): Int16Array | null {
  if (data.length % 2 !== 0) return null;
  const samples = new Int16Array(data.length / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = data.readInt16LE(i * 2);
  return samples;
}

function read<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
