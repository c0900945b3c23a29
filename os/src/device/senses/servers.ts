// Servers that see or paint, where a person has set one up. `config.json` may hold
//
//   "senses": {
//     "sight":   { "url": "http://127.0.0.1:11434/v1", "model": "qwen2.5-vl" },
//     "painter": { "url": "https://…/v1", "model": "…", "keyEnv": "PAINTER_KEY", "size": "1536x1024" }
//   }
//
// Both speak OpenAI's protocol. Naming a server here is the yes to sending it what it is asked about, as with a model.

import { z } from "zod";
import { HumError } from "../../error.ts";
import { serverLimits } from "../../limits.ts";
import { readConfig } from "../../model/store.ts";
import { askOpenAi, fromAnswer } from "../server.ts";

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
  const { senses } = (await readConfig(home)) as { senses?: unknown };
  const { data, error } = schema.safeParse(senses ?? {});
  if (data) return data;
  const what = `"senses.sight" or "senses.painter" in config.json is wrong. Mend it, or take it out.`;
  throw new HumError("damaged", what, { cause: error });
}

/** Asks a server and gives its answer as JSON. Throws with a sentence for the person. */
export async function askServer(
  server: SenseServer,
  path: string,
  body: object,
  signal: AbortSignal,
): Promise<unknown> {
  const trouble = (what: string, cause?: unknown) => new Error(`the server ${server.url} ${what}`, { cause });
  const { answerMs: ms, answerBytes: bytes } = serverLimits;
  const asked = { body: { model: server.model, ...body }, ms, bytes, signal, trouble };
  return fromAnswer(await askOpenAi(server, path, asked), trouble);
}
