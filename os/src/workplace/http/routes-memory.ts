// Routes of what is remembered of people and projects. `by` sees and changes the memory of their own only.

import { z } from "@hono/zod-openapi";
import type { Workplace } from "../api.ts";
import { defineRoute, type Route } from "./route.ts";
import { digits, flag, shortText } from "./schemas.ts";

const id = z.object({ id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/) });
const pid = z.object({ pid: digits(1, 2 ** 31) });
const text = z.string().min(1).max(4_000);

const factSchema = z
  .strictObject({
    id: z.string(),
    subject: z.string(),
    relation: z.string(),
    value: z.string(),
    from: z.number(),
    until: z.number().nullable(),
    by: z.string(),
    at: z.number(),
    source: z.strictObject({ pid: z.int(), page: z.int() }).nullable(),
    thread: z.string().nullable(),
    trusted: z.boolean(),
    origins: z.array(z.string()),
  })
  .openapi("FactRow");

const forgottenSchema = z
  .strictObject({ facts: z.int(), pages: z.int(), still: z.array(z.int()) })
  .openapi("Forgotten");

/** The routes. */
export function toMemoryRoutes({ workplace }: { workplace: Workplace }): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/memory",
      about: "What is remembered, by subject; with past=true also what holds no more.",
      query: z.object({ about: shortText.optional(), past: flag.optional() }),
      answer: z.array(factSchema),
      run: ({ by, query }) => workplace.remembered(by, query),
    }),
    defineRoute({
      method: "post",
      path: "/memory",
      about: "Writes down what is so about a subject: lines `what: value`, or remarks.",
      once: true,
      body: z.strictObject({ about: shortText, text }),
      answer: z.array(factSchema),
      run: ({ by, body }) => workplace.remember(by, body),
    }),
    defineRoute({
      method: "patch",
      path: "/memory/{id}",
      about: "Puts a fact right; it is yours from then on.",
      params: id,
      body: z.strictObject({ relation: z.string().max(200).optional(), value: text.optional() }),
      answer: factSchema,
      run: ({ by, params, body }) => workplace.correctRemembered(by, params.id, body),
    }),
    defineRoute({
      method: "delete",
      path: "/memory/{id}",
      about: "Forgets a fact and the pages in which it was told; the journal on the disk keeps its record.",
      params: id,
      answer: forgottenSchema,
      run: ({ by, params }) => workplace.forget(by, { ids: [params.id] }),
    }),
    defineRoute({
      method: "post",
      path: "/memory/forget",
      about: "Forgets all about a subject.",
      body: z.strictObject({ about: shortText }),
      answer: forgottenSchema,
      run: ({ by, body }) => workplace.forget(by, body),
    }),
    defineRoute({
      method: "post",
      path: "/processes/{pid}/memory",
      about: "Lets an entity of yours read what is remembered, of one subject or of all, or takes that back.",
      params: pid,
      body: z.strictObject({ about: shortText.optional(), off: z.boolean().optional() }),
      run: ({ by, params, body }) => workplace.shareRemembered(by, params.pid, body),
    }),
  ];
}
