/**
 * W5: kill -9 at random instants. 50 agents take 6 steps each; the tool writes a line into a ledger that only grows and is
 * told so 10 ms later, as a request to the outside would be.
 *
 * Idea: one kill = a fresh folder, a client process, SIGKILL at a random instant between the start of the agents and
 * the time an undisturbed run takes, then the same command once more. Judged is only the ledger, the harness' list of
 * final answers, and the server's counter.
 *
 * Rows: `defaults` = after the restart the peer knows nothing, nobody does anything (what was finished stays);
 * `rerun` = the user starts every agent without a final answer from its prompt again (same kill as `defaults`);
 * `durable` = the peer's own durability; a peer that is durable by default has rows of its own (`Peer.variants`).
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ClientSpec, type Measurement, now, type ServerControl } from "./contract.ts";
import { startClient } from "./process.ts";
import { doneFile, ledgerFile, linesOf } from "./workloads.ts";

const restartLimitMs = 60_000;

/** A number in [0, 1) that depends on the seed alone (32-bit mix, constants of MurmurHash3's finaliser). */
export function randomOf(seed: number): number {
  let x = (seed + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Ledger and final answers against what should be there. */
function judge(spec: ClientSpec): { ok: number; values: Record<string, number> } {
  const ledger = linesOf(ledgerFile(spec.folder));
  const done = new Set(linesOf(doneFile(spec.folder)));
  const seen = new Set(ledger);
  let missing = 0;
  for (const agent of done)
    for (let step = 0; step < spec.steps; step++) if (!seen.has(`${agent} ${step}`)) missing++;
  const values = {
    finishedPct: (100 * done.size) / spec.n,
    doubled: ledger.length - seen.size,
    missing,
  };
  return { ok: done.size, values };
}

/** Milliseconds that the agents of an undisturbed run take. */
export async function measureBaseline(spec: ClientSpec, server: ServerControl): Promise<Measurement> {
  const scratch = openScratch(spec);
  await server.reset(spec);
  const ended = await startClient(scratch.spec, 5 * restartLimitMs).ended;
  const result = ended.result as Measurement | undefined;
  const { calls } = await server.stats();
  const { ok, values } = judge(scratch.spec);
  scratch.remove();
  const whole = { ok, values: { ...values, ...result?.values, calls } };
  return ok === spec.n
    ? whole
    : { ...whole, invalid: `undisturbed run: ${ok} of ${spec.n}: ${ended.stderr}` };
}

/** One kill; if all was finished before it, another instant is drawn. A row for `defaults` comes free with `rerun`. */
export async function killOnce(
  spec: ClientSpec,
  server: ServerControl,
  baselineMs: number,
): Promise<{ variant: string; measurement: Measurement }[]> {
  for (let draw = 0; ; draw++) {
    const rows = await tryKill({ ...spec, seed: spec.seed + draw * 7919 }, server, baselineMs);
    if (draw === 4 || !rows[0]!.measurement.invalid) return rows;
  }
}

async function tryKill(
  spec: ClientSpec,
  server: ServerControl,
  baselineMs: number,
): Promise<{ variant: string; measurement: Measurement }[]> {
  const scratch = openScratch(spec);
  const killAtMs = randomOf(spec.seed) * baselineMs;
  await server.reset(spec);
  const first = startClient(scratch.spec, 5 * restartLimitMs);
  await first.started;
  await sleep(killAtMs);
  first.kill();
  const { killed } = await first.ended;
  const before = await server.stats();
  const atKill = judge(scratch.spec);
  await server.reset(spec);
  const spawnedAt = now();
  const limitMs = Math.max(restartLimitMs, 3 * baselineMs);
  const second = await startClient({ ...scratch.spec, resume: true, spawnedAt }, limitMs).ended;
  const restartMs = now() - spawnedAt;
  const after = await server.stats();
  const { ok, values } = judge(scratch.spec);
  scratch.remove();
  const more = {
    killAtMs,
    restartMs,
    ...(ok === spec.n && { repeatedCalls: before.calls + after.calls - spec.n * (spec.steps + 1) }),
    ...(after.calls > 0 && { firstStepMs: after.firstCallAt - spawnedAt }),
  };
  const hung = second.killed ? `not finished ${Math.round(limitMs / 1000)} s after the restart` : "";
  const note = [hung, (second.result as Measurement | undefined)?.note, firstError(second.stderr)]
    .filter(Boolean)
    .join("; ");
  const late = (!killed || atKill.ok === spec.n) && { invalid: "all was finished before the kill" };
  const { wallMs: _wall, rssMb: _rss, ...own } = (second.result as Measurement | undefined)?.values ?? {};
  const restarted = { ok, values: { ...values, ...more, ...own }, ...(note && { note }), ...late };
  if (spec.variant !== "rerun") return [{ variant: spec.variant, measurement: restarted }];
  const untouched = { ok: atKill.ok, values: { ...atKill.values, killAtMs }, ...late };
  return [
    { variant: "defaults", measurement: untouched },
    { variant: "rerun", measurement: restarted },
  ];
}

/** The first line that names an error, of all that a process wrote. */
function firstError(stderr: string): string {
  return /^.*Error.*$/m.exec(stderr)?.[0] ?? "";
}

/** Two folders deep: the peer gets `store`, the harness keeps ledger and list beside it. */
function openScratch(spec: ClientSpec): { spec: ClientSpec; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), "hum-peers-"));
  const folder = join(root, "store");
  mkdirSync(folder);
  return { spec: { ...spec, folder }, remove: () => rmSync(root, { recursive: true, force: true }) };
}
