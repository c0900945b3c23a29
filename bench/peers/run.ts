/**
 * The runner: one command measures all peers side by side and appends one JSON line per measurement.
 *
 *     node bench/peers/install.ts
 *     node bench/peers/run.ts                                              everything, defaults below
 *     node bench/peers/run.ts --work W1,W2 --peers ai,hum --runs 5 --n 250
 *     node bench/peers/run.ts --report > tables.md
 *
 * Rules: one process per measurement; peers take turns inside a run, so that drift of the machine meets all of them;
 * a row whose three witnesses disagree is void; a peer that is not installed is named and left out.
 */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { type About, type ClientSpec, type Measurement, now, type Work, works } from "./contract.ts";
import { createServerControl } from "./control.ts";
import { killOnce, measureBaseline } from "./crash.ts";
import { measureInstall } from "./install.ts";
import { isPinned, startClient, startServer } from "./process.ts";
import { type Row, readRows, report } from "./report.ts";

const here = import.meta.dirname;
const everyone = "floor,ai,openai-agents,langgraph,mastra,mastra-1-61,hum,hum-kernel";
const { values: args } = parseArgs({
  options: {
    work: { type: "string", default: works.join(",") },
    peers: { type: "string", default: everyone },
    runs: { type: "string", default: "5" },
    n: { type: "string", default: "250" },
    "idle-n": { type: "string", default: "10000" },
    idle: { type: "string", default: "10" },
    kills: { type: "string", default: "20" },
    "kill-n": { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    "no-install": { type: "boolean", default: false },
    out: { type: "string", default: join(here, "results/results.jsonl") },
    report: { type: "boolean", default: false },
  },
});

/** What is fixed about a workload. */
const shapes: Record<
  Work,
  { n: number; steps: number; latencyMs: number; slots: number; limitMs: number; toolMs?: number }
> = {
  W1: { n: Number(args.n), steps: 3, latencyMs: 0, slots: 0, limitMs: 300_000 },
  W2: { n: Number(args.n), steps: 3, latencyMs: 50, slots: 8, limitMs: 300_000 },
  W4: { n: Number(args["idle-n"]), steps: 3, latencyMs: 0, slots: 0, limitMs: 600_000 },
  W5: { n: Number(args["kill-n"]), steps: 6, latencyMs: 20, slots: 0, toolMs: 10, limitMs: 3_600_000 },
  W7: { n: 1, steps: 0, latencyMs: 0, slots: 0, limitMs: 60_000 },
  W8: { n: Number(args.n), steps: 40, latencyMs: 50, slots: 0, limitMs: 300_000 },
};

function variantsOf(work: Work, about: About): string[] {
  if (!about.only.includes(work)) return [];
  const named = about.variants[work];
  if (named) return [...named];
  if (about.own.includes(work)) return ["defaults"];
  if (work === "W2") return ["defaults", "agents-8", "fetch-8"];
  if (work === "W5" && about.durableByDefault) return ["defaults"];
  if (work === "W5" && about.only.length < works.length) return ["durable"];
  if (work === "W5") return ["rerun", ...(about.durability ? ["durable"] : [])];
  return ["defaults"];
}

async function main(): Promise<void> {
  const batch = new Date().toISOString();
  const server = await startServer();
  const control = createServerControl(server.baseURL);
  const seed = Number(args.seed);
  mkdirSync(dirname(args.out), { recursive: true });

  function specOf(peer: string, work: Work, variant: string, more: Partial<ClientSpec> = {}): ClientSpec {
    const about = abouts.get(peer);
    const durable = variant === "durable" || (about?.durableByDefault ?? false);
    const shared = {
      baseURL: server.baseURL,
      folder: "",
      idleSeconds: Number(args.idle),
      kills: Number(args.kills),
    };
    const { n, steps, latencyMs, slots, toolMs = 0 } = shapes[work];
    return {
      ...shared,
      peer,
      work,
      variant,
      n,
      steps,
      latencyMs,
      slots,
      toolMs,
      seed,
      spawnedAt: 0,
      durable,
      resume: false,
      ...more,
    };
  }

  /** One client process with a scratch folder of its own. */
  async function measure(spec: ClientSpec, limitMs: number): Promise<unknown> {
    const folder = mkdtempSync(join(tmpdir(), "hum-peers-"));
    await control.reset(spec);
    const ended = await startClient({ ...spec, folder, spawnedAt: now() }, limitMs).ended;
    rmSync(folder, { recursive: true, force: true });
    if (ended.result) return ended.result;
    const why = ended.killed ? `no result within ${limitMs / 1000} s` : `process failed: ${ended.stderr}`;
    return { ok: 0, values: {}, invalid: why } satisfies Measurement;
  }

  function record(spec: ClientSpec, run: number, load: number, measurement: Measurement): void {
    const { version, durability } = abouts.get(spec.peer)!;
    const cpu = cpus()[0]?.model ?? "unknown";
    const machine = { node: process.versions.node, cpu, cores: cpus().length, load, pinned: isPinned };
    const { work, peer, variant, n } = spec;
    const row: Row = {
      batch,
      at: new Date().toISOString(),
      work: work as Work,
      peer,
      version,
      variant,
      n,
      run,
      ...(durability && { durability }),
      ...measurement,
      machine,
    };
    appendFileSync(args.out, `${JSON.stringify(row)}\n`);
    const brief = Object.entries(row.values).map(
      ([name, value]) => `${name} ${Math.round(value * 100) / 100}`,
    );
    const end = row.invalid ? ` VOID ${row.invalid}` : "";
    console.log(
      `${work} ${peer} ${variant} #${run}: ok ${row.ok}/${n}, ${brief.join(", ")}${end}${row.note ? ` (${row.note})` : ""}`,
    );
  }

  async function measureCrashes(peer: string, variant: string): Promise<void> {
    const spec = specOf(peer, "W5", variant);
    const baseline = await measureBaseline(spec, control);
    if (baseline.invalid) return record(spec, 0, loadavg()[0]!, baseline);
    for (let kill = 0; kill < Number(args.kills); kill++) {
      const load = loadavg()[0]!;
      const rows = await killOnce({ ...spec, seed: seed * 1000 + kill }, control, baseline.values.wallMs!);
      for (const row of rows) record({ ...spec, variant: row.variant }, kill, load, row.measurement);
    }
  }

  const abouts = new Map<string, About>();
  for (const peer of args.peers.split(",")) {
    if (!existsSync(join(here, peer, "adapter.ts"))) {
      console.log(`${peer}: no adapter, left out`);
      continue;
    }
    const about = (await measure({ ...specOf(peer, "W1", "defaults"), work: "describe" }, 60_000)) as About &
      Measurement;
    if (about.invalid) console.log(`${peer}: left out (node bench/peers/install.ts?): ${about.invalid}`);
    else abouts.set(peer, about);
  }

  const wanted = works.filter((work) => args.work.split(",").includes(work));
  for (let run = 0; run < Number(args.runs); run++)
    for (const work of wanted)
      for (const [peer, about] of abouts)
        for (const variant of variantsOf(work, about)) {
          if (work === "W5" && !about.own.includes("W5")) continue;
          const load = loadavg()[0]!;
          const spec = specOf(peer, work, variant, { seed: seed * 1000 + run * 31 });
          record(spec, run, load, (await measure(spec, shapes[work].limitMs)) as Measurement);
        }
  if (wanted.includes("W5"))
    for (const [peer, about] of abouts)
      if (!about.own.includes("W5"))
        for (const variant of variantsOf("W5", about)) await measureCrashes(peer, variant);
  if (wanted.includes("W7") && !args["no-install"])
    for (const peer of abouts.keys())
      if (peer !== "floor" && abouts.get(peer)!.only.includes("W7"))
        record(specOf(peer, "W7", "defaults"), -1, loadavg()[0]!, measureInstall(peer));
  server.stop();
}

if (!args.report) await main();
else process.stdout.write(report(readRows(args.out)));
