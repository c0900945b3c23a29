// Writes an ONNX graph node by node: each operation returns the name of its result, which is given to the next one. Tensors
// that are used twice stand in the file once.

import { bytes, real, type TensorType, tensorTypes, whole } from "./protobuf.ts";

/** The attribute of a node: a whole number, a list of them, or a number with a fraction (marked, as 1 could be both). */
export type Attribute = number | readonly number[] | { real: number };

/** Numbers of a tensor. */
export type Numbers = Float32Array | Uint8Array | Int8Array | BigInt64Array;

/** A dimension: a number, or a name when it is only known when the model runs. */
export type Dimension = number | string;

/** A graph being written. */
export interface Graph {
  /** Adds a node with one result. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes?: Record<string, Attribute>,
    domain?: string,
  ): string;
  /** Adds a node with several results. */
  nodes(operator: string, inputs: readonly string[], results: number): string[];
  /** Adds a tensor that is part of the model, unless it is there. */
  tensor(name: string, type: TensorType, dims: readonly number[], make: () => Numbers): string;
  /** Whole numbers as a tensor, e.g. for a slice. */
  ints(...values: number[]): string;
  /** One number with a fraction as a tensor. */
  number(value: number): string;
  input(name: string, type: TensorType, dims: readonly Dimension[]): string;
  output(from: string, name: string, type: TensorType, dims: readonly Dimension[]): void;
  /** The whole model as bytes. */
  save(metadata?: Record<string, string | number>): Buffer;
}

/** Begins an empty graph. */
export function createGraph(): Graph {
  const parts: Buffer[] = [];
  const tensors = new Set<string>();
  let count = 0;

  const add = (
    operator: string,
    inputs: readonly string[],
    how: { results: string[]; attributes?: Record<string, Attribute>; domain?: string | undefined },
  ) => {
    const { results, attributes = {}, domain } = how;
    parts.push(
      bytes(1, [
        ...inputs.map((name) => bytes(1, name)),
        ...results.map((name) => bytes(2, name)),
        bytes(3, `n${parts.length}`),
        bytes(4, operator),
        ...Object.entries(attributes).map(([name, value]) =>
          bytes(5, [bytes(1, name), ...toAttribute(value)]),
        ),
        ...(domain ? [bytes(7, domain)] : []),
      ]),
    );
    return results;
  };
  const name = () => `v${count++}`;
  const value = (id: string, type: TensorType, dims: readonly Dimension[]) => {
    const shape = dims.map((dim) => bytes(1, typeof dim === "number" ? whole(1, dim) : bytes(2, dim)));
    return [bytes(1, id), bytes(2, bytes(1, [whole(1, tensorTypes[type]), bytes(2, shape)]))];
  };

  const graph: Graph = {
    node: (operator, inputs, attributes = {}, domain) =>
      add(operator, inputs, { results: [name()], attributes, domain })[0] as string,
    nodes: (operator, inputs, results) =>
      add(operator, inputs, { results: Array.from({ length: results }, name) }),
    tensor(id, type, dims, make) {
      if (tensors.has(id)) return id;
      tensors.add(id);
      const numbers = make();
      const raw = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
      parts.push(
        bytes(5, [
          ...dims.map((dim) => whole(1, dim)),
          whole(2, tensorTypes[type]),
          bytes(8, id),
          bytes(9, raw),
        ]),
      );
      return id;
    },
    ints: (...values) =>
      graph.tensor(`i${values.join("_")}`, "int64", [values.length], () =>
        BigInt64Array.from(values, BigInt),
      ),
    number: (one) => graph.tensor(`f${one}`, "float", [], () => Float32Array.of(one)),
    input(id, type, dims) {
      parts.push(bytes(11, value(id, type, dims)));
      return id;
    },
    output(from, id, type, dims) {
      add("Identity", [from], { results: [id] });
      parts.push(bytes(12, value(id, type, dims)));
    },
    save: (metadata = {}) =>
      Buffer.concat([
        whole(1, 9),
        bytes(2, "hum"),
        bytes(7, [...parts, bytes(2, "hum")]),
        bytes(8, [bytes(1, ""), whole(2, 20)]),
        bytes(8, [bytes(1, "com.microsoft"), whole(2, 1)]),
        ...Object.entries(metadata).map(([key, one]) => bytes(14, [bytes(1, key), bytes(2, String(one))])),
      ]),
  };
  return graph;
}

function toAttribute(value: Attribute): Buffer[] {
  if (typeof value === "number") return [whole(3, value), whole(20, 2)];
  if (Array.isArray(value)) return [...value.map((one: number) => whole(8, one)), whole(20, 7)];
  return [real(2, (value as { real: number }).real), whole(20, 1)];
}
