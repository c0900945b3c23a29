// A picture by a model on a server with OpenAI's interface for images. The scene is its order, so that the picture is of the
// same thing as the one that is painted here, and can be changed by the same words.

import { z } from "zod";
import { eyeLimits } from "../../limits.ts";
import { readSize } from "../eyes/size.ts";
import { askServer, type PainterServer } from "../senses/servers.ts";
import { describeScene } from "./describe.ts";
import { toPng } from "./picture-file.ts";
import type { SceneText } from "./scene.ts";

const answerSchema = z.object({ data: z.array(z.object({ b64_json: z.string().nullish() })).min(1) });

const sizes = { wide: "1536x1024", square: "1024x1024", tall: "1024x1536" } as const;

/** What a model is asked to paint. */
export function toOrder(scene: SceneText): string {
  const title = scene.title === "" ? "" : `"${scene.title}". `;
  return `${title}${describeScene(scene)} A warm storybook illustration with soft light and depth; no words in it.`;
}

/** Paints a scene on a server, as PNG. Throws a sentence when that fails. */
export async function paintRemotely(
  server: PainterServer,
  scene: SceneText,
  signal: AbortSignal,
): Promise<Buffer> {
  const order = { prompt: toOrder(scene), n: 1, size: server.size ?? sizes[scene.frame] };
  const answer = await askServer(
    server,
    "images/generations",
    // The newer models of OpenAI give no addresses and do not know this field; the others need it.
    /^(gpt|chatgpt)-image/.test(server.model) ? order : { ...order, response_format: "b64_json" },
    signal,
  );
  const text = answerSchema.safeParse(answer).data?.data[0]?.b64_json;
  if (!text) throw new Error("the server sent no picture, or only an address, which is not opened");
  const bytes = Buffer.from(text, "base64");
  const size = readSize(bytes);
  if (!size) throw new Error("what the server sent is no picture");
  if (size.width * size.height > eyeLimits.pixels) throw new Error("the picture of the server is too large");
  if (size.kind === "PNG") return bytes;
  if (size.kind !== "JPEG") throw new Error(`the server sent ${size.kind}; PNG or JPEG is needed`);
  const href = `data:image/jpeg;base64,${text}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}"><image width="${size.width}" height="${size.height}" href="${href}"/></svg>`;
  const png = await toPng(svg, signal);
  if (typeof png === "string") throw new Error(png);
  return png;
}
