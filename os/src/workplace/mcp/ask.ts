// The tools `ask_<program>`: a task goes to a new entity, and its answer comes back. While it works the client hears of its
// steps; when the client gives up, the entity is ended. When it needs its person, the client is asked to show that to the
// person, if it can; a yes to an effect is given in Hum only, never through the client.

import {
  acceptedContent,
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  SdkErrorCode,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { toOneLine } from "../../device/mcp/text.ts";
import type { Pid } from "../../entity/entity.ts";
import { mcpServerLimits } from "../../limits.ts";
import type { Label } from "../../memory/label.ts";
import { answering, labelSchema, toAnswer } from "./answer.ts";
import type { Station, StationProgram } from "./station.ts";
import { attendWork, type Needs, type Work } from "./work.ts";

/** What a question to the person carries through the client and back, signed. */
export interface AskState {
  pid: Pid;
  folder: string;
  seq: number;
  /** Id of what was asked. */
  needs: string;
}

/** What the tools stand on. */
export interface AskParts {
  station: Station;
  /** The person for whom the client acts. */
  person: string;
  codec: RequestStateCodec<AskState>;
  /** Which ways of asking its user the client has. */
  asks(context: ServerContext): { form: boolean };
  /** The label of what a client says: it is a program, and nobody knows what it read. */
  labelOf(context: ServerContext): Label;
  /** Aborts when Hum itself stops. */
  ending: AbortSignal;
}

const output = z.object({
  pid: z.number().int().describe("the entity; other tools take this number"),
  state: z.enum(["active", "awaitingInput", "complete", "error"]),
  answer: z.string(),
  waitsFor: z
    .object({ kind: z.enum(["approval", "answer", "resume"]), id: z.string().optional(), text: z.string() })
    .optional()
    .describe("what only the person can give"),
  files: z.array(z.string()).describe("files it changed"),
  label: labelSchema,
});

const reply = z.object({ answer: z.string().min(1).describe("your answer") });
const seen = z.object({ answered: z.boolean().describe("you have answered it in Hum") });

/** Adds the tool of one program. */
export function addAsk(server: McpServer, parts: AskParts, program: StationProgram): void {
  server.registerTool(
    `ask_${program.name}`,
    {
      title: `Ask ${program.name}`,
      description: `${program.description} Gives a task in plain words to a new entity of Hum and returns its answer. It works with real files; effects that nobody granted wait for the person.`,
      inputSchema: z.object({
        task: z.string().min(1).describe("what is to be done, in plain words, with all it needs to know"),
        folder: z
          .string()
          .optional()
          .describe("absolute path of the folder it works in; every change there can be undone"),
        wait_seconds: z
          .number()
          .min(0)
          .max(86_400)
          .optional()
          .describe("come back after so long with its number, while it goes on"),
      }),
      outputSchema: output,
      annotations: {
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: false,
      },
    },
    (args, context): Promise<CallToolResult | InputRequiredResult> =>
      answering(async () => {
        const before = context.mcpReq.requestState<AskState>();
        const again = before ? await takeUp(parts, before, context) : null;
        if (again && "kept" in again) return toWorkAnswer(again.kept);
        const state =
          again?.state ?? (await begin(parts, program.name, { ...args, label: parts.labelOf(context) }));
        const listens = context.mcpReq._meta?.progressToken !== undefined;
        const asked = args.wait_seconds === undefined ? null : args.wait_seconds * 1_000;
        const work = await attend(parts, {
          ...{ state, context },
          ms: asked ?? (listens ? null : mcpServerLimits.waitMs),
        });
        const { needs } = work;
        if (!needs || needs.kind === "resume" || !parts.asks(context).form) return toWorkAnswer(work);
        const next: AskState = { ...state, seq: work.seq, needs: needs.id };
        return inputRequired({
          inputRequests: { person: toQuestion(needs, work.pid) },
          requestState: await parts.codec.mint(next, context),
        }) as never;
      }),
  );
}

async function begin(
  { station, person }: AskParts,
  program: string,
  args: { task: string; folder?: string | undefined; label: Label },
): Promise<AskState> {
  const { seq } = await station.look();
  const entity = await station.task({
    task: args.task,
    label: args.label,
    program,
    owner: person,
    ...(args.folder === undefined ? {} : { folder: args.folder }),
  });
  return { pid: entity.pid, folder: entity.folder, seq, needs: "" };
}

/** Goes on after the client showed a question to its user. `kept`: nothing new to wait for. */
async function takeUp(
  { station, person, labelOf }: AskParts,
  state: AskState,
  context: ServerContext,
): Promise<{ state: AskState } | { kept: Work }> {
  const { inputResponses } = context.mcpReq;
  const look = await station.look();
  const row = look.entities.find((one) => one.pid === state.pid);
  const approval = look.approvals.find((one) => one.id === state.needs);
  const answer = acceptedContent(inputResponses, "person", reply);
  const isQuestion = row?.state === "waiting" && row.waiting?.on === "message";
  if (isQuestion && answer) {
    await station.say(state.pid, person, answer.answer, labelOf(context));
    return { state };
  }
  if (!approval && !isQuestion) return { state };
  const view = inputResponse(inputResponses, "person");
  const text =
    view.kind === "elicit" && view.action !== "accept"
      ? "The question was put aside in the client."
      : "It has not been answered yet.";
  const needs: Needs = approval
    ? { kind: "approval", id: approval.id, what: approval.what, why: approval.why }
    : { kind: "answer", id: state.needs, text };
  const work: Work = {
    ...{ pid: state.pid, state: "awaitingInput", outcome: null, needs, files: [], seq: state.seq },
    label: { integrity: "entity", origins: [], readers: null },
  };
  return { kept: work };
}

async function attend(
  { station, person, ending }: AskParts,
  how: { state: AskState; context: ServerContext; ms: number | null },
): Promise<Work> {
  const { state, context } = how;
  const { signal } = context.mcpReq;
  let steps = 0;
  try {
    const { pid, folder, seq: from } = state;
    return await attendWork(station, {
      ...{ pid, folder, from, ms: how.ms, signal },
      onStep(words) {
        steps += 1;
        tellProgress(context, steps, `pid ${pid} ${words}`);
      },
    });
  } catch (error) {
    if (signal.aborted && !ending.aborted && isGivenUp(context))
      await station.kill(state.pid, `${person}'s client`).catch(() => {});
    throw error;
  }
}

/**
 * Whether the client does not want the answer any more. A line that broke says nothing about that, but where each request
 * has a line of its own, closing it is how a client gives up.
 */
function isGivenUp({ mcpReq, http }: ServerContext): boolean {
  const broken =
    (mcpReq.signal.reason as { code?: string } | undefined)?.code === SdkErrorCode.ConnectionClosed;
  return !broken || (http !== undefined && mcpReq.envelope !== undefined);
}

function tellProgress(context: ServerContext, progress: number, message: string): void {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  const params = { progressToken, progress, message };
  // A client that is gone is heard of by the signal.
  context.mcpReq.notify({ method: "notifications/progress", params }).catch(() => {});
}

function toQuestion(needs: Exclude<Needs, { kind: "resume" }>, pid: Pid) {
  if (needs.kind === "answer")
    return inputRequired.elicit({
      message: `The entity ${pid} of Hum asks you: ${toOneLine(needs.text, 1_000)}`,
      requestedSchema: reply,
    });
  return inputRequired.elicit({
    message: `${describeNeeds(needs, pid)} Then go on here.`,
    requestedSchema: seen,
  });
}

function describeNeeds(needs: Needs, pid: Pid): string {
  const line = (text: string) => toOneLine(text, 1_000);
  if (needs.kind === "approval")
    return `The entity ${pid} waits for your yes to ${line(needs.what)}: ${line(needs.why)}. Look at it and answer in Hum: in the workplace, or with \`hum approvals\` and \`hum approve ${needs.id}\`.`;
  if (needs.kind === "answer")
    return `The entity ${pid} asks its person: ${line(needs.text)} Answer in Hum, with \`hum send ${pid} "…"\`, or with the tool send.`;
  return `The entity ${pid} stands still. ${line(needs.text)} \`hum resume ${pid}\` lets it go on.`;
}

function toWorkAnswer(work: Work): CallToolResult {
  const { pid, state, outcome, needs, files, label } = work;
  const text =
    outcome?.text ??
    (needs
      ? describeNeeds(needs, pid)
      : `The entity ${pid} is still at work. The tool process tells how it stands, stop ends it.`);
  const waitsFor = needs
    ? {
        kind: needs.kind,
        ...(needs.kind === "resume" ? {} : { id: needs.id }),
        text: needs.kind === "approval" ? `${needs.what}: ${needs.why}` : needs.text,
      }
    : undefined;
  const structured = { pid, state, answer: outcome?.text ?? "", files, ...(waitsFor ? { waitsFor } : {}) };
  return toAnswer(text, structured, { label, isError: state === "error" });
}
