// A picture as files: SVG with its scene inside, so that whoever holds the file can change it by words, and PNG for all else.
//
//   <svg …><title>…</title><desc>the scene in words</desc><metadata id="hum-scene">the scene as JSON</metadata>…</svg>

import { toMessage } from "../../error.ts";
import { compose } from "./compose.ts";
import { describeScene } from "./describe.ts";
import { toText } from "./paint/shape.ts";
import { type SceneText, sceneSchema } from "./scene.ts";

/** Points of the longer edge. */
const pngEdge = 1600;

const clean = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const unclean = (text: string) =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

/** The SVG of a scene. */
export function toSvgFile(scene: SceneText): string {
  const { width, height, defs, sky, clouds, land, air } = compose(scene);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${clean(scene.title || "A picture")}</title>`,
    `<desc>${clean(describeScene(scene))}</desc>`,
    `<metadata id="hum-scene">${clean(JSON.stringify(scene))}</metadata>`,
    `<defs>${toText(defs)}</defs>`,
    toText([...sky, ...clouds, ...land, ...air]),
    "</svg>\n",
  ].join("\n");
}

/** The scene inside an SVG of a picture, or a sentence saying why there is none. */
export function fromSvgFile(svg: string): SceneText | string {
  const json = /<metadata id="hum-scene">([^<]*)<\/metadata>/.exec(svg)?.[1];
  if (json === undefined) return "it is no picture of the canvas: it has no scene inside";
  try {
    const parsed = sceneSchema.safeParse(JSON.parse(unclean(json)));
    return parsed.success ? parsed.data : "the scene inside it is damaged";
  } catch {
    return "the scene inside it is damaged";
  }
}

/** The PNG of an SVG, or a sentence saying why there is none (no painter for this platform). */
export async function toPng(svg: string, signal: AbortSignal): Promise<Buffer | string> {
  let resvg: typeof import("@resvg/resvg-js");
  try {
    resvg = await import("@resvg/resvg-js");
  } catch (error) {
    return `it cannot be made on this machine (${toMessage(error).split("\n")[0]})`;
  }
  const [, w = 1, h = 1] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];
  const mode = w >= h ? ("width" as const) : ("height" as const);
  const options = { fitTo: { mode, value: pngEdge }, font: { loadSystemFonts: false } };
  // In a thread of its own. Its own way of stopping takes a signal only once, so a stop just does not wait for it.
  const rendering = resvg.renderAsync(svg, options);
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    signal.throwIfAborted();
  });
  rendering.catch(() => {});
  return (await Promise.race([rendering, stopped])).asPng();
}
