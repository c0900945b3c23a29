// The listener: from frames of sound to turns of a conversation. It keeps a little of what was before the first word and
// transcribes in each pause, at the risk that the person goes on. How long a pause ends the turn depends on the words: a
// finished sentence needs a short one, one that calls for more a long one. A detector lets go late, so a pause also begins
// with the frame that is as quiet as the room.
//
//   quiet --speech--> speaking --pause--> waiting --long pause--> turn, quiet
//                        ^---------speech-----'
//
// Rules for callers
//   - Feed every frame, also while Hum itself speaks; `speech` is the moment to stop speaking.
//   - `draft` is a guess of the turn; nothing may be said or written down of it. It is over with `turn`, or with `on`.

import { type Attention, frameMs, type Hearing, type HearingStream, joinSound, loudness } from "./voice.ts";
import { agreed, cleanWords, howFinished, joinWords } from "./words.ts";

/** What a listener tells. */
export type Heard =
  /** Somebody began to speak; `atMs` is the time of the sound. */
  | { type: "speech"; atMs: number }
  /** Words so far; those in `firm` will hardly change. */
  | { type: "words"; text: string; firm: string }
  /** The words of a turn that ends now unless the person goes on. */
  | { type: "draft"; text: string }
  /** The person goes on after a draft. */
  | { type: "on" }
  /** A turn ended; `silenceMs` is how long the pause was. Its words may be "" when it was no speech. */
  | { type: "turn"; text: string; atMs: number; soundMs: number; silenceMs: number; waitedMs: number };

/** How a listener behaves, in milliseconds of sound. */
export interface Manners {
  /** Sound kept from before the first word. */
  preRollMs: number;
  /** Speech that must be heard before it counts. */
  onsetMs: number;
  /** A pause after which transcribing begins, at the risk that it goes on. */
  pauseMs: number;
  /** A pause that ends the turn after a finished sentence, one after any words, and one when they sound unfinished. */
  finishedMs: number;
  endMs: number;
  unfinishedMs: number;
  /** Words so far are told about so often; 0 never. */
  wordsMs: number;
  /** A turn is cut when it is longer. */
  mostMs: number;
}

/** Manners that were measured to feel right. */
export const usualManners: Manners = {
  ...{
    preRollMs: 800,
    onsetMs: 64,
    pauseMs: 64,
    finishedMs: 224,
    endMs: 480,
    unfinishedMs: 1_200,
    wordsMs: 700,
    mostMs: 28_000,
  },
};

/** A frame with less than this part of what was loudest just now is a pause, and so is one that is hardly above the room. */
const quietPart = 0.06;
const roomFactor = 1.6;
const mostAtOnce = 2;
/** What was loudest counts for less with each frame. */
const fade = 0.985;

/** Sound before a pause of so many milliseconds is not transcribed again when what comes after is added, once it is so long. */
const settledMs = { pause: 256, sound: 5_000 };

/** A listener over one stream of sound. */
export interface Listener {
  feed(frame: Float32Array): void;
  /** Ends a turn at once, as when a key is let go. */
  release(): void;
  /** Settles when nothing is being transcribed any more. */
  idle(): Promise<void>;
}

/** Makes a listener. */
export function createListener(parts: {
  attention: Attention;
  hearing: Hearing;
  language?: string;
  manners?: Partial<Manners>;
  /** Milliseconds of real time, for `waitedMs`. */
  now(): number;
  tell(heard: Heard): void;
  /** Somebody may have begun to speak; `speech` says that it is so. */
  onset?(): void;
}): Listener {
  const { attention, hearing, now, tell } = parts;
  const manners = { ...usualManners, ...parts.manners };
  const frames = (ms: number) => Math.max(1, Math.round(ms / frameMs));
  const how = parts.language === undefined ? {} : { language: parts.language };
  let time = 0;
  let before: Float32Array[] = [];
  let turn: Turn | null = null;
  let onset = 0;
  let busy: Promise<unknown> = Promise.resolve();
  let turns: Promise<unknown> = Promise.resolve();
  let working = 0;
  const queue: (() => void)[] = [];
  /** Real milliseconds of the last transcribing. */
  let lastMs = 0;

  /**
   * Transcribes what a turn holds so far. Two at once, so that a draft need not wait for words so far; more would all be
   * late, and what nobody wants any more when its time comes is left.
   */
  function transcribe(sound: Float32Array, wanted: () => boolean): Promise<string> {
    const work = hear(sound, wanted);
    busy = Promise.all([busy, work]);
    return work;
  }

  async function hear(sound: Float32Array, wanted: () => boolean): Promise<string> {
    if (working >= mostAtOnce) await new Promise<void>((resolve) => queue.push(resolve));
    else working++;
    const began = now();
    try {
      if (!wanted()) return "";
      const text = await hearing.transcribe(sound, how);
      lastMs = now() - began;
      return cleanWords(text);
    } catch {
      return "";
    } finally {
      // Whoever waits takes this place.
      const next = queue.shift();
      if (next) next();
      else working--;
    }
  }

  /** Hears piece by piece, where the driver can. */
  function listen(pieces: readonly Float32Array[]): HearingStream | null {
    const stream = hearing.begin?.() ?? null;
    stream?.accept(joinSound(pieces));
    return stream;
  }

  function begin(): void {
    const room = roomOf(before.slice(0, -frames(manners.onsetMs) - 2));
    turn = {
      ...{ pieces: [...before], settled: "", frames: before.length, quiet: 0, draft: null },
      ...{ stream: listen(before), words: "", toldAt: 0, loudest: 0, room, soft: 0, heard: true },
    };
    before = [];
    tell({ type: "speech", atMs: time });
  }

  function end(one: Turn): void {
    turn = null;
    onset = 0;
    attention.reset();
    const asked = now();
    const atMs = time;
    const silenceMs = one.quiet * frameMs;
    const soundMs = one.frames * frameMs;
    const { words } = one.draft ?? hearAll(one);
    // Turns are told in their order, also when the words of the second one are there first.
    turns = Promise.all([turns, words]).then(([, text]) =>
      tell({ type: "turn", text, atMs, soundMs, silenceMs, waitedMs: now() - asked }),
    );
    busy = Promise.all([busy, turns]);
  }

  /** The words of a turn as far as it is here; told as a draft when the pause still lasts. */
  function hearAll(one: Turn): Draft {
    const draft: Draft = { words: Promise.resolve(""), text: null, frames: one.pieces.length };
    one.draft = draft;
    const { stream } = one;
    // A stream that has ended hears no more: who goes on gets another one.
    one.stream = null;
    const wanted = () => one.draft === draft;
    const heard = stream
      ? Promise.resolve(cleanWords(stream.end()))
      : transcribe(joinSound(one.pieces), wanted);
    draft.words = heard.then((text) => joinWords(one.settled, text));
    busy = Promise.all([busy, draft.words]);
    void draft.words.then((text) => {
      draft.text = text;
      if (turn !== one || one.draft !== draft) return;
      if (text !== "") tell({ type: "draft", text });
      look(one);
    });
    return draft;
  }

  /** Ends the turn when the pause is long enough for its words. */
  function look(one: Turn): void {
    const { finishedMs, endMs, unfinishedMs } = manners;
    const text = one.draft?.text;
    const patience = { yes: finishedMs, maybe: endMs, no: unfinishedMs };
    // A driver that streams writes no full stops.
    // Without words nothing can be answered, so it costs nothing to see whether the person goes on.
    const needed = text == null ? unfinishedMs : patience[howFinished(hearing.begin ? `${text}.` : text)];
    if (one.quiet >= frames(needed)) end(one);
  }

  /** The detector lets go: when the draft calls for more, or a soft word came after it, it may lack the last word and is made again. */
  function hearAgain(one: Turn): void {
    const text = one.draft?.text;
    if (text == null) return;
    const finished = howFinished(text);
    if (finished === "no" || (finished === "maybe" && one.soft >= 3)) hearAll(one);
  }

  function goOn(one: Turn): void {
    const { draft } = one;
    if (draft?.text) tell({ type: "on" });
    // What was said before a real pause stays as it was heard; only what follows is transcribed from now on.
    if (draft?.text && one.quiet >= frames(settledMs.pause) && draft.frames >= frames(settledMs.sound)) {
      one.settled = draft.text;
      one.pieces = one.pieces.slice(-frames(128));
      one.toldAt = 0;
    }
    if (hearing.begin && draft) {
      one.settled = draft.text ?? one.settled;
      one.stream = listen(one.pieces.slice(-frames(64)));
    }
    one.quiet = 0;
    one.soft = 0;
    one.draft = null;
  }

  function tellWords(one: Turn): void {
    if (one.stream) {
      if (manners.wordsMs === 0 || one.pieces.length - one.toldAt < frames(manners.wordsMs / 4)) return;
      one.toldAt = one.pieces.length;
      tellText(one, joinWords(one.settled, one.stream.words()));
      return;
    }
    // On a machine that is too slow for it, words so far would only delay the turn.
    if (lastMs > manners.wordsMs * 0.6) return;
    if (manners.wordsMs === 0 || working > 0 || one.pieces.length - one.toldAt < frames(manners.wordsMs))
      return;
    one.toldAt = one.pieces.length;
    void transcribe(joinSound(one.pieces), () => turn === one).then((tail) =>
      tellText(one, joinWords(one.settled, tail)),
    );
  }

  function tellText(one: Turn, text: string): void {
    if (turn !== one || text === "" || (one.stream && text === one.words)) return;
    tell({ type: "words", text, firm: agreed(one.words, text) });
    one.words = text;
  }

  return {
    feed(frame) {
      time += frameMs;
      const hears = attention.hears(frame);
      if (!turn) {
        before.push(frame);
        if (before.length > frames(manners.preRollMs)) before.shift();
        onset = hears ? onset + 1 : 0;
        if (onset === 1) parts.onset?.();
        if (onset >= frames(manners.onsetMs)) begin();
        return;
      }
      turn.pieces.push(frame);
      turn.stream?.accept(frame);
      turn.frames++;
      if (turn.quiet > 0 && loudness(frame) > turn.room * 3 + 0.002) turn.soft++;
      if (hears && isLoud(turn, frame)) {
        if (turn.quiet > 0) goOn(turn);
        tellWords(turn);
      } else {
        turn.quiet++;
        if (turn.quiet === frames(manners.pauseMs)) hearAll(turn);
        else if (turn.heard && !hears) hearAgain(turn);
        look(turn);
      }
      if (turn) turn.heard = hears;
      if (turn && turn.pieces.length >= frames(manners.mostMs)) end(turn);
    },
    release() {
      if (turn) end(turn);
    },
    async idle() {
      for (let seen: unknown = null; seen !== busy; ) {
        seen = busy;
        await busy;
      }
    },
  };
}

/** Whether a frame is speech by its loudness: not as quiet as the room, nor as a pause after what was loud. */
function isLoud(turn: Turn, frame: Float32Array): boolean {
  const level = loudness(frame);
  turn.loudest = Math.max(turn.loudest * fade, level);
  return level > Math.max(turn.loudest * quietPart, turn.room * roomFactor);
}

/** How loud the room is when nobody speaks: the quieter half of some frames. */
function roomOf(frames: readonly Float32Array[]): number {
  const levels = frames.map(loudness).sort((a, b) => a - b);
  return levels[Math.floor(levels.length / 2)] ?? 0;
}

interface Draft {
  words: Promise<string>;
  text: string | null;
  /** Frames that it heard. */
  frames: number;
}

interface Turn {
  /** What is transcribed, and the words of what was before it. */
  pieces: Float32Array[];
  settled: string;
  stream: HearingStream | null;
  frames: number;
  /** Frames of quiet at its end, and those of them that are louder than the room. */
  quiet: number;
  soft: number;
  /** Whether the detector heard speech in the last frame. */
  heard: boolean;
  /** What is being made of it in this pause. */
  draft: Draft | null;
  words: string;
  toldAt: number;
  loudest: number;
  /** Loudness of the room before it began. */
  room: number;
}
