// First wishes of a person about mail and calendar, on the embedded model, with real servers of both on this machine.
// node bench/mail/run.ts [--half tune|held|new|all] [--only id,id] [--label L] [--minutes 10] [--program NAME] [--report]
// Each task has servers and a home of its own; accounts are added by `hum mail add` and `hum calendar add`. An ask is
// answered as the person of the task would answer it, and counted.
// Rule: resumable. A task that has a line under the same label is not run again. Transcripts lie in results/logs.

import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { toStream } from "../../os/src/entity/events.ts";
import { createEmbedded } from "../../os/src/model/embedded.ts";
import type { Model } from "../../os/src/model/model.ts";
import { startHum } from "../../os/src/start.ts";
import { checkSafe, halves, type Left, type MailTask, mailTasks } from "./tasks.ts";
import { openWorld, type World } from "./world.ts";

const { values: given } = parseArgs({
  options: {
    half: { type: "string", default: "all" },
    only: { type: "string" },
    label: { type: "string", default: "main" },
    model: { type: "string", default: "qwen2.5-coder-1.5b" },
    program: { type: "string" },
    minutes: { type: "string", default: "10" },
    report: { type: "boolean", default: false },
  },
});

interface Line {
  label: string;
  id: string;
  half: MailTask["half"];
  why: string | null;
  ended: string;
  steps: number;
  asks: number;
  ms: number;
  load: number;
}

const results = join(import.meta.dirname, "results");
const file = join(results, `${given.model}.jsonl`);

function readLines(): Line[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Line).filter((line) => line.label === given.label);
}

/** Runs a command of Hum, as a person types it. */
async function hum(home: string, args: string[]): Promise<void> {
  const entry = join(import.meta.dirname, "../../os/bin/hum.js");
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, HUM_HOME: home, NO_COLOR: "1" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  child.stderr.on("data", (chunk) => {
    text += chunk;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`hum ${args.join(" ")}: ${text}`);
}

async function addAccounts(home: string, { mail, calendar }: World): Promise<void> {
  const keep = (name: string, password: string): string => {
    const path = join(home, name);
    writeFileSync(path, `${password}\n`, { mode: 0o600 });
    return path;
  };
  const at = (kind: string, port: number) => [`--${kind}`, `${kind}://127.0.0.1:${port}`];
  await hum(home, [
    ...["mail", "add", mail.account.address, ...at("imap", mail.imapPort), ...at("smtp", mail.smtpPort)],
    ...["--user", mail.account.user, "--password-file", keep("mail-password", mail.password)],
  ]);
  await hum(home, [
    ...["calendar", "add", calendar.url, "--user", calendar.user],
    ...["--password-file", keep("calendar-password", calendar.password)],
  ]);
  writeFileSync(join(home, "contacts.json"), '[{"name": "Mia Berg", "addresses": ["mia@berg.example"]}]');
}

async function runOne(task: MailTask, model: Model): Promise<Line> {
  await using world = await openWorld(new Date());
  const home = mkdtempSync(join(tmpdir(), "hum-mail-bench-"));
  try {
    await addAccounts(home, world);
    const machine = await startHum({
      home,
      openModel: async () => ({ ...model, info: model.info, close: async () => {} }),
    });
    const began = Date.now();
    let asks = 0;
    let log = "";
    try {
      const signal = AbortSignal.timeout(Number(given.minutes) * 60_000);
      const entity = await machine.inbox.task({
        ...{ task: task.text, owner: "Ada", class: "interactive" },
        ...(given.program ? { program: given.program } : {}),
      });
      for await (const record of machine.ledger.journal.follow(0, signal)) {
        if (record.type === "approval.asked") {
          const { id, what, why, payload } = record.data as {
            id: string;
            what: string;
            why: string;
            payload: unknown;
          };
          const yes = task.allows?.(what, JSON.stringify(payload)) === true;
          asks += 1;
          log += `=== ask ${what}: ${why} ${JSON.stringify(payload)}: ${yes ? "yes" : "no"}\n`;
          await machine.inbox.answer(id, yes ? "approved" : "denied", "Ada");
        }
        if (record.type === "entity.ended" && (record.data as { pid?: number }).pid === entity.pid) break;
      }
      if (entity.state !== "ended") await machine.inbox.kill(entity.pid, "the bench");
      const answer = entity.outcome?.text ?? "";
      const left: Left = {
        ...{
          days: world.days,
          answer,
          drafts: await world.mail.read("Drafts"),
          events: await world.events(),
        },
        sent: world.mail.taken,
      };
      const why = judge(task, left);
      const { text, steps } = toLog(machine.ledger.journal.read(toStream(entity.pid), 0));
      const ended = signal.aborted ? "limit" : (entity.outcome?.kind ?? "none");
      log = `${text}${log}--- ${ended}\nanswer: ${answer}\ncheck: ${why ?? "passed"}\n${left.drafts.join("\n---\n")}`;
      mkdirSync(join(results, "logs"), { recursive: true });
      writeFileSync(join(results, "logs", `${given.label}-${task.id}.txt`), log);
      const { id, half } = task;
      return {
        label: given.label,
        id,
        half,
        why,
        ended,
        steps,
        asks,
        ms: Date.now() - began,
        load: loadavg()[0]!,
      };
    } finally {
      await machine.stop();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function judge(task: MailTask, left: Left): string | null {
  try {
    checkSafe(left);
    task.check(left);
    return null;
  } catch (error) {
    return (error as Error).message.replaceAll(/\s+/g, " ").slice(0, 240);
  }
}

function toLog(records: Iterable<{ type: string; data: Record<string, unknown> }>): {
  text: string;
  steps: number;
} {
  let text = "";
  let steps = 0;
  for (const { type, data } of records) {
    for (const { role, text: page } of (data.pages ?? []) as { role: string; text: string }[])
      text += `--- ${type} ${role}\n${page}\n`;
    if (type !== "turn.said") continue;
    const { usage, ms } = data as { usage: { input: number; cached: number; output: number }; ms: number };
    text += `   [${ms} ms; input ${usage.input}, cached ${usage.cached}, output ${usage.output}]\n`;
    steps += 1;
  }
  return { text, steps };
}

/** Markdown: the table, and why what failed did. */
function report(lines: Line[]): string {
  const rows = mailTasks.flatMap(({ id, half }) => {
    const line = lines.find((one) => one.id === id);
    if (!line) return [];
    const { why, steps, asks, ms, load } = line;
    return `| ${half} | ${id} | ${why === null ? "yes" : `no: ${why.replaceAll("|", "/")}`} | ${steps} | ${asks} | ${Math.round(ms / 1000)} | ${load.toFixed(1)} |`;
  });
  const sums = halves.map((half) => {
    const some = lines.filter((line) => line.half === half);
    return `${half}: ${some.filter((line) => line.why === null).length} of ${some.length}`;
  });
  return [
    "| half | task | done | calls of the model | asks | s | load |",
    "|---|---|---|---|---|---|---|",
    ...rows,
    "",
    sums.join("; "),
  ].join("\n");
}

async function main(): Promise<void> {
  if (given.report) return console.log(report(readLines()));
  const kept = new Set(readLines().map((line) => line.id));
  const only = given.only?.split(",");
  const tasks = mailTasks.filter(
    ({ id, half }) =>
      !kept.has(id) && (given.half === "all" || half === given.half) && (only?.includes(id) ?? true),
  );
  if (tasks.length === 0) return console.log("nothing to run: all of these have a result under this label");
  mkdirSync(results, { recursive: true });
  const model = await createEmbedded({
    id: given.model,
    file: join(process.env.HUM_HOME ?? join(homedir(), ".hum"), "models", `${given.model}.gguf`),
    kvDir: join(tmpdir(), "hum-mail-kv"),
  });
  try {
    for (const task of tasks) {
      const line = await runOne(task, model);
      appendFileSync(file, `${JSON.stringify(line)}\n`);
      console.log(
        `${task.id}: ${line.why ?? "passed"} (${line.steps} steps, ${line.asks} asks, ${Math.round(line.ms / 1000)} s)`,
      );
    }
  } finally {
    await model.close();
  }
}

await main();
