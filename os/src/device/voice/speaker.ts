// The speaker: an answer is spoken sentence by sentence while it is still being written, and its first clause by itself, so
// that it begins soon. It can stop at once; and it knows what was heard, so that nothing counts as said that nobody heard.

import { type Speech, sampleRate } from "./voice.ts";
import { heardPart, takeClause, takeSentences, toSpoken } from "./words.ts";

/** A sentence with its sound. */
export interface Spoken {
  text: string;
  sound: Float32Array;
}

/** Speaks one answer. */
export interface Speaker {
  /** More of the text. */
  write(text: string): void;
  /** The text is whole; settles when all of it was given to `play`, with what was given. */
  end(): Promise<string>;
  /**
   * Stops at once. `playedMs` is how much of the sound was played; gives the words that were heard, whether that is all
   * that had been written, and what would have to be said again: from the piece that was cut off to the end.
   */
  stop(playedMs: number): { heard: string; whole: boolean; left: string };
}

/** Makes a speaker for one answer; `play` gets sentence after sentence. */
export function createSpeaker(parts: {
  speech: Speech;
  voice?: string;
  speed?: number;
  play(spoken: Spoken): void;
}): Speaker {
  const { speech, play } = parts;
  const how = {
    ...(parts.voice === undefined ? {} : { voice: parts.voice }),
    ...(parts.speed === undefined ? {} : { speed: parts.speed }),
  };
  const given: Spoken[] = [];
  let rest = "";
  /** Pieces that wait for their sound. */
  const waiting: string[] = [];
  let first = true;
  let stopped = false;
  let queue: Promise<void> = Promise.resolve();

  function say(text: string): void {
    if (first) {
      first = false;
      const [clause, more] = takeClause(text);
      sayPiece(clause);
      if (more !== "") sayPiece(more);
    } else sayPiece(text);
  }

  function sayPiece(text: string): void {
    const words = toSpoken(text);
    if (words === "") return;
    waiting.push(words);
    queue = queue.then(async () => {
      // A voice may compute without a pause: whoever interrupts must be heard between two sentences.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (!stopped) {
        const sound = await speech.speak(words, how);
        if (!stopped) {
          given.push({ text: words, sound });
          play({ text: words, sound });
          waiting.shift();
        }
      }
    });
  }

  return {
    write(text) {
      if (stopped) return;
      const { sentences, rest: left } = takeSentences(rest + text);
      rest = left;
      for (const sentence of sentences) say(sentence);
    },
    async end() {
      const { sentences } = takeSentences(rest, true);
      rest = "";
      for (const sentence of sentences) if (!stopped) say(sentence);
      await queue;
      return given.map((one) => one.text).join(" ");
    },
    stop(playedMs) {
      stopped = true;
      let samples = (playedMs / 1000) * sampleRate;
      const heard: string[] = [];
      const left: string[] = [];
      for (const { text, sound } of given) {
        if (samples < sound.length) left.push(text);
        if (samples > 0) heard.push(samples >= sound.length ? text : heardPart(text, samples / sound.length));
        samples -= sound.length;
      }
      left.push(...waiting, toSpoken(rest));
      const unheard = left.filter(Boolean).join(" ");
      return { heard: heard.filter(Boolean).join(" "), whole: unheard === "", left: unheard };
    },
  };
}
