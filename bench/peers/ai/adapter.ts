/**
 * AI SDK: one `ToolLoopAgent` per agent, provider and tool shared. Defaults: two retries with backoff, no history
 * outside the run, nothing durable in the package (the answer of that project is the separate Workflow SDK, which
 * needs a bundling host).
 */
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { isStepCount, ToolLoopAgent, tool } from "ai";
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
  const provider = createOpenAICompatible({ name: "fake", baseURL: options.baseURL, apiKey: options.apiKey });
  const model = provider(options.model);
  const step = tool({
    description: stepTool.description,
    inputSchema: z.object({ agent: z.number().int(), step: z.number().int() }),
    execute: async (input) => options.effect(input.agent, input.step),
  });
  const tools = { [stepTool.name]: step };

  function createAgent(i: number): PeerAgent {
    const agent = new ToolLoopAgent({
      model,
      tools,
      instructions: instructions(i),
      stopWhen: isStepCount(options.maxSteps),
    });
    async function run(signal: AbortSignal): Promise<boolean> {
      const result = await agent.generate({ prompt: taskPrompt(i, options.steps), abortSignal: signal });
      return isFinal(i, result.text);
    }
    return { run };
  }
  return { name: "ai", version: versionOf(import.meta.dirname, "ai"), createAgent };
}
