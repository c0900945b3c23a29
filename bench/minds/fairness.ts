/**
 * Twenty-four simulated hours of one slow model, for many seeds: do equals get the same, does anybody starve, how long
 * does a person wait. What is lived stands in os/src/sim/day.ts; the scheduler is the real one.
 *
 *     node bench/minds/fairness.ts [--seeds 1000] [--hours 24] [--seconds 540] [--lived FILE]
 *
 * Each seed is lived three times: with Hum's scheduler, with it while entities pause between calls, and in order of arrival (FIFO).
 * What came of it is kept in a file, a line a seed, so that a run that was stopped (by `--seconds` too) goes on where it was.
 *
 * Jain's index is of the time of the model that equals got, over the day and in the worst hour; waits are until the model begins
 * to work for a call.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Class } from "../../os/src/entity/entity.ts";
import { type Day, jain, liveDay, liveFifo } from "../../os/src/sim/day.ts";

const { values: args } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    hours: { type: "string", default: "24" },
    seconds: { type: "string", default: "540" },
    lived: { type: "string", default: join(tmpdir(), "hum-fairness.jsonl") },
  },
});
const hours = Number(args.hours);
const ways = ["hum", "pauses", "fifo"] as const;

/** What is kept of a day. */
interface Lived {
  jainDay: number;
  jainHour: number;
  /** Part of the model that background got. */
  low: number;
  /** How many waits of people, by tenths of a second. */
  waits: Record<string, number>;
  longest: Record<Class, number>;
  starved: boolean;
}
interface Line {
  seed: number;
  hours: number;
  lived: Record<(typeof ways)[number], Lived>;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

function toLived({ actors, got, waits, longest }: Day): Lived {
  const of = (kind: Class) => actors.filter((actor) => actor.class === kind).map(({ pid }) => got.get(pid)!);
  const normal = of("normal");
  const low = of("background");
  const tenths: Record<string, number> = {};
  for (const wait of waits) {
    const tenth = String(Math.round(wait / 100));
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  return {
    jainDay: jain(normal.map(sum)),
    jainHour: Math.min(...normal[0]!.map((_, hour) => jain(normal.map((values) => values[hour]!)))),
    low: sum(low.map(sum)) / sum([...got.values()].map(sum)),
    waits: tenths,
    longest,
    starved: [...normal, ...low].some((values) => sum(values) === 0),
  };
}

function readLines(): Map<number, Line> {
  const lines = new Map<number, Line>();
  if (!existsSync(args.lived)) return lines;
  for (const text of readFileSync(args.lived, "utf8").split("\n")) {
    if (!text.endsWith("}")) continue;
    const line = JSON.parse(text) as Line;
    if (line.hours === hours) lines.set(line.seed, line);
  }
  return lines;
}

const lines = readLines();
const started = performance.now();
const seconds = () => (performance.now() - started) / 1000;
let fresh = 0;
for (let seed = 1; seed <= Number(args.seeds) && seconds() < Number(args.seconds); seed++) {
  if (lines.has(seed)) continue;
  const lived = {
    hum: toLived(await liveDay({ seed, hours })),
    pauses: toLived(await liveDay({ seed, hours, pauses: true })),
    fifo: toLived(liveFifo({ seed, hours })),
  };
  const line = { seed, hours, lived };
  lines.set(seed, line);
  appendFileSync(args.lived, `${JSON.stringify(line)}\n`);
  if (++fresh % 50 === 0) process.stderr.write(`${lines.size} seeds, ${seconds().toFixed(0)} s\n`);
}

const days = [...lines.values()].filter(({ seed }) => seed <= Number(args.seeds));
if (days.length === 0) throw new Error("No seed was lived; give more --seconds.");
const at = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))]!;
function waitAt(all: readonly Lived[], part: number): string {
  const counts = new Map<number, number>();
  for (const { waits } of all)
    for (const [tenth, count] of Object.entries(waits))
      counts.set(Number(tenth), (counts.get(Number(tenth)) ?? 0) + count);
  let left = sum([...counts.values()]) * part;
  for (const [tenth, count] of [...counts].sort(([a], [b]) => a - b)) {
    left -= count;
    if (left <= 0) return `${(tenth / 10).toFixed(1)} s`;
  }
  return "0 s";
}
const longest = (all: readonly Lived[], kind: Class) =>
  `${(Math.max(...all.map((day) => day.longest[kind])) / 1000).toFixed(0)} s`;
const rows: [string, (all: readonly Lived[]) => string][] = [
  [
    "Jain of equals over the day: least of all seeds",
    (all) =>
      at(
        all.map((day) => day.jainDay),
        0,
      ).toFixed(4),
  ],
  [
    "Jain in the worst hour: median, least",
    (all) =>
      [0.5, 0]
        .map((part) =>
          at(
            all.map((day) => day.jainHour),
            part,
          ).toFixed(4),
        )
        .join(", "),
  ],
  [
    "a person's wait until the model begins (one step is 1.2 s): p50, p95, p99, most",
    (all) => [0.5, 0.95, 0.99, 1].map((part) => waitAt(all, part)).join(", "),
  ],
  ["longest time in which a call got nothing, class normal", (all) => longest(all, "normal")],
  ["the same, class background", (all) => longest(all, "background")],
  [
    "part of the model that background got: least, median",
    (all) =>
      [0, 0.5]
        .map(
          (part) =>
            `${(
              100 *
                at(
                  all.map((day) => day.low),
                  part,
                )
            ).toFixed(1)} %`,
        )
        .join(", "),
  ],
  ["seeds in which somebody got nothing", (all) => String(all.filter((day) => day.starved).length)],
];
console.log(
  `\n${days.length} seeds of ${hours} hours (${fresh} of them now, in ${seconds().toFixed(0)} s, load ${loadavg()[0]!.toFixed(1)})\n`,
);
console.log("| | Hum | Hum, entities pause up to a second | FIFO |\n|---|---|---|---|");
for (const [name, show] of rows)
  console.log(`| ${name} | ${ways.map((way) => show(days.map(({ lived }) => lived[way]))).join(" | ")} |`);
