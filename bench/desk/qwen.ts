// A provider of the `ai` package over node-llama-cpp: a Qwen2.5 model on this machine, greedy, with KV prefix reuse.
// Rule: one sequence; each prompt keeps the tokens it shares with the one before, and only the rest is computed. A new run
// begins at the end of the system turn and nowhere later: greedy output depends in the last bits on where a batch began,
// so a run that reused more of the task before it would say other things, depending on the order of the tasks.

import { availableParallelism } from "node:os";
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
} from "@ai-sdk/provider";
import {
  getLlama,
  type LlamaContextSequence,
  LlamaLogLevel,
  type LlamaModel,
  type Token,
} from "node-llama-cpp";
import { dropOldestStep, readAnswer, renderHead, renderPrompt } from "./qwen-format.ts";

const contextTokens = 8192;
const defaultOutputTokens = 1024;
const prefillChunk = 256;

/** What the calls of one run have cost so far. */
export interface Cost {
  calls: number;
  inputTokens: number;
  outputTokens: number;
}

/** A model in memory. */
export interface Engine {
  model: LlamaModel;
  sequence: LlamaContextSequence;
  close(): Promise<void>;
}

/** Loads a GGUF file. */
export async function openEngine(modelPath: string): Promise<Engine> {
  const threads = Math.min(2, availableParallelism());
  const llama = await getLlama({
    gpu: false,
    maxThreads: threads,
    logLevel: LlamaLogLevel.error,
    build: "never",
  });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize: contextTokens, sequences: 1, threads });
  return { model, sequence: context.getSequence(), close: () => llama.dispose() };
}

const toolsOf = (options: LanguageModelV4CallOptions) =>
  (options.tools ?? []).filter((tool) => tool.type === "function");

function promptTokens(engine: Engine, options: LanguageModelV4CallOptions, room: number): Token[] {
  const tools = toolsOf(options);
  let prompt = options.prompt;
  for (;;) {
    const tokens = engine.model.tokenize(renderPrompt(prompt, tools), true);
    if (tokens.length <= room) return tokens;
    const shorter = dropOldestStep(prompt);
    if (shorter === null)
      throw new Error(`the prompt has ${tokens.length} tokens, the window has room for ${room}`);
    prompt = shorter;
  }
}

/** A language model for the `ai` package. `cost` grows with each call, `log` gets the raw output. */
export function qwenModel(engine: Engine, cost: Cost, log: (text: string) => void): LanguageModelV4 {
  let begun = false;

  async function begin(options: LanguageModelV4CallOptions): Promise<void> {
    const head = engine.model.tokenize(renderHead(options.prompt, toolsOf(options)), true);
    await engine.sequence.adaptStateToTokens(head, false);
    const missing = head.slice(engine.sequence.nextTokenIndex);
    if (missing.length > 0) {
      await engine.sequence.clearHistory();
      await engine.sequence.evaluateWithoutGeneratingNewTokens(head);
      cost.inputTokens += head.length;
    }
    begun = true;
  }

  async function doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const { model, sequence } = engine;
    const most = options.maxOutputTokens ?? defaultOutputTokens;
    const tokens = promptTokens(engine, options, contextTokens - most - 8);
    cost.calls++;
    if (!begun) await begin(options);

    // At least the last token is computed again: without it there is nothing to sample from.
    await sequence.adaptStateToTokens(tokens.slice(0, -1), false);
    const reused = sequence.nextTokenIndex;
    let at = reused;
    for (; tokens.length - at > prefillChunk; at += prefillChunk) {
      options.abortSignal?.throwIfAborted();
      await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + prefillChunk));
    }
    cost.inputTokens += tokens.length - reused;

    const output: Token[] = [];
    const sampling = {
      temperature: options.temperature ?? 0,
      topP: options.topP ?? 1,
      topK: options.topK ?? 40,
    };
    for await (const token of sequence.evaluate(tokens.slice(at), sampling)) {
      output.push(token);
      cost.outputTokens++;
      if (output.length >= most || options.abortSignal?.aborted) break;
    }
    const written = model.detokenize(output, true);
    log(`--- model (${tokens.length} tokens in, ${reused} reused, ${output.length} out)\n${written}`);
    options.abortSignal?.throwIfAborted();

    const { text, calls } = readAnswer(written);
    const cut = output.length >= most;
    return {
      content: [
        ...(text === "" ? [] : [{ type: "text" as const, text }]),
        ...calls.map((call, i) => ({
          type: "tool-call" as const,
          toolCallId: `call-${cost.calls}-${i}`,
          toolName: call.name,
          input: JSON.stringify(call.arguments),
        })),
      ],
      finishReason: { unified: calls.length > 0 ? "tool-calls" : cut ? "length" : "stop", raw: undefined },
      usage: {
        inputTokens: {
          total: tokens.length,
          noCache: tokens.length - reused,
          cacheRead: reused,
          cacheWrite: undefined,
        },
        outputTokens: { total: output.length, text: output.length, reasoning: undefined },
      },
      warnings: [],
    };
  }

  return {
    specificationVersion: "v4",
    provider: "node-llama-cpp",
    modelId: "qwen2.5",
    supportedUrls: {},
    doGenerate,
    doStream: () => Promise.reject(new Error("this bench does not stream")),
  };
}
