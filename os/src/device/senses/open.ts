// Opens the senses of speech as the settings of a home say (settings.ts). Each driver stands behind the same contract, so a
// talk does not know which it has.

import { join } from "node:path";
import { openFlite } from "../voice/flite.ts";
import { openPiper } from "../voice/piper.ts";
import { openRemoteHearing, openRemoteSpeech } from "../voice/remote.ts";
import { openSilero, openWhisper } from "../voice/sherpa.ts";
import { openStreaming } from "../voice/streaming.ts";
import type { Attention, Hearing, Speech } from "../voice/voice.ts";
import { piperVoice, streamingId } from "./catalogue.ts";
import { checkSense, isPresent } from "./install.ts";
import { readSettings, type SenseSettings } from "./settings.ts";

/** The senses of speech, opened. */
export interface Senses {
  settings: SenseSettings;
  hearing: Hearing;
  speech: Speech;
  /** A detector for one stream of sound. */
  attend(): Attention;
}

/** Opens the voices alone: those that need nothing to be fetched, and those that were. */
export async function openSpeech(home: string): Promise<Speech> {
  const { senses } = await readSettings(home);
  if (senses.speaking) return openRemoteSpeech(senses.speaking);
  const flite = await openFlite();
  if (!(await isPresent(home, "piper-joe"))) return flite;
  const folder = await checkSense(home, "piper-joe");
  return joinVoices(await openPiper({ folder, voice: piperVoice, threads: senses.threads }), flite);
}

/** Opens the senses of a home. Throws `not-found` when they must be fetched first. */
export async function openSenses(home: string): Promise<Senses> {
  const { senses: settings } = await readSettings(home);
  const silero = await checkSense(home, "silero-vad");
  const attend = await openSilero(join(silero, "silero_vad.onnx"));
  const hearing = await openHearing(home, settings);
  const speech = await openSpeech(home);
  return { settings, hearing, speech, attend };
}

async function openHearing(home: string, settings: SenseSettings): Promise<Hearing> {
  if (settings.hearing) return openRemoteHearing(settings.hearing);
  if ((settings.language ?? "en") === "en" && (await isPresent(home, streamingId)))
    return openStreaming({ folder: await checkSense(home, streamingId), threads: settings.threads });
  const folder = await checkSense(home, "whisper-base");
  const hearing = await openWhisper({ folder, id: "whisper-base", threads: settings.threads });
  // The first sound takes longer; it is nobody's.
  await hearing.transcribe(new Float32Array(16_000).map((_, i) => Math.sin(i / 20) * 0.1));
  return hearing;
}

/** Two drivers as one: a voice is spoken by the one that has it, any other by the first. */
export function joinVoices(first: Speech, second: Speech): Speech {
  return {
    id: first.id,
    voices: [...first.voices, ...second.voices],
    speak: (text, how = {}) =>
      (how.voice !== undefined && second.voices.includes(how.voice) ? second : first).speak(text, how),
  };
}
