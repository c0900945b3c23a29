// Soak: 200 entities that work, sleep and work again, for a simulated day or a real hour, and whether memory stays flat. Real
// SQLite journal, archive and index of posts in a temporary home; the model and the devices are played; what the process holds is looked at after a
// collection of garbage, in each of 24 parts of the time.
//
//   node --expose-gc bench/soak.ts --hours 24 [--entities 200]        simulated time: as fast as it goes
//   node --expose-gc bench/soak.ts --minutes 60 [--entities 200]      real time
//
// The window is small (--window, in tokens), so that all windows have been full for long when the last third begins.

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { assemble } from "../os/src/boot.ts";
import { openSqliteJournal } from "../os/src/journal/sqlite.ts";
import { openArchive } from "../os/src/memory/archive.ts";
import { createScripted } from "../os/src/model/scripted.ts";
import { afterRunning } from "../os/src/scheduler/after.ts";
import { createVirtualClock } from "../os/src/sim/clock.ts";
import { createRandom } from "../os/src/sim/random.ts";
import { createWorld, createWorldDevices, toFolders } from "../os/src/sim/world.ts";
import { fenceForm } from "../os/src/syscall/fence.ts";
import { type SyscallName, syscallNames } from "../os/src/syscall/names.ts";
import { createWorkplace, openWorkIndex } from "../os/src/workplace/workplace.ts";

const { values } = parseArgs({
  options: {
    hours: { type: "string" },
    minutes: { type: "string" },
    entities: { type: "string", default: "200" },
    window: { type: "string", default: "2048" },
  },
});
const isReal = values.minutes !== undefined;
const wholeMs = isReal ? Number(values.minutes) * 60_000 : Number(values.hours ?? 24) * 3_600_000;
const parts = 24;
const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error("Start it with node --expose-gc.");

const clock = createVirtualClock();
const now = isReal ? Date.now : clock.now;
const sleepFor = isReal ? "30s" : "30m";
const random = createRandom(7);
const home = mkdtempSync(join(tmpdir(), "hum-soak-"));
const world = createWorld();
const call = (name: SyscallName, args: Record<string, string>) =>
  fenceForm.render({ name, args }).slice(fenceForm.begin.length);

/** Each time it wakes an entity reads, writes, notes, now and then says something, and sleeps again. */
function play(pid: number, index: number): string {
  const n = `${pid}-${index}`;
  switch (index % 6) {
    case 0:
      return call("write", { path: `${index % 4}.txt`, text: `${n} ${"word ".repeat(20)}` });
    case 1:
      return call("read", { path: `${(index - 1) % 4}.txt` });
    case 2:
      return call("note", { text: `note ${n}` });
    case 3:
      return call("say", {
        to: random.chance(0.2) ? String(1 + random.below(50)) : "Kim",
        text: `word ${n}`,
      });
    case 4:
      return call("search", { words: `note ${pid}-${index - 8}` });
    default:
      return call("sleep", { time: sleepFor });
  }
}

const program = (name: string) => ({
  ...{ name, description: "soak", model: null, budget: {}, instructions: "Go on.", example: [] },
  tools: syscallNames.filter((one) => one !== "python"),
});
const turns = new Map<number, number>();
let calls = 0;
const errors: string[] = [];
const hum = assemble({
  home,
  journal: openSqliteJournal({ file: join(home, "journal.db"), now }),
  archive: openArchive(join(home, "archive.db")),
  devices: createWorldDevices(world),
  folders: toFolders(),
  openModel: async () =>
    createScripted(
      (request) => {
        const pid = Number(request.process);
        const turn = turns.get(pid) ?? 0;
        turns.set(pid, turn + 1);
        calls += 1;
        return play(pid, turn);
      },
      { slots: 8, contextTokens: Number(values.window) },
    ),
  now,
  after: isReal ? afterRunning : clock.after,
  program,
  programs: { names: () => ["worker"], find: program, list: () => [], save: () => {}, remove: () => {} },
  onError: (pid, error) => errors.push(`pid ${pid}: ${String(error)}`),
});
hum.dispatch.start();
const workplace = createWorkplace(hum, {
  posts: openWorkIndex(join(home, "workplace.db")),
  onError: (error) => errors.push(String(error)),
});
await workplace.begin();

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Lets all that needs no time happen; the journal writes between two ticks, and some drivers wait for a timer. */
async function calm(): Promise<void> {
  for (let quiet = 0, seen = -1; quiet < 8; ) {
    await settle();
    const now = hum.ledger.journal.head().seq + calls;
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
  }
}

async function pass(ms: number): Promise<void> {
  if (isReal) return new Promise((resolve) => setTimeout(resolve, ms));
  const until = clock.now() + ms;
  do await calm();
  while (clock.advance(until));
  clock.set(until);
}

interface Look {
  heap: number;
  rss: number;
  files: number;
  records: number;
  calls: number;
}

function look(): Look {
  collect?.();
  const { heapUsed, rss } = process.memoryUsage();
  const files = existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0;
  return { heap: heapUsed / 1e6, rss: rss / 1e6, files, records: hum.ledger.journal.head().seq, calls };
}

const began = performance.now();
for (let i = 0; i < Number(values.entities); i++)
  await hum.inbox.task({
    ...{ task: "Work on.", owner: "Kim", name: `w${i}` },
    budget: { tokens: 1e12, deviceCalls: 1e9, activeMs: 1e12 },
    capabilities: [{ operation: "*", grantedBy: "Kim" }],
  });
const looks: Look[] = [];
for (let part = 0; part < parts; part++) {
  await pass(wholeMs / parts);
  // The played world remembers every deed; that is its memory, not Hum's.
  world.deeds.length = 0;
  await hum.inbox.read([...hum.ledger.state.mail.keys()], "Kim");
  looks.push(look());
  const { heap, rss, files, records } = looks.at(-1) as Look;
  console.log(
    `part ${part + 1} of ${parts}: heap ${heap.toFixed(1)} MB, rss ${rss.toFixed(0)} MB, ${files} open files, ${records} records, ${calls} calls`,
  );
}
const alive = [...hum.ledger.state.entities.values()].filter((entity) => entity.state !== "ended").length;
// The first third fills windows and caches; after it nothing may grow.
const warm = looks.slice(parts / 3);
const mean = (of: Look[], what: keyof Look) => of.reduce((sum, one) => sum + one[what], 0) / of.length;
const half = Math.floor(warm.length / 2);
const growth = (what: keyof Look) => mean(warm.slice(half), what) / mean(warm.slice(0, half), what) - 1;
const bytes = ["journal.db", "archive.db", "workplace.db"].map(
  (name) => statSync(join(home, name)).size / 1e6,
);
console.log(
  `${isReal ? "real" : "simulated"} ${(wholeMs / 3_600_000).toFixed(2)} h with ${values.entities} entities, ${alive} alive: ${calls} calls, ` +
    `${looks.at(-1)?.records} records, ${errors.length} errors; from the second to the last third heap ${(100 * growth("heap")).toFixed(1)} %, ` +
    `rss ${(100 * growth("rss")).toFixed(1)} %, open files ${(100 * growth("files")).toFixed(1)} %; on disk ${bytes.map((one) => one.toFixed(0)).join(" + ")} MB; ` +
    `${((performance.now() - began) / 1_000).toFixed(0)} s, load ${loadavg()[0]?.toFixed(1)}.`,
);
for (const error of errors.slice(0, 5)) console.error(error);
await hum.stop();
rmSync(home, { recursive: true, force: true });
process.exit(errors.length > 0 || alive < Number(values.entities) ? 1 : 0);
