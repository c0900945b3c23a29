// Routes of the house: programs, triggers, models, counters, the journal.

import { z } from "@hono/zod-openapi";
import { toStream } from "../../entity/events.ts";
import type { Journal, JournalRecord } from "../../journal/journal.ts";
import { httpLimits } from "../../limits.ts";
import type { Workplace } from "../api.ts";
import type { ModelDesk } from "./model-desk.ts";
import { defineRoute, type Route } from "./route.ts";
import {
  countersSchema,
  digits,
  programSchema,
  shortText,
  threadSchema,
  triggerSchema,
  whenSchema,
  whole,
} from "./schemas.ts";

const name = z.object({ name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/) });
const id = z.object({ id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/) });
const text = z.strictObject({ text: z.string().max(httpLimits.textChars) });

/** What these routes stand on. */
export interface HouseParts {
  workplace: Workplace;
  models: ModelDesk;
  journal: Pick<Journal, "read">;
  /** Seq of the last record. */
  head(): number;
}

/** The routes of the house. */
export function toHouseRoutes(parts: HouseParts): Route[] {
  return [...toProgramRoutes(parts), ...toTriggerRoutes(parts), ...toMachineRoutes(parts)];
}

function toProgramRoutes({ workplace }: HouseParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/programs",
      about: "The programs that can be mentioned.",
      answer: z.array(programSchema),
      run: () => workplace.programs(),
    }),
    defineRoute({
      method: "put",
      path: "/programs/{name}",
      about: "Saves a program; a shipped one is overlaid, not changed.",
      params: name,
      body: text,
      answer: programSchema,
      run: ({ by, params, body }) => workplace.saveProgram(by, params.name, body.text),
    }),
    defineRoute({
      method: "post",
      path: "/programs/check",
      about: "Tells what is wrong with the text of a program; saves nothing.",
      body: text,
      answer: z.strictObject({ wrong: z.string().nullable() }),
      run: ({ body }) => ({ wrong: workplace.checkProgram(body.text) }),
    }),
    defineRoute({
      method: "delete",
      path: "/programs/{name}",
      about: "Removes a program of your own.",
      params: name,
      run: ({ by, params }) => workplace.deleteProgram(by, params.name),
    }),
  ];
}

function toTriggerRoutes({ workplace }: HouseParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/triggers",
      about: "What starts work by itself.",
      answer: z.array(triggerSchema),
      run: () => workplace.triggers(),
    }),
    defineRoute({
      method: "put",
      path: "/triggers/{id}",
      about: "Makes or changes a trigger.",
      params: id,
      body: z.strictObject({
        name: shortText,
        when: whenSchema,
        program: shortText,
        task: z.string().min(1).max(httpLimits.textChars),
        channel: shortText,
        enabled: z.boolean(),
      }),
      answer: triggerSchema,
      run: ({ by, params, body }) => workplace.saveTrigger(by, params.id, body),
    }),
    defineRoute({
      method: "delete",
      path: "/triggers/{id}",
      about: "Removes a trigger.",
      params: id,
      run: ({ by, params }) => workplace.deleteTrigger(by, params.id),
    }),
    defineRoute({
      method: "post",
      path: "/triggers/{id}/run",
      about: "Starts its work now.",
      once: true,
      params: id,
      answer: threadSchema,
      run: ({ by, params }) => workplace.runTrigger(by, params.id),
    }),
  ];
}

const recordSchema = z
  .strictObject({
    seq: whole,
    stream: z.string(),
    index: whole,
    at: z.number(),
    type: z.string(),
    data: z.record(z.string(), z.unknown()),
    hash: z.string(),
  })
  .openapi("JournalRecord");

function toMachineRoutes({ workplace, models, journal, head }: HouseParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/models",
      about: "Models that this machine knows.",
      answer: z.array(
        z
          .strictObject({
            id: z.string(),
            kind: z.enum(["embedded", "remote", "scripted"]),
            here: z.boolean(),
            bytes: z.number().nullable(),
            used: z.boolean(),
          })
          .openapi("ModelRow"),
      ),
      run: () => models.list(),
    }),
    defineRoute({
      method: "get",
      path: "/counters",
      about: "Numbers of the whole machine.",
      answer: countersSchema,
      run: () => workplace.counters(),
    }),
    defineRoute({
      method: "get",
      path: "/journal",
      about: "Records after a seq: of the whole journal, or of one entity.",
      query: z.object({
        from: digits().optional(),
        limit: digits(1, httpLimits.journalRecords).optional(),
        pid: digits(1).optional(),
      }),
      answer: z.strictObject({ records: z.array(recordSchema), head: whole }).openapi("JournalPage"),
      run: ({ query }) => ({
        records: readRecords(journal, {
          from: query.from ?? 0,
          limit: query.limit ?? 200,
          pid: query.pid ?? null,
        }),
        head: head(),
      }),
    }),
  ];
}

function readRecords(
  journal: Pick<Journal, "read">,
  what: { from: number; limit: number; pid: number | null },
): JournalRecord[] {
  if (what.pid === null) return [...journal.read(null, what.from, what.limit)];
  const records: JournalRecord[] = [];
  for (const record of journal.read(toStream(what.pid), 0)) {
    if (record.seq <= what.from) continue;
    records.push(record);
    if (records.length === what.limit) break;
  }
  return records;
}
