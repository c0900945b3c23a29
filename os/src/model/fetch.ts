// Fetches a model of the catalogue into `models/ID.gguf`, from the first source that works. What arrives lies in
//
//   models/ID.gguf.SOURCE.part    bytes so far        models/ID.gguf.lock    pid of the process that fetches
//
// A part file is gone on with after a break, a Ctrl-C or a crash. The whole file is proved by SHA-256 and then renamed,
// so that `ID.gguf` is never half a model; a file that does not match is deleted and fetched once more.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { HumError, toMessage } from "../error.ts";
import { type CatalogueEntry, catalogue, findModel } from "./catalogue.ts";
import { pullLimits } from "./sizes.ts";
import { huggingFace, pip } from "./sources.ts";
import { toModelFile } from "./store.ts";

/** One fetch, as a source sees it. */
export interface PullJob {
  entry: CatalogueEntry;
  /** The file to append to; what is in it came from the same source. */
  part: string;
  signal: AbortSignal;
  onBytes(done: number): void;
}

/** Where a model may come from. */
export interface PullSource {
  name: string;
  /** Brings the part file to its full length, or throws a reason. */
  pull(job: PullJob): Promise<void>;
}

/** How a model is pulled. */
export interface PullOptions {
  home: string;
  id: string;
  onProgress?(progress: { done: number; total: number; source: string }): void;
  signal?: AbortSignal;
  /** In the order in which they are tried. */
  sources?: readonly PullSource[];
  /** Another catalogue. */
  entries?: readonly CatalogueEntry[];
  /** Another place than `models/ID.gguf`. */
  file?: string;
  /** The command that goes on with it; `hum model pull ID` unless told. */
  again?: string;
}

/** Fetches a model and returns its file; one that is on disk and whole is used as it is. */
export async function pullModel(options: PullOptions): Promise<string> {
  const { id, home } = options;
  const entry = options.entries ? options.entries.find((known) => known.id === id) : findModel(id);
  if (!entry) {
    const known = (options.entries ?? catalogue).map((other) => other.id).join(", ");
    throw new HumError("not-found", `There is no model ${id} to fetch. Known are: ${known}.`);
  }
  const file = options.file ?? toModelFile(home, id);
  const signal = options.signal ?? new AbortController().signal;
  await mkdir(dirname(file), { recursive: true });
  const unlock = await lock(`${file}.lock`, id);
  try {
    if (await matches(file, entry, signal)) return file;
    const sources = options.sources ?? [huggingFace, pip];
    const reasons: string[] = [];
    for (const source of sources) {
      const reason = await tryTwice(source, { entry, file, signal, options });
      if (reason === undefined) {
        await Promise.all(sources.map((other) => removePart(toPart(file, other))));
        return file;
      }
      reasons.push(`${source.name}: ${reason}`);
    }
    const message =
      `The model ${id} could not be fetched (${reasons.join("; ")}). Go on with \`${toAgain(options)}\` when the ` +
      `network is back${options.again ? "" : ", or use a GGUF file of this machine: `hum model add FILE`"}.`;
    throw new HumError("offline", message);
  } finally {
    await unlock();
  }
}

interface Attempt {
  entry: CatalogueEntry;
  file: string;
  signal: AbortSignal;
  options: PullOptions;
}

/** Pulls, proves and renames; undefined when done, else the reason. Twice when the bytes were wrong. */
async function tryTwice(source: PullSource, attempt: Attempt): Promise<string | undefined> {
  const { entry, file, signal, options } = attempt;
  const part = toPart(file, source);
  let last = 0;
  const onBytes = (done: number) => {
    const now = performance.now();
    if (done < entry.bytes && now - last < pullLimits.progressMs) return;
    last = now;
    options.onProgress?.({ done, total: entry.bytes, source: source.name });
  };
  for (let time = 1; ; time++) {
    await checkDisk(part, entry);
    try {
      await source.pull({ entry, part, signal, onBytes });
    } catch (error) {
      if (signal.aborted) throw interrupted(options);
      if ((error as { code?: string }).code === "ENOSPC") throw diskFull(entry, entry.bytes);
      return toMessage(error);
    }
    if (await matches(part, entry, signal)) {
      await rename(part, file);
      return undefined;
    }
    await removePart(part);
    if (time === 2) return "its bytes are not the model's (SHA-256 differs)";
  }
}

function toPart(file: string, source: PullSource): string {
  return `${file}.${source.name}.part`;
}

/** Removes a part file and what a source noted beside it. */
async function removePart(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(`${part}.json`, { force: true });
}

/** True when a file is the model, byte for byte. */
async function matches(file: string, entry: CatalogueEntry, signal: AbortSignal): Promise<boolean> {
  const info = await stat(file).catch(() => undefined);
  if (info?.size !== entry.bytes) return false;
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, signal }))
      hash.update(piece as Buffer);
  } catch (error) {
    if (signal.aborted) throw interrupted(entry);
    throw error;
  }
  return hash.digest("hex") === entry.sha256;
}

async function checkDisk(part: string, entry: CatalogueEntry): Promise<void> {
  const here = (await stat(part).catch(() => undefined))?.size ?? 0;
  const need = Math.max(0, entry.bytes - here) + pullLimits.spareBytes;
  const { bavail, bsize } = await statfs(dirname(part));
  if (bavail * bsize < need) throw diskFull(entry, need, bavail * bsize);
}

function diskFull(entry: CatalogueEntry, need: number, free?: number): HumError {
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  const have = free === undefined ? "the disk is full" : `${megabytes(free)} are free`;
  const message = `The model ${entry.id} needs ${megabytes(need)} and ${have}. Free some space, or set HUM_HOME to another disk.`;
  return new HumError("disk-full", message, { data: { need, free: free ?? 0 } });
}

function interrupted(options: Pick<PullOptions, "id" | "again">): HumError {
  return new HumError("interrupted", `Stopped. \`${toAgain(options)}\` goes on from here.`);
}

const toAgain = ({ id, again }: Pick<PullOptions, "id" | "again">) => again ?? `hum model pull ${id}`;

/** Takes the lock of what is fetched; a lock whose process is gone, or that is very old, is taken over. Throws `locked`. */
export async function lock(file: string, id: string): Promise<() => Promise<void>> {
  for (let time = 1; ; time++) {
    try {
      const handle = await open(file, "wx");
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
      if (time > 2 || (await isHeld(file))) {
        throw new HumError(
          "locked",
          `Another Hum is fetching ${id} just now. Wait for it, or stop it and try again.`,
        );
      }
      await rm(file, { force: true });
    }
  }
}

async function isHeld(file: string): Promise<boolean> {
  const text = await readFile(file, "utf8").catch(() => "");
  const info = await stat(file).catch(() => undefined);
  if (!info) return false;
  let holder: { pid?: number; host?: string } = {};
  try {
    holder = JSON.parse(text) as typeof holder;
  } catch {
    // Half written: held if it was made just now.
    return Date.now() - info.mtimeMs < 5_000;
  }
  if (holder.host !== hostname() || !holder.pid) return Date.now() - info.mtimeMs < pullLimits.lockMs;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
