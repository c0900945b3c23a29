/**
 * Prompt look-up decoding on Hum's own desk prompts, grammar on: the next tokens are guessed from where the last ones stand
 * in the window, and checked in one step. What does it bring against one token a step, same engine, same run?
 *
 *     node bench/lookup.ts [--model qwen2.5-coder-1.5b] [--tasks 4] [--write 64] [--threads N] [--out FILE]
 *     node bench/lookup.ts --report
 *
 * The prompts are those that the kernel sends for the desk tasks of the tuning half: a real kernel works on each with a
 * played model that says the reference solution, and every request is kept. Each is then answered by the real model twice
 * from one read state: plainly, and with guesses of 3 tokens (of at least 2 that agree). Times are CPU time of the
 * process, because the clock says little on a shared machine; with one thread they are the same on a quiet one.
 * Appends one JSON line a request and goes on where it was stopped.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  getLlama,
  InputLookupTokenPredictor,
  type LlamaContextSequence,
  LlamaGrammarEvaluationState,
  type Token,
} from "node-llama-cpp";
import { findHome } from "../os/src/home.ts";
import type { ModelRequest } from "../os/src/model/model.ts";
import { createRenderer } from "../os/src/model/render.ts";
import { createScripted } from "../os/src/model/scripted.ts";
import { engineLimits } from "../os/src/model/sizes.ts";
import { toModelFile } from "../os/src/model/store.ts";
import { startHum } from "../os/src/start.ts";
import { solutions } from "./desk/solutions.ts";
import { tuneTasks } from "./desk/tasks-tune.ts";

const { values: args } = parseArgs({
  options: {
    model: { type: "string", default: "qwen2.5-coder-1.5b" },
    tasks: { type: "string", default: "4" },
    write: { type: "string", default: "64" },
    threads: { type: "string", default: "1" },
    out: { type: "string", default: join(import.meta.dirname, "results/lookup.jsonl") },
    report: { type: "boolean", default: false },
  },
});

/** One request, answered twice. Times are milliseconds of CPU. */
interface Row {
  model: string;
  id: string;
  load: number;
  promptTokens: number;
  tokens: number;
  plainMs: number;
  lookupMs: number;
  /** Guessed tokens that were right, and that were wrong. */
  right: number;
  wrong: number;
  same: boolean;
}

const cpuMs = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** The requests of the first two turns at each task. */
async function capture(count: number): Promise<{ id: string; request: ModelRequest }[]> {
  const kept: { id: string; request: ModelRequest }[] = [];
  for (const task of tuneTasks.slice(0, count)) {
    const base = realpathSync(mkdtempSync(join(tmpdir(), "hum-lookup-")));
    const dir = join(base, "work");
    mkdirSync(dir);
    task.setUp(dir);
    let turn = 0;
    const played = createScripted(
      (request) => {
        if (turn < 2) kept.push({ id: `${task.id} ${turn + 1}`, request });
        const said = turn === 0 ? `\`\`\`bash\n${solutions[task.id]!.right}\n\`\`\`` : "```done\nDone.\n```";
        turn += 1;
        return said.slice((request.begin ?? "").length);
      },
      { contextTokens: engineLimits.contextTokens },
    );
    const hum = await startHum({ home: join(base, "home"), openModel: async () => played });
    try {
      const entity = await hum.inbox.task({
        task: task.text,
        owner: "Sam",
        folder: dir,
        class: "interactive",
      });
      for await (const record of hum.ledger.journal.follow(0, AbortSignal.timeout(20_000)))
        if (record.type === "entity.ended" || record.type === "approval.asked" || turn >= 2) break;
      if (entity.state !== "ended") await hum.inbox.kill(entity.pid, "the bench");
    } finally {
      await hum.stop();
      rmSync(base, { recursive: true, force: true });
    }
  }
  return kept;
}

const readRows = (): Row[] =>
  existsSync(args.out)
    ? readFileSync(args.out, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Row)
    : [];

async function main(): Promise<void> {
  const done = new Set(readRows().map(({ model, id }) => `${model} ${id}`));
  const requests = (await capture(Number(args.tasks))).filter(({ id }) => !done.has(`${args.model} ${id}`));
  console.error(`${requests.length} requests to answer`);
  const threads = Number(args.threads);
  const llama = await getLlama({
    ...{ gpu: false, build: "never", progressLogs: false, maxThreads: 0, logger: () => {} },
  });
  const model = await llama.loadModel({ modelPath: toModelFile(findHome(), args.model) });
  const context = await model.createContext({
    ...{ sequences: 2, contextSize: 4096, threads: { ideal: threads, min: threads } },
    ...{ flashAttention: false, batchSize: 64 },
  });
  const predictor = new InputLookupTokenPredictor({
    patternLength: { min: 2 },
    predictionLength: { min: 1, max: 3 },
  });
  const plain = context.getSequence();
  const guessing = context.getSequence({ tokenPredictor: predictor });
  const render = createRenderer(model, true);
  const scratch = mkdtempSync(join(tmpdir(), "hum-lookup-"));
  mkdirSync(join(args.out, ".."), { recursive: true });
  for (const { id, request } of requests) {
    const { begin = "" } = request;
    const { tokens } = render({ ...request, begin, answers: () => undefined });
    const read = tokens.slice(0, -1);
    await plain.adaptStateToTokens(read, false);
    for (let at = plain.nextTokenIndex; at < read.length; at += 32)
      await plain.evaluateWithoutGeneratingNewTokens(read.slice(at, Math.min(at + 32, read.length)));
    await plain.saveStateToFile(join(scratch, "state"));
    await guessing.loadStateFromFile(join(scratch, "state"), { acceptRisk: true });
    const grammar = request.grammar ? await llama.createGrammar({ grammar: request.grammar }) : undefined;
    const write = async (sequence: LlamaContextSequence): Promise<{ said: Token[]; ms: number }> => {
      const said: Token[] = [];
      const started = process.cpuUsage();
      const steps = sequence.evaluate(tokens.slice(-1), {
        ...{ temperature: 0, yieldEogToken: true },
        ...(grammar && { grammarEvaluationState: new LlamaGrammarEvaluationState({ model, grammar }) }),
      });
      for await (const token of steps) {
        if (model.isEogToken(token)) break;
        said.push(token);
        if (said.length >= Number(args.write)) break;
      }
      return { said, ms: cpuMs(started) };
    };
    const without = await write(plain);
    const before = { ...guessing.tokenPredictions };
    predictor.updateInputTokens(read);
    const with_ = await write(guessing);
    const after = guessing.tokenPredictions;
    const row: Row = {
      ...{
        model: args.model,
        id,
        load: loadavg()[0]!,
        promptTokens: tokens.length,
        tokens: without.said.length,
      },
      ...{ plainMs: without.ms, lookupMs: with_.ms },
      right: after.validated - before.validated,
      wrong: after.refuted - before.refuted,
      same: without.said.join() === with_.said.join(),
    };
    appendFileSync(args.out, `${JSON.stringify(row)}\n`);
    console.log(JSON.stringify(row));
  }
  rmSync(scratch, { recursive: true, force: true });
}

function report(): void {
  const rows = readRows();
  console.log(
    "| model, request | tokens | plain, CPU ms a token | look-up | gain | guesses right, wrong | same text |",
  );
  console.log("|---|---|---|---|---|---|---|");
  const line = (name: string, of: Row[]) => {
    const sum = (pick: (row: Row) => number) => of.reduce((total, row) => total + pick(row), 0);
    const n = sum(({ tokens }) => tokens);
    const [plain, lookup] = [sum((row) => row.plainMs) / n, sum((row) => row.lookupMs) / n];
    const same = of.filter((row) => row.same).length;
    console.log(
      `| ${name} | ${n} | ${plain.toFixed(1)} | ${lookup.toFixed(1)} | ${(plain / lookup).toFixed(2)} | ${sum((row) => row.right)}, ${sum((row) => row.wrong)} | ${same} of ${of.length} |`,
    );
  };
  for (const row of rows) line(`${row.model} ${row.id}`, [row]);
  for (const model of new Set(rows.map((row) => row.model)))
    line(
      `**${model}, all**`,
      rows.filter((row) => row.model === model),
    );
}

if (args.report) report();
else await main();
process.exit(0);
