// The fixed tools of the conformance suite that need something of the client: an answer of its user, words of its model,
// its folders. What a tool carries through the client and back is signed, as in Hum's own tools.

import {
  acceptedContent,
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { capabilitiesOf, text } from "./fixtures.ts";

type Answer = CallToolResult | InputRequiredResult;

const nameSchema = z.object({ name: z.string() });
const done = (value: string): CallToolResult => ({ content: [text(value)] });
const askName = (message = "What is your name?") =>
  inputRequired.elicit({ message, requestedSchema: nameSchema });
const askModel = (words: string, maxTokens = 100) =>
  inputRequired.createMessage({ messages: [{ role: "user", content: text(words) }], maxTokens });

/** Adds them; `codec` signs what goes through the client. */
export function addAsking(server: McpServer, codec: RequestStateCodec<unknown>): void {
  const add = (name: string, run: (context: ServerContext) => Promise<Answer>) =>
    server.registerTool(name, { description: `Needs something of the client (${name}).` }, run);
  addPush(server);

  add("test_input_required_result_elicitation", async ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "user_name", nameSchema);
    return answer
      ? done(`Hello, ${answer.name}!`)
      : inputRequired({ inputRequests: { user_name: askName() } });
  });
  add("test_input_required_result_sampling", async ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "capital_question");
    if (answer.kind === "sampling") return done(`The model said: ${JSON.stringify(answer.result.content)}`);
    return inputRequired({ inputRequests: { capital_question: askModel("What is the capital of France?") } });
  });
  add("test_input_required_result_list_roots", async ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "client_roots");
    if (answer.kind === "roots") return done(`Roots: ${answer.roots.map((root) => root.uri).join(", ")}`);
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  });
  add("test_input_required_result_request_state", (context) => confirm(context, codec, "state-ok"));
  add("test_input_required_result_tampered_state", (context) => confirm(context, codec, "state-ok"));
  add("test_input_required_result_multiple_inputs", async (context) => {
    const { mcpReq } = context;
    const name = acceptedContent(mcpReq.inputResponses, "user_name", nameSchema);
    const greeting = inputResponse(mcpReq.inputResponses, "greeting");
    const roots = inputResponse(mcpReq.inputResponses, "client_roots");
    if (mcpReq.requestState() && name && greeting.kind === "sampling" && roots.kind === "roots")
      return done(`Hello, ${name.name}, with ${roots.roots.length} roots.`);
    const client_roots = inputRequired.listRoots();
    return inputRequired({
      inputRequests: { user_name: askName(), greeting: askModel("Generate a greeting", 50), client_roots },
      requestState: await codec.mint({ step: 1 }, context),
    });
  });
  add("test_input_required_result_multi_round", async (context) => {
    const { mcpReq } = context;
    const state = mcpReq.requestState<{ step: number; name?: string }>();
    if (!state)
      return inputRequired({
        inputRequests: { step1: askName("Step 1: What is your name?") },
        requestState: await codec.mint({ step: 1 }, context),
      });
    if (state.step === 1) {
      const name = acceptedContent(mcpReq.inputResponses, "step1", nameSchema)?.name ?? "nobody";
      const step2 = inputRequired.elicit({
        message: "Step 2: What is your favorite color?",
        requestedSchema: z.object({ color: z.string() }),
      });
      return inputRequired({
        inputRequests: { step2 },
        requestState: await codec.mint({ step: 2, name }, context),
      });
    }
    const color = acceptedContent(mcpReq.inputResponses, "step2")?.color;
    return done(`${state.name} likes ${color}.`);
  });
  add("test_input_required_result_capabilities", async (context) => {
    const can = capabilitiesOf(server, context);
    const answered = Object.keys(context.mcpReq.inputResponses ?? {});
    if (answered.length > 0) return done(`Answered: ${answered.join(", ")}`);
    return inputRequired({
      inputRequests: {
        ...(can.elicitation ? { user_name: askName() } : {}),
        ...(can.sampling ? { question: askModel("Say something.") } : {}),
      },
    });
  });
  // What the client cannot do is not asked of it: the SDK answers with the error that names it.
  add("test_missing_capability", async ({ mcpReq }) => {
    const answer = inputResponse(mcpReq.inputResponses, "question");
    if (answer.kind === "sampling") return done("There is sampling.");
    return inputRequired({ inputRequests: { question: askModel("Say something.") } });
  });
  add("test_streaming_elicitation", async ({ mcpReq }) => {
    const answer = acceptedContent(mcpReq.inputResponses, "user_name", nameSchema);
    return answer
      ? done(`Hello, ${answer.name}!`)
      : inputRequired({ inputRequests: { user_name: askName() } });
  });
  server.registerPrompt(
    "test_input_required_result_prompt",
    { description: "A prompt that needs an answer first." },
    async ({ mcpReq }) => {
      const answer = acceptedContent(
        mcpReq.inputResponses,
        "user_context",
        z.object({ context: z.string() }),
      );
      if (answer)
        return { messages: [{ role: "user", content: text(`Use this context: ${answer.context}`) }] };
      const user_context = inputRequired.elicit({
        message: "What context should the prompt use?",
        requestedSchema: z.object({ context: z.string() }),
      });
      return inputRequired({ inputRequests: { user_context } });
    },
  );
}

async function confirm(
  context: ServerContext,
  codec: RequestStateCodec<unknown>,
  word: string,
): Promise<Answer> {
  const { mcpReq } = context;
  const answer = acceptedContent(mcpReq.inputResponses, "confirm", z.object({ ok: z.boolean() }));
  if (mcpReq.requestState() && answer) return done(`Confirmed: ${word}`);
  const ask = inputRequired.elicit({
    message: "Please confirm",
    requestedSchema: z.object({ ok: z.boolean() }),
  });
  return inputRequired({
    inputRequests: { confirm: ask },
    requestState: await codec.mint({ step: 1 }, context),
  });
}

/** Tools for clients of 2025, which are asked by a request of their own in the middle of the call. */
function addPush(server: McpServer): void {
  const tell = (result: { action: string; content?: unknown }, words: string) =>
    done(`${words}: action=${result.action}, content=${JSON.stringify(result.content ?? {})}`);
  server.registerTool(
    "test_sampling",
    { description: "Asks the model of the client.", inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, { mcpReq }) => {
      const messages = [{ role: "user" as const, content: text(prompt) }];
      const result = await mcpReq.requestSampling({ messages, maxTokens: 100 });
      const { content } = result;
      return done(`LLM response: ${"text" in content ? content.text : JSON.stringify(content)}`);
    },
  );
  server.registerTool(
    "test_elicitation",
    { description: "Asks the user of the client.", inputSchema: z.object({ message: z.string() }) },
    async ({ message }, { mcpReq }) =>
      tell(
        await mcpReq.elicitInput({
          message,
          requestedSchema: {
            type: "object",
            properties: {
              username: { type: "string", description: "User's response" },
              email: { type: "string", description: "User's email address" },
            },
            required: ["username", "email"],
          },
        }),
        "User response",
      ),
  );
  server.registerTool(
    "test_elicitation_sep1034_defaults",
    { description: "Asks with defaults of every kind." },
    async ({ mcpReq }) =>
      tell(
        await mcpReq.elicitInput({
          message: "Please look through these defaults",
          requestedSchema: {
            type: "object",
            properties: {
              name: { type: "string", default: "John Doe" },
              age: { type: "integer", default: 30 },
              score: { type: "number", default: 95.5 },
              status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
              verified: { type: "boolean", default: true },
            },
          },
        }),
        "Elicitation completed",
      ),
  );
  const titled = (values: string[], titles: string[]) =>
    values.map((value, i) => ({ const: value, title: titles[i] as string }));
  server.registerTool(
    "test_elicitation_sep1330_enums",
    { description: "Asks with choices of every kind." },
    async ({ mcpReq }) =>
      tell(
        await mcpReq.elicitInput({
          message: "Please choose",
          requestedSchema: {
            type: "object",
            properties: {
              untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
              titledSingle: {
                type: "string",
                oneOf: titled(
                  ["value1", "value2", "value3"],
                  ["First Option", "Second Option", "Third Option"],
                ),
              },
              legacyEnum: {
                type: "string",
                enum: ["opt1", "opt2", "opt3"],
                enumNames: ["Option One", "Option Two", "Option Three"],
              },
              untitledMulti: {
                type: "array",
                items: { type: "string", enum: ["option1", "option2", "option3"] },
              },
              titledMulti: {
                type: "array",
                items: {
                  anyOf: titled(
                    ["value1", "value2", "value3"],
                    ["First Choice", "Second Choice", "Third Choice"],
                  ),
                },
              },
            },
          },
        }),
        "Elicitation completed",
      ),
  );
}
