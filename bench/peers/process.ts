/**
 * Processes of the harness: the server on core 1, each client on core 0 (where `taskset` and two cores exist).
 *
 * Rules: Node is the one that runs this file; the environment of a client is bare, so that no key, proxy or tracing
 * variable of the machine changes a row; only processes started here are killed, by their own handle.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import type { ClientSpec } from "./contract.ts";

const here = import.meta.dirname;
const pinned = availableParallelism() >= 2 && spawnSync("taskset", ["-c", "1", "true"]).status === 0;

/** True if clients and server really have a core each. */
export const isPinned: boolean = pinned;

function start(core: number, args: string[], stdin: "pipe" | "ignore"): ChildProcess {
  const command = pinned ? ["taskset", "-c", String(core), process.execPath] : [process.execPath];
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  const env = { PATH, HOME, TMPDIR, LANG, NO_COLOR: "1" };
  return spawn(command[0]!, [...command.slice(1), ...args], {
    cwd: here,
    env,
    stdio: [stdin, "pipe", "pipe"],
  });
}

/** The fake server as a process; it ends with us. */
export async function startServer(): Promise<{ baseURL: string; stop(): void }> {
  const child = start(1, ["fake-server.ts"], "pipe");
  const [line] = (await once(createInterface({ input: child.stdout! }), "line")) as [string];
  child.stderr?.resume();
  return { baseURL: `http://127.0.0.1:${Number(line)}/v1`, stop: () => void child.kill() };
}

/** How a client process ended; `result` is absent if it was killed or failed. */
export interface Ended {
  result?: unknown;
  killed: boolean;
  stderr: string;
}

/** A running client; `onStarted` resolves when a W5 client says that its agents begin. */
export interface Client {
  started: Promise<void>;
  ended: Promise<Ended>;
  /** SIGKILL to this one process. */
  kill(): void;
}

/** Starts one client process; it is killed when `limitMs` have passed. */
export function startClient(spec: ClientSpec, limitMs: number): Client {
  const child = start(0, ["--expose-gc", "client.ts", JSON.stringify(spec)], "ignore");
  let killed = false;
  let result: unknown;
  let stderr = "";
  const kill = () => {
    if (child.exitCode === null) killed = child.kill("SIGKILL") || killed;
  };
  const timer = setTimeout(kill, limitMs);
  const started = Promise.withResolvers<void>();
  createInterface({ input: child.stdout! }).on("line", (line) => {
    if (line === "@@started") started.resolve();
    else if (line.startsWith("@@result ")) result = JSON.parse(line.slice("@@result ".length));
  });
  child.stderr!.on("data", (part) => {
    stderr = (stderr + part).slice(0, 4000);
  });
  const ended = once(child, "close").then((): Ended => {
    clearTimeout(timer);
    started.resolve();
    return { killed, stderr, ...(result !== undefined && { result }) };
  });
  return { started: started.promise, ended, kill };
}
