// What Hum says in a talk: answers one after the other, each while it is still being written where that is safe, until the
// person speaks. What was cut off by a noise is said again; what was cut off by words is told to the program as not heard.
//
//   an answer begins with its post, or with what is being written (ahead.ts); it ends when all of it was played
//
// Rules
//   - Nothing new is begun while the person speaks.
//   - Only what is plain talk is spoken ahead: whoever can act may come to another answer.

import { createSpeaker, type Speaker } from "../../device/voice/speaker.ts";
import { type Speech, sampleRate } from "../../device/voice/voice.ts";
import { toInt16 } from "../../device/voice/wav.ts";
import { toKey } from "../../device/voice/words.ts";
import type { Post } from "../../entity/conversation.ts";
import { toMessage } from "../../error.ts";
import type { StreamEvent } from "../api.ts";
import { type Ahead, createAhead } from "./ahead.ts";
import type { TalkMessage } from "./protocol.ts";

/** What a mouth needs. */
export interface MouthParts {
  speech: Speech;
  voice?: string;
  speed?: number;
  now(): number;
  send(message: TalkMessage, sound?: Int16Array): void;
}

type Live = Extract<StreamEvent, { type: "live" }>;

/** The answer that is being said. */
interface Saying {
  id: string;
  speaker: Speaker;
  /** What is being written, when it began before its post was there. */
  ahead: { pid: number; text: Ahead } | null;
  /** All of it was given to the client. */
  whole: boolean;
}

/** How long its words may still be in the air after the last of them was sent. */
const echoMs = 4_000;

/** Makes a mouth. */
export function createMouth(parts: MouthParts) {
  const { speech, send, now } = parts;
  const how = {
    ...(parts.voice === undefined ? {} : { voice: parts.voice }),
    ...(parts.speed === undefined ? {} : { speed: parts.speed }),
  };
  const spoken: { text: string; at: number }[] = [];
  /** Answers that wait until the one before was played. */
  const waiting: { id: string; text: string }[] = [];
  /** What was written so far by those who write now, and answers that were spoken before their post came. */
  const written = new Map<number, Ahead>();
  let saying: Saying | null = null;
  /** What an interruption cut off: to be said again, or told as not heard. */
  let cut: { heard: string; left: string } | null = null;
  let aside = false;
  let listening = false;
  let work: Promise<unknown> = Promise.resolve();
  let closed = false;

  const open = (id: string, ahead: Saying["ahead"] = null): Saying => {
    const speaker = createSpeaker({
      ...{ speech, ...how },
      play({ text, sound }) {
        if (closed || saying?.speaker !== speaker) return;
        remember(text, sound);
        send({ type: "say", text, post: id }, toInt16(sound));
      },
    });
    saying = { id, speaker, ahead, whole: false };
    return saying;
  };

  const remember = (text: string, sound: Float32Array) => {
    spoken.push({ text, at: now() + (sound.length / sampleRate) * 1000 });
    if (spoken.length > 40) spoken.shift();
  };

  const finish = (one: Saying) => {
    one.ahead = null;
    const ended = one.speaker
      .end()
      .then((text) => {
        one.whole = true;
        if (saying === one && text === "") next();
      })
      .catch((error: unknown) => {
        send({ type: "trouble", message: toMessage(error) });
        if (saying === one) next();
      });
    work = Promise.all([work, ended]);
  };

  const begin = (id: string, text: string) => {
    const one = open(id);
    one.speaker.write(text);
    finish(one);
  };

  const next = () => {
    saying = null;
    if (listening || closed) return;
    const answer = waiting.shift();
    if (answer) begin(answer.id, answer.text);
  };

  return {
    /** An answer is there. */
    say(post: Post): void {
      if (closed) return;
      const pid = post.from.kind === "entity" ? post.from.pid : undefined;
      const ahead = pid === undefined ? undefined : written.get(pid);
      if (pid !== undefined) written.delete(pid);
      const said = ahead?.body().trim() ?? "";
      const isNow = saying?.ahead?.pid === pid && pid !== undefined;
      if (isNow && saying) {
        const one = saying;
        // What follows what was written so far; anything else is another answer, and is said after it.
        if (post.text.startsWith(said)) {
          one.speaker.write(post.text.slice(said.length));
          finish(one);
          return;
        }
        finish(one);
      } else if (said !== "" && said === post.text.trim() && ahead && aheadSaid.has(ahead)) return;
      if (saying || listening) waiting.push({ id: post.id, text: post.text });
      else begin(post.id, post.text);
    },
    /** More of what an entity writes, which is an answer when it is `plain` talk. */
    live({ pid, live }: Live, plain: boolean): void {
      if (closed || !plain) return;
      if (live.kind === "reset") {
        written.delete(pid);
        if (saying?.ahead?.pid !== pid) return;
        // It thinks again: what was not heard yet is not said.
        send({ type: "stop" });
        saying.speaker.stop(0);
        next();
      } else if (live.kind === "text") {
        const ahead = written.get(pid) ?? createAhead();
        written.set(pid, ahead);
        if (written.size > 16) written.delete(written.keys().next().value as number);
        const more = ahead.write(live.text);
        if (more === "") return;
        if (!saying && !listening && !aheadSaid.has(ahead) && ahead.body() === more)
          open(`live-${pid}`, { pid, text: ahead });
        if (saying?.ahead?.text !== ahead) return;
        aheadSaid.add(ahead);
        saying.speaker.write(more);
      } else if (live.kind === "idle" && saying?.ahead?.pid === pid) {
        saying.speaker.write(saying.ahead.text.end());
        finish(saying);
      }
    },
    /** A few words that are no answer, while one is being thought of; nothing while something is said. */
    async aside(text: string): Promise<void> {
      if (closed || saying || listening || aside) return;
      aside = true;
      const sound = await speech.speak(text, how).catch(() => new Float32Array(0));
      if (closed || saying || listening || sound.length === 0) {
        aside = false;
        return;
      }
      remember(text, sound);
      send({ type: "say", text, post: "", aside: true }, toInt16(sound));
    },
    /** Somebody may have begun to speak: whatever is said now is said softly for a moment. */
    soften(): void {
      if (saying || aside) send({ type: "soft" });
    },
    /** Somebody speaks: whatever is said now ends. What was heard of it comes with `stopped`. */
    interrupt(): void {
      listening = true;
      if (saying || aside) send({ type: "stop" });
      aside = false;
    },
    /** What of the present answer was played before the stop. */
    stopped(playedMs: number): void {
      if (!saying) return;
      const { heard, whole, left } = saying.speaker.stop(Math.max(0, playedMs));
      const more = waiting.map((one) => one.text);
      if (!whole || more.length > 0) cut = { heard, left: [left, ...more].filter(Boolean).join(" ") };
      saying = null;
      waiting.length = 0;
    },
    /** The person has ended; with words, or it was only a noise, and what it cut off is said again. */
    heard(words: boolean): void {
      listening = false;
      if (!words && cut && cut.left !== "") waiting.unshift({ id: "again", text: cut.left });
      if (!words) cut = null;
      if (!saying) next();
    },
    /** Everything that was sent was played; between two sentences that is not the end. */
    played(): void {
      aside = false;
      if (saying?.whole) next();
    },
    /** What the program must know about its last words, once. */
    takeNote(): string {
      const was = cut;
      cut = null;
      if (!was) return "";
      if (was.heard === "") return "\n\n(I had not heard your last words.)";
      return `\n\n(Of your last words I had heard only: "${was.heard}")`;
    },
    /** Whether words that were heard are those that were just spoken. */
    isEcho(text: string): boolean {
      const late = now() - echoMs;
      const air = spoken.filter((one) => one.at > late).map((one) => one.text);
      return isEchoOf(text, air);
    },
    close(): void {
      closed = true;
      saying?.speaker.stop(0);
      saying = null;
      waiting.length = 0;
      written.clear();
    },
    idle: async () => {
      await work;
    },
  };
}

/** Answers whose sound was begun before their post was there. */
const aheadSaid = new WeakSet<Ahead>();

/** Whether most of the words of a text stand, in their order, in what was spoken. */
function isEchoOf(text: string, spoken: readonly string[]): boolean {
  const words = text.split(/\s+/).map(toKey).filter(Boolean);
  const air = spoken.flatMap((one) => one.split(/\s+/).map(toKey));
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
}
