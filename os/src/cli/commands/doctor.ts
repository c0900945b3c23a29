// `hum doctor`: what this machine has and lacks, one line each, with what to do.

import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Command } from "commander";
import { toMessage } from "../../error.ts";
import { findHome, toPaths } from "../../home.ts";
import { createChain } from "../../journal/format.ts";
import { openSqliteJournal } from "../../journal/sqlite.ts";
import { inspectWal } from "../../journal/wal.ts";
import { type Io, say, sayJson, tell } from "../io.ts";
import { connectDoor } from "../remote-door.ts";
import type { Context } from "../run.ts";
import { createPaint, toNumber, toSize } from "../text.ts";

/** One line of the report. A line that is not needed for work does not fail the whole. */
interface Finding {
  name: string;
  ok: boolean;
  needed: boolean;
  detail: string;
}

/** Less free space than this is reported. */
const leastFreeBytes = 2e9;

/** Records at the end of the journal that are checked here; `hum log verify` checks all. */
const tailRecords = 500;

/** Adds `doctor`. */
export function addDoctor(program: Command, context: Context): void {
  const { io } = context;
  program
    .command("doctor")
    .description("Check this machine: what works, what is missing, and what to do about it.")
    .option("--sandbox", "attack the sandbox with hostile programs; some seconds")
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nExamples:\n  hum doctor\n  hum doctor --sandbox")
    .action(async (options: { sandbox?: boolean; json?: boolean }) => {
      const findings = options.sandbox ? await checkSandbox(io) : await checkAll(context);
      const ok = findings.every((finding) => finding.ok || !finding.needed);
      context.done(ok ? 0 : 1);
      if (options.json) return sayJson(io, { ok, findings });
      const paint = createPaint(io.screen && !io.env.NO_COLOR);
      const width = Math.max(...findings.map((finding) => finding.name.length));
      for (const { name, ok: good, detail, needed } of findings) {
        const word = good
          ? paint("green", "ok     ")
          : needed
            ? paint("red", "missing")
            : paint("yellow", "missing");
        say(io, `${word}  ${name.padEnd(width)}  ${detail}`);
      }
    });
}

async function checkAll(context: Context): Promise<Finding[]> {
  const { io } = context;
  const home = findHome(io.env);
  return [
    checkNode(),
    await checkSandboxPresent(),
    await checkBrowser(),
    await checkModel(home),
    await checkDisk(home),
    checkJournal(home),
    await checkDaemon(home),
  ];
}

function checkNode(): Finding {
  const major = Number(process.versions.node.split(".")[0]);
  const detail = `${process.versions.node}${major >= 24 ? "" : "; 24 is needed: start with `npx hum` or `npm start`"}`;
  return { name: "node", ok: major >= 24, needed: true, detail };
}

async function checkSandboxPresent(): Promise<Finding> {
  const { detectSandbox } = await import("../../device/sandbox.ts");
  const sandbox = await detectSandbox();
  const missing =
    process.platform === "linux"
      ? "no working bubblewrap: every command asks first. Install the package `bubblewrap`"
      : "none on this system: every command asks first";
  const python = sandbox?.python ? "with Python" : "without Python (install python3 for it)";
  const detail = sandbox ? `${sandbox.version || sandbox.program}, ${python}` : missing;
  return { name: "sandbox", ok: sandbox !== null, needed: false, detail };
}

async function checkBrowser(): Promise<Finding> {
  const { findBrowser } = await import("../../device/browser/find.ts");
  const browser = findBrowser();
  const missing =
    "no Chromium or Chrome: pages are read without their programs. Install the package `chromium`";
  return { name: "browser", ok: browser !== null, needed: false, detail: browser?.program ?? missing };
}

async function checkModel(home: string): Promise<Finding> {
  try {
    const { listModels } = await import("../../model/store.ts");
    const chosen = (await listModels(home)).find((one) => one.chosen);
    if (!chosen)
      return {
        name: "model",
        ok: false,
        needed: true,
        detail: "the one in use is unknown: `hum model use ID`",
      };
    const detail = chosen.present
      ? `${chosen.id} (${chosen.where})`
      : `${chosen.id} is not here yet: \`hum model pull ${chosen.id}\` (${toSize(chosen.bytes ?? 0)})`;
    return { name: "model", ok: chosen.present, needed: true, detail };
  } catch (error) {
    return { name: "model", ok: false, needed: true, detail: toMessage(error) };
  }
}

async function checkDisk(home: string): Promise<Finding> {
  let folder = home;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const ok = free >= leastFreeBytes;
  const detail = `${toSize(free)} free at ${folder}${ok ? "" : "; free some, or set HUM_HOME to another disk"}`;
  return { name: "disk", ok, needed: true, detail };
}

function checkJournal(home: string): Finding {
  const { journal: file } = toPaths(home);
  if (!existsSync(file))
    return { name: "journal", ok: true, needed: true, detail: "empty: nothing has run here yet" };
  try {
    const torn = inspectWal(`${file}-wal`).bad;
    const journal = openSqliteJournal({ file, now: Date.now, readOnly: true });
    try {
      const { seq } = journal.head();
      const from = Math.max(1, seq - tailRecords);
      const problem = checkTail([...journal.read(null, from - 1)]);
      if (problem === null && torn === 0)
        return {
          name: "journal",
          ok: true,
          needed: true,
          detail: `${toNumber(seq)} records, the last ${toNumber(seq - from + 1)} checked`,
        };
      const what = problem ?? "its end is torn";
      return {
        name: "journal",
        ok: false,
        needed: true,
        detail: `${what}; \`hum log verify\` tells more, \`hum start\` mends it`,
      };
    } finally {
      journal.close();
    }
  } catch (error) {
    return {
      name: "journal",
      ok: false,
      needed: true,
      detail: `${toMessage(error)}; \`hum start\` mends it`,
    };
  }
}

// The hash of the first is taken for true; each one after it must follow from the one before.
function checkTail(
  records: readonly {
    seq: number;
    stream: string;
    index: number;
    at: number;
    type: string;
    data: object;
    hash: string;
  }[],
): string | null {
  const [first, ...rest] = records;
  if (!first) return null;
  const chain = createChain({ seq: first.seq, hash: first.hash });
  for (const { seq, stream, index, at, type, data, hash } of rest) {
    const problem = chain.check({ seq, stream, idx: index, at, type, data: JSON.stringify(data), hash });
    if (problem) return problem;
  }
  return null;
}

async function checkDaemon(home: string): Promise<Finding> {
  const door = await connectDoor(toPaths(home).socket).catch(() => null);
  await door?.close();
  const detail = door
    ? `${door.machine.kind} runs (process ${door.machine.pid})`
    : "no machine runs: `hum start --detach` starts one";
  return { name: "daemon", ok: door !== null, needed: false, detail };
}

async function checkSandbox(io: Io): Promise<Finding[]> {
  const { detectSandbox } = await import("../../device/sandbox.ts");
  const sandbox = await detectSandbox();
  if (!sandbox) return [{ ...(await checkSandboxPresent()), needed: true }];
  tell(io, "Attacking the sandbox …");
  const { probeSandbox } = await import("../../device/probe.ts");
  const report = await probeSandbox(sandbox);
  return [
    ...report.probes.map(({ name, refused, detail }) => ({
      name,
      ok: refused,
      needed: true,
      detail: `${refused ? "refused" : "NOT REFUSED"}: ${detail}`,
    })),
    ...report.controls.map(({ name, passed, detail }) => ({
      name,
      ok: passed,
      needed: true,
      detail: `works: ${detail}`,
    })),
  ];
}
