// The files of a Piper voice as sherpa-onnx wants them: what its settings say stands in the model as metadata, and its
// phonemes in a list of their own.

import { bytes } from "./whisper/protobuf.ts";

interface PiperSettings {
  audio: { sample_rate: number };
  espeak: { voice: string };
  num_speakers?: number;
  phoneme_id_map: Record<string, readonly number[]>;
}

const metadata = 14;

/** The model with what its settings say; a field that is repeated may be appended to a message. */
export function toPiperModel(model: Buffer, settings: string): Buffer {
  const { audio, espeak, num_speakers } = JSON.parse(settings) as PiperSettings;
  const facts = {
    ...{ model_type: "vits", comment: "piper", language: "English", has_espeak: "1" },
    voice: espeak.voice,
    n_speakers: String(num_speakers ?? 1),
    sample_rate: String(audio.sample_rate),
  };
  const fields = Object.entries(facts).map(([key, value]) =>
    bytes(metadata, [bytes(1, key), bytes(2, value)]),
  );
  return Buffer.concat([model, ...fields]);
}

/** The list of phonemes with their numbers. */
export function toPiperTokens(settings: string): string {
  const { phoneme_id_map } = JSON.parse(settings) as PiperSettings;
  return Object.entries(phoneme_id_map)
    .map(([phoneme, [id]]) => `${phoneme} ${id}\n`)
    .join("");
}
