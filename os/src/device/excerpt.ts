// A part of a text file by line numbers, read in pieces: a file of many gigabytes costs no more memory than the part
// that is asked for. A line that does not fit is cut.

import type { FileHandle } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { sniff } from "./magic.ts";

const pieceBytes = 256 * 1024;

/** Which part: lines from `from` (the first is 1), at most `lines` and `bytes`. */
export interface Part {
  from: number;
  lines: number;
  bytes: number;
  signal: AbortSignal;
}

/** The part, or what binary data the file is. */
export type Excerpt =
  | { kind: "binary"; type: string }
  | {
      kind: "text";
      text: string;
      encoding: string;
      /** The last line in the text (also when it was cut); `from - 1` when the file has no such line. */
      last: number;
      /** Whether the file ends with this part. */
      end: boolean;
      /** Whether the last line was cut. */
      cut: boolean;
    };

/** Reads a part of an open file. UTF-16 files are read from their beginning only. */
export async function readExcerpt(handle: FileHandle, part: Part): Promise<Excerpt> {
  const buffer = Buffer.allocUnsafe(pieceBytes);
  const head = await handle.read(buffer, 0, 4096, 0);
  const kind = sniff(buffer.subarray(0, head.bytesRead));
  if (!kind.text) return { kind: "binary", type: kind.type };
  const { size } = await handle.stat();
  if (kind.encoding.startsWith("utf-16")) {
    const { bytesRead } = await handle.read(buffer, 0, part.bytes, kind.skip);
    const text = new TextDecoder(kind.encoding).decode(buffer.subarray(0, bytesRead));
    const lines = text.split("\n").slice(part.from - 1, part.from - 1 + part.lines);
    const end = kind.skip + bytesRead >= size;
    return {
      kind: "text",
      text: lines.join("\n"),
      encoding: kind.encoding,
      last: part.from + lines.length - 1,
      end,
      cut: !end,
    };
  }

  const kept: Buffer[] = [];
  let keptBytes = 0;
  let line = 1; // the line in which `at` lies
  let at = kind.skip;
  const stop = part.from + part.lines;
  for (let round = 0; line < stop && keptBytes <= part.bytes; round++) {
    part.signal.throwIfAborted();
    if (round % 64 === 63) await setImmediate(); // a long search must not starve the rest of Hum
    const { bytesRead } = await handle.read(buffer, 0, pieceBytes, at);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    const start = skipLines(piece, 0, part.from - line);
    line += start.lines;
    if (line < part.from) {
      at += bytesRead;
      continue;
    }
    const end = skipLines(piece, start.next, stop - line);
    line += end.lines;
    kept.push(Buffer.from(piece.subarray(start.next, end.next)));
    keptBytes += end.next - start.next;
    at += end.next;
  }
  return cutPart(Buffer.concat(kept), { ...part, encoding: kind.encoding, atEnd: at >= size });
}

/** Goes forward by so many line ends, or to the end of the piece. */
function skipLines(piece: Buffer, start: number, lines: number): { next: number; lines: number } {
  let next = start;
  for (let done = 0; done < lines; done++) {
    const found = piece.indexOf(10, next);
    if (found < 0) return { next: piece.length, lines: done };
    next = found + 1;
  }
  return { next, lines };
}

function cutPart(
  bytes: Buffer,
  part: Part & { encoding: "utf-8" | "windows-1252" | "utf-16le" | "utf-16be"; atEnd: boolean },
): Excerpt {
  let kept = bytes;
  let cut = false;
  if (bytes.length > part.bytes) {
    const whole = bytes.lastIndexOf(10, part.bytes - 1) + 1;
    cut = whole === 0;
    kept = bytes.subarray(0, cut ? part.bytes : whole);
  }
  // A cut in the middle of a character shows no broken character: the decoder waits for the rest.
  const text = new TextDecoder(part.encoding).decode(kept, { stream: true });
  const lines = countLines(kept);
  return {
    kind: "text",
    text,
    encoding: part.encoding,
    last: part.from + lines - 1,
    end: part.atEnd && kept.length === bytes.length,
    cut,
  };
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; lines++) {
    const next = bytes.indexOf(10, at);
    at = next < 0 ? bytes.length : next + 1;
  }
  return lines;
}
