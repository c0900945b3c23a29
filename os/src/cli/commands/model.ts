// `hum model …`: the processors: which there are, fetching, choosing, adding and measuring them.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { HumError, toMessage } from "../../error.ts";
import { makeHome } from "../../home.ts";
import { watchInterrupt } from "../interrupt.ts";
import { homeOf, say, sayJson, tell } from "../io.ts";
import { pull } from "../models.ts";
import type { Context } from "../run.ts";
import { toNumber, toSize, toTable } from "../text.ts";

interface AddOptions {
  id?: string;
  provider: "openai-compatible" | "anthropic" | "ollama";
  model?: string;
  keyEnv?: string;
  context?: number;
  slots?: number;
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  price?: { input: number; output: number };
  perDay?: number;
  orElse?: string[];
  hedge?: string;
}

/** Adds the commands of models. */
export function addModel(program: Command, context: Context): void {
  const { io } = context;
  const model = program
    .command("model")
    .description("Models: list, fetch, choose, add, measure.")
    .addHelpText(
      "after",
      "\nExamples:\n  hum model ls\n  hum model pull qwen2.5-coder-0.5b\n  hum model use qwen2.5-coder-0.5b",
    );
  model
    .command("ls")
    .description("List the models this home knows; * is the one in use.")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const { listModels } = await import("../../model/store.ts");
      const models = await listModels(homeOf(io));
      if (options.json) return sayJson(io, models);
      const rows = models.map((one) => [
        one.chosen ? "*" : "",
        one.id,
        one.driver,
        one.present ? "ready" : one.driver === "embedded" ? "not here" : "no key",
        one.bytes === undefined ? "" : toSize(one.bytes),
        one.licence ?? "",
        one.where,
      ]);
      const { embeddingModel, toEmbeddingFile } = await import("../../model/embedding-pull.ts");
      const file = toEmbeddingFile(homeOf(io));
      const state = existsSync(file) ? "ready" : "not here";
      // It answers nobody: with it, what left a window is found by its meaning too.
      rows.push(["", embeddingModel, "meaning", state, toSize(46_220_384), "Apache-2.0", file]);
      for (const line of toTable(["", "MODEL", "DRIVER", "STATE", "SIZE", "LICENCE", "WHERE"], rows, [4]))
        say(io, line);
    });
  model
    .command("pull")
    .description("Fetch a model of the catalogue; goes on where it was stopped.")
    .argument("<id>", "the model, see `hum model ls`")
    .action(async (id: string) => {
      const interrupt = watchInterrupt(io);
      try {
        makeHome(homeOf(io));
        await pull(context, id, interrupt);
        say(io, `${id} is ready.`);
      } finally {
        interrupt.end();
      }
    });
  model
    .command("use")
    .description("Choose the model that is used when nobody names one.")
    .argument("<id>", "the model, see `hum model ls`")
    .action(async (id: string) => {
      const { listModels, useModel } = await import("../../model/store.ts");
      await useModel(makeHome(homeOf(io)).home, id);
      const chosen = (await listModels(homeOf(io))).find((one) => one.id === id);
      say(
        io,
        chosen?.present ? `${id} is in use.` : `${id} is in use, and not here yet: \`hum model pull ${id}\`.`,
      );
    });
  addAdd(model, context);
  addBench(model, context);
}

function addAdd(model: Command, context: Context): void {
  const { io } = context;
  model
    .command("add")
    .description("Add a GGUF file of this machine, or a server by its address.")
    .argument("<file-or-url>", "a .gguf file, or an address such as http://127.0.0.1:8000/v1")
    .option("--id <id>", "the name in Hum")
    .addOption(
      new Option("--provider <name>", "what the server speaks")
        .choices(["openai-compatible", "anthropic", "ollama"])
        .default("openai-compatible"),
    )
    .option("--model <name>", "the server's name of the model")
    .option("--key-env <name>", "the environment variable that holds the key")
    .option("--context <tokens>", "its window", toCount)
    .option("--slots <n>", "calls it takes at once; found by trying when not given", toCount)
    .option("--requests-per-minute <n>", "what the server allows", toCount)
    .option("--tokens-per-minute <n>", "what the server allows", toCount)
    .option("--price <in/out>", "money for a million tokens read and written, e.g. 3/15", toPrice)
    .option(
      "--per-day <money>",
      "most money a day; work waits, or goes to another model, when it is used up",
      toMoney,
    )
    .option("--or-else <id...>", "models that answer when this one cannot")
    .option("--hedge <id>", "a server that is asked too when this one is late; both are paid")
    .addHelpText(
      "after",
      "\nExamples:\n  hum model add ~/models/mine.gguf\n  hum model add http://127.0.0.1:11434 --provider ollama --model llama3.1\n  hum model add anthropic --model claude-sonnet-4-5 --key-env ANTHROPIC_API_KEY",
    )
    .action(async (where: string, options: AddOptions) => {
      const { home } = makeHome(homeOf(io));
      const isServer = where === "anthropic" || /^[a-z]+:\/\//i.test(where);
      if (isServer && !options.model)
        throw new HumError("bad-input", "Say which model of the server: --model NAME.");
      const { addModel: add } = await import("../../model/store.ts");
      const id = await add(
        home,
        isServer
          ? {
              provider: where === "anthropic" ? "anthropic" : options.provider,
              model: options.model as string,
              ...(where === "anthropic" ? {} : { url: where }),
              ...(options.id === undefined ? {} : { id: options.id }),
              ...(options.keyEnv === undefined ? {} : { keyEnv: options.keyEnv }),
              ...(options.context === undefined ? {} : { contextTokens: options.context }),
              ...(options.slots === undefined ? {} : { slots: options.slots }),
              ...toMeasure(options),
            }
          : resolve(io.cwd, where),
      );
      say(io, `Added ${id}. \`hum model use ${id}\` makes it the one in use.`);
    });
}

function addBench(model: Command, context: Context): void {
  const { io, overrides } = context;
  model
    .command("bench")
    .description("Measure how fast a model is here; takes about a minute.")
    .argument("[id]", "the model; the one in use when not given")
    .option("--json", "print one JSON document")
    .action(async (id: string | undefined, options: { json?: boolean }) => {
      const interrupt = watchInterrupt(io);
      const { benchModel } = await import("../../model/bench.ts");
      const { openModel } = await import("../../model/store.ts");
      const opened = await (overrides.openModel?.(id ?? null) ?? openModel(homeOf(io), id));
      try {
        tell(io, `Measuring ${opened.info.id} …`);
        const bench = await interrupt.race(benchModel(opened));
        if (options.json) return sayJson(io, { id: opened.info.id, ...bench });
        say(
          io,
          `reading      ${toNumber(bench.prefillPerSecond)} tokens/s (${toNumber(bench.promptTokens)} tokens)`,
        );
        say(io, `writing      ${toNumber(bench.generatePerSecond)} tokens/s`);
        if (bench.together > 1)
          say(
            io,
            `together     ${toNumber(bench.togetherPerSecond)} tokens/s, ${bench.together} calls writing at once; this machine runs ${opened.info.slots}`,
          );
        say(
          io,
          `first token  ${toNumber(bench.firstTokenMs)} ms, of a second process ${toNumber(bench.reuseFirstTokenMs)} ms`,
        );
      } catch (error) {
        if (HumError.is(error)) throw error;
        throw new HumError("no-model", `${opened.info.id} cannot be measured: ${toMessage(error)}`, {
          cause: error,
        });
      } finally {
        interrupt.end();
        await opened.close();
      }
    });
}

function toMeasure({ requestsPerMinute, tokensPerMinute, price, perDay, orElse, hedge }: AddOptions) {
  return {
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
    ...(price === undefined ? {} : { price }),
    ...(perDay === undefined ? {} : { spendPerDay: perDay }),
    ...(orElse === undefined ? {} : { orElse }),
    ...(hedge === undefined ? {} : { hedge }),
  };
}

function toPrice(text: string): { input: number; output: number } {
  const [input, output, ...more] = text.split("/").map(Number);
  if (input === undefined || output === undefined || more.length > 0 || !(input >= 0) || !(output >= 0))
    throw new InvalidArgumentError("Write it as 3/15.");
  return { input, output };
}

function toMoney(text: string): number {
  const money = Number(text);
  if (!(money > 0)) throw new InvalidArgumentError("It must be a number above 0.");
  return money;
}

function toCount(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a whole number above 0.");
  return Number(text);
}
