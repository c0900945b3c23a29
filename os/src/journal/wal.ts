// Reads SQLite's write-ahead log to tell a torn end from a whole one, because SQLite itself drops a damaged end in
// silence. Format (sqlite.org/fileformat2.html, section 4): a header of 32 bytes (magic, version, page size,
// checkpoint number, salt 1, salt 2, checksum 1, checksum 2), then frames: a header of 24 bytes (page, size of the
// database after commit or 0, salt 1, salt 2, checksum 1, checksum 2) and one page. A frame counts when its salts are
// the header's and its checksum continues the chain; frames with other salts are left over from an earlier round. The
// checksum does not cover the salts: a frame that continues the chain under other salts has them damaged.

import { closeSync, openSync, readSync, statSync } from "node:fs";

/** What stands in a write-ahead log. */
export interface WalState {
  /** Whole frames that belong to this round. */
  good: number;
  /** Frames of this round that are torn or damaged, with all that follow them. */
  bad: number;
}

/** Looks through the log beside a database; a missing or empty one has no frames. */
export function inspectWal(path: string): WalState {
  let size = 0;
  try {
    size = statSync(path).size;
  } catch {
    return { good: 0, bad: 0 };
  }
  if (size < 32) return { good: 0, bad: size > 0 ? 1 : 0 };
  const file = openSync(path, "r");
  try {
    return inspectFrames(file, size);
  } finally {
    closeSync(file);
  }
}

function inspectFrames(file: number, size: number): WalState {
  const header = Buffer.alloc(32);
  readSync(file, header, 0, 32, 0);
  const bigEndian = (header.readUInt32BE(0) & 1) === 1;
  const pageSize = header.readUInt32BE(8);
  let sum = checksum(header.subarray(0, 24), [0, 0], bigEndian);
  if (sum[0] !== header.readUInt32BE(24) || sum[1] !== header.readUInt32BE(28)) return { good: 0, bad: 1 };
  const frame = Buffer.alloc(24 + pageSize);
  let good = 0;
  for (let at = 32; at < size; at += frame.length) {
    const read = readSync(file, frame, 0, frame.length, at);
    if (read < frame.length) return { good, bad: 1 };
    const sameRound = frame.subarray(8, 16).equals(header.subarray(16, 24));
    sum = checksum(frame.subarray(0, 8), sum, bigEndian);
    sum = checksum(frame.subarray(24), sum, bigEndian);
    const fits = sum[0] === frame.readUInt32BE(16) && sum[1] === frame.readUInt32BE(20);
    if (!sameRound && !fits) return { good, bad: 0 };
    if (!sameRound || !fits) return { good, bad: Math.ceil((size - at) / frame.length) };
    good += 1;
  }
  return { good, bad: 0 };
}

type Sum = [number, number];

function checksum(bytes: Buffer, start: Sum, bigEndian: boolean): Sum {
  let [a, b] = start;
  for (let i = 0; i < bytes.length; i += 8) {
    const x = bigEndian ? bytes.readUInt32BE(i) : bytes.readUInt32LE(i);
    const y = bigEndian ? bytes.readUInt32BE(i + 4) : bytes.readUInt32LE(i + 4);
    a = (a + x + b) >>> 0;
    b = (b + y + a) >>> 0;
  }
  return [a, b];
}
