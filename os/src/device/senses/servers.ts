// Servers that see or paint, where a person has set one up. `config.json` may hold
//
//   "senses": {
//     "sight":   { "url": "http://127.0.0.1:11434/v1", "model": "qwen2.5-vl" },
//     "painter": { "url": "https://…/v1", "model": "…", "keyEnv": "PAINTER_KEY", "size": "1536x1024" }
//   }
//
// Both speak OpenAI's protocol. Naming a server here is the yes to sending it what it is asked about, as with a model.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { HumError, toMessage } from "../../error.ts";
import { serverLimits } from "../../limits.ts";
import { readBounded } from "../bounded.ts";

const serverSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  model: z.string().min(1).max(200),
  /** Name of the environment variable that holds the key. */
  keyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional(),
});
const painterSchema = serverSchema.extend({
  size: z
    .string()
    .regex(/^\d{2,4}x\d{2,4}$/)
    .optional(),
});
const schema = z.object({ sight: serverSchema.optional(), painter: painterSchema.optional() });

/** A server and its model. */
export type SenseServer = z.infer<typeof serverSchema>;
/** A server that paints. */
export type PainterServer = z.infer<typeof painterSchema>;

/** The servers that a home has set up. Throws `damaged` when that part of its settings is wrong. */
export async function readSenseServers(
  home: string,
): Promise<{ sight?: SenseServer | undefined; painter?: PainterServer | undefined }> {
  const text = await readFile(join(home, "config.json"), "utf8").catch(() => "{}");
  try {
    return schema.parse((JSON.parse(text) as { senses?: unknown }).senses ?? {});
  } catch (cause) {
    const what = `"senses.sight" or "senses.painter" in config.json is wrong. Mend it, or take it out.`;
    throw new HumError("damaged", what, { cause });
  }
}

/** Asks a server and gives its answer as JSON. Throws with a sentence for the person. */
export async function askServer(
  server: SenseServer,
  path: string,
  body: object,
  signal: AbortSignal,
): Promise<unknown> {
  const key = server.keyEnv === undefined ? undefined : process.env[server.keyEnv];
  if (server.keyEnv !== undefined && !key) throw new Error(`the key is not set: ${server.keyEnv}`);
  const address = server.url.replace(/\/+$/, "");
  const response = await fetch(`${address}/${path}`, {
    method: "POST",
    redirect: "error",
    headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
    body: JSON.stringify({ model: server.model, ...body }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(serverLimits.answerMs)]),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    const late = (error as Error).name === "TimeoutError";
    const why = late ? "it did not answer in time" : toMessage((error as { cause?: unknown }).cause ?? error);
    throw new Error(`the server ${server.url} cannot be asked: ${why}`);
  });
  const bytes = await readBounded(response, serverLimits.answerBytes);
  if (bytes === null) throw new Error("the answer of the server is too large");
  const text = bytes.toString("utf8");
  if (!response.ok)
    throw new Error(`the server ${server.url} said ${response.status}: ${text.slice(0, 300)}`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the server ${server.url} answered something else than JSON`);
  }
}
