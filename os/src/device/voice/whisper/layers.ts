// The layers of Whisper as ONNX nodes. A matrix is kept in one of two ways, chosen by measuring error and time together on
// processors with AVX2: the encoder multiplies unsigned bytes with one scale a column (the input is quantised as it
// comes), the decoder bytes in blocks of 32 with one scale a block.

import type { Graph } from "./graph.ts";
import type { Sizes, Tensor } from "./weights.ts";

/** How matrices are kept. */
export type Precision = "columns" | "blocks";

/** The layers over one graph. */
export interface Layers {
  /** A weight as it is. */
  weight(name: string): string;
  linear(x: string, name: string, weight?: string): string;
  norm(x: string, name: string): string;
  /** Splits the last dimension into heads: keys turned for the product, values and queries not. */
  split(x: string, kind: "key" | "value"): string;
  /** Attention over keys and values that are split already. */
  attend(query: string, keys: string, values: string, mask?: string): string;
  /** The two wide layers of a block, with what they add. */
  wide(x: string, block: string): string;
  stack(list: readonly string[]): string;
}

const block = 32;

/** Makes the layers. */
export function createLayers(
  graph: Graph,
  model: { tensors: ReadonlyMap<string, Tensor>; sizes: Sizes },
  precision: Precision,
): Layers {
  const { tensors, sizes } = model;
  const width = sizes.n_audio_state / sizes.n_audio_head;
  const find = (name: string) => tensors.get(name) as Tensor;
  const layers: Layers = {
    weight: (name) => graph.tensor(name, "float", find(name).dims, () => find(name).data),
    linear(x, name, weight = `${name}.weight`) {
      const y =
        precision === "columns"
          ? byColumns(graph, x, weight, find(weight))
          : byBlocks(graph, x, weight, find(weight));
      return tensors.has(`${name}.bias`) ? graph.node("Add", [y, layers.weight(`${name}.bias`)]) : y;
    },
    norm: (x, name) =>
      graph.node("LayerNormalization", [x, layers.weight(`${name}.weight`), layers.weight(`${name}.bias`)], {
        axis: -1,
        epsilon: { real: 1e-5 },
      }),
    split: (x, kind) =>
      graph.node("Transpose", [graph.node("Reshape", [x, graph.ints(0, 0, sizes.n_audio_head, width)])], {
        perm: kind === "key" ? [0, 2, 3, 1] : [0, 2, 1, 3],
      }),
    attend(query, keys, values, mask) {
      const scaled = graph.node("Mul", [layers.split(query, "value"), graph.number(width ** -0.5)]);
      let scores = graph.node("MatMul", [scaled, keys]);
      if (mask) scores = graph.node("Add", [scores, mask]);
      const mixed = graph.node("MatMul", [graph.node("Softmax", [scores], { axis: -1 }), values]);
      const joined = graph.node("Transpose", [mixed], { perm: [0, 2, 1, 3] });
      return graph.node("Reshape", [joined, graph.ints(0, 0, sizes.n_audio_state)]);
    },
    wide(x, name) {
      const inner = graph.node("Gelu", [layers.linear(layers.norm(x, `${name}.mlp_ln`), `${name}.mlp.0`)]);
      return graph.node("Add", [x, layers.linear(inner, `${name}.mlp.2`)]);
    },
    stack: (list) =>
      graph.node(
        "Concat",
        list.map((one) => graph.node("Unsqueeze", [one, graph.ints(0)])),
        { axis: 0 },
      ),
  };
  return layers;
}

/** The largest of some numbers, without their signs. */
function peak(data: Float32Array, from: number, count: number): number {
  let most = 0;
  for (let i = from; i < from + count; i++) most = Math.max(most, Math.abs(data[i] as number));
  return most;
}

function byColumns(graph: Graph, x: string, name: string, { dims, data }: Tensor): string {
  const [rows = 0, inner = 0] = dims;
  const scales = Float32Array.from({ length: rows }, (_, row) => peak(data, row * inner, inner) / 127 || 1);
  const matrix = graph.tensor(`${name}.q`, "uint8", [inner, rows], () => {
    const out = new Uint8Array(rows * inner);
    for (let row = 0; row < rows; row++)
      for (let i = 0; i < inner; i++)
        out[i * rows + row] = 128 + Math.round((data[row * inner + i] as number) / (scales[row] as number));
    return out;
  });
  const scale = graph.tensor(`${name}.s`, "float", [rows], () => scales);
  const zero = graph.tensor("zero", "uint8", [], () => Uint8Array.of(128));
  const [quantised, step, offset] = graph.nodes("DynamicQuantizeLinear", [x], 3) as [string, string, string];
  const product = graph.node("MatMulInteger", [quantised, matrix, offset, zero]);
  return graph.node("Mul", [graph.node("Cast", [product], { to: 1 }), graph.node("Mul", [step, scale])]);
}

function byBlocks(graph: Graph, x: string, name: string, { dims, data }: Tensor): string {
  const [rows = 0, inner = 0] = dims;
  const blocks = inner / block;
  const scales = Float32Array.from({ length: rows * blocks }, (_, b) => peak(data, b * block, block) / 127);
  const matrix = graph.tensor(`${name}.q`, "uint8", [rows, blocks, block], () => {
    const out = new Uint8Array(rows * inner);
    for (let i = 0; i < out.length; i++) {
      const scale = scales[Math.floor(i / block)] as number;
      out[i] = scale === 0 ? 128 : 128 + Math.round((data[i] as number) / scale);
    }
    return out;
  });
  const scale = graph.tensor(`${name}.s`, "float", [rows * blocks], () => scales);
  const how = { K: inner, N: rows, bits: 8, block_size: block, accuracy_level: 4 };
  return graph.node("MatMulNBits", [x, matrix, scale], how, "com.microsoft");
}
