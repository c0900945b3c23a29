// Hearing and speaking by a server that knows OpenAI's /audio/transcriptions and /audio/speech. Only where a person set one
// up: what is said goes there. Its failure is a HumError that says so; nothing is tried elsewhere in silence.

import { HumError, toMessage } from "../../error.ts";
import { readBounded } from "../bounded.ts";
import { trimSound } from "./trim.ts";
import { type Hearing, isSilent, type Speech, toSpeed } from "./voice.ts";
import { fromWav, toWav } from "./wav.ts";
import { cleanWords } from "./words.ts";

/** A server. */
export interface RemoteVoice {
  /** Up to and with `/v1`. */
  url: string;
  model: string;
  voice?: string | undefined;
  /** Name of the environment variable that holds the key. */
  keyEnv?: string | undefined;
  env?: Record<string, string | undefined>;
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
      const answer = await ask(server, "/audio/transcriptions", { body: form, headers: {} });
      try {
        return cleanWords(String((JSON.parse(answer.toString("utf8")) as { text: unknown }).text ?? ""));
      } catch (cause) {
        throw trouble(server, "answered with something that is no JSON", cause);
      }
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
      const answer = await ask(server, "/audio/speech", {
        body: JSON.stringify({ model: server.model, input, voice, response_format: "wav", speed }),
        headers: { "content-type": "application/json" },
      });
      try {
        return trimSound(fromWav(answer));
      } catch (cause) {
        throw trouble(server, `sent no sound (${toMessage(cause)})`, cause);
      }
    },
  };
}

async function ask(
  server: RemoteVoice,
  path: string,
  how: { body: FormData | string; headers: Record<string, string> },
): Promise<Buffer> {
  const { url, keyEnv, env = process.env } = server;
  const key = keyEnv === undefined ? undefined : env[keyEnv];
  if (keyEnv !== undefined && !key)
    throw new HumError(
      "not-found",
      `The speech server needs a key. Set the environment variable ${keyEnv} and start Hum again.`,
    );
  let response: Response;
  try {
    response = await fetch(`${url.replace(/\/+$/, "")}${path}`, {
      method: "POST",
      body: how.body,
      headers: { ...how.headers, ...(key ? { authorization: `Bearer ${key}` } : {}) },
      signal: AbortSignal.timeout(limits.ms),
      redirect: "error",
    });
  } catch (cause) {
    throw trouble(server, "cannot be reached", cause);
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw trouble(server, `answered ${response.status}`);
  }
  const bytes = await readBounded(response, limits.bytes);
  if (bytes === null) throw trouble(server, "sent more than a sound can be");
  return bytes;
}

const trouble = ({ url }: RemoteVoice, what: string, cause?: unknown) =>
  new HumError("offline", `The speech server ${new URL(url).host} ${what}.`, { cause });
