// The speaker: an answer is spoken sentence by sentence while it is still being written. It never runs far ahead of what is
// played, so that it can stop at once; and it knows what was heard, so that nothing counts as said that nobody heard.

import { type Speech, sampleRate } from "./voice.ts";
import { heardPart, takeSentences, toSpoken } from "./words.ts";

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
   * Stops at once. `playedMs` is how much of the sound was played; gives the words that were heard, and whether that is
   * all that had been written.
   */
  stop(playedMs: number): { heard: string; whole: boolean };
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
  let waiting = 0;
  let stopped = false;
  let queue: Promise<void> = Promise.resolve();

  function say(text: string): void {
    const words = toSpoken(text);
    if (words === "") return;
    waiting++;
    queue = queue.then(async () => {
      // A voice may compute without a pause: whoever interrupts must be heard between two sentences.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (!stopped) {
        const sound = await speech.speak(words, how);
        if (!stopped) {
          given.push({ text: words, sound });
          play({ text: words, sound });
        }
      }
      waiting--;
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
      const before = waiting > 0 || rest.trim() !== "";
      stopped = true;
      let left = (playedMs / 1000) * sampleRate;
      const heard: string[] = [];
      for (const { text, sound } of given) {
        if (left <= 0) break;
        heard.push(left >= sound.length ? text : heardPart(text, left / sound.length));
        left -= sound.length;
      }
      const all = given.reduce((sum, one) => sum + one.sound.length, 0);
      const whole = !before && (playedMs / 1000) * sampleRate >= all;
      return { heard: heard.filter(Boolean).join(" "), whole };
    },
  };
}
