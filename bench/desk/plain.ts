// The baseline: the agent loop of the `ai` package (ToolLoopAgent) with four ordinary tools, on the same embedded model.
// Rule: what a competent user of the package would write. No handicap, and no help that the package does not give.

import { resolve, sep } from "node:path";
import { isStepCount, ToolLoopAgent, tool } from "ai";
import { z } from "zod";
import { openEngine, qwenModel } from "./qwen.ts";
import { runInSandbox } from "./sandbox.ts";
import type { DeskResult, DeskSystem, DeskTask, RunOutcome } from "./task.ts";

const stepLimit = 20;
const timeLimitMs = 8 * 60_000;
const commandLimitMs = 30_000;
const outputChars = 4_000;

const instructions = `You are a helpful assistant who does office work for a person. The person's files are in the current \
folder, and you work on them with the tools: bash runs a command in that folder (bash, coreutils and python3 are \
installed, there is no internet), read_file and write_file read and write a file, send_message sends a message to a \
person. Look at the files before you work with them, do the whole task, and check the result. Do not ask questions. When \
you are finished, answer with a short text that tells the person what you did or found out.`;

const cut = (text: string): string =>
  text.length <= outputChars
    ? text
    : `${text.slice(0, outputChars)}\n[cut: ${text.length - outputChars} more characters]`;

function deskTools(dir: string, result: DeskResult, log: (text: string) => void) {
  const run = (argv: string[], signal: AbortSignal | undefined, stdin = "") =>
    runInSandbox(dir, argv, { stdin, timeoutMs: commandLimitMs, signal });
  const inFolder = (path: string): string => {
    const full = resolve(dir, path.replace(/^~\//, ""));
    if (full !== dir && !full.startsWith(dir + sep)) throw new Error(`${path} is outside of the folder`);
    return full;
  };
  const logged = (name: string, text: string): string => {
    log(`--- result of ${name}\n${text}`);
    return text;
  };
  return {
    bash: tool({
      description: "Run a bash command in the current folder and return its output.",
      inputSchema: z.object({ command: z.string().describe("The command to run") }),
      async execute({ command }, { abortSignal }) {
        const done = await run(["bash", "-c", command], abortSignal);
        const end = done.timedOut
          ? "stopped after 30 seconds"
          : done.status === 0
            ? ""
            : `exit code ${done.status}`;
        const parts = [done.stdout.trimEnd(), done.stderr.trimEnd(), end].filter((part) => part !== "");
        return logged("bash", cut(parts.join("\n") || "(no output)"));
      },
    }),
    read_file: tool({
      description: "Read a text file.",
      inputSchema: z.object({
        path: z.string().describe("Path of the file, relative to the current folder"),
      }),
      async execute({ path }, { abortSignal }) {
        const done = await run(["cat", "--", inFolder(path)], abortSignal);
        return logged(
          "read_file",
          cut(done.status === 0 ? done.stdout || "(the file is empty)" : done.stderr.trim()),
        );
      },
    }),
    write_file: tool({
      description: "Write a text file. A file that exists is replaced; folders are made as needed.",
      inputSchema: z.object({
        path: z.string().describe("Path of the file, relative to the current folder"),
        content: z.string().describe("The whole new content of the file"),
      }),
      async execute({ path, content }, { abortSignal }) {
        const write = [
          "bash",
          "-c",
          'mkdir -p -- "$(dirname -- "$1")" && cat > "$1"',
          "write",
          inFolder(path),
        ];
        const done = await run(write, abortSignal, content);
        return logged(
          "write_file",
          done.status === 0 ? `wrote ${content.length} characters to ${path}` : done.stderr.trim(),
        );
      },
    }),
    send_message: tool({
      description: "Send a message to a person.",
      inputSchema: z.object({
        to: z.string().describe("Name of the person"),
        text: z.string().describe("Text of the message"),
      }),
      execute({ to, text }) {
        result.messages.push({ to, text });
        return logged("send_message", `sent to ${to}`);
      },
    }),
  };
}

/** Loads the model and gives the baseline system. */
export async function createPlain(modelPath: string): Promise<DeskSystem> {
  const engine = await openEngine(modelPath);

  async function run(task: DeskTask, dir: string, signal: AbortSignal): Promise<RunOutcome> {
    const started = performance.now();
    const lines = [`task: ${task.text}`];
    const log = (text: string): void => void lines.push(text);
    const result: DeskResult = { dir, messages: [], answer: "" };
    const cost = { calls: 0, inputTokens: 0, outputTokens: 0 };
    const agent = new ToolLoopAgent({
      model: qwenModel(engine, cost, log),
      instructions,
      tools: deskTools(dir, result, log),
      toolCallConcurrency: 1,
      stopWhen: isStepCount(stepLimit),
      temperature: 0,
      maxRetries: 0,
    });
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)]);
    let ended: RunOutcome["ended"] = "done";
    try {
      const done = await agent.generate({ prompt: task.text, abortSignal: limit });
      result.answer = done.text;
      if (done.finishReason === "tool-calls" || done.finishReason === "length") ended = "limit";
    } catch (error) {
      ended = limit.aborted ? "limit" : "error";
      log(`--- ${ended}: ${String(error)}`);
    }
    const { calls: steps, inputTokens, outputTokens } = cost;
    const ms = Math.round(performance.now() - started);
    return { result, steps, inputTokens, outputTokens, ms, ended, log: lines.join("\n") };
  }

  return { run, close: () => engine.close() };
}
