// Reads the weights of Whisper from a CTranslate2 file and names them as Whisper's own code does.
//
//   u32 version, text spec, u32 revision, u32 count, then count times
//     text name, u8 rank, u32 dimension × rank, u8 type, u32 bytes, data
//   u32 aliases, then pairs of texts
//
// A text is u16 length (with its closing zero byte) and the bytes. Types: 0 float32, 1 int8, 2 int16, 3 int32, 4 float16.

import { HumError } from "../../../error.ts";

/** A tensor of whole precision. */
export interface Tensor {
  dims: number[];
  data: Float32Array;
}

/** How large a Whisper is; the names are those of sherpa-onnx's metadata. */
export interface Sizes {
  n_mels: number;
  n_audio_ctx: number;
  n_audio_state: number;
  n_audio_head: number;
  n_audio_layer: number;
  n_vocab: number;
  n_text_ctx: number;
  n_text_state: number;
  n_text_head: number;
  n_text_layer: number;
}

interface Stored {
  dims: number[];
  type: number;
  data: Buffer;
}

/** The tensors of a file. Throws `damaged` when it is no such file. */
function readStored(file: Buffer): Map<string, Stored> {
  let at = 0;
  const u32 = () => {
    at += 4;
    return file.readUInt32LE(at - 4);
  };
  const text = () => {
    const length = file.readUInt16LE(at);
    at += 2 + length;
    return file.toString("utf8", at - length, at - 1);
  };
  try {
    const version = u32();
    const spec = text();
    if (version !== 6 || spec !== "WhisperSpec")
      throw new RangeError(`it is ${spec || "unknown"} ${version}`);
    u32();
    const stored = new Map<string, Stored>();
    for (let left = u32(); left > 0; left--) {
      const name = text();
      const dims = Array.from({ length: file.readUInt8(at++) }, u32);
      const type = file.readUInt8(at++);
      const length = u32();
      if (at + length > file.length) throw new RangeError("it ends too early");
      stored.set(name, { dims, type, data: file.subarray(at, at + length) });
      at += length;
    }
    for (let left = u32(); left > 0; left--) {
      const alias = text();
      const meant = stored.get(text());
      if (meant) stored.set(alias, meant);
    }
    return stored;
  } catch (cause) {
    throw new HumError("damaged", "The weights of the speech model cannot be read. Fetch it again.", {
      cause,
    });
  }
}

function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let halves: Float32Array | null = null;

function toFloats({ dims, type, data }: Stored): Tensor {
  const length = dims.reduce((product, dim) => product * dim, 1);
  const out = new Float32Array(length);
  if (type === 4) {
    halves ??= Float32Array.from({ length: 65_536 }, (_, half) => fromHalf(half));
    for (let i = 0; i < length; i++) out[i] = halves[data.readUInt16LE(i * 2)] as number;
  } else if (type === 0) for (let i = 0; i < length; i++) out[i] = data.readFloatLE(i * 4);
  else
    throw new HumError("damaged", `The weights of the speech model have a type (${type}) that is not known.`);
  return { dims, data: out };
}

/** The weights by Whisper's names, and its sizes. */
export function readWeights(file: Buffer): { tensors: Map<string, Tensor>; sizes: Sizes } {
  const stored = readStored(file);
  const find = (name: string): Stored => {
    const found = stored.get(name);
    if (!found) throw new HumError("damaged", `The weights of the speech model have no ${name}.`);
    return found;
  };
  const tensors = new Map<string, Tensor>();
  const copy = (to: string, from: string) => tensors.set(to, toFloats(find(from)));
  const norm = (to: string, from: string) => {
    copy(`${to}.weight`, `${from}/gamma`);
    copy(`${to}.bias`, `${from}/beta`);
  };
  // One stored matrix may be several linear layers on top of each other; keys have no bias.
  const linear = (from: string, ...to: string[]) => {
    const weight = toFloats(find(`${from}/weight`));
    const bias = toFloats(find(`${from}/bias`));
    const [all = 0, columns = 0] = weight.dims;
    const rows = all / to.length;
    to.forEach((name, i) => {
      const data = weight.data.slice(i * rows * columns, (i + 1) * rows * columns);
      tensors.set(`${name}.weight`, { dims: [rows, columns], data });
      if (!name.endsWith(".key"))
        tensors.set(`${name}.bias`, { dims: [rows], data: bias.data.slice(i * rows, (i + 1) * rows) });
    });
  };
  const layersOf = (side: string) => {
    let layers = 0;
    while (stored.has(`${side}/layer_${layers}/ffn/linear_0/weight`)) layers++;
    return layers;
  };
  for (const conv of ["conv1", "conv2"])
    for (const part of ["weight", "bias"]) copy(`encoder.${conv}.${part}`, `encoder/${conv}/${part}`);
  copy("encoder.positional_embedding", "encoder/position_encodings/encodings");
  norm("encoder.ln_post", "encoder/layer_norm");
  copy("decoder.token_embedding.weight", "decoder/embeddings/weight");
  copy("decoder.positional_embedding", "decoder/position_encodings/encodings");
  norm("decoder.ln", "decoder/layer_norm");
  for (const side of ["encoder", "decoder"])
    for (let i = 0; i < layersOf(side); i++) {
      const from = `${side}/layer_${i}`;
      const to = `${side}.blocks.${i}`;
      norm(`${to}.attn_ln`, `${from}/self_attention/layer_norm`);
      linear(`${from}/self_attention/linear_0`, `${to}.attn.query`, `${to}.attn.key`, `${to}.attn.value`);
      linear(`${from}/self_attention/linear_1`, `${to}.attn.out`);
      if (side === "decoder") {
        norm(`${to}.cross_attn_ln`, `${from}/attention/layer_norm`);
        linear(`${from}/attention/linear_0`, `${to}.cross_attn.query`);
        linear(`${from}/attention/linear_1`, `${to}.cross_attn.key`, `${to}.cross_attn.value`);
        linear(`${from}/attention/linear_2`, `${to}.cross_attn.out`);
      }
      norm(`${to}.mlp_ln`, `${from}/ffn/layer_norm`);
      linear(`${from}/ffn/linear_0`, `${to}.mlp.0`);
      linear(`${from}/ffn/linear_1`, `${to}.mlp.2`);
    }
  const size = (name: string, dim: number) => (tensors.get(name) as Tensor).dims[dim] as number;
  const heads = (side: string) => find(`${side}/num_heads`).data.readInt16LE(0);
  const sizes: Sizes = {
    n_mels: size("encoder.conv1.weight", 1),
    n_audio_ctx: size("encoder.positional_embedding", 0),
    n_audio_state: size("encoder.positional_embedding", 1),
    n_audio_head: heads("encoder"),
    n_audio_layer: layersOf("encoder"),
    n_vocab: size("decoder.token_embedding.weight", 0),
    n_text_ctx: size("decoder.positional_embedding", 0),
    n_text_state: size("decoder.positional_embedding", 1),
    n_text_head: heads("decoder"),
    n_text_layer: layersOf("decoder"),
  };
  return { tensors, sizes };
}
