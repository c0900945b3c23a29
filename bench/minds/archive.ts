/**
 * An archive that grows to a million pages: what taking one costs on the way, how large it is, how soon it is open, and
 * how long a search takes, by words and by meaning.
 *
 *     node --expose-gc bench/minds/archive.ts --dir FOLDER [--pages 1000000] [--minutes 9] [--queries 200] [--vectors]
 *
 * It can be stopped at any time (Ctrl-C, or after so many minutes): the same command goes on where the archive is. Pages have
 * 40 words of 60,000, as rare and as common as words are (Zipf); a hundred entities own them, and a small one has one of a
 * thousand. Vectors are made up (1,000 topics with noise), because embedding a million pages takes days on two cores: they
 * show what search costs and not how good it is.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { JournalRecord } from "../../os/src/journal/journal.ts";
import { type Archive, openArchive } from "../../os/src/memory/archive.ts";
import { createRandom } from "../../os/src/sim/random.ts";

const { values: args } = parseArgs({
  options: {
    dir: { type: "string" },
    pages: { type: "string", default: "1000000" },
    minutes: { type: "string", default: "9" },
    queries: { type: "string", default: "200" },
    vectors: { type: "boolean", default: false },
  },
});
if (!args.dir) throw new Error("Give a folder with --dir; the archive is built there and gone on with.");
const dir = args.dir;
mkdirSync(dir, { recursive: true });
const file = join(dir, "archive.db");
const wanted = Number(args.pages);
const queries = Number(args.queries);
const until = performance.now() + Number(args.minutes) * 60_000;
let stopped = false;
process.once("SIGINT", () => {
  stopped = true;
});
const mayGoOn = () => !stopped && performance.now() < until;
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

const vocabulary = 60_000;
const sounds = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu"];
const toWord = (rank: number) => [...String(rank)].map((digit) => sounds[Number(digit)]).join("");
const draw = (random: { next(): number }) => toWord(Math.floor(vocabulary ** random.next()));
const wordsOf = (i: number) => {
  const random = createRandom(i);
  return Array.from({ length: 40 }, () => draw(random));
};
const small = 5_000;
const ownerOf = (i: number) => (i % 1_000 === 0 ? small : (i % 100) + 1);

/** A vector of topic and noise, the same each time. */
function vectorOf(i: number): Float32Array {
  const topic = createRandom(1e6 + (i % 1_000));
  const noise = createRandom(i);
  const vector = new Float32Array(384);
  let sum = 0;
  for (let k = 0; k < 384; k++) {
    vector[k] = topic.next() - 0.5 + 0.8 * (noise.next() - 0.5);
    sum += vector[k]! ** 2;
  }
  return vector.map((value) => value / Math.sqrt(sum));
}

const record = (
  type: string,
  seq: number,
  data: { pid: number } & Record<string, unknown>,
): JournalRecord => ({
  ...{ seq, stream: `entity/${data.pid}`, index: seq, at: seq, hash: "", type, data },
});
const toSaid = (i: number): JournalRecord =>
  record("turn.said", 2 * i - 1, {
    pid: ownerOf(i),
    pages: [{ id: i, kind: "results", role: "user", tokens: 1, label: {}, text: wordsOf(i).join(" ") }],
  });

interface Step {
  pages: number;
  ms: number;
}
const logFile = join(dir, "steps.jsonl");

/** Takes pages up to `wanted`, and notes what each hundred thousand took. */
async function build(archive: Archive): Promise<void> {
  const each = 20_000;
  for (let i = archive.at() / 2 + 1; i <= wanted && mayGoOn(); ) {
    const end = Math.min(wanted, i + each - 1);
    const said = new Map<number, JournalRecord>();
    for (let k = i; k <= end; k++) said.set(2 * k - 1, toSaid(k));
    const before = process.cpuUsage();
    for (let k = i; k <= end; k++) {
      archive.take(said.get(2 * k - 1)!, () => undefined);
      archive.take(record("page.evicted", 2 * k, { pid: ownerOf(k), ids: [k] }), (_stream, index) =>
        said.get(index),
      );
    }
    const { user, system } = process.cpuUsage(before);
    const step: Step = { pages: end - i + 1, ms: (user + system) / 1000 };
    appendFileSync(logFile, `${JSON.stringify(step)}\n`);
    i = end + 1;
    await breathe();
  }
}

async function understand(archive: Archive): Promise<void> {
  for (
    let texts = archive.meaning.unread(2_000);
    texts.length > 0 && mayGoOn();
    texts = archive.meaning.unread(2_000)
  ) {
    const made = texts.map(({ page }) => vectorOf(page));
    const before = process.cpuUsage();
    for (const [i, text] of texts.entries())
      archive.meaning.keep(text, [{ start: 0, length: text.text.length, vector: made[i]! }]);
    const { user, system } = process.cpuUsage(before);
    appendFileSync(
      join(dir, "vectors.jsonl"),
      `${JSON.stringify({ pages: texts.length, ms: (user + system) / 1000 })}\n`,
    );
    await breathe();
  }
}

function showSteps(name: string, log: string): void {
  if (!existsSync(log)) return;
  const steps = readFileSync(log, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Step);
  const rows: string[] = [];
  let pages = 0;
  let sum = { pages: 0, ms: 0 };
  for (const step of steps) {
    pages += step.pages;
    sum = { pages: sum.pages + step.pages, ms: sum.ms + step.ms };
    if (Math.floor(pages / 100_000) === Math.floor((pages - step.pages) / 100_000)) continue;
    rows.push((sum.ms / sum.pages).toFixed(3));
    sum = { pages: 0, ms: 0 };
  }
  console.log(`${name}, CPU ms a page in each hundred thousand: ${rows.join(" ")}`);
}

function measure(name: string, ask: (i: number) => unknown[]): void {
  const first = performance.now();
  ask(1);
  const cold = performance.now() - first;
  let found = 0;
  const times = Array.from({ length: queries }, (_, i) => {
    const from = performance.now();
    const before = process.cpuUsage();
    found += ask(i + 2).length > 0 ? 1 : 0;
    const { user, system } = process.cpuUsage(before);
    return { wall: performance.now() - from, cpu: (user + system) / 1000 };
  });
  const at = (part: number, of: "wall" | "cpu") => {
    const sorted = times.map((time) => time[of]).sort((a, b) => a - b);
    return (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0).toFixed(1);
  };
  const cpu = [at(0.5, "cpu"), at(0.95, "cpu")].join(" / ");
  const wall = [at(0.5, "wall"), at(0.95, "wall"), at(1, "wall")].join(" / ");
  console.log(`| ${name} | ${cold.toFixed(1)} | ${cpu} | ${wall} | ${found} of ${queries} |`);
}

const rss = () => {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1e6;
};

console.log(`load ${loadavg()[0]!.toFixed(1)}`);
const began = performance.now();
const archive = openArchive(file);
console.log(`opened in ${(performance.now() - began).toFixed(0)} ms, ${archive.at() / 2} pages`);
await build(archive);
if (args.vectors) await understand(archive);
showSteps("taking", logFile);
showSteps("vectors", join(dir, "vectors.jsonl"));
if (mayGoOn()) {
  const pages = archive.at() / 2;
  const base = rss();
  const some = (seed: number, count: number) => {
    const random = createRandom(seed * 7_919);
    const words = wordsOf(1 + random.below(pages));
    return Array.from({ length: count }, () => words[random.below(40)]).join(" ");
  };
  console.log(
    `\n| ${pages} pages | first, ms | CPU ms, p50 / p95 | ms, p50 / p95 / most | found |\n|---|---|---|---|---|`,
  );
  measure("a question: six words of a page", (i) => archive.search(some(i, 6)));
  measure("twenty words of a page", (i) => archive.search(some(i, 20)));
  measure("one word, however common", (i) => archive.search(draw(createRandom(i))));
  measure("common words only", (i) => archive.search(`${toWord((i % 3) + 1)} ${toWord((i % 5) + 2)}`));
  measure("six words, pages of one entity of a hundred", (i) =>
    archive.search(some(i, 6), { pids: [(i % 100) + 1] }),
  );
  measure("six words, pages of the small one", (i) => archive.search(some(i, 6), { pids: [small] }));
  measure("common words, pages of the small one", (i) =>
    archive.search(toWord((i % 3) + 1), { pids: [small] }),
  );
  if (args.vectors) {
    measure("by meaning, among all", (i) => archive.meaning.near(vectorOf(i * 37), { limit: 40 }));
    measure("by meaning, one entity of a hundred", (i) =>
      archive.meaning.near(vectorOf(100 * i + (i % 100)), { limit: 40, pids: [(i % 100) + 1] }),
    );
    measure("by meaning, the small one", (i) =>
      archive.meaning.near(vectorOf(i * 1_000), { limit: 40, pids: [small] }),
    );
  }
  console.log(
    `\nmemory of the process ${base.toFixed(0)} MB before the searches, ${rss().toFixed(0)} MB after them`,
  );
}
archive.close();
const size = ["", "-wal"].reduce(
  (sum, end) => sum + (statSync(file + end, { throwIfNoEntry: false })?.size ?? 0),
  0,
);
console.log(`on disk ${(size / 1e6).toFixed(0)} MB; load ${loadavg()[0]!.toFixed(1)}`);
