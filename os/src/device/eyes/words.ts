// The words in a picture, by Tesseract in a thread of its own, which ends with the call: nothing of a picture is kept.

import { createRequire } from "node:module";
import { dirname } from "node:path";
import { toMessage } from "../../error.ts";
import type { Picture } from "./sight.ts";

/** Words in a picture, with how sure that is (0 to 100). */
export interface SeenText {
  text: string;
  sure: number;
}

/** Reads the words in a picture. */
export type ReadWords = (picture: Picture, signal: AbortSignal) => Promise<SeenText>;

/** Reads the words, offline. */
export async function readWithTesseract(picture: Picture, signal: AbortSignal): Promise<SeenText> {
  const still = picture.kind === "GIF" ? await toStill(picture) : picture.bytes;
  const { createWorker } = await import("tesseract.js");
  const folder = dirname(createRequire(import.meta.url).resolve("@tesseract.js-data/eng/package.json"));
  signal.throwIfAborted();
  let broken: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    broken = reject;
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  failed.catch(() => {});
  const damaged = (error: unknown) => new Error(`the picture is damaged (${toMessage(error)})`);
  const worker = await createWorker("eng", 1, {
    ...{ langPath: `${folder}/4.0.0_best_int`, cacheMethod: "none", gzip: true },
    errorHandler: (error: unknown) => broken(damaged(error)),
  });
  try {
    const work = worker.recognize(still).catch((error: unknown) => {
      throw damaged(error);
    });
    const { data } = await Promise.race([work, failed]);
    return { text: data.text, sure: data.confidence };
  } finally {
    await worker.terminate();
  }
}

// The first frame as PNG: Tesseract does not know GIF.
async function toStill({ bytes, width, height }: Picture): Promise<Buffer> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const href = `data:image/gif;base64,${bytes.toString("base64")}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/><image width="${width}" height="${height}" href="${href}"/></svg>`;
  return (await renderAsync(svg, { font: { loadSystemFonts: false } })).asPng();
}
