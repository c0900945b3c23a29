// How a home hears and speaks, and when it is quiet. `config.json` may hold
//
//   "senses": { "language": "en", "voice": "joe", "speed": 1, "threads": 1, "patience": "usual", "moment": true,
//               "hearing": { "url": "https://host/v1", "model": "NAME", "keyEnv": "VARIABLE" },
//               "speaking": { "url": …, "model": …, "voice": …, "keyEnv": … } }
//   "quiet":  { "on": false, "hours": { "from": "22:00", "to": "07:00" } }
//
// `hearing` and `speaking` name a server that knows OpenAI's /audio/transcriptions and /audio/speech; what is said then
// leaves this machine, so only a person writes them there.

import { z } from "zod";
import { HumError } from "../../error.ts";
import { changeConfig, readConfig } from "../../model/store.ts";
import type { Manners } from "../voice/listener.ts";

const remoteSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  model: z.string().min(1).max(200),
  keyEnv: z.string().max(100).optional(),
});

/** A server of speech. */
export type RemoteSpeech = z.infer<typeof remoteSchema> & { voice?: string | undefined };

/** Settings of the senses. */
export const sensesSchema = z.object({
  /** What is spoken to Hum; else that of the page, or English. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/)
    .optional(),
  voice: z.string().max(40).optional(),
  speed: z.number().min(0.5).max(2).default(1),
  threads: z.number().int().min(1).max(16).default(1),
  /** How long a pause is waited out. */
  patience: z.enum(["quick", "usual", "patient"]).default("usual"),
  /** Whether an answer that takes long is announced. */
  moment: z.boolean().default(true),
  hearing: remoteSchema.optional(),
  speaking: remoteSchema.extend({ voice: z.string().max(100).optional() }).optional(),
});

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** When it is quiet. */
export const quietSchema = z.object({
  on: z.boolean().default(false),
  hours: z.object({ from: clock, to: clock }).nullable().default(null),
});

/** How this home hears and speaks. */
export type SenseSettings = z.infer<typeof sensesSchema>;
/** Do not disturb: now, or in these hours of each day. */
export type Quiet = z.infer<typeof quietSchema>;

/** The pauses of each patience. */
export const pauses: Record<SenseSettings["patience"], Partial<Manners>> = {
  quick: { finishedMs: 192, endMs: 352, unfinishedMs: 900 },
  usual: {},
  patient: { finishedMs: 640, endMs: 1_000, unfinishedMs: 2_400 },
};

/** The settings of a home. Throws `damaged` when they are wrong. */
export async function readSettings(home: string): Promise<{ senses: SenseSettings; quiet: Quiet }> {
  const config = (await readConfig(home)) as { senses?: unknown; quiet?: unknown };
  return {
    senses: parse(sensesSchema, config.senses, "senses"),
    quiet: parse(quietSchema, config.quiet, "quiet"),
  };
}

/** Changes some settings of a home; all other parts of its file stay. Throws `bad-input` when a value cannot be. */
export async function saveSettings(
  home: string,
  change: { senses?: Partial<SenseSettings>; quiet?: Partial<Quiet> },
): Promise<void> {
  await changeConfig(home, (config) => {
    const now = config as { senses?: object; quiet?: object };
    // What others keep in these parts stays too.
    const senses = { ...now.senses, ...change.senses };
    const quiet = { ...now.quiet, ...change.quiet };
    const wrong = sensesSchema.safeParse(senses).error ?? quietSchema.safeParse(quiet).error;
    if (wrong) {
      const [issue] = wrong.issues;
      throw new HumError("bad-input", `${issue?.path.join(".")} cannot be that: ${issue?.message}.`);
    }
    const all: object = { ...config, senses, quiet };
    return all;
  });
}

function parse<T>(schema: z.ZodType<T>, value: unknown, part: string): T {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw new HumError("damaged", `The part "${part}" of config.json is wrong. Mend it, or take it out.`, {
    cause: result.error,
  });
}
