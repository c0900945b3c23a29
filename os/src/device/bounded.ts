// The answer of a server that was asked with fetch, within a bound.

/** The bytes of an answer; null when there are more than `most`: then no more of it is read. */
export async function readBounded({ body }: Response, most: number): Promise<Buffer<ArrayBuffer> | null> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > most) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
