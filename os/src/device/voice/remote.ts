// Hearing and speaking by a server that knows OpenAI's /audio/transcriptions and /audio/speech. Only where a person set one
// up: what is said goes there. Its failure is a HumError that says so; nothing is tried elsewhere in silence.

import { HumError, toMessage } from "../../error.ts";
import { askOpenAi, fromAnswer, type KeyedServer } from "../server.ts";
import { trimSound } from "./trim.ts";
import { type Hearing, isSilent, type Speech, toSpeed } from "./voice.ts";
import { fromWav, toWav } from "./wav.ts";
import { cleanWords } from "./words.ts";

/** A server. */
export interface RemoteVoice extends KeyedServer {
  model: string;
  voice?: string | undefined;
}

const limits = { ms: 30_000, bytes: 32 * 1024 * 1024, letters: 4_000 };

/** Hears through a server. */
export function openRemoteHearing(server: RemoteVoice): Hearing {
  return {
    id: server.model,
    async transcribe(sound, { language } = {}) {
      if (isSilent(sound)) return "";
      const form = new FormData();
      form.set("file", new Blob([new Uint8Array(toWav(sound))], { type: "audio/wav" }), "sound.wav");
      form.set("model", server.model);
      form.set("response_format", "json");
      if (language !== undefined) form.set("language", language);
      const answer = fromAnswer(await ask(server, "audio/transcriptions", form), toTrouble(server));
      return cleanWords(String((answer as { text?: unknown } | null)?.text ?? ""));
    },
  };
}

/** Speaks through a server. */
export function openRemoteSpeech(server: RemoteVoice): Speech {
  const voice = server.voice ?? "alloy";
  return {
    id: server.model,
    voices: [voice],
    async speak(text, how = {}) {
      const input = text.slice(0, limits.letters);
      if (!/[\p{L}\p{N}]/u.test(input)) return new Float32Array(0);
      const speed = toSpeed(how.speed);
      const order = { model: server.model, input, voice, response_format: "wav", speed };
      const answer = await ask(server, "audio/speech", order);
      try {
        return trimSound(fromWav(answer));
      } catch (cause) {
        throw toTrouble(server)(`sent no sound (${toMessage(cause)})`, cause);
      }
    },
  };
}

const ask = (server: RemoteVoice, path: string, body: FormData | object) =>
  askOpenAi(server, path, { body, ...limits, trouble: toTrouble(server) });

const toTrouble =
  ({ url }: RemoteVoice) =>
  (what: string, cause?: unknown) =>
    new HumError("offline", `The speech server ${new URL(url).host} ${what}.`, { cause });
