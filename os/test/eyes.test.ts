// The eyes: words in a picture are read and stay somebody else's; what is no picture, or too large, is said before anything
// is unpacked.

import assert from "node:assert/strict";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { createDetector } from "../src/device/eyes/detector.ts";
import { createEyes } from "../src/device/eyes/eyes.ts";
import { readSize } from "../src/device/eyes/size.ts";
import { openRoom, type Room, testDevice } from "./contract/device.ts";
import { sensesHome } from "./fixtures/needs.ts";

/** A PNG of a size, black and white; `ink` says which points are black. */
function toPng(width: number, height: number, ink: (x: number, y: number) => boolean): Buffer {
  const rows = Buffer.alloc((width + 1) * height, 255);
  for (let y = 0; y < height; y++) {
    rows[y * (width + 1)] = 0;
    for (let x = 0; x < width; x++) if (ink(x, y)) rows[y * (width + 1) + 1 + x] = 0;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  const chunk = (name: string, body: Buffer) => {
    const out = Buffer.alloc(body.length + 12);
    out.writeUInt32BE(body.length, 0);
    out.write(name, 4);
    body.copy(out, 8);
    out.writeUInt32BE(crc(out.subarray(4, 8 + body.length)), 8 + body.length);
    return out;
  };
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

// Letters of five by seven points.
const letters: Record<string, string> = {
  T: "11111 00100 00100 00100 00100 00100 00100",
  O: "01110 10001 10001 10001 10001 10001 01110",
  A: "01110 10001 10001 11111 10001 10001 10001",
  L: "10000 10000 10000 10000 10000 10000 11111",
  "4": "00010 00110 01010 10010 11111 00010 00010",
  "2": "01110 10001 00001 00110 01000 10000 11111",
  " ": "00000 00000 00000 00000 00000 00000 00000",
};

/** A picture of words. */
function write(text: string): Buffer {
  const scale = 6;
  return toPng((text.length * 6 + 8) * scale, 15 * scale, (x, y) => {
    const [column, row] = [Math.floor(x / scale) - 4, Math.floor(y / scale) - 4];
    const glyph = letters[text[Math.floor(column / 6)] ?? ""]?.split(" ")[row];
    return column >= 0 && row >= 0 && glyph?.[column % 6] === "1";
  });
}

const seen = async () => ({ text: "TOTAL 42\n", sure: 93 });
const prepare = async (room: Room) => {
  await writeFile(join(room.folder, "bill.png"), write("TOTAL 42"));
  return createEyes({ readWords: seen });
};

testDevice("eyes", {
  create: prepare,
  cases: [
    {
      operation: "read",
      good: { path: "bill.png" },
      bad: [{}, { path: "" }, { path: 1 }],
      failing: [{ path: "none.png" }, { path: "a.txt" }, { path: "sub" }, { path: "../outside/secret.txt" }],
    },
    {
      operation: "look",
      good: { path: "bill.png", question: "What does it cost?" },
      bad: [{}, { path: "" }, { path: "bill.png", question: "" }],
      failing: [{ path: "none.png" }, { path: "a.txt" }, { path: "../outside/secret.txt" }],
    },
  ],
});

test("[V9] what stands in a picture is untrusted, with the picture as its origin", async () => {
  await using room = await openRoom();
  const { read } = (await prepare(room)).operations;
  const result = await read!.run({ path: "bill.png" }, room.context());
  assert.match(result.text, /^bill\.png \(336 x 90 PNG, words read with 93 % certainty\):\nTOTAL 42$/);
  assert.equal(result.label.integrity, "untrusted");
  assert.deepEqual(result.label.origins, [`file:${join(room.folder, "bill.png")}`]);
});

test("words in a picture are read, offline", async () => {
  await using room = await openRoom();
  await writeFile(join(room.folder, "bill.png"), write("TOTAL 42"));
  const { read } = createEyes().operations;
  const result = await read!.run({ path: "bill.png" }, room.context());
  assert.equal(result.ok, true, result.text);
  assert.match(result.text, /TOTAL 42/);
  await writeFile(
    join(room.folder, "white.png"),
    toPng(200, 80, () => false),
  );
  assert.match((await read!.run({ path: "white.png" }, room.context())).text, /no words can be read/);
});

test("[V3] a damaged picture, one that is too large, and what only claims to be one are sentences", async () => {
  await using room = await openRoom();
  const { read } = createEyes().operations;
  const look = async (name: string, bytes: Buffer) => {
    await writeFile(join(room.folder, name), bytes);
    return read!.run({ path: name }, room.context());
  };
  const whole = write("TOTAL 42");
  const broken = Buffer.from(whole);
  broken.fill(7, 45, 90);
  for (const bytes of [whole.subarray(0, 40), broken]) {
    const result = await look("broken.png", Buffer.from(bytes));
    assert.match(result.text, /damaged|no words can be read/, result.text);
  }
  const huge = Buffer.from(whole.subarray(0, 40));
  huge.writeUInt32BE(20_000, 16);
  huge.writeUInt32BE(10_000, 20);
  const result = await look("huge.png", huge);
  assert.deepEqual([result.ok, /too large \(20000 x 10000 PNG\)/.test(result.text)], [false, true]);
  assert.match((await look("text.png", Buffer.from("no picture"))).text, /no picture/);
});

test("[V3] [V12] 200 megapixels are refused by the head: nothing more is read, and memory stays as it was", async () => {
  await using room = await openRoom();
  const head = write("TOTAL 42").subarray(0, 40);
  const huge = Buffer.from(head);
  huge.writeUInt32BE(20_000, 16);
  huge.writeUInt32BE(10_000, 20);
  // A file of four gigabytes without content on the disk: whoever reads it whole is noticed.
  const file = join(room.folder, "huge.png");
  await writeFile(file, huge);
  await truncate(file, 4 * 1024 ** 3);
  const { read, look } = createEyes().operations;
  const before = process.memoryUsage.rss();
  for (const operation of [read, look]) {
    const result = await operation!.run({ path: "huge.png" }, room.context());
    assert.match(result.text, /^huge\.png is too large \(20000 x 10000 PNG\); 40 million points/);
  }
  assert.ok(process.memoryUsage.rss() - before < 64 * 1024 ** 2);
  // A picture of a fitting size whose file is too large is not read either.
  await writeFile(file, head);
  await truncate(file, 4 * 1024 ** 3);
  assert.match((await read!.run({ path: "huge.png" }, room.context())).text, /a picture may have 33.6 MB/);
});

test("[V3] [V12] bombs: a small file that would be large when unpacked is refused, or ends its own look only", async () => {
  await using room = await openRoom();
  const look = async (name: string, bytes: Buffer) => {
    await writeFile(join(room.folder, name), bytes);
    return createEyes({
      readWords: seen,
      openSight: async () => createDetector(sensesHome),
    }).operations.look!.run({ path: name }, room.context());
  };
  // A GIF with a screen of 10 x 10 and a frame of 65,535 x 65,535 on it.
  const gif = Buffer.from(
    "4749463839610a000a0000000021f90400000000002c00000000ffffffff0002024401003b",
    "hex",
  );
  assert.match((await look("bomb.gif", gif)).text, /too large/);
  // A PNG that is small by its head, with 300 MB of zeros behind it in 300 kB.
  const honest = write("TOTAL 42");
  const zeros = deflateSync(Buffer.alloc(300 * 1024 ** 2));
  const at = honest.indexOf("IDAT") - 4;
  const chunk = Buffer.alloc(zeros.length + 12);
  chunk.writeUInt32BE(zeros.length, 0);
  chunk.write("IDAT", 4);
  zeros.copy(chunk, 8);
  chunk.writeUInt32BE(crc(chunk.subarray(4, 8 + zeros.length)), 8 + zeros.length);
  const bomb = Buffer.concat([honest.subarray(0, at), chunk, honest.subarray(honest.length - 12)]);
  const before = process.memoryUsage.rss();
  const result = await look("bomb.png", bomb);
  assert.match(result.text, /TOTAL 42|damaged|unpacked/);
  assert.ok(process.memoryUsage.rss() - before < 200 * 1024 ** 2, "nothing was unpacked in this process");
});

test("[V3] other kinds of pictures are named, and of one that moves the first frame is read", async () => {
  await using room = await openRoom();
  const read = async (name: string, bytes: Buffer) => {
    await writeFile(join(room.folder, name), bytes);
    return (await createEyes().operations.read!.run({ path: name }, room.context())).text;
  };
  const brand = (word: string) => Buffer.from(`\0\0\0\x20ftyp${word}\0\0\0\0`, "latin1");
  assert.match(
    await read("a.heic", brand("heic")),
    /is HEIC, which cannot be looked at here\. Save it as PNG/,
  );
  assert.match(await read("a.avif", brand("avif")), /is AVIF/);
  assert.match(await read("a.tif", Buffer.from("49492a0008000000", "hex")), /is a TIFF image/);
  assert.match(await read("a.svg", Buffer.from("<svg xmlns='x'><text>hi</text></svg>")), /is an SVG drawing/);
  assert.match(await read("a.pdf", Buffer.from("%PDF-1.7\n\0")), /is a PDF document/);
  assert.match(await read("empty.png", Buffer.alloc(0)), /no picture that can be read/);
  const still = "2c0000000002000200000202840a00";
  const gif = (frames: number) =>
    Buffer.from(`47494638396102000200800000000000ffffff${still.repeat(frames)}3b`, "hex");
  assert.match(await read("moves.gif", gif(2)), /2 x 2 GIF.*\n\(It moves; this is its first frame\.\)$/);
  assert.doesNotMatch(await read("still.gif", gif(1)), /moves/);
});

test("the size of a picture is read from its first bytes, and any bytes are read without a throw", () => {
  const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
  assert.deepEqual(readSize(write("A")), { kind: "PNG", width: 84, height: 90 });
  assert.deepEqual(readSize(hex("474946383961 4001 f000")), { kind: "GIF", width: 320, height: 240 });
  const jpeg = hex(
    "ffd8 ffe0 0010 4a46494600010100000100010000 ffc0 0011 08 01e0 0280 0301220002110103110100",
  );
  assert.deepEqual(readSize(jpeg), { kind: "JPEG", width: 640, height: 480 });
  const webp = Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBPVP8X"), hex("0a000000 00000000 3f0100 ef0000")]);
  assert.deepEqual(readSize(webp), { kind: "WebP", width: 320, height: 240 });
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 80 }),
      fc.constantFrom("", "ffd8", "89504e47", "474946383961", "424d"),
      (bytes, start) => {
        const size = readSize(Buffer.concat([hex(start), bytes]));
        if (size) assert.ok(size.width > 0 && size.height > 0);
      },
    ),
  );
});
