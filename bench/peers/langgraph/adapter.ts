/**
 * LangGraph.js: one `createAgent` graph per agent (the current form of `createReactAgent`, which is deprecated),
 * model and tool shared. Defaults: six retries with backoff in the LangChain model, no checkpointer.
 *
 * Durable: `SqliteSaver` in one file, one thread per agent, default durability ("async"). After a restart the user
 * invokes each thread: with `null` where a checkpoint exists, with the prompt where none does, as the docs say.
 */
import { mkdirSync } from "node:fs";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent as createReactAgent, tool } from "langchain";
import { z } from "zod";
import {
  instructions,
  isFinal,
  type Peer,
  type PeerAgent,
  type PeerOptions,
  stepTool,
  taskPrompt,
} from "../contract.ts";
import { versionOf } from "../version.ts";

/** See contract.ts. */
export async function createPeer(options: PeerOptions): Promise<Peer> {
  const model = new ChatOpenAI({
    model: options.model,
    apiKey: options.apiKey,
    configuration: { baseURL: options.baseURL },
  });
  const step = tool(async (input) => options.effect(input.agent, input.step), {
    ...stepTool,
    schema: z.object({ agent: z.number().int(), step: z.number().int() }),
  });
  if (options.durable) mkdirSync(options.folder, { recursive: true });
  const checkpointer = options.durable
    ? SqliteSaver.fromConnString(`${options.folder}/checkpoints.sqlite`)
    : undefined;

  function createAgent(i: number): PeerAgent {
    const agent = createReactAgent({
      model,
      tools: [step],
      systemPrompt: instructions(i),
      ...(checkpointer && { checkpointer }),
    });
    async function run(signal: AbortSignal): Promise<boolean> {
      const thread = { configurable: { thread_id: `agent-${i}` } };
      const stored = checkpointer && (await checkpointer.getTuple(thread)) !== undefined;
      const input = { messages: [{ role: "user", content: taskPrompt(i, options.steps) }] };
      const config = { ...thread, signal, recursionLimit: 4 * options.maxSteps };
      const result = await agent.invoke((stored ? null : input) as typeof input, config);
      return isFinal(i, result.messages.at(-1)?.content);
    }
    return { run };
  }
  return {
    name: "langgraph",
    version: versionOf(import.meta.dirname, "@langchain/langgraph"),
    durability: "SqliteSaver, one thread per agent, invoke(null) after the restart",
    createAgent,
  };
}
