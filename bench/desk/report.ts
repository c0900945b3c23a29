// The results of desk runs as a Markdown table. Pure: lines in, text out.

import type { RunOutcome } from "./task.ts";

/** One kept line of a results file. */
export interface DeskLine extends Omit<RunOutcome, "result" | "log"> {
  label: string;
  system: string;
  model: string;
  id: string;
  half: "tune" | "held";
  category: string;
  passed: boolean;
  why: string | null;
  at: string;
}

const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return 0;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
};

const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);

/** Why a task failed, in four kinds. */
function causeOf(line: DeskLine): string {
  if (line.ended === "error") return "error";
  if (line.ended === "limit") return "limit";
  return /is missing|^no message|is not said|does not name/.test(line.why ?? "")
    ? "said done, not there"
    : "wrong result";
}

function group<T>(items: T[], key: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups];
}

/** Markdown: a table by system and half, a table by category, and the failures. */
export function report(lines: DeskLine[]): string {
  const out = [
    "| system | model | half | passed | median s | median steps | tokens in | tokens out | failures by cause |",
    "|---|---|---|---|---|---|---|---|---|",
  ];
  const rows = group(lines, (line) => `${line.system} | ${line.model} | ${line.half}`);
  for (const [name, set] of rows) {
    const failed = set.filter((line) => !line.passed);
    const causes = group(failed, causeOf).map(([cause, some]) => `${cause} ${some.length}`);
    const cells = [
      `${set.length - failed.length}/${set.length}`,
      (median(set.map((line) => line.ms)) / 1000).toFixed(1),
      median(set.map((line) => line.steps)),
      sum(set.map((line) => line.inputTokens)),
      sum(set.map((line) => line.outputTokens)),
      causes.join(", ") || "-",
    ];
    out.push(`| ${name} | ${cells.join(" | ")} |`);
  }
  const systems = group(lines, (line) => line.system);
  out.push(
    "",
    `| category | ${systems.map(([name]) => name).join(" | ")} |`,
    `|---${"|---".repeat(systems.length)}|`,
  );
  for (const [category] of group(lines, (line) => line.category)) {
    const cells = systems.map(([, set]) => {
      const some = set.filter((line) => line.category === category);
      return `${some.filter((line) => line.passed).length}/${some.length}`;
    });
    out.push(`| ${category} | ${cells.join(" | ")} |`);
  }
  out.push("", "Failures:", "");
  for (const line of lines.filter((l) => !l.passed)) {
    out.push(`- ${line.system} ${line.half} ${line.id} (${causeOf(line)}): ${line.why}`);
  }
  return out.join("\n");
}
