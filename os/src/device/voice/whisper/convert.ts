// Whisper as the two ONNX models that sherpa-onnx runs, made from the weights as they are published for CTranslate2, and the
// list of its tokens. It is done once, when the sense is fetched (senses/install.ts); it takes a few seconds.

import { createGraph } from "./graph.ts";
import { createLayers } from "./layers.ts";
import { readWeights, type Sizes, type Tensor } from "./weights.ts";

/** Tokens that one utterance may have, its prompt too: the memory of the decoder is kept for so many. */
const mostTokens = 224;

/** The three files. */
export interface Converted {
  encoder: Buffer;
  decoder: Buffer;
  tokens: string;
}

/** Converts the weights (`model.bin`) and the tokenizer (`tokenizer.json`). */
export function convertWhisper(weights: Buffer, tokenizer: string): Converted {
  const { tensors, sizes } = readWeights(weights);
  const model = { tensors, sizes: { ...sizes, n_text_ctx: Math.min(sizes.n_text_ctx, mostTokens) } };
  const words = JSON.parse(tokenizer) as Tokenizer;
  return {
    encoder: writeEncoder(model, toMetadata(model.sizes, words)),
    decoder: writeDecoder(model),
    tokens: toTokens(words),
  };
}

interface Model {
  tensors: ReadonlyMap<string, Tensor>;
  sizes: Sizes;
}

interface Tokenizer {
  added_tokens: { id: number; content: string }[];
  model: { vocab: Record<string, number> };
}

const range = (length: number) => Array.from({ length }, (_, i) => i);

function writeEncoder(model: Model, metadata: Record<string, string | number>): Buffer {
  const { sizes } = model;
  const graph = createGraph();
  const { weight, linear, norm, split, attend, wide, stack } = createLayers(graph, model, "columns");
  let x = graph.input("mel", "float", ["N", sizes.n_mels, "T"]);
  for (const [conv, stride] of [
    ["conv1", 1],
    ["conv2", 2],
  ] as const) {
    const parts = [x, weight(`encoder.${conv}.weight`), weight(`encoder.${conv}.bias`)];
    x = graph.node("Gelu", [
      graph.node("Conv", parts, { kernel_shape: [3], pads: [1, 1], strides: [stride] }),
    ]);
  }
  x = graph.node("Transpose", [x], { perm: [0, 2, 1] });
  const length = graph.node("Slice", [graph.node("Shape", [x]), graph.ints(1), graph.ints(2)]);
  const places = [weight("encoder.positional_embedding"), graph.ints(0), length, graph.ints(0)];
  x = graph.node("Add", [x, graph.node("Slice", places)]);
  for (const i of range(sizes.n_audio_layer)) {
    const block = `encoder.blocks.${i}`;
    const y = norm(x, `${block}.attn_ln`);
    const keys = split(linear(y, `${block}.attn.key`), "key");
    const values = split(linear(y, `${block}.attn.value`), "value");
    const heard = attend(linear(y, `${block}.attn.query`), keys, values);
    x = wide(graph.node("Add", [x, linear(heard, `${block}.attn.out`)]), block);
  }
  x = norm(x, "encoder.ln_post");
  // What the decoder looks at again and again is computed once.
  const head = sizes.n_audio_state / sizes.n_audio_head;
  for (const kind of ["key", "value"] as const) {
    const all = range(sizes.n_text_layer).map((i) =>
      split(linear(x, `decoder.blocks.${i}.cross_attn.${kind}`), kind),
    );
    const rest = kind === "key" ? [head, "T2"] : ["T2", head];
    graph.output(stack(all), `n_layer_cross_${kind[0]}`, "float", [
      sizes.n_text_layer,
      "N",
      sizes.n_audio_head,
      ...rest,
    ]);
  }
  return graph.save(metadata);
}

function writeDecoder(model: Model): Buffer {
  const { sizes, tensors } = model;
  const { n_text_layer: depth, n_text_ctx: most, n_text_state: state, n_text_head: heads } = sizes;
  const graph = createGraph();
  const { weight, linear, norm, split, attend, wide, stack } = createLayers(graph, model, "blocks");
  const slice = (x: string, from: string, to: string, axis: number) =>
    graph.node("Slice", [x, from, to, graph.ints(axis)]);
  const tokens = graph.input("tokens", "int64", ["N", "n"]);
  const oldKeys = graph.input("in_n_layer_self_k_cache", "float", [depth, "N", most, state]);
  const oldValues = graph.input("in_n_layer_self_v_cache", "float", [depth, "N", most, state]);
  const crossKeys = graph.input("n_layer_cross_k", "float", [depth, "N", heads, state / heads, "T2"]);
  const crossValues = graph.input("n_layer_cross_v", "float", [depth, "N", heads, "T2", state / heads]);
  const offset = graph.input("offset", "int64", [1]);
  const count = graph.node("Slice", [graph.node("Shape", [tokens]), graph.ints(1), graph.ints(2)]);
  const end = graph.node("Add", [offset, count]);

  const embedded = embed(graph, tokens, tensors.get("decoder.token_embedding.weight") as Tensor);
  let x = graph.node("Add", [embedded, slice(weight("decoder.positional_embedding"), offset, end, 0)]);
  const future = graph.tensor("future", "float", [most, most], () =>
    Float32Array.from({ length: most * most }, (_, i) => (i % most > Math.floor(i / most) ? -1e9 : 0)),
  );
  const mask = slice(slice(future, offset, end, 0), graph.ints(0), end, 1);
  const layer = (x: string, i: number) =>
    graph.node("Gather", [x, graph.tensor(`at${i}`, "int64", [], () => BigInt64Array.of(BigInt(i)))], {
      axis: 0,
    });
  const past = {
    key: slice(oldKeys, graph.ints(0), offset, 2),
    value: slice(oldValues, graph.ints(0), offset, 2),
  };
  const added: { key: string[]; value: string[] } = { key: [], value: [] };
  for (const i of range(depth)) {
    const block = `decoder.blocks.${i}`;
    const y = norm(x, `${block}.attn_ln`);
    const remember = (kind: "key" | "value") => {
      const now = linear(y, `${block}.attn.${kind}`);
      added[kind].push(now);
      return split(graph.node("Concat", [layer(past[kind], i), now], { axis: 1 }), kind);
    };
    const own = attend(linear(y, `${block}.attn.query`), remember("key"), remember("value"), mask);
    x = graph.node("Add", [x, linear(own, `${block}.attn.out`)]);
    const query = linear(norm(x, `${block}.cross_attn_ln`), `${block}.cross_attn.query`);
    const heard = attend(query, layer(crossKeys, i), layer(crossValues, i));
    x = wide(graph.node("Add", [x, linear(heard, `${block}.cross_attn.out`)]), block);
  }
  const logits = linear(norm(x, "decoder.ln"), "", "decoder.token_embedding.weight");
  graph.output(logits, "logits", "float", ["N", "n", sizes.n_vocab]);
  for (const [kind, old, name] of [
    ["key", oldKeys, "k"],
    ["value", oldValues, "v"],
  ] as const) {
    const rest = slice(old, end, graph.ints(most), 2);
    const all = graph.node("Concat", [past[kind], stack(added[kind]), rest], { axis: 2 });
    graph.output(all, `out_n_layer_self_${name}_cache`, "float", [depth, "N", most, state]);
  }
  return graph.save();
}

// Each token's row as bytes with a scale of its own.
function embed(graph: ReturnType<typeof createGraph>, tokens: string, { dims, data }: Tensor): string {
  const [rows = 0, width = 0] = dims;
  const scales = new Float32Array(rows);
  const bytes = new Int8Array(rows * width);
  for (let row = 0; row < rows; row++) {
    let most = 0;
    for (let i = row * width; i < (row + 1) * width; i++) most = Math.max(most, Math.abs(data[i] as number));
    scales[row] = most / 127 || 1;
    for (let i = row * width; i < (row + 1) * width; i++)
      bytes[i] = Math.round((data[i] as number) / (scales[row] as number));
  }
  const table = graph.tensor("embedding.q", "int8", [rows, width], () => bytes);
  const scale = graph.tensor("embedding.s", "float", [rows, 1], () => scales);
  const picked = graph.node("Cast", [graph.node("Gather", [table, tokens], { axis: 0 })], { to: 1 });
  return graph.node("Mul", [picked, graph.node("Gather", [scale, tokens], { axis: 0 })]);
}

/** What sherpa-onnx wants to know of a Whisper. */
function toMetadata(sizes: Sizes, { added_tokens }: Tokenizer): Record<string, string | number> {
  const ids = new Map(added_tokens.map(({ content, id }) => [content, id]));
  const id = (...names: string[]) =>
    names.map((name) => ids.get(`<|${name}|>`)).find((found) => found !== undefined) ?? -1;
  const first = id("startoftranscript") + 1;
  const languages = added_tokens.filter(
    ({ content, id: one }) => /^<\|[a-z]{2,3}\|>$/.test(content) && one >= first && one < id("translate"),
  );
  return {
    ...{ model_type: "whisper-base", version: 1, maintainer: "hum", ...sizes },
    sot_sequence: [id("startoftranscript"), id("en"), id("transcribe")].join(","),
    all_language_tokens: languages.map((one) => one.id).join(","),
    all_language_codes: languages.map((one) => one.content.slice(2, -2)).join(","),
    ...{
      sot: id("startoftranscript"),
      sot_index: 0,
      eot: id("endoftext"),
      blank_id: 220,
      is_multilingual: 1,
    },
    ...{ no_speech: id("nospeech", "nocaptions"), non_speech_tokens: "", transcribe: id("transcribe") },
    ...{ translate: id("translate"), sot_prev: id("startofprev"), sot_lm: id("startoflm") },
    no_timestamps: id("notimestamps"),
  };
}

// The byte pairs: GPT-2 writes each byte as a letter that can be seen; here they become bytes again, as base64.
function toTokens({ model, added_tokens }: Tokenizer): string {
  const letters = new Map<string, number>();
  let hidden = 0;
  for (let byte = 0; byte < 256; byte++) {
    const seen = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    letters.set(String.fromCodePoint(seen ? byte : 256 + hidden++), byte);
  }
  const special = new Set(added_tokens.map(({ content }) => content));
  const lines: string[] = [];
  for (const [word, id] of Object.entries(model.vocab))
    if (!special.has(word))
      lines[id] =
        `${Buffer.from([...word].map((letter) => letters.get(letter) ?? 0)).toString("base64")} ${id}`;
  return `${lines.filter(Boolean).join("\n")}\n`;
}
