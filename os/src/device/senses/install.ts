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
import { join } from "node:path";
import { HumError } from "../../error.ts";
import { type PullSource, pullModel } from "../../model/fetch.ts";
import { pip } from "../../model/sources.ts";
import { convertWhisper } from "../voice/whisper/convert.ts";
import { type SenseEntry, senses, tokenizerBytes } from "./catalogue.ts";

/** A sense as `hum senses ls` shows it. */
export interface ListedSense {
  id: string;
  about: string;
  licence: string;
  bytes: number;
  present: boolean;
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
      ...{ id: entry.id, about: entry.about, licence: entry.licence, bytes: entry.bytes },
      present: (await readReady(home, entry)) !== null,
      where: folderOf(home, entry.id),
    })),
  );
}

/** Fetches a sense unless it is here, and gives its folder. Throws `offline`, `disk-full`, `interrupted`, `locked`. */
export async function pullSense(options: {
  home: string;
  id: string;
  onProgress?(done: number, total: number): void;
  signal?: AbortSignal;
  sources?: readonly PullSource[];
}): Promise<string> {
  const { home, id, onProgress, signal, sources = [pip] } = options;
  const entry = find(id);
  const folder = folderOf(home, id);
  if (await isWhole(home, entry)) return folder;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pack = join(folder, "weights.pack");
  await pullModel({
    ...{ home, id, file: pack, entries: [entry], sources, again: "hum senses pull" },
    ...(signal ? { signal } : {}),
    onProgress: ({ done, total }) => onProgress?.(done, total),
  });
  const content = await readFile(pack);
  const made = await make(entry, content);
  const ready: Ready = { from: entry.sha256, files: {} };
  for (const [name, bytes] of Object.entries(made)) {
    await writeFile(join(folder, `${name}.new`), bytes, { mode: 0o600, flush: true });
    await rename(join(folder, `${name}.new`), join(folder, name));
    ready.files[name] = { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  }
  await writeFile(join(folder, "ready.json.new"), `${JSON.stringify(ready, null, 2)}\n`, {
    mode: 0o600,
    flush: true,
  });
  await rename(join(folder, "ready.json.new"), join(folder, "ready.json"));
  await rm(pack, { force: true });
  return folder;
}

/** The folder of a sense that is here and whole. Throws `not-found` or `damaged` with what to do. */
export async function checkSense(home: string, id: string): Promise<string> {
  const entry = find(id);
  if ((await readReady(home, entry)) === null)
    throw new HumError("not-found", `The sense ${id} is not here yet. Fetch it once: \`hum senses pull\`.`);
  if (!(await isWhole(home, entry)))
    throw new HumError(
      "damaged",
      `The files of the sense ${id} are damaged. Fetch them again: \`hum senses pull\`.`,
    );
  return folderOf(home, id);
}

async function make(entry: SenseEntry, content: Buffer): Promise<Record<string, Buffer>> {
  if (entry.id !== "whisper-base") return { [entry.files[0] as string]: content };
  const tokenizer = content.subarray(0, tokenizerBytes).toString("utf8");
  const { encoder, decoder, tokens } = convertWhisper(content.subarray(tokenizerBytes), tokenizer);
  return { "encoder.onnx": encoder, "decoder.onnx": decoder, "tokens.txt": Buffer.from(tokens) };
}

function find(id: string): SenseEntry {
  const entry = senses.find((one) => one.id === id);
  if (entry) return entry;
  throw new HumError(
    "not-found",
    `There is no sense ${id}. There are: ${senses.map((one) => one.id).join(", ")}.`,
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
  for (const [name, { bytes, sha256 }] of Object.entries(ready.files)) {
    const file = join(folderOf(home, entry.id), name);
    if ((await stat(file).catch(() => null))?.size !== bytes) return false;
    const hash = createHash("sha256");
    for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
    if (hash.digest("hex") !== sha256) return false;
  }
  return true;
}
