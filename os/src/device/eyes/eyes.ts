// The device `eyes`: what stands in a picture. It reads the words (OCR, offline); whatever they say is somebody else's: the
// result is untrusted, with the file as its origin, and never an order. Faces, objects and scenes are for a model that sees.

import { constants } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { z } from "zod";
import { toMessage } from "../../error.ts";
import { eyeLimits } from "../../limits.ts";
import { openAt } from "../anchor.ts";
import {
  type Device,
  type DeviceContext,
  type DeviceResult,
  defineDevice,
  defineOperation,
} from "../device.ts";
import { fail, toFailure } from "../failure.ts";
import { pathSchema } from "../files-change.ts";
import { toUntrusted } from "../label.ts";
import { resolveInside } from "../paths.ts";
import { toBytes } from "../say.ts";
import { readSize } from "./size.ts";

/** Words in a picture, with how sure that is (0 to 100). */
export interface SeenText {
  text: string;
  sure: number;
}

/** Reads the words in the bytes of a picture. */
export type ReadWords = (picture: Buffer, signal: AbortSignal) => Promise<SeenText>;

/** What the device needs. */
export interface EyesOptions {
  /** Folders of Hum itself that no share opens. */
  protect?: readonly string[];
  /** Another reader of words. */
  readWords?: ReadWords;
}

/** Makes the device `eyes`. */
export function createEyes(options: EyesOptions = {}): Device {
  const { protect = [], readWords = readWithTesseract } = options;
  const read = defineOperation({
    about: "Reads the words in a picture (a photo, a scan, a screenshot).",
    args: z.strictObject({ path: pathSchema }),
    effect: "none",
    sinks: { path: "data" },
    async run({ path }, context) {
      const found = await resolveInside(path, "read", { ...context, protect });
      if (!found.ok) return fail(found.why);
      try {
        return await look(found.path, { path, context, readWords });
      } catch (error) {
        if (context.signal.aborted) return fail(`${path}: stopped before it was finished.`);
        return toFailure(error, path);
      }
    },
  });
  return defineDevice({ name: "eyes", operations: { read } });
}

async function look(
  real: string,
  how: { path: string; context: DeviceContext; readWords: ReadWords },
): Promise<DeviceResult> {
  const { path, context, readWords } = how;
  await using handle = await openAt(real, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await handle.stat();
  if (!stats.isFile()) return fail(`${path} is not a file.`);
  if (stats.size > eyeLimits.fileBytes)
    return fail(
      `${path} is ${toBytes(stats.size)}; a picture may have ${toBytes(eyeLimits.fileBytes)}. Make it smaller.`,
    );
  const picture = await handle.readFile();
  const size = readSize(picture);
  if (!size)
    return fail(
      `${path} is no picture that can be read (PNG, JPEG, WebP, GIF and BMP can), or it is damaged.`,
    );
  const place = `${size.width} x ${size.height} ${size.kind}`;
  if (size.width * size.height > eyeLimits.pixels)
    return fail(
      `${path} is too large (${place}); ${eyeLimits.pixels / 1e6} million points can be read. Make it smaller.`,
    );
  const { text, sure } = await readWords(
    picture,
    AbortSignal.any([context.signal, AbortSignal.timeout(eyeLimits.readMs)]),
  );
  const label = toUntrusted(`file:${real}`);
  const words = text.trim();
  const data = { ...size, sure: Math.round(sure), bytes: stats.size };
  if (words === "") return { ok: true, text: `${path} (${place}): no words can be read in it.`, label, data };
  const doubt = sure < eyeLimits.sure ? "; much of it may be misread" : "";
  const cut = words.length > eyeLimits.chars ? `${words.slice(0, eyeLimits.chars)}\n[cut]` : words;
  return {
    ok: true,
    text: `${path} (${place}, words read with ${Math.round(sure)} % certainty${doubt}):\n${cut}`,
    label,
    data,
  };
}

/** Tesseract in a thread of its own, which ends with the call: nothing of a picture is kept. */
async function readWithTesseract(picture: Buffer, signal: AbortSignal): Promise<SeenText> {
  const { createWorker } = await import("tesseract.js");
  const folder = dirname(createRequire(import.meta.url).resolve("@tesseract.js-data/eng/package.json"));
  signal.throwIfAborted();
  let broken: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    broken = reject;
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  failed.catch(() => {});
  const worker = await createWorker("eng", 1, {
    ...{ langPath: `${folder}/4.0.0_best_int`, cacheMethod: "none", gzip: true },
    errorHandler: (error: unknown) => broken(new Error(`the picture is damaged (${toMessage(error)})`)),
  });
  try {
    const work = worker.recognize(picture).catch((error: unknown) => {
      throw new Error(`the picture is damaged (${toMessage(error)})`);
    });
    const { data } = await Promise.race([work, failed]);
    return { text: data.text, sure: data.confidence };
  } finally {
    await worker.terminate();
  }
}
