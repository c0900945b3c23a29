// One person talking with one program: what is heard becomes a post of the person in their direct line, as if typed, and what
// the program writes there is spoken. So a talk has no memory and no tasks of its own: all of it stands in the workplace.
//
// Rules
//   - While Hum speaks and somebody begins to speak, it stops; what was not heard is told to the program with the next post.
//   - Its own words, heard back through the microphone, are no turn.
//   - An answer that takes long is announced with a few words, which are no answer and stand nowhere.
//   - Everything is injected; the sockets and the senses are others' (http/talk-socket.ts, device/senses).

import { randomUUID } from "node:crypto";
import { isUrgent } from "../../device/senses/quiet.ts";
import { createListener, type Heard, type Listener, type Manners } from "../../device/voice/listener.ts";
import { type Attention, frameSamples, type Hearing, type Speech } from "../../device/voice/voice.ts";
import { fromInt16 } from "../../device/voice/wav.ts";
import type { Post } from "../../entity/conversation.ts";
import { toMessage } from "../../error.ts";
import { talkLimits } from "../../limits.ts";
import type { StreamEvent, Workplace } from "../api.ts";
import { createMouth } from "./mouth.ts";
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
  /** Whether what an entity writes as its answer can be said while it writes: it can do nothing but talk. */
  isTalker?(pid: number): boolean;
  /** Runs something later; gives what calls it off. Without it a long silence stays one. */
  later?(ms: number, run: () => void): () => void;
  /** Whether it is quiet now: then nobody is spoken to who has not asked, but for what waits for a yes. */
  isQuiet?(): boolean;
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
  let callOff = () => {};
  /** The person has asked something that was not answered yet. */
  let asked = false;
  let announcedAt = Number.NEGATIVE_INFINITY;
  const moment = moments[parts.language ?? "en"];

  /** Says that it takes a moment, when no answer comes soon; not again and again. */
  const announce = () => {
    callOff();
    if (!parts.later || moment === undefined) return;
    callOff = parts.later(talkLimits.momentMs, () => {
      if (parts.now() - announcedAt < talkLimits.momentAgainMs) return;
      announcedAt = parts.now();
      mouth.aside(moment).catch(parts.onError);
    });
  };
  /** Who writes and may be said while it writes: asked when a turn begins, not for each of its words. */
  const plain = new Map<number, boolean>();
  const isPlain = ({ pid, live }: Extract<StreamEvent, { type: "live" }>): boolean => {
    if (live.kind === "reset") plain.clear();
    const is = plain.get(pid) ?? parts.isTalker?.(pid) ?? false;
    plain.set(pid, is);
    return is;
  };
  /** What was shown since the last post. */
  let shown: string[] = [];

  const write = async (heard: Extract<Heard, { type: "turn" }>) => {
    const { silenceMs, waitedMs } = heard;
    const text = mouth.isEcho(heard.text) ? "" : heard.text;
    const note = text === "" ? "" : mouth.takeNote();
    const key = `talk-${randomUUID()}`;
    const files = text === "" ? [] : shown.splice(0);
    const post =
      text === ""
        ? null
        : await workplace.post(by, {
            ...{ channel: channel.id, text: text + note, key },
            ...(files.length > 0 ? { files } : {}),
          });
    send({ type: "turn", text, post: post?.id ?? null, silenceMs, waitedMs });
    mouth.heard(text !== "");
    if (post) {
      asked = true;
      announce();
    }
  };

  const listener: Listener = createListener({
    ...{ attention: parts.attention, hearing: parts.hearing, now: parts.now },
    ...(parts.language === undefined ? {} : { language: parts.language }),
    ...(parts.manners ? { manners: parts.manners } : {}),
    onset: () => mouth.soften(),
    tell(heard) {
      if (gone.signal.aborted) return;
      if (heard.type === "speech") {
        callOff();
        mouth.interrupt();
        send({ type: "speech" });
      } else if (heard.type === "words") send(heard);
      else if (heard.type === "turn")
        writing = writing
          .then(() => write(heard))
          .catch((error: unknown) => {
            send({ type: "trouble", message: toMessage(error) });
            mouth.heard(true);
          });
    },
  });

  const follow = async () => {
    for await (const event of workplace.follow(by, seq, gone.signal)) {
      if (gone.signal.aborted) return;
      if (event.type === "post" && event.post.channel === channel.id && isSaid(event.post)) {
        callOff();
        const waitsForYes = isUrgent(event.post.kind);
        if (asked || waitsForYes || !parts.isQuiet?.()) mouth.say(event.post);
        if (!waitsForYes) asked = false;
      } else if (event.type === "live" && event.thread === channel.id) mouth.live(event, isPlain(event));
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
      else if (request.type === "show") shown = [...shown, request.path].slice(-talkLimits.shown);
      else if (request.type === "stopped") mouth.stopped(request.playedMs);
      else mouth.played();
    },
    close() {
      callOff();
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

/** That it takes a moment, by language. */
const moments: Record<string, string> = {
  ...{ en: "One moment.", de: "Einen Moment.", fr: "Un instant.", es: "Un momento." },
  ...{ it: "Un momento.", pt: "Um momento.", nl: "Een moment.", zh: "请稍等。" },
};

// Words of entities, and what needs a yes; not the quiet lines of the kernel.
const isSaid = (post: Post): boolean =>
  !post.deleted &&
  ((post.from.kind === "entity" && ["text", "question", "result"].includes(post.kind)) ||
    post.kind === "approval");
