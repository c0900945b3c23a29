/**
 * A Hum machine as a person has it: a home folder with `config.json` (which model, how many calls its server takes) and
 * a program, the journal on SQLite with synchronous=FULL, the sandbox, the archive, every usual device. Beside them
 * one device of the user's own, `ledger`, whose operation `step` is the tool of the contract.
 *
 * The tool sends something out and cannot be taken back, so it is declared as `egress`, and its host is granted when the
 * task is given: the intent of each step is durable before it acts, and after a crash a step in doubt is asked of a
 * person and never repeated unasked.
 */
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import {
  type Device,
  defineDevice,
  defineOperation,
  type Entity,
  type Model,
  type StartedHum,
  startHum,
  toLabel,
} from "../../../os/src/index.ts";
import { instructions, isFinal, now, stepTool, taskPrompt, type WorkOptions } from "../contract.ts";
import { stepOperation, textModel } from "./text-model.ts";

/** Who gives the tasks. */
export const person = "Kim";

const host = "ledger.example";
const ledgerUrl = `https://${host}/`;
/** Calls at once where the server has no limit. */
const manySlots = 256;

/** A started machine with what the harness asks of it. */
export interface Bench {
  hum: StartedHum;
  /** Starts an entity on a task; durable when it resolves. */
  spawn(i: number, task: string, program?: string): Promise<Entity>;
  /** Resolves when the entity has ended, or waits for a person's yes. */
  settled(entity: Entity): Promise<void>;
  /** True if agent i ended with its final answer. */
  isDone(i: number, entity: Entity): boolean;
  /** `now()` of the last record that is no end of an entity. */
  lastEventAt(): number;
  /** Bugs that the supervisor met. */
  bugs: string[];
}

/** How a machine is opened. */
export interface BenchOptions {
  /** False: entities are built and wait for `hum.dispatch.start()`. */
  run: boolean;
  /** Another model than the one in config.json. */
  model?: Model;
}

/** Opens the home in the scratch folder, made where it is missing. */
export async function openBench(options: WorkOptions, how: BenchOptions): Promise<Bench> {
  const home = join(options.folder, "home");
  writeHome(home, options);
  const bugs: string[] = [];
  const hum = await startHum({
    home,
    devices: [createLedger(options)],
    run: how.run,
    ...(how.model ? { openModel: async () => how.model! } : {}),
    onError: (pid, error) => bugs.push(`pid ${pid}: ${String(error)}`),
  });
  const waiters = new Map<number, () => void>();
  let lastEventAt = 0;
  hum.ledger.listen(({ type, data }) => {
    const { pid } = data as { pid?: number };
    if (type !== "entity.ended") lastEventAt = type.startsWith("kernel.") ? lastEventAt : now();
    if (pid !== undefined && (type === "entity.ended" || type === "entity.waiting")) waiters.get(pid)?.();
  });
  const isSettled = (entity: Entity) => entity.state === "ended" || entity.waiting?.on === "approval";
  return {
    hum,
    bugs,
    lastEventAt: () => lastEventAt,
    spawn: (i, task, program = "stepper") =>
      hum.inbox.task({
        task,
        owner: person,
        program,
        name: `agent-${i}`,
        capabilities: [{ operation: stepOperation, hosts: [host], grantedBy: person }],
      }),
    settled: (entity) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isSettled(entity)) return;
          waiters.delete(entity.pid);
          resolve();
        };
        waiters.set(entity.pid, look);
        look();
      }),
    isDone: (i, entity) => entity.outcome?.kind === "done" && isFinal(i, entity.outcome.text),
  };
}

/**
 * The task of agent i. The kernel does not believe at once an entity that says it is done and did nothing; so where
 * the contract wants no step (W7), Hum takes one, which its peers do not.
 */
export function taskOf(i: number, options: WorkOptions): string {
  return taskPrompt(i, Math.max(1, options.steps));
}

/** Bytes on disk (blocks, as `du` counts) of a folder. */
export function diskBytes(folder: string): number {
  let bytes = statSync(folder).blocks * 512;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    bytes += statSync(join(entry.parentPath, entry.name)).blocks * 512;
  return bytes;
}

function writeHome(home: string, options: WorkOptions): void {
  const slots = options.slots || manySlots;
  const server = {
    driver: "remote",
    provider: "openai-compatible",
    url: options.baseURL,
    model: textModel,
    slots,
  };
  mkdirSync(join(home, "programs"), { recursive: true });
  writeFileSync(join(home, "config.json"), JSON.stringify({ model: "fake", models: { fake: server } }));
  writeProgram(home, "stepper", [stepOperation, "done"]);
  writeProgram(home, "sleeper", [stepOperation, "note", "ask", "done"]);
}

function writeProgram(home: string, name: string, tools: readonly string[]): void {
  const folder = join(home, "programs", name);
  mkdirSync(folder, { recursive: true });
  const head = `---\nname: ${name}\ndescription: Takes steps.\ntools: [${tools.join(", ")}]\n---\n`;
  writeFileSync(join(folder, "PROGRAM.md"), `${head}${instructions(0).replace("number 0 ", "")}\n`);
}

function createLedger(options: WorkOptions): Device {
  const step = defineOperation({
    about: stepTool.description,
    args: z.object({
      agent: z.number().int(),
      step: z.number().int(),
      to: z.literal(ledgerUrl).default(ledgerUrl),
    }),
    effect: "egress",
    sinks: { to: "egress", agent: "what", step: "what" },
    async run(args) {
      return { ok: true, text: await options.effect(args.agent, args.step), label: toLabel("kernel") };
    },
  });
  return defineDevice({ name: "ledger", operations: { step } });
}
