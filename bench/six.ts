// Six entities, one task, on the embedded model: a person writes to the guide in a channel, beside files; the guide gives
// the five pieces to five colleagues, they hand over files in the folder of the thread, and the guide reports there.
// Looked at are the files and the posts, not what anybody says of itself.
//
//   flock /tmp/model.lock node bench/six.ts              --runs N   so many times, each in a fresh home
//                                                        --log DIR  keeps each window and post
//                                                        --model ID (qwen2.5-coder-1.5b)

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Post } from "../os/src/entity/conversation.ts";
import type { Entity } from "../os/src/entity/entity.ts";
import { createEmbedded } from "../os/src/model/embedded.ts";
import type { Model } from "../os/src/model/model.ts";
import { type StartedHum, startHum } from "../os/src/start.ts";
import { startWorkplace } from "../os/src/workplace/start.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1" },
    model: { type: "string", default: "qwen2.5-coder-1.5b" },
    log: { type: "string" },
  },
});

/** Longest time of one run. */
const runMs = 30 * 60_000;

const task = `@guide Please have this done with the files here:
- Add up the amounts of each region in sales.csv, in totals.csv with the columns region and amount.
- Sum up notes.txt in three lines in summary.txt.
- average.py is wrong: mend it, so that test_average.py passes.
- Find in handbook.md how long the warranty of a pump lasts, and write it to warranty.txt.
- Check stock.csv and write each item of which there are fewer than 5 to alerts.txt.
Then say how it went.`;

const files: Record<string, string> = {
  "sales.csv": [
    "date,region,amount",
    ...[
      "2026-03-02,north,120.50",
      "2026-03-03,south,80.00",
      "2026-03-03,east,44.25",
      "2026-03-04,north,19.50",
    ],
    ...[
      "2026-03-05,west,210.00",
      "2026-03-06,south,35.75",
      "2026-03-09,east,60.00",
      "2026-03-10,north,75.00",
    ],
    ...["2026-03-11,west,12.40", "2026-03-12,south,99.25", "2026-03-12,north,10.00", "2026-03-13,east,5.75"],
  ].join("\n"),
  "notes.txt": `Notes of the meeting on 4 March, workshop
Present: Lena, Omar, Pia
Lena says the new lathe comes on 17 March. Somebody has to be there at seven to let the truck in; Omar does it.
The lathe costs 4300 more than planned, because the stand was not in the price. Pia asks the bank.
We talked for a while about the coffee machine. Nobody wants to clean it.
The school visits us on 26 March with 22 children. Pia shows them around, Lena prepares the small kits.
Next meeting: 1 April at nine.`,
  "average.py": `def average(numbers):
    total = 0
    for number in numbers:
        total += number
    return total / (len(numbers) + 1)
`,
  "test_average.py": `from average import average
assert average([2, 4, 6]) == 4
assert average([5]) == 5
`,
  "handbook.md": `# Handbook of the pump P7

## Setting up
Put the pump on a level floor and fill it with water before the first start.

## Care
Clean the filter each month. Change the seal after 24 months.

## Warranty
The warranty of a pump lasts 30 months from the day it was bought; that of a hose lasts 12 months.

## Service
Call the workshop on weekdays between eight and four.
`,
  "stock.csv": [
    "item,pieces,shelf",
    ...["seal,40,A1", "hose,3,A2", "filter,12,B1", "valve,4,B2", "clamp,5,B3", "gasket,0,C1", "bolt,200,C2"],
  ].join("\n"),
};

/** What must be there at the end, by looking at it. */
const parts: Record<string, (dir: string) => boolean> = {
  "totals.csv (clerk)"(dir) {
    const rows = read(dir, "totals.csv").trim().split(/\r?\n/);
    const sums = new Map(rows.slice(1).map((row) => [row.split(",")[0], Number(row.split(",")[1])]));
    const wanted = { north: 225, south: 215, east: 110, west: 222.4 };
    return (
      rows[0]?.replace(/\s/g, "") === "region,amount" &&
      sums.size === 4 &&
      Object.entries(wanted).every(([region, sum]) => Math.abs((sums.get(region) ?? 0) - sum) < 0.01)
    );
  },
  "summary.txt (scribe)"(dir) {
    const text = read(dir, "summary.txt").trim();
    const facts = [/17 March|lathe/i, /4[, ]?300|bank|price|cost/i, /26 March|school|22 children/i];
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return lines.length === 3 && facts.filter((fact) => fact.test(text)).length >= 2;
  },
  "average.py (coder)"(dir) {
    if (read(dir, "test_average.py") !== files["test_average.py"]) return false;
    try {
      const more =
        "from average import average\nassert average([1, 2]) == 1.5\nassert average([-3, 3, 9]) == 3";
      for (const program of [read(dir, "test_average.py"), more])
        execFileSync("python3", ["-B", "-c", program], { cwd: dir, stdio: "ignore", timeout: 20_000 });
      return true;
    } catch {
      return false;
    }
  },
  "warranty.txt (scout)": (dir) => {
    const text = read(dir, "warranty.txt");
    return /\b30 months/i.test(text) && !/\b(24|12) months/.test(text);
  },
  "alerts.txt (watcher)"(dir) {
    const text = read(dir, "alerts.txt");
    return (
      ["hose", "valve", "gasket"].every((item) => text.includes(item)) &&
      !["seal", "filter", "clamp", "bolt"].some((item) => text.includes(item))
    );
  },
};

function read(dir: string, file: string): string {
  return existsSync(join(dir, file)) ? readFileSync(join(dir, file), "utf8") : "";
}

interface Used {
  calls: number;
  read: number;
  cached: number;
  written: number;
}

const shared = process.env.HUM_HOME ?? join(homedir(), ".hum");
const kvDir = mkdtempSync(join(tmpdir(), "hum-six-kv-"));
const file = join(shared, "models", `${values.model}.gguf`);
const model = await createEmbedded({ id: values.model, file, kvDir });
const lent: Model = { ...model, info: model.info, close: async () => {} };
try {
  for (let i = 1; i <= Number(values.runs); i++) await runOnce(i);
} finally {
  await model.close();
  rmSync(kvDir, { recursive: true, force: true });
}

async function runOnce(number: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "hum-six-"));
  const hum = await startHum({ home, openModel: async () => lent });
  try {
    const workplace = await startWorkplace(hum);
    const place = { channel: "work", key: `six-${number}` };
    const dir = await workplace.folderFor("Sam", place);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
    const began = Date.now();
    const post = await workplace.post("Sam", { ...place, text: task, files: Object.keys(files) });
    const stop = AbortSignal.timeout(runMs);
    for await (const record of hum.ledger.journal.follow(0, stop))
      if (record.type === "entity.ended" && workplace.thread(post.id).pid === record.data.pid) break;
    const ms = Date.now() - began;
    const { posts } = workplace.posts({ thread: post.id }, { limit: 200 });
    report(number, hum, { dir, ms, posts, state: workplace.thread(post.id).state });
    if (values.log) keep(join(values.log, `run-${number}`), hum, { dir, posts });
  } finally {
    await hum.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

function report(
  number: number,
  hum: StartedHum,
  run: { dir: string; ms: number; posts: readonly Post[]; state: string },
): void {
  const entities = [...hum.machine.state.entities.values()];
  const used = toUsed(hum);
  const all = [...used.values()];
  const sum = (key: keyof Used) => all.reduce((total, one) => total + one[key], 0);
  console.log(
    `\nRun ${number}: ${Math.round(run.ms / 1_000)} s, thread ${run.state}, ${entities.length} entities`,
  );
  for (const entity of entities) console.log(`  ${toLine(entity, used.get(entity.pid))}`);
  console.log(
    `  together: ${sum("calls")} model calls, ${sum("read")} tokens read (${sum("cached")} more were kept), ${sum("written")} written`,
  );
  const right = Object.entries(parts).map(([name, check]) => [name, check(run.dir)] as const);
  for (const [name, ok] of right) console.log(`  ${ok ? "right" : "WRONG"}  ${name}`);
  const last = run.posts.findLast((post) => post.kind === "result" && post.from.name === "guide");
  const named = Object.keys(parts).filter((name) => last?.text.includes(name.split(" ")[0] as string)).length;
  console.log(
    `  ${last?.outcome === "done" ? "right" : "WRONG"}  report of the guide; it names ${named} of 5 results`,
  );
  console.log(`  ${right.filter(([, ok]) => ok).length} of 5 pieces are right`);
}

function toLine({ pid, name, outcome, waiting }: Entity, used: Used | undefined): string {
  const { calls = 0, read: seen = 0, written = 0 } = used ?? {};
  const end = outcome
    ? `${outcome.kind}: ${outcome.text.replaceAll("\n", " ").slice(0, 90)}`
    : `waits ${waiting?.on}`;
  return `${pid} ${name.padEnd(8)} ${calls} calls, ${seen} read, ${written} written; ${end}`;
}

function toUsed(hum: StartedHum): Map<number, Used> {
  const used = new Map<number, Used>();
  for (const { type, data } of hum.ledger.journal.read(null, 0)) {
    if (type !== "turn.said") continue;
    const { pid, usage } = data as { pid: number; usage: { input: number; cached: number; output: number } };
    const one = used.get(pid) ?? { calls: 0, read: 0, cached: 0, written: 0 };
    used.set(pid, {
      calls: one.calls + 1,
      read: one.read + usage.input - usage.cached,
      cached: one.cached + usage.cached,
      written: one.written + usage.output,
    });
  }
  return used;
}

function keep(
  folder: string,
  hum: StartedHum,
  { dir, posts }: { dir: string; posts: readonly Post[] },
): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ["totals.csv", "summary.txt", "average.py", "warranty.txt", "alerts.txt"])
    writeFileSync(join(folder, name), read(dir, name));
  const thread = posts.map((post) => `${post.from.name} (${post.kind}): ${post.text}\n`).join("\n");
  writeFileSync(join(folder, "thread.txt"), thread);
  const log = [...hum.ledger.journal.read(null, 0)].map(({ stream, type, data }) => {
    const pages = (data.pages ?? []) as { role: string; tokens: number; text: string }[];
    const shown = pages.map((page) => `--- ${page.role}, ${page.tokens} tokens\n${page.text}\n`).join("");
    const rest =
      type === "turn.said" ? JSON.stringify({ usage: data.usage, ms: data.ms, bad: data.bad }) : "";
    return `=== ${stream} ${type} ${rest}\n${shown}`;
  });
  writeFileSync(join(folder, "log.txt"), log.join("\n"));
}
