// Opens a file as a picture. Its head is read first: what is no picture, too large or of a kind that is not known is refused
// in words before the rest is read, and before anything unpacks it.

import { constants } from "node:fs";
import { basename } from "node:path";
import { eyeLimits } from "../../limits.ts";
import { openAt } from "../anchor.ts";
import { sniff } from "../magic.ts";
import { toBytes } from "../say.ts";
import { readSenseServers } from "../senses/servers.ts";
import { createDetector } from "./detector.ts";
import { createRemoteSight } from "./remote-sight.ts";
import type { Picture, Sight } from "./sight.ts";
import { isMoving, type PictureSize, readSize } from "./size.ts";
import { readWithTesseract } from "./words.ts";

/** A picture of a file. */
export interface OpenedPicture extends Picture {
  /** Its size and kind in words. */
  place: string;
  /** It has more than one frame, of which the first is looked at. */
  moving: boolean;
}

/** Opens a picture, or gives a sentence saying why it is none; `path` is the name that the sentence uses. */
export async function openPicture(real: string, path: string): Promise<OpenedPicture | string> {
  await using handle = await openAt(real, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await handle.stat();
  if (!stats.isFile()) return `${path} is not a file.`;
  const most = Math.min(stats.size, eyeLimits.headBytes);
  const head = await handle.read(Buffer.alloc(most), 0, most, 0);
  const begin = head.buffer.subarray(0, head.bytesRead);
  const early = readSize(begin);
  // The size of a photograph may stand behind a long preview.
  const photo = begin.length >= 2 && begin.readUInt16BE(0) === 0xffd8;
  const trouble = early ? toTooLarge(path, early) : photo ? null : toNoPicture(path, begin);
  if (trouble !== null) return trouble;
  if (stats.size > eyeLimits.fileBytes)
    return `${path} is ${toBytes(stats.size)}; a picture may have ${toBytes(eyeLimits.fileBytes)}. Make it smaller.`;
  const whole = await handle.readFile();
  const size = early ?? readSize(whole);
  if (!size) return toNoPicture(path, begin);
  const late = toTooLarge(path, size);
  if (late !== null) return late;
  const { kind, width, height } = size;
  return { ...{ kind, width, height, bytes: whole }, place: toPlace(size), moving: isMoving(whole, kind) };
}

const toPlace = ({ width, height, kind }: PictureSize) => `${width} x ${height} ${kind}`;

function toTooLarge(path: string, size: PictureSize): string | null {
  const points = Math.max(size.width * size.height, size.unpacked ?? 0);
  if (points <= eyeLimits.pixels) return null;
  return `${path} is too large (${toPlace(size)}); ${eyeLimits.pixels / 1e6} million points can be read. Make it smaller.`;
}

function toNoPicture(path: string, begin: Buffer): string {
  const brand = begin.toString("latin1", 4, 12);
  const known = /^ftyp(heic|heix|mif1|msf1)/.test(brand)
    ? "HEIC"
    : /^ftypavi[fs]/.test(brand)
      ? "AVIF"
      : toOther(begin);
  if (known !== null)
    return `${path} is ${known}, which cannot be looked at here. Save it as PNG or JPEG and attach it again.`;
  return `${path} is no picture that can be read (PNG, JPEG, WebP, GIF and BMP can), or it is damaged.`;
}

function toOther(begin: Buffer): string | null {
  const found = sniff(begin.subarray(0, 4096));
  if (found.text) return /<svg[\s>]/i.test(begin.toString("utf8", 0, 2_000)) ? "an SVG drawing" : null;
  return /^(TIFF|icon|PDF)/.test(found.type) ? `a ${found.type}` : null;
}

/** The words in a picture; null when it is none that can be read. */
export async function readPictureWords(file: string, signal: AbortSignal): Promise<string | null> {
  const picture = await openPicture(file, basename(file));
  if (typeof picture === "string") return null;
  return (await readWithTesseract(picture, signal)).text.trim();
}

/** Who sees in a home: the model of a server that its settings name, else the networks of this machine. */
export async function openSight(home: string): Promise<Sight> {
  const { sight } = await readSenseServers(home);
  return sight ? createRemoteSight(sight) : createDetector(home);
}
