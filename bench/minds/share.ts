/**
 * Many entities on one small model: what sharing a beginning, keeping states and scheduling bring, against the same
 * engine used plainly, all in one run.
 *
 *     flock /tmp/model.lock node bench/minds/share.ts [--model smollm2-135m] [--entities 16] [--calls 4]
 *                            [--prefix 1000] [--write 8] [--probes 20] [--only hum,parallel,fifo,turns,load]
 *
 * Each entity has the same rules of about so many tokens, makes so many calls, each longer by a message and its answer.
 *   hum        the scheduler on the embedded driver, all entities at once
 *   parallel   a session of node-llama-cpp for each entity, all at once, batched by the library
 *   sessions   a session after the other, each makes all its calls on a state of its own (the best plain order)
 *   fifo       one queue, one call after the other in order of arrival, no state kept: how agents are served by a FIFO
 *   load       time to the first token of an interactive call, alone and while background work fills the model
 */
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { getLlama, LlamaChatSession } from "node-llama-cpp";
import { findHome } from "../../os/src/home.ts";
import { countFreeCores } from "../../os/src/model/cores.ts";
import { createEmbedded } from "../../os/src/model/embedded.ts";
import type { Model, ModelMessage } from "../../os/src/model/model.ts";
import { toModelFile } from "../../os/src/model/store.ts";
import { createScheduler } from "../../os/src/scheduler/scheduler.ts";

const { values: args } = parseArgs({
  options: {
    model: { type: "string", default: "smollm2-135m" },
    entities: { type: "string", default: "16" },
    calls: { type: "string", default: "4" },
    prefix: { type: "string", default: "1000" },
    write: { type: "string", default: "8" },
    probes: { type: "string", default: "20" },
    only: { type: "string", default: "hum,parallel,sessions,fifo,load" },
  },
});
const entities = Number(args.entities);
const calls = Number(args.calls);
const write = Number(args.write);
const file = toModelFile(findHome(), args.model);
const threads = await countFreeCores();
const sentence =
  "The kernel keeps a journal of every effect, with who asked, why, and from what it followed. ";

function toRules(): string {
  return `Run ${process.pid}. ${sentence.repeat(Math.ceil(Number(args.prefix) / 18.5))}`;
}
const rules = toRules();
const question = (entity: number, call: number) =>
  `Entity ${entity}, step ${call}: name one thing that the journal keeps.`;

function openScheduler() {
  return createScheduler({
    now: () => performance.now(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
  });
}

interface Call {
  pid: number;
  class: "interactive" | "normal" | "background";
  messages: ModelMessage[];
  maxTokens: number;
}

async function ask(scheduler: ReturnType<typeof openScheduler>, model: Model, call: Call) {
  const request = {
    ...{ process: String(call.pid), messages: call.messages, shared: 1, stops: [] },
    ...{ maxTokens: call.maxTokens, temperature: 0, seed: 1 },
  };
  const started = performance.now();
  let firstMs = 0;
  let text = "";
  let usage = { input: 0, cached: 0, output: 0 };
  const job = {
    pid: call.pid,
    class: call.class,
    nice: 0,
    model,
    request,
    signal: new AbortController().signal,
  };
  for await (const event of scheduler.generate(job)) {
    if (event.type === "text") {
      firstMs ||= performance.now() - started;
      text += event.text;
    } else if (event.type === "restart") text = "";
    else if (event.type === "end") usage = event.usage;
  }
  return { firstMs, text, usage };
}

/** Every entity at once, through the scheduler. */
async function measureHum(kvDir: string) {
  const model = await createEmbedded({ id: args.model, file, kvDir, threads });
  const scheduler = openScheduler();
  await model.count(["warm"]);
  let evaluated = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: entities }, async (_, at) => {
      const messages: ModelMessage[] = [{ role: "system", text: rules }];
      for (let call = 1; call <= calls; call++) {
        messages.push({ role: "user", text: question(at, call) });
        const { text, usage } = await ask(scheduler, model, {
          pid: at + 1,
          class: "normal",
          messages: [...messages],
          maxTokens: write,
        });
        evaluated += usage.input - usage.cached;
        messages.push({ role: "assistant", text });
      }
    }),
  );
  const ms = performance.now() - started;
  await model.close();
  return { ms, evaluated };
}

/** First words of an interactive entity, alone and under load. */
async function measureLoad(kvDir: string) {
  const model = await createEmbedded({ id: args.model, file, kvDir, threads });
  const scheduler = openScheduler();
  await model.count(["warm"]);
  // A person who goes on with a talk, and every second time one who begins it.
  const talk: ModelMessage[] = [{ role: "system", text: rules }];
  const probe = async (n: number) => {
    const isNew = n % 2 === 1;
    const messages = isNew ? talk.slice(0, 1) : talk;
    messages.push({ role: "user", text: question(0, n) });
    const pid = isNew ? 1000 + n : 1000;
    const asked = { pid, class: "interactive" as const, messages: [...messages], maxTokens: 2 };
    const { firstMs, text } = await ask(scheduler, model, asked);
    if (isNew) await model.release(String(pid));
    else talk.push({ role: "assistant", text });
    return firstMs;
  };
  await probe(0);
  await probe(1);
  const alone: number[] = [];
  for (let n = 2; n < 2 + Number(args.probes); n++) {
    await sleep(400);
    alone.push(await probe(n));
  }
  let over = false;
  const background = Array.from({ length: 8 }, async (_, at) => {
    for (let call = 1; !over; call++) {
      const messages: ModelMessage[] = [
        { role: "system", text: rules },
        { role: "user", text: `${question(at, call)} ${sentence.repeat(6)}` },
      ];
      await ask(scheduler, model, { pid: at + 1, class: "background", messages, maxTokens: 40 });
    }
  });
  await sleep(2_000);
  const loaded: number[] = [];
  for (let n = 0; n < Number(args.probes); n++) {
    // Not in step with the work beside it.
    await sleep(300 + ((n * 137) % 400));
    loaded.push(await probe(100 + n));
  }
  over = true;
  await Promise.all(background);
  await model.close();
  return { alone, loaded };
}

async function openPlain(sequences: number) {
  const llama = await getLlama({
    gpu: "auto",
    build: "never",
    progressLogs: false,
    maxThreads: 0,
    logger: () => {},
  });
  const model = await llama.loadModel({ modelPath: file });
  const contextSize = Number(args.prefix) * 1.2 + calls * (write + 60) + 200;
  const context = await model.createContext({
    ...{ sequences, contextSize: Math.ceil(contextSize), threads: { ideal: threads, min: threads } },
    flashAttention: llama.gpu === false ? false : "auto",
  });
  const close = async () => {
    await context.dispose();
    await model.dispose();
    await llama.dispose();
  };
  return { context, close };
}

const prompt = { maxTokens: write, temperature: 0 };

async function measureParallel() {
  const { context, close } = await openPlain(entities);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: entities }, async (_, at) => {
      const session = new LlamaChatSession({ contextSequence: context.getSequence(), systemPrompt: rules });
      for (let call = 1; call <= calls; call++) await session.prompt(question(at, call), prompt);
    }),
  );
  const ms = performance.now() - started;
  await close();
  return { ms };
}

/** One sequence: a session after the other, or a call after the other in order of arrival. */
async function measurePlain(inTurns: boolean) {
  const { context, close } = await openPlain(1);
  const sequence = context.getSequence();
  const histories = Array.from(
    { length: entities },
    () => [] as ReturnType<LlamaChatSession["getChatHistory"]>,
  );
  const started = performance.now();
  const one = async (at: number, call: number) => {
    await sequence.clearHistory();
    const session = new LlamaChatSession({
      contextSequence: sequence,
      systemPrompt: rules,
      autoDisposeSequence: false,
    });
    if (call > 1) session.setChatHistory(histories[at]!);
    await session.prompt(question(at, call), prompt);
    histories[at] = session.getChatHistory();
    session.dispose();
  };
  if (inTurns)
    for (let call = 1; call <= calls; call++) for (let at = 0; at < entities; at++) await one(at, call);
  else
    for (let at = 0; at < entities; at++) {
      await sequence.clearHistory();
      const session = new LlamaChatSession({
        contextSequence: sequence,
        systemPrompt: rules,
        autoDisposeSequence: false,
      });
      for (let call = 1; call <= calls; call++) await session.prompt(question(at, call), prompt);
      session.dispose();
    }
  const ms = performance.now() - started;
  await close();
  return { ms };
}

const only = args.only.split(",");
const scratch = mkdtempSync(join(tmpdir(), "hum-share-"));
const row = (name: string, ms: number, hum: number) =>
  `| ${name} | ${(ms / 1000).toFixed(1)} | ${(ms / hum).toFixed(1)} |`;
try {
  console.log(
    `\n### ${args.model}: ${entities} entities x ${calls} calls, rules of about ${args.prefix} tokens, ${write} tokens written a call; ${cpus().length} cores, ${threads} threads, load ${loadavg()[0]!.toFixed(1)}\n`,
  );
  if (only.includes("hum")) {
    const hum = await measureHum(join(scratch, "hum"));
    console.log(
      `| how | s | times Hum |\n|---|---|---|\n${row(`Hum (${hum.evaluated} tokens read)`, hum.ms, hum.ms)}`,
    );
    if (only.includes("parallel"))
      console.log(row("node-llama-cpp sessions, all at once", (await measureParallel()).ms, hum.ms));
    if (only.includes("sessions"))
      console.log(row("a session after the other", (await measurePlain(false)).ms, hum.ms));
    if (only.includes("fifo"))
      console.log(row("FIFO, a call after the other", (await measurePlain(true)).ms, hum.ms));
  }
  if (only.includes("load")) {
    const { alone, loaded } = await measureLoad(join(scratch, "load"));
    const at = (values: number[], part: number) =>
      values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
    const ms = (values: number[]) => [0.5, 0.95, 1].map((part) => at(values, part).toFixed(0)).join(", ");
    const ratio = (part: number) => (at(loaded, part) / at(alone, part)).toFixed(2);
    console.log(
      `\n| first token of an interactive call, ${args.probes} of them | ms: p50, p95, most |\n|---|---|\n| alone | ${ms(alone)} |\n| beside 8 background entities | ${ms(loaded)} |\n| loaded / alone | ${ratio(0.5)}, ${ratio(0.95)}, ${ratio(1)} |\n\nload ${loadavg()[0]!.toFixed(1)}`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(0);
