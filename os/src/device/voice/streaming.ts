// Hearing that streams: a transducer (Zipformer) through sherpa-onnx, which hears each piece once and has the words almost
// when they end. It writes capitals only and no full stops, so what it gives is put into sentence case.

import { HumError } from "../../error.ts";
import { type Library, loadSherpa } from "./sherpa.ts";
import { type Hearing, type HearingStream, isSilent, sampleRate } from "./voice.ts";
import { cleanWords } from "./words.ts";

/** Silence that brings out the last words, in seconds. */
const tailSeconds = 0.5;

/** Opens it; a folder holds `encoder.onnx`, `decoder.onnx`, `joiner.onnx` and `tokens.txt`. */
export async function openStreaming(options: {
  folder: string;
  threads?: number;
  /** For tests. */
  library?: Pick<Library, "OnlineRecognizer">;
}): Promise<Hearing> {
  const { folder, threads = 1 } = options;
  const { OnlineRecognizer } = options.library ?? (await loadSherpa());
  const transducer = {
    ...{ encoder: `${folder}/encoder.onnx`, decoder: `${folder}/decoder.onnx` },
    joiner: `${folder}/joiner.onnx`,
  };
  const modelConfig = {
    ...{ transducer, tokens: `${folder}/tokens.txt`, numThreads: threads },
    ...{ provider: "cpu", debug: 0 },
  };
  let recogniser: InstanceType<Library["OnlineRecognizer"]>;
  try {
    recogniser = new OnlineRecognizer({
      featConfig: { sampleRate, featureDim: 80 },
      modelConfig,
      ...{ decodingMethod: "greedy_search", enableEndpoint: 0 },
    });
  } catch (cause) {
    throw new HumError(
      "damaged",
      `The speech model in ${folder} cannot be opened. Fetch it again: \`hum senses pull\`.`,
      { cause },
    );
  }
  const begin = (): HearingStream => {
    const stream = recogniser.createStream();
    const run = () => {
      while (recogniser.isReady(stream)) recogniser.decode(stream);
    };
    const words = () => toSentence(cleanWords(recogniser.getResult(stream).text));
    return {
      accept(samples) {
        stream.acceptWaveform({ sampleRate, samples });
        run();
      },
      words,
      end() {
        stream.acceptWaveform({ sampleRate, samples: new Float32Array(sampleRate * tailSeconds) });
        stream.inputFinished();
        run();
        return words();
      },
    };
  };
  return {
    id: "zipformer",
    begin,
    async transcribe(sound) {
      if (isSilent(sound)) return "";
      const stream = begin();
      stream.accept(sound);
      return stream.end();
    },
  };
}

const toSentence = (text: string): string => {
  const small = text.toLowerCase().replace(/\bi\b/g, "I").trim();
  return small === "" ? "" : (small[0] as string).toUpperCase() + small.slice(1);
};
