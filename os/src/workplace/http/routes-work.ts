// Routes of work: entities and the verbs on them, their windows and timelines, approvals, the red switch.

import { z } from "@hono/zod-openapi";
import { toName } from "../../device/say.ts";
import { httpLimits } from "../../limits.ts";
import type { Workplace } from "../api.ts";
import type { Door } from "../door.ts";
import { pauseFamily, resumeFamily } from "../family.ts";
import { defineRoute, type Route } from "./route.ts";
import {
  approvalSchema,
  classSchema,
  digits,
  flag,
  grantSchema,
  memoryPageSchema,
  processSchema,
  shortText,
  timelineBarSchema,
} from "./schemas.ts";

const pidNumber = digits(1, 2 ** 31);
const pid = z.object({ pid: pidNumber });
const pageId = z.object({ pid: pidNumber, id: pidNumber });
const more = z.number().min(0).max(1e12);
const budget = z.strictObject({
  tokens: more.optional(),
  activeMs: more.optional(),
  deviceCalls: more.optional(),
  children: more.optional(),
});

/** What the routes of work stand on. */
export interface WorkParts {
  workplace: Workplace;
  door: Door;
}

/** The routes of work. */
export function toWorkRoutes(parts: WorkParts): Route[] {
  return [
    ...toProcessRoutes(parts),
    ...toVerbRoutes(parts),
    ...toWindowRoutes(parts),
    ...toApprovalRoutes(parts),
  ];
}

function toProcessRoutes({ workplace }: WorkParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/processes",
      about: "Entities; with ended=true also those that have ended.",
      query: z.object({ ended: flag.optional() }),
      answer: z.array(processSchema),
      run: ({ query }) => workplace.processes(query),
    }),
    defineRoute({
      method: "post",
      path: "/processes",
      about: "Starts an entity.",
      once: true,
      body: z.strictObject({
        task: z.string().max(httpLimits.textChars),
        program: shortText.optional(),
        folder: z.string().min(1).max(4096).optional(),
        thread: shortText.optional(),
        class: classSchema.optional(),
        model: shortText.optional(),
        budget: budget.optional(),
      }),
      answer: processSchema,
      run: ({ by, body }) => workplace.start(by, body),
    }),
    defineRoute({
      method: "get",
      path: "/processes/{pid}",
      about: "One entity.",
      params: pid,
      answer: processSchema,
      run: ({ params }) => workplace.process(params.pid),
    }),
    defineRoute({
      method: "get",
      path: "/processes/{pid}/timeline",
      about: "What it did when; with tree=true also what it started.",
      params: pid,
      query: z.object({ tree: flag.optional() }),
      answer: z.array(timelineBarSchema),
      run: ({ params, query }) => workplace.timeline(params.pid, query),
    }),
    defineRoute({
      method: "get",
      path: "/processes/{pid}/changes",
      about: "Files and events that it changed.",
      params: pid,
      answer: z.array(
        z
          .strictObject({
            path: z.string(),
            change: z.string(),
            at: z.number(),
            undone: z.boolean(),
            diff: z.string().nullable(),
          })
          .openapi("Change"),
      ),
      run: ({ params }) => workplace.changes(params.pid),
    }),
  ];
}

function toVerbRoutes({ workplace, door }: WorkParts): Route[] {
  const row = (of: number) => workplace.process(of);
  return [
    defineRoute({
      method: "post",
      path: "/processes/{pid}/pause",
      about: "Pauses it and what it started, between two tokens.",
      params: pid,
      answer: processSchema,
      run: async ({ by, params }) => {
        await pauseFamily(door, params.pid, by);
        return row(params.pid);
      },
    }),
    defineRoute({
      method: "post",
      path: "/processes/{pid}/resume",
      about: "Lets it and what it started go on.",
      params: pid,
      answer: processSchema,
      run: async ({ by, params }) => {
        await resumeFamily(door, params.pid, by);
        return row(params.pid);
      },
    }),
    defineRoute({
      method: "post",
      path: "/processes/{pid}/kill",
      about: "Ends it and all it started, at once.",
      params: pid,
      answer: processSchema,
      run: async ({ by, params }) => {
        await door.kill(params.pid, by);
        return row(params.pid);
      },
    }),
    defineRoute({
      method: "post",
      path: "/processes/{pid}/fork",
      about: "Starts a second entity with the same window.",
      once: true,
      params: pid,
      answer: processSchema,
      run: async ({ params }) => row((await door.fork(params.pid)).pid),
    }),
    defineRoute({
      method: "post",
      path: "/processes/{pid}/undo",
      about: "Takes its last changes of files and events back; undo again does them again.",
      once: true,
      params: pid,
      body: z.strictObject({ force: z.boolean().optional() }),
      optionalBody: true,
      answer: z
        .strictObject({
          pid: z.int(),
          name: z.string(),
          again: z.boolean(),
          undone: z.array(z.string()),
          conflicts: z.array(z.strictObject({ path: z.string(), why: z.string() })),
        })
        .openapi("UndoReport"),
      run: async ({ by, params, body }) => {
        const report = await door.undo(params.pid, { by, force: body.force === true });
        return { ...report, undone: report.undone.map((change) => toName(change, "")) };
      },
    }),
    defineRoute({
      method: "post",
      path: "/processes/{pid}/renice",
      about: "Changes how urgent it is.",
      params: pid,
      body: z.strictObject({ class: classSchema.optional(), nice: z.int().min(-20).max(19).optional() }),
      answer: processSchema,
      run: async ({ params, body }) => {
        await door.renice(params.pid, body);
        return row(params.pid);
      },
    }),
    defineRoute({
      method: "post",
      path: "/processes/{pid}/budget",
      about: "Gives it more to use.",
      once: true,
      params: pid,
      body: budget,
      answer: processSchema,
      run: async ({ by, params, body }) => {
        await workplace.raiseBudget(by, params.pid, body);
        return row(params.pid);
      },
    }),
    defineRoute({
      method: "post",
      path: "/processes/{pid}/say",
      about: "Says something to it; it wakes one that waits for an answer.",
      once: true,
      params: pid,
      body: z.strictObject({ text: z.string().min(1).max(httpLimits.textChars) }),
      run: ({ by, params, body }) => door.say(params.pid, by, body.text),
    }),
    defineRoute({
      method: "post",
      path: "/halt",
      about: "Ends everything, and lets nothing begin until it is lifted.",
      answer: z.strictObject({ ended: z.int() }),
      run: async ({ by }) => ({ ended: await door.killAll(by) }),
    }),
    defineRoute({
      method: "post",
      path: "/unhalt",
      about: "Lets work begin again.",
      answer: z.strictObject({ lifted: z.boolean() }),
      run: async ({ by }) => ({ lifted: await door.unhalt(by) }),
    }),
  ];
}

function toWindowRoutes({ workplace }: WorkParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/processes/{pid}/pages",
      about: "The page table of its window.",
      params: pid,
      answer: z.array(memoryPageSchema),
      run: ({ params }) => workplace.pages(params.pid),
    }),
    defineRoute({
      method: "get",
      path: "/processes/{pid}/pages/{id}",
      about: "One page with its text.",
      params: pageId,
      answer: memoryPageSchema,
      run: ({ params }) => workplace.page(params.pid, params.id),
    }),
    defineRoute({
      method: "patch",
      path: "/processes/{pid}/pages/{id}",
      about: "Pins a page, or puts a new text in its place; the old one stays on disk.",
      once: true,
      params: pageId,
      body: z.strictObject({
        pinned: z.boolean().optional(),
        text: z.string().min(1).max(httpLimits.textChars).optional(),
      }),
      answer: memoryPageSchema,
      run: ({ by, params, body }) => workplace.changePage(by, params.pid, { id: params.id, ...body }),
    }),
    defineRoute({
      method: "delete",
      path: "/processes/{pid}/pages/{id}",
      about: "Takes a page out of the window; it stays on disk.",
      params: pageId,
      run: ({ by, params }) => workplace.dropPage(by, params.pid, params.id),
    }),
  ];
}

function toApprovalRoutes({ workplace }: WorkParts): Route[] {
  return [
    defineRoute({
      method: "get",
      path: "/approvals",
      about: "What waits for a yes.",
      answer: z.array(approvalSchema),
      run: () => workplace.approvals(),
    }),
    defineRoute({
      method: "post",
      path: "/approvals/{id}",
      about: "Answers an approval.",
      params: z.object({ id: shortText }),
      body: z.strictObject({
        answer: z.enum(["approved", "denied"]),
        scope: z.enum(["once", "thread", "standing"]).optional(),
      }),
      run: ({ by, params, body }) => workplace.answer(by, params.id, body),
    }),
    defineRoute({
      method: "get",
      path: "/grants",
      about: "What was allowed for longer than once.",
      answer: z.array(grantSchema),
      run: () => workplace.grants(),
    }),
    defineRoute({
      method: "delete",
      path: "/grants/{id}",
      about: "Takes back what was allowed, also from those at work.",
      params: z.object({ id: shortText }),
      run: ({ by, params }) => workplace.revokeGrant(by, params.id),
    }),
  ];
}
