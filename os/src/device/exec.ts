// Running one program with limits: its output is collected in one stream, and the whole tree of processes is killed
// on timeout, on abort, when it prints too much, and when the program itself has ended (nothing stays behind).
//
// In the sandbox the kernel takes the tree down: its first process dies, and the process namespace with it. Without,
// the process group is killed, and on Linux every process that inherited this call's mark.

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

const closeMs = 1_000;
const goneTries = 400;
const markRounds = 20;
const markMs = 4;
const watchMs = 200;

/** What to run. */
export interface Program {
  command: string;
  args: readonly string[];
  cwd?: string;
  env: Record<string, string>;
  /** Contents that the program finds on file descriptors 3, 4, and so on. */
  inputs?: readonly (string | Uint8Array)[];
  limits: { ms: number; outputBytes: number };
  signal: AbortSignal;
  /**
   * For a sandbox: the descriptor on which it tells `child-pid`, its first process. That one is killed, the kernel takes
   * all others with it, and the sandbox ends only when they are gone. Without it, what left the group is searched.
   */
  infoFd?: number;
  /** Asked several times a second; true stops the program (`ended` is "disk"). */
  isFull?(): Promise<boolean>;
  /** Called when the process has started. */
  onStart?(pid: number): void;
}

/** How it went. Never a throw: a program that cannot be started has `ended` "spawn". */
export interface Ran {
  code: number | null;
  /** Why it ended: by itself, or stopped. */
  ended: "exit" | "timeout" | "abort" | "output" | "disk" | "spawn";
  output: Buffer;
  /** Signal that ended it, or the reason why it could not start. */
  why: string | null;
  ms: number;
}

/** Runs a program to its end, or to one of its limits. */
export async function runProgram(program: Program): Promise<Ran> {
  const started = performance.now();
  const toMs = () => Math.round(performance.now() - started);
  if (program.signal.aborted)
    return { code: null, ended: "abort", output: Buffer.alloc(0), why: null, ms: 0 };
  const mark = randomUUID();
  const inputs = program.inputs ?? [];
  const child = spawn(program.command, program.args, {
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
    env: program.infoFd ? program.env : { ...program.env, HUM_CALL: mark },
    stdio: [
      "ignore",
      "pipe",
      "pipe",
      ...inputs.map(() => "pipe" as const),
      ...(program.infoFd ? ["pipe" as const] : []),
    ],
    detached: true,
  });
  const failed = new Promise<string>((resolve) => child.once("error", (error) => resolve(error.message)));
  const exited = new Promise<[number | null, string | null]>((resolve) =>
    child.once("exit", (code, signal) => resolve([code, signal])),
  );
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  if (child.pid !== undefined) program.onStart?.(child.pid);

  let ended: Ran["ended"] = "exit";
  const first = program.infoFd ? toFirst(child.stdio[program.infoFd] as Readable | null) : null;
  const stop = (why: Ran["ended"]) => {
    if (ended !== "exit") return;
    ended = why;
    const pid = first?.pid();
    if (pid === undefined) killGroup(child.pid);
    else kill(pid);
    setTimeout(() => killGroup(child.pid), closeMs).unref();
  };
  const output: Buffer[] = [];
  let outputBytes = 0;
  const collect = (piece: Buffer) => {
    const room = program.limits.outputBytes - outputBytes;
    outputBytes += piece.length;
    if (room > 0) output.push(piece.subarray(0, room));
    if (outputBytes > program.limits.outputBytes) stop("output");
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  for (const [i, input] of inputs.entries()) {
    const pipe = child.stdio[3 + i] as NodeJS.WritableStream | null;
    pipe?.on("error", () => {}); // the program may end without reading it
    pipe?.end(input);
  }
  const onAbort = () => stop("abort");
  program.signal.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => stop("timeout"), program.limits.ms);
  const watch = setInterval(async () => {
    if (await program.isFull?.().catch(() => false)) stop("disk");
  }, watchMs);

  const end = await Promise.race([exited, failed]);
  clearTimeout(timer);
  clearInterval(watch);
  program.signal.removeEventListener("abort", onAbort);
  if (typeof end === "string")
    return { code: null, ended: "spawn", output: Buffer.alloc(0), why: end, ms: toMs() };
  killGroup(child.pid);
  if (first) await isGone(first.pid());
  else await killMarked(mark);
  await Promise.race([closed, sleep(closeMs, undefined, { ref: false })]);
  for (const stream of child.stdio) stream?.destroy();
  return { code: end[0], ended, output: Buffer.concat(output), why: end[1], ms: toMs() };
}

/** Kills a process that may be gone already. */
export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // already gone
  }
}

/** Kills a process group that may be gone already. */
export function killGroup(pid: number | undefined): void {
  if (pid !== undefined) kill(-pid);
}

/** Reads the first process of a sandbox from what it tells. */
export function toFirst(info: Readable | null): { pid(): number | undefined } {
  let text = "";
  info?.on("data", (piece: Buffer) => {
    text += piece.toString();
  });
  return {
    pid() {
      const found = /"child-pid":\s*(\d+)/.exec(text)?.[1];
      return found === undefined ? undefined : Number(found);
    },
  };
}

/** Waits until the first process of a sandbox is gone: the kernel lets it go after all others of its namespace. */
export async function isGone(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  for (let i = 0; i < goneTries; i++) {
    const status = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
    if (status === null || /\) Z /.test(status)) return;
    kill(pid);
    await sleep(5);
  }
}

/** Kills what left the process group but still carries the mark in its environment. */
async function killMarked(mark: string): Promise<void> {
  if (process.platform !== "linux") return;
  const wanted = Buffer.from(`HUM_CALL=${mark}`);
  // A process that is just being started shows no environment for a moment, so one empty look is not enough.
  for (let round = 0, empty = 0; round < markRounds && empty < 2; round++) {
    if (round > 0) await sleep(markMs);
    const pids = (await readdir("/proc")).filter(
      (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
    );
    const found = await Promise.all(
      pids.map(
        async (pid) => (await readFile(`/proc/${pid}/environ`).catch(() => null))?.includes(wanted) && pid,
      ),
    );
    const alive = found.filter((pid) => typeof pid === "string");
    empty = alive.length === 0 ? empty + 1 : 0;
    for (const pid of alive) kill(Number(pid));
  }
}
