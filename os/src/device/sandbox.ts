// Finding out whether this machine has a sandbox, by really starting one. A sandbox that does not start here is no
// sandbox: commands then run without isolation and a person is asked each time (terminal.ts).

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type { Python, Sandbox } from "./bubblewrap.ts";
import { findGroups } from "./group.ts";
import { runInside } from "./inside.ts";

const run = promisify(execFile);
const tryMs = 10_000;

const strict = ["--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL"];
const older = ["--unshare-all", "--unshare-user", "--cap-drop", "ALL"];

let detected: Promise<Sandbox | null> | null = null;

/** Tries to start bubblewrap, once; null when it does not work here. `again` tries anew. */
export function detectSandbox(options: { again?: boolean } = {}): Promise<Sandbox | null> {
  if (!detected || options.again) detected = detect();
  return detected;
}

async function detect(): Promise<Sandbox | null> {
  if (process.platform !== "linux") return null;
  const program = ["/usr/bin/bwrap", "/bin/bwrap", "/usr/local/bin/bwrap"].find((path) => existsSync(path));
  if (!program) return null;
  for (const options of [strict, older]) {
    for (const filter of [true, false]) {
      const sandbox: Sandbox = { program, version: "", options, filter, python: null, groups: [] };
      if ((await tryInside(sandbox, ["/bin/echo", "ok"])) !== "ok") continue;
      const { stdout } = await run(program, ["--version"]).catch(() => ({ stdout: "" }));
      const [python, groups] = await Promise.all([detectPython(sandbox), findGroups()]);
      return { ...sandbox, version: stdout.trim(), python, groups };
    }
  }
  return null;
}

async function detectPython(sandbox: Sandbox): Promise<Python | null> {
  const works = async (python: Python) =>
    (await tryInside({ ...sandbox, python }, [python.program, "-c", "import json, re, os; print('ok')"])) ===
    "ok";
  for (const program of ["/usr/bin/python3", "/usr/local/bin/python3"]) {
    const python = { program, prefix: null };
    if (existsSync(program) && (await works(python))) return python;
  }
  // Outside /usr (pyenv, conda): the folder that holds that Python is shown read-only.
  const ask = "import sys; print(sys.executable); print(sys.base_prefix)";
  const { stdout } = await run("python3", ["-c", ask], { timeout: tryMs }).catch(() => ({ stdout: "" }));
  const [program, prefix] = stdout.trim().split("\n");
  if (!program || !prefix || prefix === "/") return null;
  const python = { program, prefix };
  return (await works(python)) ? python : null;
}

/** Output of a command that needs no share, or "" when it did not work. */
async function tryInside(sandbox: Sandbox, command: readonly string[]): Promise<string> {
  const cell = { folder: "/tmp", shares: [], protect: [], env: { PATH: "/usr/bin:/bin" }, text: "", command };
  const limits = { ms: tryMs, outputBytes: 10_000 };
  const ran = await runInside(sandbox, cell, { limits, signal: AbortSignal.timeout(tryMs) });
  return ran.code === 0 ? ran.output.toString().trim() : "";
}
