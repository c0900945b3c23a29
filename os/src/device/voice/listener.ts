// The listener: from frames of sound to turns of a conversation. It keeps a little of what was before the first word, begins
// to transcribe in each pause, and takes the turn when the pause is long enough; that is longer when the last words sound
// unfinished. All its time is the time of the sound, so the same sound gives the same turns.
//
//   quiet --speech--> speaking --pause--> waiting --long pause--> turn, quiet
//                        ^---------speech-----'
//
// Rule for callers: feed every frame, also while Hum itself speaks; `speech` is the moment to stop speaking.

import { type Attention, frameMs, type Hearing, joinSound } from "./voice.ts";
import { agreed, cleanWords, isUnfinished } from "./words.ts";

/** What a listener tells. */
export type Heard =
  /** Somebody began to speak; `atMs` is the time of the sound. */
  | { type: "speech"; atMs: number }
  /** Words so far; those in `firm` will hardly change. */
  | { type: "words"; text: string; firm: string }
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
  /** A pause that ends the turn, and one that ends it when the words sound unfinished. */
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
    endMs: 480,
    unfinishedMs: 1_200,
    wordsMs: 700,
    mostMs: 28_000,
  },
};

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
  let working = 0;
  /** Real milliseconds of the last transcribing. */
  let lastMs = 0;

  /** Transcribes what a turn holds so far. One at a time, as two at once would both be late; what nobody wants any more when its time comes is left. */
  function transcribe(sound: Float32Array, wanted: () => boolean = () => true): Promise<string> {
    working++;
    const work = busy.then(async () => {
      if (!wanted()) return "";
      const began = now();
      const text = await hearing.transcribe(sound, how);
      lastMs = now() - began;
      return cleanWords(text);
    });
    busy = work.catch(() => {}).finally(() => working--);
    return work.catch(() => "");
  }

  function begin(): void {
    turn = { pieces: [...before], quiet: 0, draft: null, words: "", toldAt: 0, began: time };
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
    const soundMs = one.pieces.length * frameMs;
    const words = one.draft?.words ?? transcribe(joinSound(one.pieces));
    const told = words.then((text) =>
      tell({ type: "turn", text, atMs, soundMs, silenceMs, waitedMs: now() - asked }),
    );
    busy = Promise.all([busy, told]);
  }

  function tellWords(one: Turn): void {
    // On a machine that is too slow for it, words so far would only delay the turn.
    if (lastMs > manners.wordsMs * 0.6) return;
    if (manners.wordsMs === 0 || working > 0 || one.pieces.length - one.toldAt < frames(manners.wordsMs))
      return;
    one.toldAt = one.pieces.length;
    void transcribe(joinSound(one.pieces)).then((text) => {
      if (turn !== one || text === "") return;
      tell({ type: "words", text, firm: agreed(one.words, text) });
      one.words = text;
    });
  }

  return {
    feed(frame) {
      time += frameMs;
      const speaks = attention.hears(frame);
      if (!turn) {
        before.push(frame);
        if (before.length > frames(manners.preRollMs)) before.shift();
        onset = speaks ? onset + 1 : 0;
        if (onset >= frames(manners.onsetMs)) begin();
        return;
      }
      turn.pieces.push(frame);
      if (speaks) {
        turn.quiet = 0;
        turn.draft = null;
        tellWords(turn);
      } else turn.quiet++;
      if (turn.quiet === frames(manners.pauseMs)) {
        const one = turn;
        const draft: Draft = { words: Promise.resolve(""), text: null };
        one.draft = draft;
        draft.words = transcribe(joinSound(one.pieces), () => one.draft === draft);
        void draft.words.then((text) => {
          draft.text = text;
        });
      }
      const open = turn.draft?.text != null && isUnfinished(turn.draft.text);
      if (turn.quiet >= frames(open ? manners.unfinishedMs : manners.endMs)) return end(turn);
      if (turn.pieces.length >= frames(manners.mostMs)) end(turn);
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

interface Draft {
  words: Promise<string>;
  text: string | null;
}

interface Turn {
  pieces: Float32Array[];
  /** Frames of quiet at its end. */
  quiet: number;
  /** What is being made of it in this pause. */
  draft: Draft | null;
  words: string;
  toldAt: number;
  began: number;
}
