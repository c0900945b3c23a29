// Makes a GGUF file that llama.cpp loads out of a BERT model as sentence-transformers publishes it: `model.safetensors`
// (little endian: head length u64 | head JSON | data) and `vocab.txt` (a word piece a line).
//
//   "GGUF" | version 3 u32 | tensors u64 | pairs u64 | pairs | infos | padding to 32 | data, each tensor padded to 32
//
// Matrices become 16 bit, everything small stays as it is. Word pieces are written as llama.cpp's WordPiece tokenizer
// wants them: a piece that begins a word has U+2581 before it, one that goes on has lost its "##".

import { HumError } from "../error.ts";

/** What a model of this kind is made of. */
export interface MinilmShape {
  name: string;
  layers: number;
  width: number;
  feedForward: number;
  heads: number;
  contextTokens: number;
  epsilon: number;
}

/** all-MiniLM-L6-v2. */
export const minilmShape: MinilmShape = {
  name: "all-MiniLM-L6-v2",
  ...{ layers: 6, width: 384, feedForward: 1536, heads: 12, contextTokens: 512, epsilon: 1e-12 },
};

interface Tensor {
  name: string;
  /** As numpy says it: the last varies fastest. */
  shape: readonly number[];
  data: Float32Array;
}

const kinds = { u32: 4, i32: 5, f32: 6, bool: 7, string: 8, array: 9 } as const;
const tensorKinds = { f32: 0, f16: 1 } as const;
const alignment = 32;

/** The GGUF file as bytes. Throws `damaged` when a tensor is missing. */
export function toMinilmGguf(safetensors: Buffer, vocab: string, shape = minilmShape): Buffer {
  const source = readSafetensors(safetensors);
  const tensors = [...listNames(shape)].map(([from, name]) => {
    const found = source.get(from);
    if (!found) throw new HumError("damaged", `The model has no tensor ${from}.`);
    return { ...found, name };
  });
  const pieces = vocab.replace(/\n$/, "").split("\n");
  return writeGguf(tensors, toPairs(pieces, shape));
}

function readSafetensors(file: Buffer): Map<string, Omit<Tensor, "name">> {
  const length = Number(file.readBigUInt64LE(0));
  const head = JSON.parse(file.toString("utf8", 8, 8 + length)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = new Map<string, Omit<Tensor, "name">>();
  for (const [name, info] of Object.entries(head)) {
    if (info.dtype !== "F32") continue;
    const [start, end] = info.data_offsets.map((at) => at + 8 + length) as [number, number];
    // A copy, because the data of a file need not lie where 32-bit numbers may.
    const bytes = new Uint8Array(file.subarray(start, end));
    tensors.set(name, { shape: info.shape, data: new Float32Array(bytes.buffer) });
  }
  return tensors;
}

/** Names there and here. */
function* listNames(shape: MinilmShape): Generator<[string, string]> {
  yield ["embeddings.word_embeddings.weight", "token_embd.weight"];
  yield ["embeddings.position_embeddings.weight", "position_embd.weight"];
  yield ["embeddings.token_type_embeddings.weight", "token_types.weight"];
  const parts: [string, string][] = [
    ["attention.self.query", "attn_q"],
    ["attention.self.key", "attn_k"],
    ["attention.self.value", "attn_v"],
    ["attention.output.dense", "attn_output"],
    ["attention.output.LayerNorm", "attn_output_norm"],
    ["intermediate.dense", "ffn_up"],
    ["output.dense", "ffn_down"],
    ["output.LayerNorm", "layer_output_norm"],
  ];
  for (const end of ["weight", "bias"]) {
    yield [`embeddings.LayerNorm.${end}`, `token_embd_norm.${end}`];
    for (let layer = 0; layer < shape.layers; layer++)
      for (const [from, to] of parts)
        yield [`encoder.layer.${layer}.${from}.${end}`, `blk.${layer}.${to}.${end}`];
  }
}

type Value = readonly [keyof typeof kinds, number | boolean | string | readonly (string | number)[]];

function toPairs(pieces: readonly string[], shape: MinilmShape): [string, Value][] {
  const special = (piece: string) => /^\[(PAD|UNK|CLS|SEP|MASK|unused\d+)\]$/.test(piece);
  const texts = pieces.map((piece) =>
    special(piece) ? piece : piece.startsWith("##") ? piece.slice(2) : `\u2581${piece}`,
  );
  // 1 is a normal piece, 2 the unknown one, 3 one that controls.
  const types = pieces.map((piece) => (piece === "[UNK]" ? 2 : special(piece) ? 3 : 1));
  const idOf = (piece: string): Value => ["u32", Math.max(0, pieces.indexOf(piece))];
  return [
    ["general.architecture", ["string", "bert"]],
    ["general.name", ["string", shape.name]],
    ["general.file_type", ["u32", 1]],
    ["bert.vocab_size", ["u32", pieces.length]],
    ["bert.context_length", ["u32", shape.contextTokens]],
    ["bert.embedding_length", ["u32", shape.width]],
    ["bert.block_count", ["u32", shape.layers]],
    ["bert.feed_forward_length", ["u32", shape.feedForward]],
    ["bert.attention.head_count", ["u32", shape.heads]],
    ["bert.attention.layer_norm_epsilon", ["f32", shape.epsilon]],
    ["bert.attention.causal", ["bool", false]],
    ["bert.pooling_type", ["u32", 1]],
    ["tokenizer.ggml.model", ["string", "bert"]],
    ["tokenizer.ggml.pre", ["string", "jina-v2-en"]],
    ["tokenizer.ggml.token_type_count", ["u32", 2]],
    ["tokenizer.ggml.tokens", ["string", texts]],
    ["tokenizer.ggml.token_type", ["i32", types]],
    ["tokenizer.ggml.bos_token_id", idOf("[CLS]")],
    ["tokenizer.ggml.eos_token_id", idOf("[SEP]")],
    ["tokenizer.ggml.unknown_token_id", idOf("[UNK]")],
    ["tokenizer.ggml.seperator_token_id", idOf("[SEP]")],
    ["tokenizer.ggml.padding_token_id", idOf("[PAD]")],
    ["tokenizer.ggml.cls_token_id", idOf("[CLS]")],
    ["tokenizer.ggml.mask_token_id", idOf("[MASK]")],
  ];
}

function writeGguf(tensors: readonly Tensor[], pairs: readonly [string, Value][]): Buffer {
  const head: Buffer[] = [Buffer.from("GGUF", "latin1"), u32(3), u64(tensors.length), u64(pairs.length)];
  for (const [key, [kind, value]] of pairs) {
    head.push(text(key));
    if (Array.isArray(value)) head.push(u32(kinds.array), u32(kinds[kind]), u64(value.length));
    else head.push(u32(kinds[kind]));
    for (const one of Array.isArray(value) ? value : [value]) head.push(scalar(kind, one));
  }
  const bodies: Buffer[] = [];
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    // Biases, norms and what is only looked up stay in 32 bit: llama.cpp adds them as they are.
    const half = shape.length === 2 && !/^(position_embd|token_types)\./.test(name);
    const body = half ? toHalf(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    head.push(text(name), u32(shape.length), ...[...shape].reverse().map(u64));
    head.push(u32(half ? tensorKinds.f16 : tensorKinds.f32), u64(offset));
    const padded = pad(body);
    bodies.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([pad(Buffer.concat(head)), ...bodies]);
}

function scalar(kind: keyof typeof kinds, value: unknown): Buffer {
  if (kind === "string") return text(String(value));
  if (kind === "bool") return Buffer.from([value ? 1 : 0]);
  const buffer = Buffer.alloc(4);
  if (kind === "f32") buffer.writeFloatLE(Number(value));
  else if (kind === "i32") buffer.writeInt32LE(Number(value));
  else buffer.writeUInt32LE(Number(value));
  return buffer;
}

const u32 = (value: number): Buffer => scalar("u32", value);

function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([u64(bytes.length), bytes]);
}

function pad(buffer: Buffer): Buffer {
  const rest = buffer.length % alignment;
  return rest === 0 ? buffer : Buffer.concat([buffer, Buffer.alloc(alignment - rest)]);
}

/** To 16 bit, rounded to the nearest, ties to even. */
function toHalf(data: Float32Array): Buffer {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const half = new Uint16Array(data.length);
  for (let at = 0; at < bits.length; at++) {
    const sign = (bits[at]! >>> 16) & 0x8000;
    const power = ((bits[at]! >>> 23) & 0xff) - 112;
    const part = bits[at]! & 0x7fffff;
    if (power >= 31) half[at] = sign | 0x7c00;
    else if (power <= 0) {
      // Too small for a normal number: the leading one is written out and shifted down.
      const shift = 14 - power;
      half[at] = power < -10 ? sign : sign | round((part | 0x800000) >>> 0, shift);
    } else half[at] = sign | (round((power << 23) | part, 13) & 0x7fff);
  }
  return Buffer.from(half.buffer);
}

function round(value: number, shift: number): number {
  const rest = value & ((1 << shift) - 1);
  const tie = 1 << (shift - 1);
  const cut = value >>> shift;
  return rest > tie || (rest === tie && (cut & 1) === 1) ? cut + 1 : cut;
}
