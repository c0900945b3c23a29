// Routes of how Hum hears, speaks and sees, and of when it is quiet. Servers are not set here: what is said or shown would go
// to them, so that is done where the machine is (`hum senses set`, `config.json`).

import { z } from "@hono/zod-openapi";
import { piperVoice, senses } from "../../device/senses/catalogue.ts";
import { isPresent } from "../../device/senses/install.ts";
import { isQuiet } from "../../device/senses/quiet.ts";
import { readSenseServers } from "../../device/senses/servers.ts";
import { quietSchema, readSettings, saveSettings, sensesSchema } from "../../device/senses/settings.ts";
import { fliteVoices } from "../../device/voice/flite-voices.ts";
import { defineRoute, type Route } from "./route.ts";

const own = sensesSchema.pick({ language: true, voice: true, speed: true, patience: true, moment: true });

const answer = z
  .strictObject({
    language: z.string().nullable(),
    voice: z.string().nullable(),
    speed: z.number(),
    patience: z.enum(["quick", "usual", "patient"]),
    moment: z.boolean(),
    quiet: z.strictObject({
      on: z.boolean(),
      hours: z.strictObject({ from: z.string(), to: z.string() }).nullable(),
    }),
    quietNow: z.boolean(),
    voices: z.array(z.string()),
    /** Where sound and pictures go; null where they stay on this machine. */
    remote: z.strictObject({
      hearing: z.string().nullable(),
      speaking: z.string().nullable(),
      sight: z.string().nullable(),
    }),
    /** Which senses were fetched. */
    here: z.record(z.string(), z.boolean()),
  })
  .openapi("SenseSettings");

/** What these routes stand on. */
export interface SensesParts {
  home: string;
  /** Something was changed. */
  onSenses?: (() => void) | undefined;
}

/** The routes. */
export function toSensesRoutes({ home, onSenses }: SensesParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/senses",
      about: "How Hum hears, speaks and sees, and when it is quiet.",
      answer,
      run: () => lookAtSenses(home),
    }),
    defineRoute({
      method: "patch",
      path: "/senses",
      about: "Changes that; what is not named stays.",
      body: z.strictObject({
        language: own.shape.language.unwrap().nullable().optional(),
        voice: z.string().max(40).nullable().optional(),
        speed: own.shape.speed.unwrap().optional(),
        patience: own.shape.patience.unwrap().optional(),
        moment: z.boolean().optional(),
        // Without what stands in for what is not named: that would set it.
        quiet: z
          .strictObject({ on: z.boolean(), hours: quietSchema.shape.hours.unwrap() })
          .partial()
          .optional(),
      }),
      answer,
      run: async ({ body }) => {
        const { quiet, ...own } = body;
        // What is null is again as it was before anybody set it.
        await saveSettings(home, {
          senses: Object.fromEntries(Object.entries(own).map(([name, value]) => [name, value ?? undefined])),
          ...(quiet
            ? { quiet: Object.fromEntries(Object.entries(quiet).filter(([, value]) => value !== undefined)) }
            : {}),
        });
        // What was loaded knows nothing of quiet.
        if (Object.keys(own).length > 0) onSenses?.();
        return lookAtSenses(home);
      },
    }),
  ];
}

async function lookAtSenses(home: string): Promise<z.output<typeof answer>> {
  const { senses: settings, quiet } = await readSettings(home);
  const { language = null, speed, patience, moment, voice = null } = settings;
  // A wrong entry there is told by the look that needs it; a voice can be chosen all the same.
  const { sight } = await readSenseServers(home).catch(() => ({ sight: undefined }));
  const here = Object.fromEntries(
    await Promise.all(senses.map(async ({ id }) => [id, await isPresent(home, id)] as const)),
  );
  const local = [...(here["piper-joe"] ? [piperVoice] : []), ...fliteVoices];
  return {
    ...{ language, voice, speed, patience, moment, quiet, here },
    quietNow: isQuiet(quiet, new Date()),
    voices: settings.speaking ? [settings.speaking.voice ?? "alloy"] : local,
    remote: {
      hearing: settings.hearing?.url ?? null,
      speaking: settings.speaking?.url ?? null,
      sight: sight?.url ?? null,
    },
  };
}
