/**
 * Markdown tables from the rows of results.jsonl: one table per workload and number of agents, one line per peer and
 * variant, `median (min-max)` over the runs. Of several benchmarks in one file only the last one per line counts.
 *
 * Rule: void rows never enter a number; they are counted in the column "void" and explained below the table.
 */
import { readFileSync } from "node:fs";
import { type Measurement, type Work, works } from "./contract.ts";
import { quantile } from "./workloads.ts";

/** One line of results.jsonl. */
export interface Row extends Measurement {
  /** Names one call of run.ts. */
  batch: string;
  at: string;
  work: Work;
  peer: string;
  version: string;
  variant: string;
  n: number;
  run: number;
  durability?: string;
  machine: { node: string; cpu: string; cores: number; load: number; pinned: boolean };
}

type Column = [value: string, title: string, digits?: number, sum?: "sum"];

/** What each table shows; `sum` columns are added up over the runs instead. */
export const columns: Record<Work, Column[]> = {
  W1: [
    ["cpuMsPerStep", "CPU ms/step", 2],
    ["cpuMsPerStepWhole", "CPU ms/step, building too", 2],
    ["buildCpuMsPerAgent", "CPU ms to build one", 2],
    ["msPerStep", "wall ms/step", 2],
    ["rssMb", "peak RSS MB", 0],
    ["heapKbPerAgent", "heap KB/agent built", 1],
  ],
  W2: [
    ["ok", "completed", 0],
    ["wallMs", "wall ms", 0],
    ["refused", "refused calls", 0],
    ["cpuMsPerStep", "CPU ms/step", 2],
  ],
  W4: [
    ["heapKbPerAgent", "heap KB/agent", 2],
    ["rssKbPerAgent", "RSS KB/agent", 2],
    ["diskKbPerAgent", "disk KB/agent", 2],
    ["buildMsPerAgent", "ms to build one", 3],
    ["callsWhileIdle", "model calls while idle", 0],
    ["idleCpuMsPerS", "idle CPU ms/s", 2],
    ["wakeP95Ms", "wake p95 ms", 1],
  ],
  W5: [
    ["finishedPct", "finished %", 0],
    ["whole", "kills after which all finished", 0, "sum"],
    ["doubled", "doubled effects in all", 0, "sum"],
    ["missing", "lost effects in all", 0, "sum"],
    ["asked", "in doubt, asked of a person", 0],
    ["repeatedCalls", "model calls paid twice", 0],
    ["firstStepMs", "restart to first call ms", 0],
    ["restartMs", "restart to end ms", 0],
  ],
  W7: [
    ["firstAnswerMs", "spawn to first answer ms", 0],
    ["cpuMs", "CPU ms", 0],
    ["rssMb", "peak RSS MB", 0],
    ["installS", "install s", 1],
    ["installMb", "install MB", 0],
    ["packages", "packages", 0],
  ],
  W8: [
    ["lastCallMs", "abort to last call ms", 1],
    ["callsAfter", "calls after", 0],
    ["lastEffectMs", "abort to last tool run ms", 1],
    ["effectsAfter", "tool runs after", 0],
    ["lastEventMs", "abort to last accepted event ms", 1],
    ["settledMs", "all agents ended ms", 0],
    ["hung", "never ended", 0],
  ],
};

const titles: Record<Work, string> = {
  W1: "W1 step tax: agents x 4 model calls at 0 ms",
  W2: "W2 scarce model: 50 ms a call, 8 slots, the ninth gets 429 + Retry-After: 1",
  W4: "W4 idle density: agents built and left alone",
  W5: "W5 kill -9 at random instants: agents x 6 steps with a ledger",
  W7: "W7 cold start: process start to the first answer, model at 0 ms",
  W8: "W8 stop: abort with all agents running, 50 ms a call",
};

/** Reads rows; a file that is absent has none. */
export function readRows(file: string): Row[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line) as Row);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function numbersOf(row: Row, value: string): number[] {
  if (value === "ok") return [row.ok];
  if (value === "whole") return [row.ok === row.n ? 1 : 0];
  const number = row.values[value];
  return number === undefined ? [] : [number];
}

function cell(rows: Row[], [value, , digits = 1, sum]: Column): string {
  const numbers = rows.flatMap((row) => numbersOf(row, value));
  if (numbers.length === 0) return "-";
  const show = (x: number) => (Math.abs(x) < 10 ** -digits / 2 ? "0" : x.toFixed(digits));
  if (sum) return show(numbers.reduce((a, b) => a + b, 0));
  const [low, middle, high] = [0, 0.5, 1].map((p) => show(quantile(numbers, p)));
  return low === high ? middle! : `${middle} (${low}-${high})`;
}

function table(rows: Row[]): string {
  const { work, n } = rows[0]!;
  const shown = columns[work];
  const notes = new Set<string>();
  const lines = [
    `### ${titles[work]}, N = ${n}`,
    "",
    `| peer | variant | runs | void | ${shown.map(([, title]) => title).join(" | ")} |`,
    `|---|---|---|---|${shown.map(() => "---").join("|")}|`,
  ];
  for (const group of Map.groupBy(rows, (row) => `${row.peer}\0${row.variant}`).values()) {
    const newest = group.at(-1)!;
    const mine = group.filter((row) => row.batch === newest.batch);
    const valid = mine.filter((row) => !row.invalid);
    const cells = shown.map((column) => cell(valid, column));
    const { peer, version, variant } = newest;
    lines.push(
      `| ${peer} ${version} | ${variant} | ${valid.length} | ${mine.length - valid.length} | ${cells.join(" | ")} |`,
    );
    if (newest.durability && variant === "durable") notes.add(`${peer} durable: ${newest.durability}`);
    for (const row of mine)
      if (row.invalid) notes.add(`void: ${peer} ${variant}: ${row.invalid.slice(0, 200)}`);
    for (const row of mine) if (row.note) notes.add(`${peer} ${variant}: ${row.note.slice(0, 200)}`);
  }
  return [...lines, "", ...[...notes].slice(0, 16).map((note) => `- ${note.replaceAll("\n", " ")}`), ""].join(
    "\n",
  );
}

/** All tables. */
export function report(rows: Row[]): string {
  const last = rows.at(-1);
  if (!last) return "No rows yet.\n";
  const loads = rows.map((row) => row.machine.load);
  const { cpu, cores, node, pinned } = last.machine;
  const load = `load before a row ${quantile(loads, 0.5).toFixed(1)} (max ${quantile(loads, 1).toFixed(1)})`;
  const head = `Node ${node}, ${cores} x ${cpu}, ${pinned ? "client on core 0, server on core 1" : "not pinned"}; ${load}. Cells: median (min-max).\n`;
  const tables = works.flatMap((work) => {
    const mine = Map.groupBy(
      rows.filter((row) => row.work === work),
      (row) => row.n,
    );
    return [...mine.keys()].toSorted((a, b) => a - b).map((n) => table(mine.get(n)!));
  });
  return [head, ...tables].join("\n");
}
