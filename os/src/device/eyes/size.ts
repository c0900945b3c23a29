// The size of a picture from its first bytes, so that one that is too large, or none at all, is refused before anything
// tries to unpack it.
//
//   PNG   at 16: u32 width, u32 height          GIF   at 6: u16 width, u16 height (little-endian)
//   BMP   at 18: i32 width, i32 height          WebP  VP8X at 24: u24 − 1 each; VP8L at 21: 14 bits each; VP8 at 26
//   JPEG  marker by marker to a start of frame: u16 height, u16 width

/** What a picture is. */
export interface PictureSize {
  kind: "PNG" | "JPEG" | "GIF" | "BMP" | "WebP";
  width: number;
  height: number;
  /** Points of the largest part to be unpacked, where that is said apart from the size. */
  unpacked?: number;
}

/** The size, null when these are not the first bytes of a picture that is known. */
export function readSize(head: Buffer): PictureSize | null {
  try {
    const found = read(head);
    return found && found.width > 0 && found.height > 0 ? found : null;
  } catch (error) {
    // It ends before its size.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function read(head: Buffer): PictureSize | null {
  const name = (at: number, length = 4) => head.toString("latin1", at, at + length);
  if (name(1, 3) === "PNG" && name(12) === "IHDR")
    return { kind: "PNG", width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
  if (name(0, 3) === "GIF") return readGif(head);
  if (name(0, 2) === "BM" && head.readUInt32LE(14) >= 40)
    return { kind: "BMP", width: Math.abs(head.readInt32LE(18)), height: Math.abs(head.readInt32LE(22)) };
  if (name(0) === "RIFF" && name(8) === "WEBP") return readWebp(head, name(12));
  return head.readUInt16BE(0) === 0xffd8 ? readJpeg(head) : null;
}

// The screen, and the first frame on it, which may claim to be larger.
function readGif(head: Buffer): PictureSize {
  const size = { kind: "GIF" as const, width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
  const at = readGifFrame(head, toGifBlocks(head));
  return at === null ? size : { ...size, unpacked: head.readUInt16LE(at + 5) * head.readUInt16LE(at + 7) };
}

const toGifBlocks = (head: Buffer) => {
  const flags = head[10] ?? 0;
  return 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
};

// Where the next frame begins, from a block on; null when it is not among these bytes.
function readGifFrame(bytes: Buffer, from: number): number | null {
  let at = from;
  while (at + 10 <= bytes.length) {
    if (bytes[at] === 0x2c) return at;
    if (bytes[at] !== 0x21) return null;
    at += 2;
    while ((bytes[at] ?? 0) > 0) at += (bytes[at] as number) + 1;
    at += 1;
  }
  return null;
}

/** Whether a picture has more than one frame. */
export function isMoving(bytes: Buffer, kind: PictureSize["kind"]): boolean {
  if (kind === "PNG") return bytes.subarray(0, 4096).includes("acTL", 8, "latin1");
  if (kind === "WebP") return bytes.toString("latin1", 12, 16) === "VP8X" && ((bytes[20] ?? 0) & 2) !== 0;
  if (kind !== "GIF") return false;
  const first = readGifFrame(bytes, toGifBlocks(bytes));
  if (first === null) return false;
  const flags = bytes[first + 9] ?? 0;
  let at = first + 11 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  while ((bytes[at] ?? 0) > 0) at += (bytes[at] as number) + 1;
  return readGifFrame(bytes, at + 1) !== null;
}

function readWebp(head: Buffer, form: string): PictureSize | null {
  if (form === "VP8X")
    return { kind: "WebP", width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
  if (form === "VP8 ")
    return { kind: "WebP", width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
  if (form !== "VP8L") return null;
  const bits = head.readUInt32LE(21);
  return { kind: "WebP", width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}

function readJpeg(head: Buffer): PictureSize | null {
  for (let at = 2; at + 9 < head.length; ) {
    if (head[at] !== 0xff) return null;
    const marker = head[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return { kind: "JPEG", height: head.readUInt16BE(at + 5), width: head.readUInt16BE(at + 7) };
    at += 2 + head.readUInt16BE(at + 2);
  }
  return null;
}
