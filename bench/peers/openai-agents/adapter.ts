/**
 * OpenAI Agents SDK: one `Agent` per agent, one `Runner`, chat completions through the SDK's own model class.
 * Defaults: the `openai` client's two retries. Tracing is off (it would call api.openai.com). Nothing durable by
 * itself: a run's state can be serialised by the user at an interruption, but nothing stores it.
 */
import { Agent, OpenAIChatCompletionsModel, Runner, tool } from "@openai/agents";
import OpenAI from "openai";
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
  const client = new OpenAI({ baseURL: options.baseURL, apiKey: options.apiKey });
  const model = new OpenAIChatCompletionsModel(client, options.model);
  const runner = new Runner({ tracingDisabled: true });
  const step = tool({
    ...stepTool,
    parameters: z.object({ agent: z.number().int(), step: z.number().int() }),
    execute: async (input) => options.effect(input.agent, input.step),
  });

  function createAgent(i: number): PeerAgent {
    const agent = new Agent({ name: `agent-${i}`, instructions: instructions(i), model, tools: [step] });
    async function run(signal: AbortSignal): Promise<boolean> {
      const prompt = taskPrompt(i, options.steps);
      const result = await runner.run(agent, prompt, { signal, maxTurns: options.maxSteps });
      return isFinal(i, result.finalOutput);
    }
    return { run };
  }
  return {
    name: "openai-agents",
    version: versionOf(import.meta.dirname, "@openai/agents"),
    createAgent,
  };
}
