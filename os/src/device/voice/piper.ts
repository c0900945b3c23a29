// Speech by a Piper voice (VITS) through sherpa-onnx: it sounds like a person and needs about a twentieth of real time. One
// sentence is one pass; the next one waits for it, as two at once would both be late.

import { HumError } from "../../error.ts";
import { loadSherpa } from "./sherpa.ts";
import { trimSound } from "./trim.ts";
import { type Speech, toSpeed } from "./voice.ts";
import { toRate } from "./wav.ts";

/** Longest text that is spoken in one piece, in characters. */
const mostLetters = 600;

/** Opens a Piper voice; a folder holds `model.onnx`, `tokens.txt` and `espeak-ng-data/`. */
export async function openPiper(options: {
  folder: string;
  voice: string;
  threads?: number;
}): Promise<Speech> {
  const { folder, voice, threads = 1 } = options;
  const { OfflineTts } = await loadSherpa();
  const vits = {
    ...{ model: `${folder}/model.onnx`, tokens: `${folder}/tokens.txt` },
    dataDir: `${folder}/espeak-ng-data`,
    // The chance with which it was trained: no sentence sounds twice the same.
    ...{ noiseScale: 0.667, noiseScaleW: 0.8, lengthScale: 1 },
  };
  let tts: InstanceType<typeof OfflineTts>;
  try {
    tts = new OfflineTts({
      model: { vits, numThreads: threads, debug: 0, provider: "cpu" },
      maxNumSentences: 1,
    });
  } catch (cause) {
    throw new HumError(
      "damaged",
      `The voice in ${folder} cannot be opened. Fetch it again: \`hum senses pull\`.`,
      { cause },
    );
  }
  let before: Promise<unknown> = Promise.resolve();
  return {
    id: "piper",
    voices: [voice],
    speak(text, how = {}) {
      const words = toReadable(text).slice(0, mostLetters);
      if (!/[\p{L}\p{N}]/u.test(words)) return Promise.resolve(new Float32Array(0));
      const speed = toSpeed(how.speed);
      const work = before.then(async () => {
        const { samples, sampleRate } = await tts.generateAsync({
          ...{ text: words, sid: 0, speed, enableExternalBuffer: false },
        });
        return trimSound(toRate(samples, sampleRate));
      });
      before = work.catch(() => {});
      return work;
    },
  };
}

/** Pictures and marks are not read out. */
const toReadable = (text: string): string =>
  text
    .replace(/\p{Extended_Pictographic}|[\u200d\ufe0f]/gu, " ")
    .replace(/[<>"“”„«»\\*#_`\0]/g, " ")
    .replace(/^[\s-]+/, "")
    .trim();
