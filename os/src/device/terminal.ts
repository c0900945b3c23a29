// The device `terminal`: one operation, which runs a bash or Python program in the working folder.
//
// With a sandbox it is reversible: every writable share is recorded before, compared after, and can be brought back;
// the rest of the machine is out of reach. A share that is too large to be recorded is read-only for that command.
// Without a sandbox nothing holds the program, so the operation is irreversible and a person is asked each time.
//
// A Python program that ends with an error leaves no changes of files: what it had done of its work is taken back.
//
// The result: `[exit code N]`, the output with errors in their place (cut in the middle), notes, and the changed files.

import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { deviceLimits } from "../limits.ts";
import type { Blobs } from "./blobs.ts";
import { programPath, type Sandbox, toLimited } from "./bubblewrap.ts";
import {
  type Capture,
  capture,
  compare,
  fromPrepared,
  restorePrepared,
  toOutermost,
  toPrepared,
} from "./capture.ts";
import { restoreFolder, undoChanges } from "./changes.ts";
import {
  type Device,
  type DeviceContext,
  type DeviceResult,
  defineDevice,
  defineOperation,
  type FileChange,
  type Share,
} from "./device.ts";
import { createStatCache } from "./entry.ts";
import { type Ran, runProgram } from "./exec.ts";
import { fail, toFailure } from "./failure.ts";
import { type Bounds, runInside } from "./inside.ts";
import { joinLabels, type Label, toPrivate, toUntrusted } from "./label.ts";
import { cutMiddle, toPlainText } from "./output.ts";
import { toNet } from "./past.ts";
import { toPython } from "./python.ts";
import { describeChanges, toBytes } from "./say.ts";
import type { WalkOptions } from "./walk.ts";

/** What the device needs. */
export interface TerminalOptions {
  /** From detectSandbox; null runs commands without any isolation, after asking. */
  sandbox: Sandbox | null;
  blobs: Blobs;
  /** Folders of Hum itself that no share opens. */
  protect?: readonly string[];
  limits?: { ms?: number; outputBytes?: number };
  /** Called when a command has started, with the id of its outermost process. */
  onStart?(pid: number): void;
}

type Language = "bash" | "python";
const closedRoots = ["/proc", "/sys", "/dev", "/run/hum"];

/** Makes the device `terminal`. */
export function createTerminal(options: TerminalOptions): Device {
  const { blobs } = options;
  const cache = createStatCache();
  const walk: WalkOptions = { cache, exclude: options.protect ?? [] };

  async function captureShares(context: DeviceContext): Promise<Capture> {
    const roots = context.shares.filter((share) => share.write).map((share) => share.path);
    return capture(roots, blobs, { ...walk, signal: context.signal });
  }

  const run = defineOperation({
    about: "Runs a bash or Python program in the working folder and shows what it prints.",
    args: z.strictObject({
      command: z.string().min(1).max(deviceLimits.writeBytes).describe("the text of the program"),
      language: z.enum(["bash", "python"]).default("bash"),
    }),
    effect: options.sandbox ? "reversible" : "irreversible",
    sinks: { command: "what" },
    async prepare(_args, context) {
      try {
        return await toPrepared(await captureShares(context), blobs);
      } catch (error) {
        return { failed: toFailure(error, "The command").text };
      }
    },
    async run({ command, language }, context, prepared) {
      try {
        context.signal.throwIfAborted();
        if (typeof prepared?.failed === "string") return fail(prepared.failed);
        const closed = context.shares.find(({ path }) => isClosed(path));
        if (closed) return fail(`No command can run while ${closed.path} is shared: share a smaller folder.`);
        const before = (await fromPrepared(prepared, blobs)) ?? (await captureShares(context));
        const ran = await runText({ command, language }, toOpen(context, before, options), options);
        if (ran.ended === "spawn") return fail(`The command could not be started: ${ran.why}.`);
        return await toResult(ran, before, { context, options, walk, language });
      } catch (error) {
        return toFailure(error, "The command");
      }
    },
    recover: (prepared) => restorePrepared(prepared, blobs, walk),
  });
  return defineDevice({ name: "terminal", operations: { run } });
}

/** The context in which shares that were not recorded are read-only. */
function toOpen(context: DeviceContext, before: Capture, options: TerminalOptions): DeviceContext {
  if (!options.sandbox) return context;
  const refused = before.refused.map(({ root }) => root);
  const shares = context.shares.map((share): Share => {
    const closed = refused.some((root) => share.path === root || share.path.startsWith(`${root}/`));
    return closed ? { ...share, write: false } : share;
  });
  return { ...context, shares };
}

async function runText(
  program: { command: string; language: Language },
  context: DeviceContext,
  options: TerminalOptions,
): Promise<Ran> {
  const { sandbox } = options;
  const limits = {
    ms: options.limits?.ms ?? deviceLimits.runMs,
    outputBytes: options.limits?.outputBytes ?? deviceLimits.outputBytes,
  };
  const bounds: Bounds = {
    limits,
    signal: context.signal,
    isFull: await watchDisk(context.folder),
    ...(options.onStart ? { onStart: options.onStart } : {}),
  };
  const python = sandbox ? sandbox.python?.program : "python3";
  if (program.language === "python" && !python) {
    const why = "there is no Python 3 that works in the sandbox; use bash";
    return { code: null, ended: "spawn", output: Buffer.alloc(0), why, ms: 0 };
  }
  const toCommand = (path: string) =>
    program.language === "python" ? toPython(python!, path) : ["/bin/bash", "--noprofile", "--norc", path];

  if (sandbox) {
    const env = toEnvironment(context.folder, "/tmp", sandbox.python?.prefix);
    const cell = {
      ...context,
      protect: options.protect ?? [],
      env,
      text: program.command,
      command: toCommand(programPath),
    };
    return runInside(sandbox, cell, bounds);
  }
  const temporary = await mkdtemp(join(tmpdir(), "hum-run-"));
  try {
    const path = join(temporary, "program");
    await writeFile(path, program.command);
    const [command, ...args] = toLimited(toCommand(path), { processes: false });
    const env = toEnvironment(context.folder, temporary, null);
    return await runProgram({
      ...bounds,
      command: command!,
      args,
      cwd: context.folder,
      env,
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Tells when a command has filled the disk: the journal of Hum needs room too. */
async function watchDisk(folder: string): Promise<() => Promise<boolean>> {
  const free = async () => {
    const disk = await statfs(folder);
    return disk.bavail * disk.bsize;
  };
  const least = Math.min(deviceLimits.snapshotBytes, (await free().catch(() => 0)) / 2);
  return async () => (await free()) < least;
}

/** A clean environment: nothing of the person's own one is passed on but the time zone. */
function toEnvironment(
  folder: string,
  temporary: string,
  prefix: string | null | undefined,
): Record<string, string> {
  const path = "/usr/local/bin:/usr/bin:/bin";
  return {
    PATH: prefix ? `${prefix}/bin:${path}` : path,
    HOME: folder,
    USER: "hum",
    LANG: "C.UTF-8",
    TZ: process.env.TZ ?? new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC",
    TERM: "dumb",
    NO_COLOR: "1",
    PAGER: "cat",
    TMPDIR: temporary,
    XDG_CACHE_HOME: join(temporary, ".cache"),
    PYTHONPATH: folder,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUNBUFFERED: "1",
  };
}

async function toResult(
  ran: Ran,
  before: Capture,
  from: { context: DeviceContext; options: TerminalOptions; walk: WalkOptions; language: Language },
): Promise<DeviceResult> {
  const { context, options, walk } = from;
  const { changes: made, lost } = await compare(before, options.blobs, walk);
  const broken =
    from.language === "python" && options.sandbox !== null && ran.ended === "exit" && ran.code === 1;
  const { changes, undone } = broken ? await takeBack(made, options.blobs) : { changes: made, undone: 0 };
  for (const { manifest } of lost) await restoreFolder(manifest, options.blobs, walk);
  const output = toPlainText(ran.output).trimEnd();
  const shown = cutMiddle(output, deviceLimits.outputChars);
  const exit = ran.ended === "exit" ? (ran.code ?? `none, ended by ${ran.why}`) : "none";
  const notes = [
    ...stopNotes(ran, options),
    ...before.refused.map(
      ({ why }) => `[${why}; so it was ${options.sandbox ? "read-only" : "not recorded"} for this command]`,
    ),
    ...lost.map(({ why }) => `[${why}; what the command did there was taken back]`),
    ...(undone > 0 ? ["[it failed, so what it had changed in files was taken back]"] : []),
    describeChanges(changes, context.folder),
    ...(ran.ended === "exit" && ran.code === 0 && shown === "" && changes.length === 0 ? [nothingDone] : []),
  ];
  const text = [`[exit code ${exit}]`, shown, ...notes].filter((line) => line !== "").join("\n");
  const data: Record<string, unknown> = {
    exit: ran.code,
    ended: ran.ended,
    ms: ran.ms,
    outputBytes: ran.output.length,
  };
  if (shown !== output) data.output = await options.blobs.put(output);
  const ok = ran.ended === "exit" && ran.code === 0 && lost.length === 0;
  return { ok, text, label: toReach(context.shares), changes, data };
}

/** What a command is told that left no trace. */
export const nothingDone = "It printed nothing and changed nothing.";

// A program that ends with an error has done half of its work, and would do it again on what it left.
async function takeBack(
  made: readonly FileChange[],
  blobs: Blobs,
): Promise<{ changes: readonly FileChange[]; undone: number }> {
  if (made.length === 0) return { changes: made, undone: 0 };
  const { undone, changes } = await undoChanges(made, blobs, { force: true });
  return { changes: toNet([...made, ...changes]), undone: undone.length };
}

function stopNotes(ran: Ran, options: TerminalOptions): string[] {
  const seconds = (options.limits?.ms ?? deviceLimits.runMs) / 1000;
  const bytes = toBytes(options.limits?.outputBytes ?? deviceLimits.outputBytes);
  if (ran.ended === "timeout") return [`[stopped after ${seconds} s, the longest time for one command]`];
  if (ran.ended === "output") return [`[stopped: it printed more than ${bytes}]`];
  if (ran.ended === "disk") return ["[stopped: the disk was almost full]"];
  return ran.ended === "abort" ? ["[stopped before it was finished]"] : [];
}

/** A command may have read anything it can see. */
function toReach(shares: readonly Share[]): Label {
  const labels = toOutermost(shares.map(({ path }) => path)).map((path) => toUntrusted(`file:${path}`));
  return toPrivate(labels.reduce(joinLabels, toUntrusted("terminal")));
}

/** Shares that would lay something over the system inside the sandbox. */
function isClosed(path: string): boolean {
  return (
    path === "/" || closedRoots.some((root) => path === root || path.startsWith(`${root}/`) || root === path)
  );
}
