// Hearing by sherpa-onnx: Whisper for the words, Silero for whether somebody speaks. The library is native and large, so it
// is loaded when a sense is opened, and a machine for which there is none is told so.

import { HumError, toMessage } from "../../error.ts";
import { type Attention, frameSamples, type Hearing, isSilent, sampleRate } from "./voice.ts";
import { cleanWords } from "./words.ts";

// The library has no types of its own; these are the parts that are used.
interface Stream {
  acceptWaveform(wave: { sampleRate: number; samples: Float32Array }): void;
}
interface OnlineStream extends Stream {
  inputFinished(): void;
}
/** The library. */
export interface Library {
  OfflineRecognizer: new (
    config: object,
  ) => {
    createStream(): Stream;
    decodeAsync(stream: Stream): Promise<{ text: string }>;
  };
  OfflineTts: new (
    config: object,
  ) => {
    generateAsync(request: object): Promise<{ samples: Float32Array; sampleRate: number }>;
  };
  OnlineRecognizer: new (
    config: object,
  ) => {
    createStream(): OnlineStream;
    isReady(stream: OnlineStream): boolean;
    decode(stream: OnlineStream): void;
    getResult(stream: OnlineStream): { text: string };
  };
  Vad: new (
    config: object,
    seconds: number,
  ) => {
    acceptWaveform(samples: Float32Array): void;
    isDetected(): boolean;
    isEmpty(): boolean;
    pop(): void;
    reset(): void;
  };
}

/** Loads the library. Throws `not-found` where there is none for this machine. */
export async function loadSherpa(): Promise<Library> {
  try {
    const name = "sherpa-onnx-node";
    return ((await import(name)) as { default: Library }).default;
  } catch (cause) {
    throw new HumError(
      "not-found",
      `Speech cannot be recognised on this machine (${toMessage(cause).split("\n")[0]}).`,
      { cause },
    );
  }
}

// Frames of silence that are put behind the sound: fewer and it mishears, more and it takes longer.
const tail = { quick: 300, careful: 1_000 };

/** Opens Whisper; a folder holds `encoder.onnx`, `decoder.onnx` and `tokens.txt`. */
export async function openWhisper(options: {
  folder: string;
  id: string;
  threads?: number;
}): Promise<Hearing> {
  const { folder, id, threads = 1 } = options;
  const { OfflineRecognizer } = await loadSherpa();
  const make = (language: string, tailPaddings: number) => {
    const whisper = {
      encoder: `${folder}/encoder.onnx`,
      decoder: `${folder}/decoder.onnx`,
      ...{ language, task: "transcribe", tailPaddings },
    };
    const model = { whisper, tokens: `${folder}/tokens.txt`, numThreads: threads, provider: "cpu", debug: 0 };
    try {
      return new OfflineRecognizer({ featConfig: { sampleRate, featureDim: 80 }, modelConfig: model });
    } catch (cause) {
      throw new HumError(
        "damaged",
        `The speech model in ${folder} cannot be opened. Fetch it again: \`hum senses pull\`.`,
        { cause },
      );
    }
  };
  // One recogniser a language and care, made when it is first needed: the weights are shared by the file cache only.
  const made = new Map<string, ReturnType<typeof make>>();
  const recogniser = (language: string, careful: boolean) => {
    const key = `${language} ${careful}`;
    let one = made.get(key);
    if (!one) {
      one = make(language, careful ? tail.careful : tail.quick);
      made.set(key, one);
    }
    return one;
  };
  recogniser("en", false);
  return {
    id,
    async transcribe(sound, { language = "en", careful = false } = {}) {
      if (isSilent(sound)) return "";
      const one = recogniser(language, careful);
      const stream = one.createStream();
      stream.acceptWaveform({ sampleRate, samples: sound });
      const { text } = await one.decodeAsync(stream);
      return cleanWords(text);
    },
  };
}

/** Opens Silero's detector of speech. */
export async function openSilero(file: string): Promise<() => Attention> {
  const { Vad } = await loadSherpa();
  const make = () => {
    const sileroVad = {
      ...{ model: file, threshold: 0.5, minSilenceDuration: 0.05, minSpeechDuration: 0.05 },
      ...{ windowSize: frameSamples, maxSpeechDuration: 30 },
    };
    try {
      return new Vad({ sileroVad, sampleRate, numThreads: 1, provider: "cpu", debug: 0 }, 60);
    } catch (cause) {
      throw new HumError(
        "damaged",
        `The detector of speech in ${file} cannot be opened. Fetch it again: \`hum senses pull\`.`,
        { cause },
      );
    }
  };
  make();
  return () => {
    const vad = make();
    return {
      hears(frame) {
        vad.acceptWaveform(frame);
        // The segments it collects are not used; kept, they would grow.
        while (!vad.isEmpty()) vad.pop();
        return vad.isDetected();
      },
      reset: () => vad.reset(),
    };
  };
}
