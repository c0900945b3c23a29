// Runs a system over the desk tasks and keeps one line per task; or prints what the kept lines say (`--report`).
// node bench/desk/run.ts --system hum|plain [--model ID] [--half tune|held|all] [--only id,id] [--label L] [--results FILE]
// `--minutes N`: longest time of one task, 8 unless told; more on a machine that is busy with other things.
// Rule: resumable. A task that has a line under the same label is not run again.

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { type DeskLine, report } from "./report.ts";
import { canSandbox } from "./sandbox.ts";
import type { DeskSystem, DeskTask } from "./task.ts";
import { heldTasks } from "./tasks-held.ts";
import { tuneTasks } from "./tasks-tune.ts";

const { values: given } = parseArgs({
  options: {
    system: { type: "string" },
    model: { type: "string", default: "qwen2.5-coder-1.5b" },
    half: { type: "string", default: "all" },
    only: { type: "string" },
    label: { type: "string", default: "main" },
    results: { type: "string" },
    minutes: { type: "string", default: "8" },
    report: { type: "boolean", default: false },
  },
});
const resultsDir = join(import.meta.dirname, "results");

const readLines = (path: string): DeskLine[] =>
  existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as DeskLine)
    : [];

async function open(system: string): Promise<DeskSystem> {
  if (system === "plain") {
    const { createPlain } = await import("./plain.ts");
    return createPlain(
      join(process.env.HUM_HOME ?? join(homedir(), ".hum"), "models", `${given.model}.gguf`),
    );
  }
  if (system !== "hum") throw new Error("--system is hum or plain");
  const part = "./hum.ts";
  const { createHum } = (await import(part)) as { createHum(modelId: string): Promise<DeskSystem> };
  return createHum(given.model);
}

async function runOne(
  system: DeskSystem,
  name: string,
  task: DeskTask,
  half: DeskLine["half"],
): Promise<DeskLine> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "desk-")));
  const dir = join(base, "home");
  try {
    mkdirSync(dir);
    task.setUp(dir);
    const outcome = await system.run(task, dir, AbortSignal.timeout(Number(given.minutes) * 60_000));
    const why = task.check(outcome.result);
    const log = join(resultsDir, "logs", `${name}-${given.label}-${task.id}.txt`);
    mkdirSync(dirname(log), { recursive: true });
    const messages = outcome.result.messages.map((m) => `message to ${m.to}: ${m.text}`);
    const end = [
      `--- ended: ${outcome.ended}`,
      ...messages,
      `answer: ${outcome.result.answer}`,
      `check: ${why ?? "passed"}`,
    ];
    writeFileSync(log, `${outcome.log}\n${end.join("\n")}\n`);
    const { steps, inputTokens, outputTokens, ms, ended } = outcome;
    return {
      ...{ label: given.label, system: name, model: given.model, id: task.id, half, category: task.category },
      ...{
        passed: why === null,
        why,
        ended,
        steps,
        inputTokens,
        outputTokens,
        ms,
        at: new Date().toISOString(),
      },
    };
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const pathOf = (system: string): string =>
    given.results ?? join(resultsDir, `${system}-${given.model}.jsonl`);
  if (given.report) {
    const paths = new Set(
      given.system === undefined ? [pathOf("hum"), pathOf("plain")] : [pathOf(given.system)],
    );
    console.log(report([...paths].flatMap(readLines).filter((line) => line.label === given.label)));
    return;
  }
  if (given.system === undefined) throw new Error("--system hum or --system plain is needed");
  if (!canSandbox()) throw new Error("bubblewrap (bwrap) does not work on this machine; the bench needs it");
  const name = given.system;
  const path = pathOf(name);
  mkdirSync(dirname(path), { recursive: true });
  const kept = new Set(
    readLines(path)
      .filter((line) => line.label === given.label && line.system === name && line.model === given.model)
      .map((line) => line.id),
  );
  const only = given.only?.split(",");
  const halves = { tune: tuneTasks, held: heldTasks } as const;
  const tasks = (["tune", "held"] as const)
    .filter((half) => given.half === "all" || given.half === half)
    .flatMap((half) => halves[half].map((task) => ({ half, task })))
    .filter(({ task }) => !kept.has(task.id) && (only?.includes(task.id) ?? true));
  if (tasks.length === 0) return console.log("nothing to run: all of these have a result under this label");

  const system = await open(name);
  try {
    for (const { half, task } of tasks) {
      const line = await runOne(system, name, task, half);
      appendFileSync(path, `${JSON.stringify(line)}\n`);
      const note = line.passed ? "passed" : `FAILED (${line.why})`;
      console.log(
        `${task.id}: ${note}, ${line.steps} steps, ${Math.round(line.ms / 1000)} s, ended ${line.ended}`,
      );
    }
  } finally {
    await system.close();
  }
}

await main();
