// The KV state of a sequence on disk. The engine writes its state; a footer makes the file provable:
//
//   state (llama.cpp, any bytes) | tokens u32 x n | n u32 | sha256, 32 bytes | "HUMKV01\n"
//   sha256 over: key | state | tokens | n        key = what model and engine it belongs to
//
// A file that is cut, changed or of another model does not match its sum and is refused; the caller then computes the
// state again. Files appear by rename, so a reader never sees half of one. The folder is bounded, oldest dropped first.

import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

const magic = Buffer.from("HUMKV01\n", "latin1");
const tailBytes = 4 + 32 + magic.length;
const suffix = ".kv";

/** What the engine can do with the state of one sequence. */
export interface StateIo {
  save(file: string): Promise<unknown>;
  load(file: string): Promise<unknown>;
}

/** A folder of KV states of one model. */
export interface KvFolder {
  /**
   * Keeps a state under a name. It is done when the engine has written its state and may change it; the sum is made and the file
   * appears behind that (`settled`). A full disk is no failure: the state is then not kept.
   */
  save(name: string, tokens: readonly number[], io: StateIo): Promise<void>;
  /** The tokens of a kept state as the file claims them, not yet proved; undefined when there is none. */
  peek(name: string): Promise<Uint32Array | undefined>;
  /** Proves and loads a state; false (and the file is gone) when it was damaged or is not of this model. */
  load(name: string, io: StateIo): Promise<boolean>;
  remove(name: string): Promise<void>;
  /** All that was to be kept is on disk, or is not kept. */
  settled(): Promise<void>;
}

/** Opens the folder for the states of the model that `key` describes. */
export async function openKvFolder(dir: string, key: string, maxBytes: number): Promise<KvFolder> {
  // Where no folder can be made (a full disk, a file in its place) nothing is kept and everything is computed.
  await mkdir(dir, { recursive: true }).catch(() => undefined);
  const prefix = createHash("sha256").update(key).digest("hex").slice(0, 12);
  const path = (name: string) =>
    join(dir, `${prefix}-${createHash("sha256").update(name).digest("hex").slice(0, 24)}${suffix}`);

  /** Files that are made behind the engine's back, one after the other: two sums at once would take its cores. */
  const behind = new Map<string, Promise<void>>();
  let last = Promise.resolve();
  /** Files that are being made: they count, and are not dropped to make room. */
  const drafts = new Set<string>();

  async function finish(name: string, draft: string, tokens: readonly number[]): Promise<void> {
    try {
      await appendFooter(draft, key, tokens);
      await rename(draft, path(name));
      drafts.delete(draft);
      await bound(dir, maxBytes, drafts);
    } catch {
      drafts.delete(draft);
      await drop(draft);
    }
  }

  return {
    async save(name, tokens, io) {
      const draft = join(dir, `${prefix}-${randomUUID()}.draft`);
      const held = [...tokens];
      drafts.add(draft);
      try {
        await io.save(draft);
      } catch {
        drafts.delete(draft);
        return drop(draft);
      }
      last = last.then(() => finish(name, draft, held));
      const mine = last;
      behind.set(name, mine);
      void mine.then(() => behind.get(name) === mine && behind.delete(name));
    },
    async peek(name) {
      await behind.get(name);
      const footer = await readFooter(path(name));
      return footer?.tokens;
    },
    async load(name, io) {
      await behind.get(name);
      const file = path(name);
      try {
        const footer = await readFooter(file);
        if (footer && (await sum(file, key, footer.bodyBytes)).equals(footer.sum)) {
          await io.load(file);
          await utimes(file, new Date(), new Date());
          return true;
        }
      } catch {
        // Whatever is wrong with the file, the state can be computed again.
      }
      await drop(file);
      return false;
    },
    async remove(name) {
      await behind.get(name);
      await drop(path(name));
    },
    settled: () => last,
  };
}

/** Deletes a file; one that cannot be deleted is refused when it is read. */
const drop = (file: string): Promise<void> => rm(file, { force: true }).catch(() => undefined);

async function appendFooter(file: string, key: string, tokens: readonly number[]): Promise<void> {
  const list = Buffer.from(Uint32Array.from([...tokens, tokens.length]).buffer);
  const handle = await open(file, "r+");
  try {
    const { size } = await handle.stat();
    await handle.write(list, 0, list.length, size);
    const end = size + list.length;
    const tail = Buffer.concat([await sum(file, key, end), magic]);
    await handle.write(tail, 0, tail.length, end);
  } finally {
    await handle.close();
  }
}

async function readFooter(file: string) {
  const handle = await open(file, "r").catch(() => undefined);
  if (!handle) return undefined;
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(tailBytes);
    if (size < tailBytes) return undefined;
    await handle.read(tail, 0, tailBytes, size - tailBytes);
    const count = tail.readUInt32LE(0);
    const start = size - tailBytes - count * 4;
    if (!tail.subarray(36).equals(magic) || start < 0) return undefined;
    const tokens = new Uint32Array(count);
    await handle.read(new Uint8Array(tokens.buffer), 0, count * 4, start);
    return { tokens, sum: tail.subarray(4, 36), bodyBytes: size - tailBytes + 4 };
  } finally {
    await handle.close();
  }
}

/** SHA-256 over the key and the first `bytes` of a file, in pieces, so that the engine can answer in between. */
async function sum(file: string, key: string, bytes: number): Promise<Buffer> {
  const hash = createHash("sha256").update(key).update("\0");
  const handle = await open(file, "r");
  try {
    const buffer = Buffer.alloc(Math.min(4 << 20, bytes));
    for (let at = 0; at < bytes; ) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, bytes - at), at);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    return hash.digest();
  } finally {
    await handle.close();
  }
}

async function bound(dir: string, maxBytes: number, drafts: ReadonlySet<string>): Promise<void> {
  const files: { file: string; size: number; used: number }[] = [];
  for (const name of await readdir(dir)) {
    if (!name.endsWith(suffix) && !name.endsWith(".draft")) continue;
    const file = join(dir, name);
    const info = await stat(file).catch(() => undefined);
    if (info) files.push({ file, size: info.size, used: info.mtimeMs });
  }
  let total = files.reduce((bytes, file) => bytes + file.size, 0);
  for (const { file, size } of files.sort((a, b) => a.used - b.used)) {
    if (total <= maxBytes) return;
    if (drafts.has(file)) continue;
    await rm(file, { force: true });
    total -= size;
  }
}
