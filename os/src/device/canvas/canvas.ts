// The device `canvas`: draws a scene as a picture of two files, NAME.svg (with the scene inside) and NAME.png, and changes a
// picture by words. The same scene is the same picture, byte by byte; both files are reversible, as every file is.

import { lstat } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { toMessage } from "../../error.ts";
import { deviceLimits } from "../../limits.ts";
import { makeFolders, openAt } from "../anchor.ts";
import type { Blobs } from "../blobs.ts";
import { toRoot } from "../capture.ts";
import { changing, Obstacle, type Plan } from "../changing.ts";
import { type Device, type DeviceContext, defineDevice, type Operation } from "../device.ts";
import { resolveInside } from "../paths.ts";
import type { PainterServer } from "../senses/servers.ts";
import { describeScene } from "./describe.ts";
import { editScene } from "./edit.ts";
import { fromSvgFile, toPng, toSvgFile } from "./picture-file.ts";
import { paintRemotely } from "./remote-painter.ts";
import { type SceneText, sceneSchema } from "./scene.ts";

/** What the device needs. */
export interface CanvasOptions {
  blobs: Blobs;
  /** Folders of Hum itself that no share opens. */
  protect?: readonly string[];
  /** The server that paints, where a person has set one up; asked for at each picture. */
  painter?(): Promise<PainterServer | undefined>;
}

const pathSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\n\r`"]+$/, "the name of a file");

/** The two files of a picture, whatever ending its name was given. */
const toNames = (path: string) => {
  const stem = path.replace(/\.(svg|png)$/i, "");
  return { svg: `${stem}.svg`, png: `${stem}.png` };
};

const drawSchema = z.strictObject({ path: pathSchema.default("picture.svg"), ...sceneSchema.shape });
const changeSchema = z.strictObject({
  path: pathSchema.default("picture.svg"),
  words: z.string().min(1).max(500),
});

/** Makes the device `canvas`. */
export function createCanvas({ blobs, protect = [], painter }: CanvasOptions): Device {
  const toReal = async (path: string, context: DeviceContext) => {
    const found = await resolveInside(path, "write", { ...context, protect });
    if (!found.ok) throw new Obstacle(found.why);
    return found.path;
  };

  /** The PNG: by the server where there is one, else, and when it fails, of the drawing. */
  async function paint(scene: SceneText, svg: string, signal: AbortSignal) {
    let note = "";
    try {
      const server = await painter?.();
      if (server)
        return { png: await paintRemotely(server, scene, signal), note: `, painted by ${server.model}` };
    } catch (error) {
      signal.throwIfAborted();
      note = ` (painted here: ${toMessage(error)})`;
    }
    return { png: await toPng(svg, signal), note };
  }

  /** The plan of writing a scene as both files; `say` ends the sentence of what was done. */
  async function toPlan(
    path: string,
    scene: SceneText,
    how: { context: DeviceContext; say: string },
  ): Promise<Plan> {
    const { context, say } = how;
    const names = toNames(path);
    const [svgPath, pngPath] = [await toReal(names.svg, context), await toReal(names.png, context)];
    return {
      roots: [...new Set([await toRoot(svgPath), await toRoot(pngPath)])],
      async act() {
        for (const real of [svgPath, pngPath])
          if ((await lstat(real).catch(() => null))?.isDirectory())
            throw new Obstacle(`${real} is a folder.`);
        const svg = toSvgFile(scene);
        const { png, note } = await paint(scene, svg, context.signal);
        context.signal.throwIfAborted();
        await makeFolders(dirname(svgPath));
        await blobs.copyTo(await blobs.put(svg), svgPath, { tag: context.key });
        if (typeof png !== "string") await blobs.copyTo(await blobs.put(png), pngPath, { tag: context.key });
        const also = typeof png === "string" ? `; a PNG is not there: ${png}` : ` and ${names.png}`;
        return `${say} ${names.svg}${also}${note}.\nOn it: ${describeScene(scene)}`;
      },
    };
  }

  const draw: Operation<z.infer<typeof drawSchema>> = {
    ...changing(blobs, {
      about: "Draws a scene as a picture: PATH.svg and PATH.png.",
      args: drawSchema,
      sinks: { path: "what" },
      plan: ({ path, ...scene }, context) => toPlan(path, scene, { context, say: "Drew" }),
    }),
    shaped: true,
  };

  const change: Operation<z.infer<typeof changeSchema>> = {
    ...changing(blobs, {
      about: 'Changes a picture by words, such as "make it night, add an owl".',
      args: changeSchema,
      sinks: { path: "what" },
      async plan({ path, words }, context) {
        const { svg: name } = toNames(path);
        const before = fromSvgFile(await readSvg(await toReal(name, context), name));
        if (typeof before === "string") throw new Obstacle(`${name} cannot be changed: ${before}.`);
        const { scene, done, unknown } = editScene(before, words);
        if (done.length === 0)
          throw new Obstacle(
            `Nothing in "${words}" says what to change. Draw it anew with canvas.draw instead.`,
          );
        const left = unknown.length > 0 ? ` (not understood: ${unknown.join("; ")})` : "";
        return toPlan(path, scene, { context, say: `Changed to ${done.join(", ")}${left}:` });
      },
    }),
    shaped: true,
  };
  return defineDevice({ name: "canvas", operations: { draw, change } });
}

async function readSvg(real: string, path: string): Promise<string> {
  const there = await lstat(real).catch(() => null);
  if (!there?.isFile()) throw new Obstacle(`${path} is not there. Draw it first with canvas.draw.`);
  if (there.size > deviceLimits.writeBytes)
    throw new Obstacle(`${path} is too large to be a picture of the canvas.`);
  await using handle = await openAt(real);
  return handle.readFile("utf8");
}
