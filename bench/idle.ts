// What the workplace costs when nothing happens, and how soon it can be used: 200 entities that wait for a person (an
// answer or a yes), looked at for a minute; and the time from the start of the process, with the model on disk.
//
//   node bench/idle.ts [--entities 200] [--seconds 60]

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findHome } from "../os/src/home.ts";
import { saveTester } from "../web/test/kit/play.ts";
import { type RealHum, startBrowser, startReal, until } from "../web/test/kit/real.ts";

const { values } = parseArgs({
  options: { entities: { type: "string", default: "200" }, seconds: { type: "string", default: "60" } },
});
const entities = Number(values.entities);
const seconds = Number(values.seconds);

/** Processor time in seconds and memory in MB of a process. */
function look(pid: number): { cpu: number; rss: number; switches: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return {
    cpu: (Number(fields[11]) + Number(fields[12])) / 100,
    rss: of("VmRSS") / 1024,
    switches: of("voluntary_ctxt_switches"),
  };
}

interface Counters {
  modelCalls: number;
  journalSeq: number;
}

async function measureIdle(hum: RealHum): Promise<void> {
  const pid = hum.child.pid as number;
  await saveTester(hum);
  const bare = look(pid);
  for (let i = 0; i < entities; i++)
    await hum.ask("POST", "/processes", {
      program: "tester",
      task: i % 2 === 0 ? "question please" : "fetch please",
    });
  await until(async () => {
    const rows = await hum.ask<{ shown: string }[]>("GET", "/processes");
    return rows.length === entities && rows.every((row) => row.shown.startsWith("waiting"));
  }, "all to wait");
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const before = { ...look(pid), ...(await hum.ask<Counters>("GET", "/counters")) };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const after = { ...look(pid), ...(await hum.ask<Counters>("GET", "/counters")) };
  console.log(`entities that wait              ${entities}, for ${seconds} s`);
  console.log(
    `processor                       ${(((after.cpu - before.cpu) / seconds) * 100).toFixed(2)} % of one core`,
  );
  console.log(
    `wakes                           ${((after.switches - before.switches) / seconds).toFixed(1)} a second`,
  );
  console.log(
    `memory                          ${after.rss.toFixed(0)} MB, ${bare.rss.toFixed(0)} MB before them (${(((after.rss - bare.rss) * 1024) / entities).toFixed(0)} kB each, with the garbage of their turns)`,
  );
  console.log(
    `model calls meanwhile           ${after.modelCalls - before.modelCalls} (${before.modelCalls} until then)`,
  );
  console.log(`records of the journal          ${after.journalSeq - before.journalSeq}`);
}

const usable = 'label[for], [aria-label="What would you like done?"]';

/** From the start of `hum start` to an address, to a first answer, to a page that can be used. */
async function measureStart(): Promise<void> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "hum-bench-start-")));
  const models = join(findHome(), "models");
  if (existsSync(models)) symlinkSync(models, join(home, "models"));
  const browser = await startBrowser();
  const entry = new URL("../os/bin/hum.js", import.meta.url).pathname;
  const rows: number[][] = [];
  try {
    for (let run = 0; run < 5; run++) {
      const page = await (await browser.newContext()).newPage();
      const began = performance.now();
      const child = spawn(process.execPath, [entry, "start", "--no-open", "--port", "0"], {
        env: { ...process.env, HUM_HOME: home },
        stdio: ["ignore", "pipe", "ignore"],
      });
      let said = "";
      const address = await new Promise<string>((resolve) =>
        child.stdout.on("data", (data) => {
          said += data;
          const found = /http:\S+#token=[\w-]{43}/.exec(said);
          if (found) resolve(found[0]);
        }),
      );
      const up = performance.now() - began;
      await page.goto(address, { waitUntil: "commit" });
      await page.locator(usable).first().waitFor();
      rows.push([up, performance.now() - began]);
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      await page.context().close();
    }
  } finally {
    await browser.close();
    rmSync(home, { recursive: true, force: true });
  }
  const median = (at: number) => rows.map((row) => row[at] ?? 0).sort((a, b) => a - b)[2] ?? 0;
  console.log(`process start to address        ${median(0).toFixed(0)} ms (median of 5)`);
  console.log(`process start to usable page    ${median(1).toFixed(0)} ms (browser already open)`);
}

await measureStart();
const hum = await startReal();
try {
  await measureIdle(hum);
} finally {
  await hum.end();
}
