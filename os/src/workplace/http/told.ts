// What the kernel says of itself, in facts, as schemas (entity/conversation.ts, entity/reason.ts).

import { z } from "@hono/zod-openapi";

const place = z.string().nullable();

/** Why something waits for a yes. */
export const reasonSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("undone") }),
    z.strictObject({ kind: z.literal("moves") }),
    z.strictObject({ kind: z.literal("private") }),
    z.strictObject({ kind: z.literal("reaches"), place }),
    z.strictObject({
      ...{ kind: z.literal("named"), argument: z.string() },
      ...{ values: z.array(z.string()), origins: z.array(z.string()) },
    }),
    z.strictObject({ kind: z.literal("carries"), readers: z.array(z.string()), place }),
    z.strictObject({ kind: z.literal("foreign"), places: z.array(z.string()) }),
    z.strictObject({ kind: z.literal("doubt"), name: z.string() }),
    z.strictObject({
      ...{ kind: z.literal("budget"), name: z.string() },
      ...{
        part: z.enum(["tokens", "activeMs", "deviceCalls", "children"]),
        used: z.number(),
        of: z.number(),
      },
    }),
  ])
  .openapi("Reason");

/** What the kernel says in a post or a row. */
export const toldSchema = z
  .strictObject({
    what: z.enum([
      ...(["asked", "stopped", "wish", "budget", "yes", "no", "expired"] as const),
      ...(["unbegun", "unreached", "chatter", "failing", "halted"] as const),
      ...(["stuck", "mute", "spent"] as const),
    ]),
    name: z.string().optional(),
    other: z.string().optional(),
    words: z.string().optional(),
    reasons: z.array(reasonSchema).optional(),
  })
  .openapi("Told");
