// Asks a server that speaks OpenAI's protocol: with its key, within a time and a size, and never sent on to another place.

import { toMessage } from "../error.ts";
import { readBounded } from "./bounded.ts";

/** A server, and where its key is. */
export interface KeyedServer {
  /** Up to and with `/v1`. */
  url: string;
  /** Name of the environment variable that holds the key. */
  keyEnv?: string | undefined;
  env?: Record<string, string | undefined>;
}

/** What it is asked, and how long and how large its answer may be. */
export interface Question {
  body: FormData | object;
  ms: number;
  bytes: number;
  signal?: AbortSignal;
  /** Makes the error of what the server did, e.g. "said 500: too busy". */
  trouble(what: string, cause?: unknown): Error;
}

/** The bytes of its answer. Throws what `trouble` makes of anything else, or the reason of the signal. */
export async function askOpenAi(
  { url, keyEnv, env = process.env }: KeyedServer,
  path: string,
  { body, ms, bytes: most, signal, trouble }: Question,
): Promise<Buffer<ArrayBuffer>> {
  const key = keyEnv === undefined ? undefined : env[keyEnv];
  if (keyEnv !== undefined && !key)
    throw trouble(`has no key: set the environment variable ${keyEnv} and start Hum again`);
  const headers = {
    ...(body instanceof FormData ? {} : { "content-type": "application/json" }),
    ...(key ? { authorization: `Bearer ${key}` } : {}),
  };
  const late = AbortSignal.timeout(ms);
  let response: Response;
  let bytes: Buffer<ArrayBuffer> | null;
  try {
    response = await fetch(`${url.replace(/\/+$/, "")}/${path}`, {
      ...{ method: "POST", redirect: "error", headers },
      body: body instanceof FormData ? body : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    bytes = await readBounded(response, most);
  } catch (error) {
    signal?.throwIfAborted();
    const why = toMessage((error as { cause?: unknown }).cause ?? error);
    throw trouble(`cannot be asked: ${late.aborted ? "it did not answer in time" : why}`, error);
  }
  const words = response.ok ? "" : (bytes?.toString("utf8").slice(0, 300).trim() ?? "");
  if (!response.ok) throw trouble(`said ${response.status}${words && ": "}${words}`);
  if (bytes === null) throw trouble("sent more than it may");
  return bytes;
}

/** What was answered, as JSON. */
export function fromAnswer(bytes: Buffer, trouble: Question["trouble"]): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw trouble("answered something else than JSON", cause);
  }
}
