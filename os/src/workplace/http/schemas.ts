// The shapes of conversations and of what starts by itself, as schemas: what the document at /openapi.json says of them.
// They mirror contract.ts and api.ts; the compiler refuses a route whose answer does not fit its schema, and a test
// validates real answers against the document, so that the three cannot drift apart.

import { z } from "@hono/zod-openapi";
import { classes } from "../../entity/entity.ts";
import { reasonSchema, toldSchema } from "./told.ts";

/** A whole number that a double holds exactly. */
export const whole = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Yes or no in a query, where all is text. */
export const flag = z.enum(["true", "false"]).transform((text) => text === "true");

/** A whole number in a path or query, where all is text: digits, within limits. */
export const digits = (minimum = 0, maximum: number = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d{1,16}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(minimum).max(maximum))
    .openapi({ type: "integer", minimum, maximum });

/** What may be null: written as a choice, because a reference beside `null` means both at once in JSON Schema. */
const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

/** Milliseconds since 1970, or a time span. */
const ms = z.number();

/** Names, ids and titles in requests. */
export const shortText = z.string().min(1).max(200);

const integrity = z.enum(["person", "kernel", "entity", "untrusted"]);
const outcomeKind = z.enum(["done", "failed", "killed"]);

/** How many of how many attempts came to a result. */
const votes = z.strictObject({ for: whole, of: whole });

/** How an entity ended. */
export const outcomeSchema = z.strictObject({
  kind: outcomeKind,
  text: z.string(),
  by: z.string().optional(),
  votes: votes.optional(),
  told: toldSchema.optional(),
});

const author = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("person"), name: z.string() }),
    z.strictObject({ kind: z.literal("entity"), name: z.string(), program: z.string(), pid: z.int() }),
    z.strictObject({ kind: z.literal("kernel"), name: z.literal("Hum") }),
  ])
  .openapi("Author");

/** A place. */
export const channelSchema = z
  .strictObject({
    id: z.string(),
    kind: z.enum(["channel", "direct"]),
    name: z.string(),
    about: z.string(),
    members: z.array(z.string()),
    createdAt: ms,
    createdBy: z.string(),
    archived: z.boolean(),
    posts: whole,
    lastAt: ms,
    lastSeq: whole,
  })
  .openapi("Channel");

/** States of a task. */
export const taskState = z.enum(["open", "pending", "active", "awaitingInput", "error", "complete", "stale"]);

/** A thread. */
export const threadSchema = z
  .strictObject({
    id: z.string(),
    channel: z.string(),
    title: z.string(),
    state: taskState,
    owner: z.string(),
    delegate: z.string().nullable(),
    pid: z.int().nullable(),
    folder: z.string().nullable(),
    resolved: z.boolean(),
    resolvedBy: z.string().nullable(),
    openedAt: ms,
    lastAt: ms,
    lastSeq: whole,
    replies: whole,
    writers: z.array(z.string()),
  })
  .openapi("Thread");

const fileRef = z
  .strictObject({
    path: z.string(),
    bytes: z.number().nullable(),
    change: z.enum(["new", "changed", "gone"]).optional(),
  })
  .openapi("FileRef");

/** One message. */
export const postSchema = z
  .strictObject({
    id: z.string(),
    seq: whole,
    channel: z.string(),
    thread: z.string().nullable(),
    kind: z.enum(["text", "question", "result", "status", "approval"]),
    from: author,
    text: z.string(),
    at: ms,
    editedAt: ms.nullable(),
    deleted: z.boolean(),
    mentions: z.array(z.string()),
    files: z.array(fileRef),
    integrity,
    origins: z.array(z.string()).optional(),
    outcome: outcomeKind.optional(),
    votes: votes.optional(),
    usage: z.strictObject({ tokens: z.number(), activeMs: z.number(), deviceCalls: z.number() }).optional(),
    approval: z.string().optional(),
    child: z.int().optional(),
    told: toldSchema.optional(),
    reactions: z.record(z.string(), z.array(z.string())),
  })
  .openapi("Post");

/** A page of posts. */
export const postPageSchema = z
  .strictObject({
    posts: z.array(postSchema),
    before: z.boolean(),
    after: z.boolean(),
    total: whole,
    first: whole,
    threads: z.array(threadSchema),
    root: orNull(postSchema),
  })
  .openapi("PostPage");

/** A row of the inbox. */
export const inboxItemSchema = z
  .strictObject({
    id: z.string(),
    kind: z.enum(["approval", "question", "mention", "result", "direct", "trouble"]),
    title: z.string(),
    name: z.string(),
    place: z.string(),
    text: z.string(),
    at: ms,
    seq: whole,
    unread: z.boolean(),
    needsYou: z.boolean(),
    channel: z.string().nullable(),
    thread: z.string().nullable(),
    approval: z.string().nullable(),
    pid: z.int().nullable(),
    told: toldSchema.optional(),
  })
  .openapi("InboxItem");

/** What was allowed for longer than once. */
export const grantSchema = z
  .strictObject({
    id: z.string(),
    scope: z.enum(["thread", "standing"]),
    thread: z.string().nullable(),
    program: z.string(),
    operation: z.string(),
    hosts: z.array(z.string()),
    owner: z.string(),
    by: z.string(),
    at: ms,
  })
  .openapi("Grant");

/** What makes a trigger fire. */
export const whenSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("cron"), cron: z.string().min(1).max(200) }),
    z.strictObject({
      kind: z.literal("file"),
      folder: z.string().min(1).max(4096),
      glob: z.string().min(1).max(1000),
    }),
    z.strictObject({ kind: z.literal("message"), channel: shortText, contains: z.string().min(1).max(1000) }),
  ])
  .openapi("When");

/** What starts work by itself. */
export const triggerSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    when: whenSchema,
    program: z.string(),
    task: z.string(),
    channel: z.string(),
    owner: z.string(),
    enabled: z.boolean(),
    lastAt: ms.nullable(),
    nextAt: ms.nullable(),
    runs: whole,
    lastOutcome: outcomeKind.nullable(),
  })
  .openapi("Trigger");

/** A program. */
export const programSchema = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    tools: z.array(z.string()),
    shipped: z.boolean(),
    text: z.string(),
    wrong: z.string().nullable(),
  })
  .openapi("ProgramInfo");

/** What has happened since. */
export const digestSchema = z
  .strictObject({
    since: ms,
    lines: z.array(
      z.strictObject({
        text: z.string(),
        at: ms,
        thread: z.string().nullable(),
        pid: z.int().nullable(),
        kind: z.enum(["asks", "running", "done", "failed", "killed"]),
        name: z.string(),
        seconds: whole,
        files: whole,
      }),
    ),
    needsYou: whole,
    running: whole,
    done: whole,
    failed: whole,
  })
  .openapi("Digest");

const waiting = z
  .discriminatedUnion("on", [
    z.strictObject({ on: z.literal("message"), from: z.string().nullable(), until: ms.nullable() }),
    z.strictObject({ on: z.literal("approval"), id: z.string() }),
    z.strictObject({ on: z.literal("timer"), until: ms }),
    z.strictObject({ on: z.literal("child"), pid: z.int().nullable(), pids: z.array(z.int()).optional() }),
    z.strictObject({ on: z.literal("budget"), id: z.string() }),
  ])
  .openapi("Waiting");

/** Scheduling class. */
export const classSchema = z.enum(classes as readonly ["interactive", "normal", "background"]);

/** One entity in the process monitor. */
export const processSchema = z
  .strictObject({
    pid: z.int(),
    parent: z.int().nullable(),
    name: z.string(),
    program: z.string(),
    task: z.string(),
    owner: z.string(),
    thread: z.string().nullable(),
    class: classSchema,
    nice: z.int(),
    shown: z.string(),
    ended: z.boolean(),
    paused: z.boolean(),
    waiting: orNull(waiting),
    outcome: outcomeSchema.nullable(),
    model: z.string().nullable(),
    spawnedAt: ms,
    lastAt: ms,
    turn: whole,
    tokens: z.number(),
    budgetTokens: z.number(),
    activeMs: z.number(),
    budgetActiveMs: z.number(),
    deviceCalls: z.number(),
    budgetDeviceCalls: z.number(),
    children: whole,
    budgetChildren: z.number(),
    windowTokens: z.number(),
    windowPages: whole,
    noProgressMs: z.number().nullable(),
    why: z.string(),
  })
  .openapi("ProcessRow");

/** One page of an entity's window. */
export const memoryPageSchema = z
  .strictObject({
    id: z.int(),
    kind: z.string(),
    role: z.enum(["system", "user", "assistant"]),
    title: z.string(),
    tokens: z.number(),
    integrity,
    origins: z.array(z.string()),
    resident: z.boolean(),
    pinned: z.boolean(),
    lastUse: z.number(),
    text: z.string().optional(),
  })
  .openapi("MemoryPage");

/** One bar of a timeline. */
export const timelineBarSchema = z
  .strictObject({
    pid: z.int(),
    kind: z.enum(["model", "call", "wait", "refused"]),
    name: z.string(),
    from: ms,
    to: ms.nullable(),
    ok: z.boolean(),
    text: z.string(),
    tokens: z.number().optional(),
    cached: z.number().optional(),
    seq: whole,
  })
  .openapi("TimelineBar");

/** Numbers of the whole machine. */
export const countersSchema = z
  .strictObject({
    egressBytes: z.number(),
    egressHosts: z.array(z.strictObject({ host: z.string(), bytes: z.number(), requests: whole })),
    tokensPerMinute: z.number(),
    modelCalls: whole,
    journalSeq: whole,
    uptimeMs: ms,
  })
  .openapi("Counters");

/** An approval with what a person needs to decide. */
export const approvalSchema = z
  .strictObject({
    id: z.string(),
    pid: z.int(),
    kind: z.enum(["effect", "in-doubt", "budget"]),
    what: z.string(),
    why: z.string(),
    reasons: z.array(reasonSchema).optional(),
    payload: z
      .record(z.string(), z.unknown())
      .describe(
        "Exactly what would be done: `name` and `args`, or `name` and `calls` with the arguments of each where one answer is for several.",
      ),
    hash: z.string(),
    askedAt: ms,
    expiresAt: ms,
    name: z.string(),
    program: z.string(),
    thread: z.string().nullable(),
    sources: z.array(z.string()),
    diff: z.string().nullable(),
    sink: z.string(),
    scopes: z.array(z.enum(["once", "thread", "standing"])).readonly(),
  })
  .openapi("ShownApproval");

/** Which model is in use, and where it stands. */
export const modelStateSchema = z
  .strictObject({
    id: z.string(),
    state: z.enum(["ready", "loading", "fetching", "missing"]),
    done: z.number().optional(),
    total: z.number().optional(),
  })
  .openapi("ModelState");

/** Everything a tab needs to begin with. */
export const lookSchema = z
  .strictObject({
    seq: whole,
    person: z.string(),
    version: z.string(),
    halted: z.boolean(),
    model: modelStateSchema,
    channels: z.array(channelSchema),
    threads: z.array(threadSchema),
    processes: z.array(processSchema),
    approvals: z.array(approvalSchema),
    inbox: z.array(inboxItemSchema),
    programs: z.array(programSchema),
    triggers: z.array(triggerSchema),
    seen: z.record(z.string(), whole),
  })
  .openapi("WorkLook");
