// The sandbox tested with hostile programs, on the machine where it will be used (`hum doctor`): every probe must be
// refused and every control must work. A probe that is not refused is shown, not hidden; then the sandbox here is
// weaker than it says.

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type Cell, programPath, type Sandbox } from "./bubblewrap.ts";
import type { Ran } from "./exec.ts";
import { type Bounds, runInside } from "./inside.ts";
import { controlList, type ProbeProgram, probeList } from "./probe-list.ts";

const probeMs = 20_000;

/** What came of one probe. */
export interface Probe {
  name: string;
  refused: boolean;
  detail: string;
}

/** What came of all. `passed` of a control means that it worked. */
export interface ProbeReport {
  probes: Probe[];
  controls: { name: string; passed: boolean; detail: string }[];
  /** Every probe refused, every control passed. */
  safe: boolean;
}

/** The host's side of the probes. */
interface Host {
  base: string;
  victim: number;
  mark: string;
  cell: Omit<Cell, "text" | "command">;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Runs all probes and controls, one after another; a few seconds. */
export async function probeSandbox(
  sandbox: Sandbox,
  options: { signal?: AbortSignal } = {},
): Promise<ProbeReport> {
  await using host = await openHost();
  const signal = options.signal ?? new AbortController().signal;
  const bounds: Bounds = { limits: { ms: probeMs, outputBytes: 1024 * 1024 }, signal };
  const run = (program: ProbeProgram): Promise<Ran> | null => {
    const python = sandbox.python?.program;
    if (program.language === "python" && !python) return null;
    const command = program.language === "python" ? [python!, programPath] : ["/bin/bash", programPath];
    return runInside(sandbox, { ...host.cell, text: program.text, command }, bounds);
  };

  const probes: Probe[] = [];
  for (const program of probeList) {
    const ran = await run(program);
    const detail = ran ? toDetail(ran) : "not tried: no Python in the sandbox";
    probes.push({ name: program.name, refused: ran?.code !== 0, detail });
  }
  probes.push(await probeFlood(sandbox, host, bounds), await probeRest(sandbox, host, bounds));
  probes.push(await checkHost(host));

  const controls: ProbeReport["controls"] = [];
  for (const program of controlList) {
    const ran = await run(program);
    const skipped = {
      name: program.name,
      passed: sandbox.python === null,
      detail: "no Python in the sandbox",
    };
    controls.push(ran ? { name: program.name, passed: ran.code === 0, detail: toDetail(ran) } : skipped);
  }
  const safe = probes.every((probe) => probe.refused) && controls.every((control) => control.passed);
  return { probes, controls, safe };
}

async function probeFlood(sandbox: Sandbox, host: Host, bounds: Bounds): Promise<Probe> {
  const text = "yes 0123456789 | head -c 10G";
  const ran = await runInside(sandbox, { ...host.cell, text, command: ["/bin/bash", programPath] }, bounds);
  return {
    name: "print 10 GB",
    refused: ran.ended === "output",
    detail: `stopped after ${ran.output.length} bytes, ${ran.ms} ms`,
  };
}

/** A process that leaves its session and its parent must be gone with the command. */
async function probeRest(sandbox: Sandbox, host: Host, bounds: Bounds): Promise<Probe> {
  const text = `(setsid sleep 86399.25 & disown) > /dev/null 2>&1; sleep 0.2; echo started`;
  const ran = await runInside(sandbox, { ...host.cell, text, command: ["/bin/bash", programPath] }, bounds);
  const left = await findProcesses("86399.25");
  return {
    name: "leave a process behind",
    refused: left.length === 0 && ran.code === 0,
    detail: left.length === 0 ? "none is left" : `left: ${left.join(", ")}`,
  };
}

/** What the probes may have done to the host. */
async function checkHost(host: Host): Promise<Probe> {
  const secret = await readFile(join(host.base, "outside", "secret"), "utf8").catch(() => "");
  const journal = await readFile(join(host.base, "share", "hidden", "journal"), "utf8").catch(() => "");
  const file = await readFile(join(host.base, "readonly", "file"), "utf8").catch(() => "");
  const alive = await readFile(`/proc/${host.victim}/cmdline`, "utf8").catch(() => "");
  const whole =
    secret === "secret\n" && journal === "journal\n" && file === "content\n" && alive.includes("sleep");
  return {
    name: "harm the host",
    refused: whole,
    detail: whole ? "files and processes are as before" : "something was changed",
  };
}

async function openHost(): Promise<Host> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "hum-probe-")));
  const [share, outside, readonly] = [join(base, "share"), join(base, "outside"), join(base, "readonly")];
  const hidden = join(share, "hidden");
  for (const path of [share, outside, readonly, hidden]) await mkdir(path);
  await writeFile(join(outside, "secret"), "secret\n");
  await writeFile(join(hidden, "journal"), "journal\n");
  await writeFile(join(readonly, "file"), "content\n");
  const mark = randomUUID();
  // The secret is in the environment of a process of the same person, as keys usually are.
  const victim = spawn("sleep", ["600"], {
    stdio: "ignore",
    env: { PATH: "/usr/bin:/bin", HUM_PROBE_SECRET: mark },
  });
  const tcp = await listen({ port: 0, host: "127.0.0.1" });
  const socket = `hum-probe-${mark}`;
  const local = await listen({ path: `\0${socket}` }).catch(() => null);
  const env = {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    HOME: share,
    LANG: "C.UTF-8",
    PORT: String((tcp.address() as AddressInfo).port),
    VICTIM: String(victim.pid),
    OUTSIDE: outside,
    HIDDEN: hidden,
    READONLY: readonly,
    SOCKET: socket,
    REALHOME: homedir(),
    MARK: "600",
  };
  const shares = [
    { path: share, write: true },
    { path: readonly, write: false },
  ];
  return {
    base,
    victim: victim.pid ?? 0,
    mark,
    cell: { folder: share, shares, protect: [hidden], env },
    async [Symbol.asyncDispose]() {
      victim.kill("SIGKILL");
      tcp.close();
      local?.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}

function listen(where: { port: number; host: string } | { path: string }): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => {}).end("secret of the host\n"));
  server.unref();
  return new Promise((resolve, reject) => server.once("error", reject).listen(where, () => resolve(server)));
}

/** Ids of processes of this machine with a word in their command line. */
async function findProcesses(word: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return pids.filter((_pid, i) => lines[i]!.split("\0").includes(word));
}

function toDetail(ran: Ran): string {
  const text = ran.output.toString().trim().replaceAll("\n", " | ").slice(0, 160);
  return ran.ended === "exit" ? text || `exit code ${ran.code}` : `${ran.ended}: ${text}`;
}
