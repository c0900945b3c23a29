// Opens the senses of speech as the settings of a home say. `config.json` may hold
//
//   "senses": { "language": "en", "voice": "slt", "speed": 1, "threads": 1 }
//
// Other drivers (a server's recogniser, a better voice) are another case here, behind the same contract.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { HumError } from "../../error.ts";
import { openFlite } from "../voice/flite.ts";
import { openSilero, openWhisper } from "../voice/sherpa.ts";
import type { Attention, Hearing, Speech } from "../voice/voice.ts";
import { checkSense } from "./install.ts";

const settingsSchema = z.object({
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .default("en"),
  voice: z.string().max(40).optional(),
  speed: z.number().min(0.5).max(2).default(1),
  threads: z.number().int().min(1).max(16).default(1),
});

/** How this home hears and speaks. */
export type SenseSettings = z.infer<typeof settingsSchema>;

/** The senses of speech, opened. */
export interface Senses {
  settings: SenseSettings;
  hearing: Hearing;
  speech: Speech;
  /** A detector for one stream of sound. */
  attend(): Attention;
}

/** The settings of a home. Throws `damaged` when they are wrong. */
export async function readSenseSettings(home: string): Promise<SenseSettings> {
  const text = await readFile(join(home, "config.json"), "utf8").catch(() => "{}");
  try {
    return settingsSchema.parse((JSON.parse(text) as { senses?: unknown }).senses ?? {});
  } catch (cause) {
    throw new HumError("damaged", `The part "senses" of config.json is wrong. Mend it, or take it out.`, {
      cause,
    });
  }
}

/** Opens the voice alone, which needs nothing to be fetched. */
export async function openSpeech(): Promise<Speech> {
  return openFlite();
}

/** Opens the senses of a home. Throws `not-found` when they must be fetched first. */
export async function openSenses(home: string): Promise<Senses> {
  const settings = await readSenseSettings(home);
  const whisper = await checkSense(home, "whisper-base");
  const silero = await checkSense(home, "silero-vad");
  const [hearing, attend, speech] = [
    await openWhisper({ folder: whisper, id: "whisper-base", threads: settings.threads }),
    await openSilero(join(silero, "silero_vad.onnx")),
    await openFlite(),
  ];
  // The first sound takes longer; it is nobody's.
  await hearing.transcribe(new Float32Array(16_000).map((_, i) => Math.sin(i / 20) * 0.1));
  return { settings, hearing, speech, attend };
}
