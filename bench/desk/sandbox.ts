// Runs a command that a model wrote: no network, the whole machine read-only, one folder writable (HOME and cwd).
// Rule: nothing from a model runs outside of this, neither while it works nor when a checker tries its program.

import { spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** What a command left on its way out. */
export interface CommandResult {
  status: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

/** Hidden in the sandbox, so that no run can read the checkers and solutions. */
const repository = resolve(import.meta.dirname, "../..");

function bwrapArgs(dir: string, argv: string[]): string[] {
  return [
    ...["--unshare-all", "--die-with-parent", "--new-session"],
    ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--tmpfs", repository],
    ...["--bind", dir, dir, "--chdir", dir, "--clearenv"],
    ...["--setenv", "HOME", dir, "--setenv", "PATH", process.env.PATH ?? "/usr/bin:/bin"],
    ...["--setenv", "LANG", "C.UTF-8", "--setenv", "PYTHONDONTWRITEBYTECODE", "1"],
    ...argv,
  ];
}

/** Whether bubblewrap works on this machine (inside some containers it is installed and refused). */
export function canSandbox(): boolean {
  return spawnSync("bwrap", bwrapArgs("/tmp", ["true"])).status === 0;
}

/** Runs a program in the sandbox and waits; for checkers. */
export function runSync(dir: string, argv: string[], timeoutMs = 15_000): CommandResult {
  const done = spawnSync("bwrap", bwrapArgs(dir, argv), {
    encoding: "utf8",
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const timedOut = (done.error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT";
  return { status: done.status, stdout: done.stdout ?? "", stderr: done.stderr ?? "", timedOut };
}

/** Runs a program in the sandbox; output beyond 1 MB is thrown away. */
export function runInSandbox(
  dir: string,
  argv: string[],
  options: { stdin?: string; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("bwrap", bwrapArgs(dir, argv), { stdio: "pipe" });
    const out = { stdout: "", stderr: "" };
    let timedOut = false;
    const stop = (): void => void child.kill("SIGKILL");
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, options.timeoutMs);
    options.signal?.addEventListener("abort", stop, { once: true });
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8");
      child[name].on("data", (text: string) => {
        if (out[name].length < 1_000_000) out[name] += text;
      });
    }
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.stdin ?? "");
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", stop);
      resolve({ status, ...out, timedOut });
    });
  });
}
