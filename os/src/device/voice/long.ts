// Transcribes a sound of any length. A recogniser hears about half a minute at once, so the sound is cut where it is
// quietest, between 15 and 25 seconds after the last cut.

import { type Hearing, loudness, sampleRate } from "./voice.ts";

const window = Math.round(sampleRate * 0.1);

/** The words of a sound. */
export async function transcribeLong(
  hearing: Hearing,
  sound: Float32Array,
  how: { language?: string; signal?: AbortSignal } = {},
): Promise<string> {
  const { language, signal } = how;
  const words: string[] = [];
  for (let from = 0; from < sound.length; ) {
    signal?.throwIfAborted();
    const to = findCut(sound, from);
    const text = await hearing.transcribe(
      sound.subarray(from, to),
      language === undefined ? {} : { language },
    );
    if (text) words.push(text);
    from = to;
  }
  return words.join(" ");
}

function findCut(sound: Float32Array, from: number): number {
  if (sound.length - from <= sampleRate * 25) return sound.length;
  let best = from + sampleRate * 25;
  let quietest = Number.POSITIVE_INFINITY;
  for (let at = from + sampleRate * 15; at + window <= from + sampleRate * 25; at += window / 2) {
    const loud = loudness(sound.subarray(at, at + window));
    if (loud < quietest) {
      quietest = loud;
      best = at + window / 2;
    }
  }
  return best;
}
