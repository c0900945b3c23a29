// The contract of the senses of speech. Sound is one channel of 16,000 samples a second, in frames of 512 samples (32 ms),
// from -1 to 1. Three parts, each with drivers behind it and all proved by one suite (test/contract/voice.ts):
//
//   Attention   is somebody speaking in this frame?
//   Hearing     which words are in this sound?
//   Speech      how do these words sound?
//
// Rules for drivers
//   - They keep nothing of what they heard, and touch no file but those of their own weights.
//   - Sound without words gives "", never invented words.
//   - `transcribe` and `speak` do not throw for odd input (silence, an empty text, other alphabets); a damaged file of
//     weights is a HumError when they are opened.

/** Samples a second. */
export const sampleRate = 16_000;
/** Samples of one frame. */
export const frameSamples = 512;
/** Milliseconds of one frame. */
export const frameMs = (frameSamples / sampleRate) * 1000;

/** Tells speech from everything else, frame by frame. */
export interface Attention {
  /** True while somebody speaks; it may lag behind by a few frames. */
  hears(frame: Float32Array): boolean;
  /** Forgets what came before. */
  reset(): void;
}

/** Turns sound to words. */
export interface Hearing {
  readonly id: string;
  /** `language` is a code such as `en`; `careful` takes longer and is right more often. */
  transcribe(sound: Float32Array, how?: { language?: string; careful?: boolean }): Promise<string>;
  /** Hears while somebody speaks, where the driver can. */
  begin?(): HearingStream;
}

/** Sound that is heard piece by piece. */
export interface HearingStream {
  accept(samples: Float32Array): void;
  /** The words so far; those of the last moment may be missing. */
  words(): string;
  /** All words. Nothing can be accepted after it. */
  end(): string;
}

/** Turns words to sound. */
export interface Speech {
  readonly id: string;
  readonly voices: readonly string[];
  /** The sound of a sentence, without silence before it; empty for a text without words. `speed` 1 is usual. */
  speak(text: string, how?: { voice?: string; speed?: number }): Promise<Float32Array>;
}

/** Joins pieces of sound. */
export function joinSound(pieces: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** Sound quieter than this has no words. */
const silence = 0.0006;

/** Whether a sound is too short or too quiet to hold words. */
export const isSilent = (sound: Float32Array): boolean =>
  sound.length < frameSamples || loudness(sound) < silence;

/** A speed within what voices can speak; 1 is usual. */
export const toSpeed = (speed = 1): number => Math.max(0.5, Math.min(2, speed));

/** How loud a sound is: the root of the mean square. */
export function loudness(sound: Float32Array): number {
  let sum = 0;
  for (const sample of sound) sum += sample * sample;
  return sound.length === 0 ? 0 : Math.sqrt(sum / sound.length);
}
