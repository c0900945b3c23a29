/**
 * What a step costs when much is there already: entities, events of the journal, and the past of one entity.
 *
 *     node --expose-gc bench/minds/growth.ts [--entities 10,100,1000,10000] [--events 10000,100000,1000000] [--pages 100,1000,10000]
 *                                            [--dir FOLDER] [--minutes 9]
 *
 * Real SQLite journal, archive and folders in a temporary home, the scripted model at 0 ms, no server. A step is a turn of
 * one entity: window, model, call, journal; the median of five entities' steps counts. Start is opening journal, snapshot,
 * archive and dispatcher of the same home. CPU times are of this process, so that neighbours disturb less. With --dir the
 * journals of --events are kept there and gone on with: a million events can be made in several runs.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Hum } from "../../os/src/boot.ts";
import type { Entity } from "../../os/src/entity/entity.ts";
import { toEvent, toStream } from "../../os/src/entity/events.ts";
import { toLabel } from "../../os/src/memory/label.ts";
import { callOf, cpuOf, ended, heap, openBare, pause } from "./bare.ts";

const { values: args } = parseArgs({
  options: {
    entities: { type: "string", default: "10,100,1000,10000" },
    events: { type: "string", default: "10000,100000,1000000" },
    pages: { type: "string", default: "100,1000,10000" },
    steps: { type: "string", default: "100" },
    dir: { type: "string" },
    minutes: { type: "string", default: "9" },
  },
});
const steps = Number(args.steps);
const deadline = performance.now() + Number(args.minutes) * 60_000;
const scratch = mkdtempSync(join(tmpdir(), "hum-growth-"));
const numbers = (text: string) => text.split(",").filter(Boolean).map(Number);

let calls = 0;
/** Sleeps for a year, or takes as many turns as its task says and ends. */
const open = (home: string): Hum =>
  openBare(home, (request, index) => {
    calls += 1;
    const work = request.messages.map(({ text }) => /work (\d+) steps/.exec(text)).find(Boolean);
    if (!work) return callOf("sleep", "365d");
    return index < Number(work[1]) ? callOf("sleep", index % 2 === 0 ? "0s" : "0m") : callOf("fail", "over");
  });
const until = async (test: () => boolean): Promise<void> => {
  while (!test()) await pause(5);
};

/** CPU of one step, beside all that is there. */
async function measureStep(hum: Hum): Promise<number> {
  const all: number[] = [];
  // The first warms the code up.
  for (let round = 0; round < 6; round++) {
    const before = calls;
    const ms = await cpuOf(async () => {
      const { pid } = await hum.inbox.task({ task: `work ${steps} steps`, owner: "Kim" });
      await ended(hum, pid);
    });
    all.push(ms / (calls - before));
  }
  return all.slice(1).sort((a, b) => a - b)[2]!;
}

interface Start {
  ms: number;
  heapMb: number;
  rssMb: number;
}

async function measureStart(home: string): Promise<Start> {
  const before = heap();
  let hum: Hum | undefined;
  const ms = await cpuOf(async () => {
    hum = open(home);
  });
  const heapMb = (heap() - before) / 1e6;
  const rssMb = process.memoryUsage().rss / 1e6;
  await hum?.stop();
  return { ms, heapMb, rssMb };
}

const show = (value: number, digits = 2) => value.toFixed(digits);

async function entitiesTable(): Promise<void> {
  console.log(
    "| sleeping entities | CPU ms a step | start, ms | heap, kB an entity | disk, kB an entity | model calls while asleep |\n|---|---|---|---|---|---|",
  );
  for (const count of numbers(args.entities)) {
    const home = mkdtempSync(join(scratch, "entities-"));
    const hum = open(home);
    const before = heap();
    for (let i = 0; i < count; i++)
      await hum.inbox.task({ task: `Wait for the mail number ${i}.`, owner: "Kim" });
    await hum.dispatch.idle();
    const each = (heap() - before) / count;
    const asleep = calls;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const disturbed = calls - asleep;
    const step = await measureStep(hum);
    await hum.stop();
    const start = await measureStart(home);
    const disk = (statSync(join(home, "journal.db")).size + statSync(join(home, "archive.db")).size) / count;
    console.log(
      `| ${count} | ${show(step)} | ${show(start.ms, 0)} | ${show(each / 1000, 1)} | ${show(disk / 1000, 1)} | ${disturbed} |`,
    );
    rmSync(home, { recursive: true, force: true });
  }
}

/** A past: so many events, of entities that came, had some turns and ended. */
async function makePast(hum: Hum, events: number): Promise<void> {
  const label = toLabel("entity");
  const page = (id: number, text: string) => ({
    ...{ id, kind: "dialogue" as const, role: "user" as const },
    ...{ tokens: 40, label, text },
  });
  while (hum.ledger.state.seq < events && performance.now() < deadline) {
    const { entity } = await spawnQuiet(hum);
    const { pid, nextPage: first } = entity;
    const turns = Array.from({ length: 24 }, (_, i) => i + 1).flatMap((turn) => [
      toEvent("turn.said", {
        ...{ pid, turn, model: "scripted", usage: { input: 100, cached: 90, output: 20 }, ms: 10 },
        ...{ bad: null, action: `a${turn}` },
        pages: [
          page(first + 2 * turn, `Entity ${pid} looks at invoice ${turn} of ${pid * 31} and writes it down.`),
        ],
      }),
      toEvent("call.ended", {
        ...{ pid, id: `c${turn}`, name: "sleep" as const, ok: true },
        pages: [page(first + 2 * turn + 1, `Done with ${turn}.`)],
      }),
    ]);
    await hum.ledger.commit(toStream(pid), turns);
    await hum.ledger.commit(toStream(pid), [
      toEvent("entity.ended", { pid, outcome: { kind: "done", text: "ok" } }),
    ]);
  }
}

async function spawnQuiet(hum: Hum): Promise<{ entity: Entity }> {
  const entity = await hum.inbox.task({ task: "Wait.", owner: "Kim" });
  hum.dispatch.abort(entity.pid);
  return { entity };
}

async function eventsTable(): Promise<void> {
  console.log(
    "\n| events in the journal | entities that ended | CPU ms a step | start by snapshot, ms | start without one, ms | heap, MB | bytes of RAM an ended entity | journal, MB | memory of the process, MB |\n|---|---|---|---|---|---|---|---|---|",
  );
  for (const count of numbers(args.events)) {
    const home = args.dir ? join(args.dir, `events-${count}`) : mkdtempSync(join(scratch, "events-"));
    mkdirSync(home, { recursive: true });
    const hum = open(home);
    await makePast(hum, count);
    const gone = hum.ledger.state.entities.size;
    if (hum.ledger.state.seq < count) {
      console.log(`(${hum.ledger.state.seq} of ${count} events: the same command goes on)`);
      await hum.stop();
      continue;
    }
    const step = await measureStep(hum);
    await hum.stop();
    const start = await measureStart(home);
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(join(home, "journal.db"));
    database.exec("DELETE FROM snapshot");
    database.close();
    const bare = await measureStart(home);
    const size = statSync(join(home, "journal.db")).size / 1e6;
    console.log(
      `| ${count} | ${gone} | ${show(step)} | ${show(start.ms, 0)} | ${show(bare.ms, 0)} | ${show(start.heapMb, 0)} | ${show((start.heapMb * 1e6) / gone, 0)} | ${show(size, 0)} | ${show(start.rssMb, 0)} |`,
    );
    if (!args.dir) rmSync(home, { recursive: true, force: true });
  }
}

/** One entity that has lived long: its past is on disk, and a step of it costs what it did. */
async function pagesTable(): Promise<void> {
  console.log("\n| pages that left one window | CPU ms a step | wake, ms | heap, MB |\n|---|---|---|---|");
  for (const count of numbers(args.pages)) {
    const home = mkdtempSync(join(scratch, "pages-"));
    const hum = open(home);
    const before = heap();
    const { entity } = await spawnQuiet(hum);
    const { pid } = entity;
    const label = toLabel("entity");
    while (entity.nextPage < count) {
      const first = entity.nextPage;
      const pages = Array.from({ length: 10 }, (_, i) => ({
        ...{ id: first + i, kind: "results" as const, role: "user" as const, tokens: 40, label },
        text: `Result ${first + i}: the barometer fell to ${first * 7 + i}.`,
      }));
      await hum.ledger.commit(toStream(pid), [
        toEvent("call.ended", { pid, id: `c${first}`, name: "sleep", ok: true, pages }),
        toEvent("page.evicted", { pid, ids: pages.map(({ id }) => id), pages: [], why: "full" }),
      ]);
    }
    hum.ledger.forgetTexts(pid);
    const wake = await cpuOf(async () => void hum.ledger.textsOf(entity));
    await hum.stop();
    // The same entity in a new process goes on for some steps.
    const again = open(home);
    const living = again.ledger.state.entities.get(pid)!;
    const asked = calls;
    const ms = await cpuOf(async () => {
      for (let i = 0; i < 40; i++) {
        const turn = living.turn;
        await again.ledger.commit(toStream(pid), [toEvent("entity.woken", { pid, why: "bench" })]);
        await until(() => living.turn > turn && living.state === "waiting");
      }
    });
    const mb = (heap() - before) / 1e6;
    console.log(
      `| ${count} | ${show(ms / Math.max(1, calls - asked))} | ${show(wake, 1)} | ${show(mb, 1)} |`,
    );
    await again.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

try {
  console.log(
    `\nload ${loadavg()[0]!.toFixed(1)}${globalThis.gc ? "" : "; heap without --expose-gc is not exact"}\n`,
  );
  if (args.entities) await entitiesTable();
  if (args.events) await eventsTable();
  if (args.pages) await pagesTable();
} finally {
  if (existsSync(scratch)) rmSync(scratch, { recursive: true, force: true });
}
process.exit(0);
