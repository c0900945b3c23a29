// One person talking with one program: what is heard becomes a post of the person in their direct line, as if typed, and what
// the program writes there is spoken. So a talk has no memory and no tasks of its own: all of it stands in the workplace.
//
// Rules
//   - While Hum speaks and somebody begins to speak, it stops; what was not heard is told to the program with the next post.
//   - Its own words, heard back through the microphone, are no turn.
//   - Everything is injected; the sockets and the senses are others' (http/talk-socket.ts, device/senses).

import { randomUUID } from "node:crypto";
import { createListener, type Heard, type Listener, type Manners } from "../../device/voice/listener.ts";
import { createSpeaker, type Speaker } from "../../device/voice/speaker.ts";
import {
  type Attention,
  frameSamples,
  type Hearing,
  type Speech,
  sampleRate,
} from "../../device/voice/voice.ts";
import { fromInt16, toInt16 } from "../../device/voice/wav.ts";
import { toKey } from "../../device/voice/words.ts";
import type { Post } from "../../entity/conversation.ts";
import { toMessage } from "../../error.ts";
import type { Workplace } from "../api.ts";
import type { TalkMessage, TalkRequest } from "./protocol.ts";

/** What a talk stands on. */
export interface TalkParts {
  workplace: Pick<Workplace, "openDirect" | "post" | "follow" | "look">;
  /** The person who talks. */
  by: string;
  program: string;
  attention: Attention;
  hearing: Hearing;
  speech: Speech;
  language?: string;
  voice?: string;
  speed?: number;
  manners?: Partial<Manners>;
  now(): number;
  send(message: TalkMessage, sound?: Int16Array): void;
  onError(error: unknown): void;
}

/** A talk under way. */
export interface Talk {
  hear(samples: Int16Array): void;
  take(request: TalkRequest): void;
  /** Ends it; what is under way in the workplace goes on. */
  close(): void;
  /** Settles when nothing is being heard or spoken. */
  idle(): Promise<void>;
}

/** Begins a talk. */
export async function openTalk(parts: TalkParts): Promise<Talk> {
  const { workplace, by, send } = parts;
  const channel = await workplace.openDirect(by, parts.program);
  const { seq } = await workplace.look(by);
  const gone = new AbortController();
  const mouth = createMouth(parts);
  let rest = new Int16Array(0);
  let writing: Promise<void> = Promise.resolve();

  const write = async (heard: Extract<Heard, { type: "turn" }>) => {
    const { silenceMs, waitedMs } = heard;
    const text = mouth.isEcho(heard.text) ? "" : heard.text;
    const note = text === "" ? "" : mouth.takeNote();
    const post =
      text === ""
        ? null
        : await workplace.post(by, { channel: channel.id, text: text + note, key: `talk-${randomUUID()}` });
    send({ type: "turn", text, post: post?.id ?? null, silenceMs, waitedMs });
  };

  const listener: Listener = createListener({
    ...{ attention: parts.attention, hearing: parts.hearing, now: parts.now },
    ...(parts.language === undefined ? {} : { language: parts.language }),
    ...(parts.manners ? { manners: parts.manners } : {}),
    tell(heard) {
      if (gone.signal.aborted) return;
      if (heard.type === "speech") {
        mouth.interrupt();
        send({ type: "speech" });
      } else if (heard.type === "words") send(heard);
      else if (heard.type === "turn")
        writing = writing
          .then(() => write(heard))
          .catch((error: unknown) => send({ type: "trouble", message: toMessage(error) }));
    },
  });

  const follow = async () => {
    for await (const event of workplace.follow(by, seq, gone.signal)) {
      if (gone.signal.aborted) return;
      if (event.type === "post" && event.post.channel === channel.id && isSaid(event.post))
        mouth.say(event.post);
    }
  };
  follow().catch(parts.onError);
  send({ type: "ready", channel: channel.id, program: parts.program });

  return {
    hear(samples) {
      const all = new Int16Array(rest.length + samples.length);
      all.set(rest);
      all.set(samples, rest.length);
      let at = 0;
      for (; at + frameSamples <= all.length; at += frameSamples)
        listener.feed(fromInt16(all.subarray(at, at + frameSamples)));
      rest = all.slice(at);
    },
    take(request) {
      if (request.type === "release") listener.release();
      else if (request.type === "stopped") mouth.stopped(request.playedMs);
      else mouth.played();
    },
    close() {
      gone.abort();
      mouth.close();
    },
    async idle() {
      await listener.idle();
      await writing;
      await mouth.idle();
    },
  };
}

// Words of entities, and what needs a yes; not the quiet lines of the kernel.
const isSaid = (post: Post): boolean =>
  !post.deleted &&
  ((post.from.kind === "entity" && ["text", "question", "result"].includes(post.kind)) ||
    post.kind === "approval");

/** How long its words may still be in the air after the last of them was sent. */
const echoMs = 4_000;

function createMouth(parts: TalkParts) {
  const { speech, send, now } = parts;
  const spoken: { text: string; at: number }[] = [];
  let speaker: Speaker | null = null;
  /** Answers that wait until the one before was played. */
  const waiting: Post[] = [];
  let work: Promise<void> = Promise.resolve();
  let note = "";
  let closed = false;
  /** All sentences of the present answer were sent. */
  let whole = false;

  const begin = (post: Post) => {
    whole = false;
    const one = createSpeaker({
      speech,
      ...(parts.voice === undefined ? {} : { voice: parts.voice }),
      ...(parts.speed === undefined ? {} : { speed: parts.speed }),
      play({ text, sound }) {
        if (closed || speaker !== one) return;
        spoken.push({ text, at: now() + (sound.length / sampleRate) * 1000 });
        if (spoken.length > 40) spoken.shift();
        send({ type: "say", text, post: post.id }, toInt16(sound));
      },
    });
    speaker = one;
    one.write(post.text);
    work = one
      .end()
      .then((text) => {
        if (speaker !== one) return;
        whole = true;
        if (text === "") next();
      })
      .catch((error: unknown) => {
        send({ type: "trouble", message: toMessage(error) });
        if (speaker === one) next();
      });
  };

  const next = () => {
    speaker = null;
    const post = waiting.shift();
    if (post && !closed) begin(post);
  };

  return {
    say(post: Post): void {
      if (closed) return;
      if (speaker) waiting.push(post);
      else begin(post);
    },
    /** Somebody speaks: whatever is said now ends. What was heard of it comes with `stopped`. */
    interrupt(): void {
      if (speaker) send({ type: "stop" });
    },
    stopped(playedMs: number): void {
      if (!speaker) return;
      const { heard, whole: all } = speaker.stop(Math.max(0, playedMs));
      if (!all || waiting.length > 0)
        note =
          heard === ""
            ? "\n\n(I had not heard your last words.)"
            : `\n\n(Of your last words I had heard only: "${heard}")`;
      speaker = null;
      waiting.length = 0;
    },
    /** Everything that was sent was played; between two sentences that is not the end. */
    played(): void {
      if (whole) next();
    },
    /** What the program must know about its last words, once. */
    takeNote(): string {
      const text = note;
      note = "";
      return text;
    },
    /** Whether words that were heard are those that were just spoken. */
    isEcho(text: string): boolean {
      const words = text.split(/\s+/).map(toKey).filter(Boolean);
      const late = now() - echoMs;
      const air = spoken.filter((one) => one.at > late).flatMap((one) => one.text.split(/\s+/).map(toKey));
      if (words.length < 3 || air.length === 0) return false;
      let at = 0;
      let same = 0;
      for (const word of words) {
        const found = air.indexOf(word, at);
        if (found < 0 || found > at + 6) continue;
        same++;
        at = found + 1;
      }
      return same >= words.length * 0.75;
    },
    close(): void {
      closed = true;
      speaker?.stop(0);
      speaker = null;
      waiting.length = 0;
    },
    idle: () => work,
  };
}
