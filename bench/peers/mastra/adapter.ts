/**
 * Mastra: one `Agent` per agent, registered with nothing, model through its own OpenAI-compatible router; tool
 * shared. Telemetry is off. Defaults: no memory, no storage, its own retries.
 *
 * Durable: ONE durable agent (`createDurableAgent`) with `LibSQLStore` in a file and `recovery.durableAgents:
 * 'auto'`, one run per agent with its own run id. After a restart the runs that were in progress are recovered one
 * by one with `recover(runId)`; a run that left no snapshot is started again from its prompt.
 */
import { mkdirSync } from "node:fs";
import { Mastra } from "@mastra/core";
import { Agent } from "@mastra/core/agent";
import { createDurableAgent } from "@mastra/core/agent/durable";
import { createTool } from "@mastra/core/tools";
import { LibSQLStore } from "@mastra/libsql";
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

process.env.MASTRA_TELEMETRY_DISABLED = "1";

/** See contract.ts. */
export async function createPeer(options: PeerOptions): Promise<Peer> {
  const model = {
    id: `custom/${options.model}` as const,
    url: options.baseURL,
    apiKey: options.apiKey,
  };
  const step = createTool({
    id: stepTool.name,
    description: stepTool.description,
    inputSchema: z.object({ agent: z.number().int(), step: z.number().int() }),
    execute: async (input) => ({ result: await options.effect(input.agent, input.step) }),
  });
  const tools = { [stepTool.name]: step };
  const about = { name: "mastra", version: versionOf(import.meta.dirname, "@mastra/core") };
  if (options.durable) return { ...about, ...createDurable() };

  function createAgent(i: number): PeerAgent {
    const agent = new Agent({
      id: `agent-${i}`,
      name: `agent-${i}`,
      instructions: instructions(i),
      model,
      tools,
    });
    async function run(signal: AbortSignal): Promise<boolean> {
      const result = await agent.generate(taskPrompt(i, options.steps), {
        abortSignal: signal,
        maxSteps: options.maxSteps,
      });
      return isFinal(i, result.text);
    }
    return { run };
  }
  return { ...about, durability: "createDurableAgent + LibSQLStore, recovery auto", createAgent };

  function createDurable(): Omit<Peer, "name" | "version"> {
    mkdirSync(options.folder, { recursive: true });
    const worker = createDurableAgent({
      agent: new Agent({ id: "worker", name: "worker", instructions: instructions(0), model, tools }),
      maxSteps: options.maxSteps,
    });
    const storage = new LibSQLStore({ id: "store", url: `file:${options.folder}/mastra.db` });
    const mastra = new Mastra({
      agents: { worker },
      storage,
      logger: false,
      recovery: { durableAgents: "auto" },
    });
    const prompt = (i: number) => taskPrompt(i, options.steps);
    const start = (i: number, signal: AbortSignal) =>
      worker.stream(prompt(i), {
        runId: `run-${i}`,
        maxSteps: options.maxSteps,
        abortSignal: signal,
      });
    async function finish(i: number, begun: ReturnType<typeof start>): Promise<boolean> {
      const { output, cleanup } = await begun;
      const text = await output.text;
      cleanup();
      return isFinal(i, text);
    }
    const failed = (error: unknown) => {
      console.error(error);
      return false;
    };
    async function recover(unfinished: readonly number[], signal: AbortSignal): Promise<number[]> {
      const { runs } = await worker.listActiveRuns();
      const active = new Set(runs.map((run) => run.runId));
      const ended = unfinished.map(async (i) => {
        const begun = active.has(`run-${i}`) ? worker.recover(`run-${i}`) : start(i, signal);
        return (await finish(i, begun).catch(failed)) ? [i] : [];
      });
      return (await Promise.all(ended)).flat();
    }
    return {
      durability: "createDurableAgent + LibSQLStore, recovery auto",
      createAgent: (i) => ({ run: (signal) => finish(i, start(i, signal)) }),
      recover,
      close: () => mastra.shutdown(),
    };
  }
}
