// Where the words are in a sound.

import { sampleRate } from "./voice.ts";

/** Without the silence before the first sound and most of that after the last one. */
export function trimSound(sound: Float32Array): Float32Array {
  const loud = (sample: number) => Math.abs(sample) > 0.008;
  const first = sound.findIndex(loud);
  if (first < 0) return new Float32Array(0);
  const last = sound.findLastIndex(loud);
  return sound.slice(
    Math.max(0, first - sampleRate * 0.02),
    Math.min(sound.length, last + sampleRate * 0.12),
  );
}
