/**
 * Hum: one entity per agent, on the whole machine with its journal on. The model is Hum's own remote driver against
 * the same fake server; it speaks text, so it asks for the model `hum-text` (text-model.ts).
 *
 * What stands for what: `createAgent` starts the entity (its home, its first pages and its start are durable then), `run`
 * lets the machine run and waits for the end. The scheduler's slots are those of the server, from `config.json`.
 *
 * W5 rows: `defaults` = the same home is started again and nobody does anything: what was in doubt waits for a person;
 * `answered` = the person answers each of these questions with no ("it is not repeated").
 */
import { version } from "../../../os/src/index.ts";
import { now, type Peer, type PeerAgent, type WorkOptions } from "../contract.ts";
import { sleepers } from "./idle.ts";
import { type Bench, openBench, person, taskOf } from "./machine.ts";

/** See contract.ts. */
export async function createPeer(options: WorkOptions): Promise<Peer> {
  // Where agents are built first and run later, the dispatcher starts with the first run.
  const run = options.work === "W5" || options.work === "W7";
  const bench = await openBench(options, { run });
  const { hum } = bench;
  const signals = new WeakSet<AbortSignal>();
  let started = run;
  let stoppedAt = 0;
  let asked = 0;

  function begin(signal: AbortSignal): void {
    if (!started) hum.dispatch.start();
    started = true;
    if (signals.has(signal)) return;
    signals.add(signal);
    signal.addEventListener("abort", () => {
      stoppedAt = now();
      void hum.inbox.killAll(person);
    });
  }

  async function createAgent(i: number): Promise<PeerAgent> {
    const entity = await bench.spawn(i, taskOf(i, options));
    return {
      async run(signal) {
        begin(signal);
        await bench.settled(entity);
        return bench.isDone(i, entity);
      },
    };
  }

  async function recover(unfinished: readonly number[], signal: AbortSignal): Promise<number[]> {
    begin(signal);
    const known = new Map([...hum.ledger.state.entities.values()].map((entity) => [entity.name, entity]));
    const done = await Promise.all(
      unfinished.map(async (i) => {
        const entity = known.get(`agent-${i}`) ?? (await bench.spawn(i, taskOf(i, options)));
        await bench.settled(entity);
        while (entity.waiting?.on === "approval") {
          asked++;
          if (options.variant !== "answered") return [];
          await hum.inbox.answer(entity.waiting.id, "denied", person);
          await bench.settled(entity);
        }
        return bench.isDone(i, entity) ? [i] : [];
      }),
    );
    return done.flat();
  }

  return {
    name: "hum",
    version,
    durability: "journal (SQLite, synchronous=FULL), resumed at the next start; always on",
    durableByDefault: true,
    variants: { W2: ["defaults"], W5: ["defaults", "answered"] },
    createAgent,
    recover,
    workload: { W4: (work) => sleepers(bench, work) },
    extras: () => toExtras(bench, { options, stoppedAt, asked }),
  };
}

function toExtras(
  bench: Bench,
  seen: { options: WorkOptions; stoppedAt: number; asked: number },
): Record<string, number> {
  const { work } = seen.options;
  for (const bug of bench.bugs.slice(0, 5)) process.stderr.write(`Error: survived ${bug}\n`);
  return {
    records: bench.hum.ledger.state.seq,
    ...(bench.bugs.length > 0 && { bugs: bench.bugs.length }),
    ...(work === "W5" && { asked: seen.asked }),
    ...(work === "W8" && { lastEventMs: Math.max(0, bench.lastEventAt() - seen.stoppedAt) }),
  };
}
