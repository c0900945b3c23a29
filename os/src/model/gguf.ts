// Reads the head of a GGUF file (little endian), to know a model before it is loaded:
//
//   "GGUF" | version u32 | tensors u64 | pairs u64 | pairs x (key string | type u32 | value) | ...
//   string = length u64 | bytes      array = type u32 | count u64 | values
//
// Only what Hum needs is kept. A file that is not GGUF, or cut inside its head, gives a `problem` and never a throw.

import { open } from "node:fs/promises";
import { toMessage } from "../error.ts";

/** What the head of a model file says. */
export interface GgufHead {
  name: string;
  architecture: string;
  bytes: number;
  mtimeMs: number;
  /** Window size it was trained on. */
  trainedTokens: number;
  /** Bytes of KV state for one token, in 16 bit. */
  kvBytesPerToken: number;
  /** True when its chat format is ChatML (`<|im_start|>role`). */
  chatml: boolean;
}

const sizes: Record<number, number> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const kindString = 8;
const kindArray = 9;

/** Reads the head of `file`. */
export async function readGguf(file: string): Promise<{ head: GgufHead } | { problem: string }> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(file, "r");
  } catch (error) {
    return { problem: `cannot open it (${toMessage(error)})` };
  }
  try {
    const { size, mtimeMs } = await handle.stat();
    // Vocabularies make heads of 2-20 MB; the read grows until the head is complete.
    for (let want = 8 << 20; ; want *= 4) {
      const buffer = Buffer.alloc(Math.min(want, size));
      await handle.read(buffer, 0, buffer.length, 0);
      if (buffer.toString("latin1", 0, 4) !== "GGUF") return { problem: "it is not a GGUF file" };
      const pairs = readPairs(buffer);
      if (pairs) return { head: toHead(pairs, size, mtimeMs) };
      if (buffer.length === size) return { problem: "it is cut off" };
    }
  } catch (error) {
    return { problem: `it is damaged (${toMessage(error)})` };
  } finally {
    await handle.close();
  }
}

type Pairs = Map<string, string | number>;

/** The scalar pairs of the head, or undefined when the buffer ends before them. */
function readPairs(buffer: Buffer): Pairs | undefined {
  const pairs: Pairs = new Map();
  let at = 24;
  const skip = (bytes: number): number => {
    const from = at;
    at += bytes;
    if (!(at <= buffer.length)) throw new RangeError("end of buffer");
    return from;
  };
  const u32 = () => buffer.readUInt32LE(skip(4));
  const u64 = () => Number(buffer.readBigUInt64LE(skip(8)));
  const string = () => {
    const length = u64();
    return buffer.toString("utf8", skip(length), at);
  };
  const scalar = (kind: number): string | number => {
    if (kind === kindString) return string();
    const size = sizes[kind];
    if (size === undefined) throw new Error(`unknown value type ${kind}`);
    const from = skip(size);
    if (kind === 6) return buffer.readFloatLE(from);
    if (kind === 12) return buffer.readDoubleLE(from);
    return size === 8 ? Number(buffer.readBigUInt64LE(from)) : buffer.readUIntLE(from, size);
  };
  try {
    const count = Number(buffer.readBigUInt64LE(16));
    for (let index = 0; index < count; index++) {
      const key = string();
      const kind = u32();
      if (kind !== kindArray) {
        pairs.set(key, scalar(kind));
        continue;
      }
      const inner = u32();
      const length = u64();
      if (inner === kindString) for (let item = 0; item < length; item++) skip(u64());
      else skip(length * (sizes[inner] ?? Number.NaN));
    }
    return pairs;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function toHead(pairs: Pairs, bytes: number, mtimeMs: number): GgufHead {
  const architecture = String(pairs.get("general.architecture") ?? "unknown");
  const number = (key: string, fallback: number) => {
    const value = pairs.get(`${architecture}.${key}`);
    return typeof value === "number" && value > 0 ? value : fallback;
  };
  const heads = number("attention.head_count", 16);
  const headSize = number("embedding_length", 2048) / heads;
  const keySize = number("attention.key_length", headSize);
  const valueSize = number("attention.value_length", headSize);
  const kvHeads = number("attention.head_count_kv", heads);
  return {
    name: String(pairs.get("general.name") ?? ""),
    architecture,
    bytes,
    mtimeMs,
    trainedTokens: number("context_length", 4096),
    kvBytesPerToken: number("block_count", 32) * kvHeads * (keySize + valueSize) * 2,
    chatml: String(pairs.get("tokenizer.chat_template") ?? "").includes("<|im_start|>"),
  };
}
