// The engine used plainly, by its library alone: what share.ts compares Hum with. Run as a program it is one wave of
// parallel sessions, in a process of its own because llama.cpp may end it.

import { readFileSync } from "node:fs";
import { type ChatHistoryItem, getLlama, LlamaChatSession } from "node-llama-cpp";

/** What is run. */
export interface PlainSetup {
  file: string;
  threads: number;
  /** Tokens of the common rules, about. */
  prefix: number;
  calls: number;
  /** Tokens written in a call. */
  write: number;
}

/** A part of a system's run, and what it took. */
export interface Piece {
  name: string;
  /** `before` gives the answers of earlier pieces. */
  run(before: (name: string) => string): Promise<{ ms: number; cpuMs: number; answer?: string }>;
}

/** The rules that all entities have in common. */
export function toRules(prefix: number): string {
  const sentence =
    "The kernel keeps a journal of every effect, with who asked, why, and from what it followed. ";
  return sentence.repeat(Math.ceil(prefix / 18.5));
}

/** What an entity is asked. */
export const question = (entity: number, call: number): string =>
  `Entity ${entity}, step ${call}: name one thing that the journal keeps.`;

/** CPU time of a process so far, in milliseconds. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Loads the engine with so many sequences, as the library does by itself but for the number of threads. */
export async function openPlain(setup: PlainSetup, sequences: number) {
  const { threads, calls, write } = setup;
  const llama = await getLlama({
    ...{ gpu: "auto" as const, build: "never" as const, progressLogs: false, maxThreads: 0 },
    logger: (level, message) => {
      if (level === "error" || level === "fatal") process.stderr.write(message);
    },
  });
  const model = await llama.loadModel({ modelPath: setup.file });
  const context = await model.createContext({
    ...{ sequences, contextSize: Math.ceil(setup.prefix * 1.2 + calls * (write + 60) + 200) },
    ...{ threads: { ideal: threads, min: threads }, flashAttention: llama.gpu === false ? false : "auto" },
  });
  const rules = toRules(setup.prefix);
  const prompt = { maxTokens: write, temperature: 0 };
  const timed = async (run: () => Promise<string | undefined>) => {
    const [started, cpu] = [performance.now(), cpuOf(process.pid)];
    const answer = await run();
    const took = { ms: performance.now() - started, cpuMs: cpuOf(process.pid) - cpu };
    return answer === undefined ? took : { ...took, answer };
  };

  /** A session for each of these entities, all at once. */
  const wave = (from: number, to: number) =>
    timed(async () => {
      await Promise.all(
        Array.from({ length: to - from }, async (_, at) => {
          const session = new LlamaChatSession({
            contextSequence: context.getSequence(),
            systemPrompt: rules,
          });
          for (let call = 1; call <= calls; call++) await session.prompt(question(from + at, call), prompt);
        }),
      );
      return undefined;
    });

  /** One sequence for all: entity after entity, or call after call in order of arrival. */
  function* pieces(system: "sessions" | "fifo" | "fifo-reuse", entities: number): Generator<Piece> {
    const sequence = context.getSequence();
    const open = () =>
      new LlamaChatSession({ contextSequence: sequence, systemPrompt: rules, autoDisposeSequence: false });
    if (system === "sessions") {
      for (let at = 0; at < entities; at++)
        yield {
          name: `entity ${at + 1}`,
          run: () =>
            timed(async () => {
              await sequence.clearHistory();
              const session = open();
              for (let call = 1; call <= calls; call++) await session.prompt(question(at, call), prompt);
              session.dispose();
              return undefined;
            }),
        };
      return;
    }
    const toName = (call: number, at: number) => `call ${call} of entity ${at + 1}`;
    for (let call = 1; call <= calls; call++)
      for (let at = 0; at < entities; at++)
        yield {
          name: toName(call, at),
          run: (before) =>
            timed(async () => {
              if (system === "fifo") await sequence.clearHistory();
              const session = open();
              const history: ChatHistoryItem[] = [{ type: "system", text: rules }];
              for (let past = 1; past < call; past++)
                history.push(
                  { type: "user", text: question(at, past) },
                  { type: "model", response: [before(toName(past, at))] },
                );
              session.setChatHistory(history);
              const answer = await session.prompt(question(at, call), prompt);
              session.dispose();
              return answer;
            }),
        };
  }

  return {
    wave,
    pieces,
    async close() {
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}

if (import.meta.main) {
  const setup = JSON.parse(process.argv[2]!) as PlainSetup & { from: number; to: number };
  const plain = await openPlain(setup, setup.to - setup.from);
  console.log(JSON.stringify(await plain.wave(setup.from, setup.to)));
  process.exit(0);
}
