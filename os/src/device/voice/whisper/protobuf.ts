// The four kinds of protobuf fields that an ONNX file needs, and the tensors and nodes made of them. An ONNX model is one
// message; its parts are numbered as in onnx.proto:
//
//   model   1 ir version   2 producer   7 graph   8 operator set   14 metadata
//   graph   1 node   2 name   5 initial tensor   11 input   12 output
//   node    1 input   2 output   3 name   4 operator   5 attribute   7 domain
//   tensor  1 dimension   2 type   8 name   9 raw bytes

/** Types of tensors. */
export const tensorTypes = { float: 1, uint8: 2, int8: 3, int64: 7 } as const;

/** A type of tensors. */
export type TensorType = keyof typeof tensorTypes;

/** A number as a varint; negative ones as 64 bits. */
function varint(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** A whole number. */
export const whole = (field: number, value: number | bigint): Buffer =>
  Buffer.concat([varint(field * 8), varint(value)]);

/** Bytes, a text or a message. */
export function bytes(field: number, value: Buffer | string | readonly Buffer[]): Buffer {
  const body =
    typeof value === "string"
      ? Buffer.from(value)
      : Buffer.isBuffer(value)
        ? value
        : Buffer.concat(value as Buffer[]);
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
}

/** A number of 32 bits. */
export function real(field: number, value: number): Buffer {
  const body = Buffer.alloc(4);
  body.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + 5), body]);
}
