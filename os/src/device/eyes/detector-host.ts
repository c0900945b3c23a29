// The process of the detector: one picture comes, what is seen goes back. The networks of `human` lie in the folder of the
// sense (senses/catalogue.ts), run on WebAssembly and are read from disk; nothing is fetched, and no network that tells who or
// how old somebody is gets loaded.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { toMessage } from "../../error.ts";
import { eyeLimits } from "../../limits.ts";
import type { HostAnswer } from "./detector.ts";
import type { Box } from "./sight.ts";

const edge = eyeLimits.seenEdge;
const files = "http://models.local/";

/** What is used of `human`; its own types come with the package, which is not here until it was asked for. */
interface Human {
  load(): Promise<void>;
  detect(tensor: object): Promise<Result>;
  tf: {
    tensor4d(points: Int32Array, shape: readonly number[], type: string): object;
    cast(tensor: object, type: string): object;
  };
}

interface Result {
  object: { label: string; score: number; box: readonly number[] }[];
  face: { score: number; box: readonly number[] }[];
  hand: { score: number; box: readonly number[] }[];
  gesture: ({ hand: number; gesture: string } | { gesture: string })[];
}

/** The library fetches its networks; they lie on disk, and whatever else it asks for is not there. */
function answerFromDisk(folder: string): void {
  globalThis.fetch = async (what) => {
    const url = what instanceof Request ? what.url : String(what);
    const name = url.startsWith(files) ? url.slice(files.length) : "";
    if (!/^[\w-]+\.(json|bin)$/.test(name)) return new Response(null, { status: 404 });
    const type = name.endsWith(".json") ? "application/json" : "application/octet-stream";
    return new Response(await readFile(join(folder, name)), { headers: { "content-type": type } });
  };
}

async function open(folder: string): Promise<Human> {
  const require = createRequire(join(folder, "package.json"));
  const entry = join(folder, "node_modules", "@vladmandic", "human");
  const wasm = join(folder, "node_modules", "@tensorflow", "tfjs-backend-wasm");
  answerFromDisk(join(entry, "models"));
  require("@tensorflow/tfjs-backend-wasm");
  const library = require(join(entry, "dist", "human.node-wasm.js")) as {
    Human: new (settings: object) => Human;
  };
  const settings = {
    ...{ backend: "wasm", wasmPath: join(wasm, "dist/"), modelBasePath: files, debug: false, async: false },
    cacheSensitivity: 0,
    filter: { enabled: false },
    face: {
      enabled: true,
      detector: { rotation: false, maxDetected: 20, minConfidence: eyeLimits.surest.face },
      // Where the second network finds no features, there was no face.
      ...{ mesh: { enabled: true }, iris: { enabled: false }, emotion: { enabled: false } },
      ...{ description: { enabled: false }, antispoof: { enabled: false }, liveness: { enabled: false } },
    },
    hand: { enabled: true, minConfidence: eyeLimits.surest.hand, maxDetected: 6 },
    body: { enabled: false },
    object: { enabled: true, minConfidence: eyeLimits.surest.thing, maxDetected: 20 },
    gesture: { enabled: true },
  };
  const human = new library.Human(settings);
  await human.load();
  return human;
}

/** The points of a picture in a square, and the part of the square that it fills. */
async function unpack(bytes: Buffer, kind: string) {
  const { Resvg } = await import("@resvg/resvg-js");
  const href = `data:image/${kind.toLowerCase()};base64,${bytes.toString("base64")}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${edge}" height="${edge}"><image width="${edge}" height="${edge}" href="${href}"/></svg>`;
  const { pixels } = new Resvg(svg, { font: { loadSystemFonts: false } }).render();
  let seen = 0;
  const points = new Int32Array(edge * edge * 3);
  for (let i = 0, at = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3] as number;
    seen += alpha > 0 ? 1 : 0;
    for (let j = 0; j < 3; j++) points[at++] = pixels[i + j] as number;
  }
  // A picture that cannot be unpacked is left out without a word.
  if (seen === 0) throw new Error("the picture is damaged, or has nothing on it");
  return points;
}

function toAnswer(result: Result, size: { width: number; height: number }): HostAnswer {
  const scale = edge / Math.max(size.width, size.height);
  const [w, h] = [size.width * scale, size.height * scale];
  const [left, top] = [(edge - w) / 2, (edge - h) / 2];
  const part = (at: number) => Math.round(Math.max(0, Math.min(1, at)) * 1000) / 1000;
  const toBox = ([x, y, width, height]: readonly number[]): Box => [
    part(((x as number) - left) / w),
    part(((y as number) - top) / h),
    part((width as number) / w),
    part((height as number) / h),
  ];
  const signs = new Map<number, string[]>();
  for (const one of result.gesture)
    if ("hand" in one) signs.set(one.hand, [...(signs.get(one.hand) ?? []), String(one.gesture)]);
  return {
    seen: {
      things: result.object.map((one) => ({
        ...{ what: String(one.label), sure: one.score, box: toBox(one.box) },
      })),
      faces: result.face.map((one) => ({ sure: one.score, box: toBox(one.box) })),
      hands: result.hand.map((one, i) => ({
        what: ["hand", ...(signs.get(i) ?? [])].join(", "),
        sure: one.score,
        box: toBox(one.box),
      })),
    },
  };
}

async function look(bytes: Buffer, kind: string, folder: string): Promise<HostAnswer> {
  const { readSize } = await import("./size.ts");
  const size = readSize(bytes);
  if (!size) return { problem: "the picture is damaged" };
  const points = await unpack(bytes, kind);
  const human = await open(folder);
  const whole = human.tf.tensor4d(points, [1, edge, edge, 3], "int32");
  return toAnswer(await human.detect(human.tf.cast(whole, "float32")), size);
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.once("message", async (bytes: Uint8Array) => {
  const [kind = "PNG", folder = ""] = process.argv.slice(2);
  const answer = await look(Buffer.from(bytes), kind, folder).catch((error: unknown) => ({
    problem: toMessage(error),
  }));
  process.send?.(answer);
});
