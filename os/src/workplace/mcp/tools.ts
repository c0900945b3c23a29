// The tools on what is there: list_processes, process, send, stop, search. They do what the person could do at the
// command line, and nothing that asks for a yes.

import type { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { toOneLine } from "../../device/mcp/text.ts";
import type { Entity } from "../../entity/entity.ts";
import { HumError } from "../../error.ts";
import { mcpServerLimits } from "../../limits.ts";
import { joinLabels, type Label, toLabel } from "../../memory/label.ts";
import type { EntityRow, Look } from "../door.ts";
import { answering, labelSchema, toAnswer, toPlainLabel } from "./answer.ts";
import type { AskParts } from "./ask.ts";
import type { Station } from "./station.ts";

const pidSchema = z.number().int().positive().describe("the number of the entity");
const looks = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

const rowSchema = z.object({
  pid: z.number(),
  name: z.string(),
  program: z.string(),
  state: z.string(),
  task: z.string(),
  waitsFor: z.string().optional(),
});

/** Adds them. */
export function addTools(
  server: McpServer,
  { station, person, labelOf }: Pick<AskParts, "station" | "person" | "labelOf">,
): void {
  server.registerTool(
    "list_processes",
    {
      title: "List entities",
      description: "Lists the entities of Hum: who works on what, who waits, and for what.",
      inputSchema: z.object({ ended: z.boolean().optional().describe("also those that have ended") }),
      outputSchema: z.object({ halted: z.boolean(), processes: z.array(rowSchema), label: labelSchema }),
      annotations: looks,
    },
    ({ ended }) =>
      answering(async () => {
        const look = await station.look();
        const rows = look.entities
          .filter((row) => ended || row.state !== "ended")
          .slice(-mcpServerLimits.rows);
        const processes = rows.map((row) => toRow(look, row));
        const lines = processes.map(
          (row) =>
            `${row.pid} ${row.name} ${row.state}: ${row.task}${row.waitsFor ? ` (waits for ${row.waitsFor})` : ""}`,
        );
        const halted = look.halted
          ? "Everything was stopped; nothing begins until `hum resume --all`.\n"
          : "";
        const text = halted + (lines.join("\n") || "Nothing is at work.");
        return toAnswer(text, { halted: look.halted, processes }, { label: toLabel("entity") });
      }),
  );
  server.registerTool(
    "process",
    {
      title: "Look at an entity",
      description: "Tells how one entity stands: its state, what it waits for, what it used, and its answer.",
      inputSchema: z.object({ pid: pidSchema }),
      outputSchema: z.object({
        ...rowSchema.shape,
        answer: z.string().optional(),
        turns: z.number(),
        used: z.record(z.string(), z.number()),
        budget: z.record(z.string(), z.number()),
        folder: z.string(),
        pages: z.array(z.object({ id: z.number(), kind: z.string(), title: z.string(), label: labelSchema })),
        label: labelSchema,
      }),
      annotations: looks,
    },
    ({ pid }) =>
      answering(async () => {
        const look = await station.look();
        const found = look.entities.find((one) => one.pid === pid);
        if (!found) throw toUnknown(pid);
        const entity = await station.entity(pid);
        const row = toRow(look, found);
        const text = [
          `${row.name} (pid ${pid}) is ${row.state}.`,
          ...(row.waitsFor ? [`It waits for ${row.waitsFor}.`] : []),
          `Its task: ${row.task}`,
          ...(entity.outcome ? [`Its answer: ${entity.outcome.text}`] : []),
        ].join("\n");
        return toAnswer(text, { ...row, ...toDetails(entity) }, { label: toWindowLabel(entity) });
      }),
  );
  server.registerTool(
    "send",
    {
      title: "Say something to an entity",
      description: "Says something to an entity that lives; it wakes one that waits for an answer.",
      inputSchema: z.object({ pid: pidSchema, text: z.string().min(1).describe("what is said") }),
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: false,
      },
    },
    ({ pid, text }, context) =>
      answering(async () => {
        await station.say(pid, person, text, labelOf(context));
        return toAnswer(`Sent to pid ${pid}.`, { pid }, { label: toLabel("kernel") });
      }),
  );
  server.registerTool(
    "stop",
    {
      title: "Stop an entity",
      description:
        "Ends an entity and all it started, at once. What it changed in files can still be undone.",
      inputSchema: z.object({ pid: pidSchema }),
      annotations: {
        readOnlyHint: false,
        destructiveHint: true,
        idempotentHint: false,
        openWorldHint: false,
      },
    },
    ({ pid }) =>
      answering(async () => {
        await station.kill(pid, person);
        return toAnswer(`Ended pid ${pid}.`, { pid }, { label: toLabel("kernel") });
      }),
  );
  addSearch(server, station);
}

function addSearch(server: McpServer, station: Station): void {
  server.registerTool(
    "search",
    {
      title: "Search the archive",
      description:
        "Searches everything that left the windows of all entities: what they read, said and found.",
      inputSchema: z.object({
        words: z.string().min(1).max(1_000),
        limit: z.number().int().min(1).max(50).optional(),
      }),
      outputSchema: z.object({
        found: z.array(
          z.object({
            ...{ pid: z.number(), page: z.number(), kind: z.string(), excerpt: z.string() },
            at: z.number(),
          }),
        ),
        label: labelSchema,
      }),
      annotations: looks,
    },
    ({ words, limit }) =>
      answering(async () => {
        const found = (await station.search(words, limit ?? 10)).map((hit) => ({
          ...hit,
          excerpt: toOneLine(hit.excerpt, 2 * mcpServerLimits.lineChars),
        }));
        const lines = found.map((hit) => `pid ${hit.pid}, page ${hit.page}: ${hit.excerpt}`);
        // Nobody looked through these pages for where each of their words came from.
        const label: Label = { integrity: "untrusted", origins: ["archive"], readers: null };
        return toAnswer(
          lines.join("\n") || `Nothing in the archive speaks of "${words}".`,
          { found },
          {
            label: found.length > 0 ? label : toLabel("kernel"),
          },
        );
      }),
  );
}

function toRow(look: Look, row: EntityRow): z.infer<typeof rowSchema> {
  const approval = look.approvals.find((one) => one.pid === row.pid);
  const waitsFor = approval
    ? `the person's yes to ${toOneLine(approval.what, mcpServerLimits.lineChars)}: ${toOneLine(approval.why, mcpServerLimits.lineChars)}`
    : row.waiting?.on;
  return {
    ...{ pid: row.pid, name: row.name, program: row.program, state: row.shown },
    task: toOneLine(row.task, mcpServerLimits.lineChars),
    ...(waitsFor === undefined ? {} : { waitsFor }),
  };
}

function toDetails(entity: Entity) {
  const pages = entity.pages.slice(-mcpServerLimits.rows).map(({ id, kind, title, label }) => ({
    ...{ id, kind, title: toOneLine(title, mcpServerLimits.lineChars), label: toPlainLabel(label) },
  }));
  return {
    ...(entity.outcome ? { answer: entity.outcome.text } : {}),
    turns: entity.turn,
    used: { ...entity.used },
    budget: { ...entity.budget },
    folder: entity.folder,
    pages,
  };
}

/** The label of what an entity says, as far as it is known from its pages. */
const toWindowLabel = (entity: Entity): Label =>
  entity.pages.reduce<Label>(
    (joined, page) => joinLabels(joined, page.label),
    entity.gone?.label ?? toLabel("entity"),
  );

/** The error for a number that no entity has. */
export function toUnknown(pid: number): HumError {
  return new HumError(
    "not-found",
    `There is no entity ${pid}. The tool list_processes lists those there are.`,
  );
}
