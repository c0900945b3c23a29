// The changing operations of the device `files`. Each is a plan: which places it can touch, and the act; the frame in
// changing.ts makes it reversible and repeatable.

import { rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { deviceLimits } from "../limits.ts";
import { holdFolder, makeFolders } from "./anchor.ts";
import type { Blobs } from "./blobs.ts";
import { type Capture, toRoot } from "./capture.ts";
import { diffManifests, undoChanges } from "./changes.ts";
import { changing, Obstacle } from "./changing.ts";
import type { DeviceContext, Operation } from "./device.ts";
import { lookAt } from "./entry.ts";
import { type Mode, resolveInside } from "./paths.ts";
import { toBytes } from "./say.ts";
import { readTree } from "./walk.ts";

/** The schema of a path argument. */
export const pathSchema: z.ZodString = z.string().min(1).max(4096).describe("relative to the working folder");

const textSchema = z
  .string()
  .refine(
    (text) => Buffer.byteLength(text) <= deviceLimits.writeBytes,
    `at most ${toBytes(deviceLimits.writeBytes)}`,
  );

/** Makes `write`, `append`, `mkdir`, `remove` and `move`. */
export function createChanging(blobs: Blobs, protect: readonly string[]): Operations {
  const toReal: ToReal = async (path, mode, context) => {
    const found = await resolveInside(path, mode, { ...context, protect });
    if (!found.ok) throw new Obstacle(found.why);
    return found.path;
  };
  return { ...createWriting(blobs, toReal), ...createMoving(blobs, toReal, protect) };
}

// biome-ignore lint/suspicious/noExplicitAny: operations of one device have different argument types
type Operations = Record<string, Operation<any>>;

/** The real path of what an entity wrote; throws an Obstacle. */
type ToReal = (path: string, mode: Mode, context: DeviceContext) => Promise<string>;

function createWriting(blobs: Blobs, toReal: ToReal): Operations {
  const write = changing(blobs, {
    about: "Writes a text as the whole content of a file; folders on the way are made.",
    args: z.strictObject({ path: pathSchema, text: textSchema }),
    sinks: { path: "what" },
    async plan({ path, text }, context) {
      const real = await toReal(path, "write", context);
      return {
        roots: [await toRoot(real)],
        async act(before) {
          const mode = await checkFile(real, path);
          if (rootHash(before, real) !== (await blobs.put(text))) {
            await makeFolders(dirname(real));
            await blobs.copyTo(await blobs.put(text), real, { mode, tag: context.key });
          }
          return `Wrote ${path} (${toBytes(Buffer.byteLength(text))}).`;
        },
      };
    },
  });

  const append = changing(blobs, {
    about: "Adds a text at the end of a file, or makes the file.",
    args: z.strictObject({ path: pathSchema, text: textSchema }),
    sinks: { path: "what" },
    async plan({ path, text }, context) {
      const real = await toReal(path, "write", context);
      return {
        roots: [await toRoot(real)],
        async act() {
          const mode = await checkFile(real, path);
          await makeFolders(dirname(real));
          // What stands there now, not what was recorded: a person may just have saved it.
          const there = await lookAt(real);
          const content = there ? await blobs.putFile(real) : await blobs.put("");
          await blobs.copyTo(content, real, { mode, append: text, tag: context.key });
          return `Added ${toBytes(Buffer.byteLength(text))} to ${path}.`;
        },
      };
    },
  });

  const mkdir = changing(blobs, {
    about: "Makes a folder, and the folders on the way to it.",
    args: z.strictObject({ path: pathSchema }),
    sinks: { path: "what" },
    async plan({ path }, context) {
      const real = await toReal(path, "write", context);
      const there = await lookAt(real);
      if (there && !there.isDirectory()) throw new Obstacle(`${path} is already there and is a file.`);
      return {
        roots: there ? [] : [await toRoot(real)],
        async act() {
          await makeFolders(real);
          return there ? `The folder ${path} is already there.` : `Made the folder ${path}.`;
        },
      };
    },
  });

  return { write, append, mkdir };
}

function createMoving(blobs: Blobs, toReal: ToReal, protect: readonly string[]): Operations {
  const remove = changing(blobs, {
    about: "Removes a file, or a folder with everything in it; it can be undone.",
    args: z.strictObject({ path: pathSchema }),
    sinks: { path: "what" },
    async plan({ path }, context) {
      const real = await toReal(path, "entry", context);
      if (!(await lookAt(real))) throw new Obstacle(`${path} is not there.`);
      refuseAround(real, path, [...context.shares.map((share) => share.path), ...protect]);
      return {
        roots: [real],
        async act(before) {
          refuseUnrecorded(before);
          await using folder = await holdFolder(dirname(real));
          await rm(folder.at(basename(real)), { recursive: true });
          await folder.sync();
          return `Removed ${path}.`;
        },
      };
    },
  });

  const move = changing(blobs, {
    about: "Moves or renames a file or folder; into `to` when that is a folder.",
    args: z.strictObject({ from: pathSchema, to: pathSchema }),
    sinks: { from: "what", to: "what" },
    async plan({ from, to }, context) {
      const source = await toReal(from, "entry", context);
      if (!(await lookAt(source))) throw new Obstacle(`${from} is not there.`);
      refuseAround(source, from, [...context.shares.map((share) => share.path), ...protect]);
      const wanted = await toReal(to, "write", context);
      const inside = (await lookAt(wanted))?.isDirectory() ?? false;
      const target = inside ? await toReal(join(wanted, basename(source)), "entry", context) : wanted;
      if (target === source || target.startsWith(`${source}/`))
        throw new Obstacle(`${from} cannot be moved into itself.`);
      if (await lookAt(target)) throw new Obstacle(`${to} is already there: remove it first.`);
      return {
        roots: [source, await toRoot(target)],
        async act(before) {
          refuseUnrecorded(before);
          await makeFolders(dirname(target));
          await moveEntry(source, target, blobs);
          return `Moved ${from} to ${to}.`;
        },
      };
    },
  });

  return { remove, move };
}

async function moveEntry(source: string, target: string, blobs: Blobs): Promise<void> {
  await using from = await holdFolder(dirname(source));
  await using to = await holdFolder(dirname(target));
  try {
    await rename(from.at(basename(source)), to.at(basename(target)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    // Another file system: make it there from the recorded contents, then remove it here.
    const tree = await readTree(source, blobs);
    const empty = await readTree(target, blobs);
    if (!tree.ok || !empty.ok) throw error;
    const copy = { ...tree.manifest, root: target };
    await undoChanges(diffManifests(copy, empty.manifest), blobs, { force: true });
    await rm(from.at(basename(source)), { recursive: true });
  }
  await to.sync();
  await from.sync();
}

/** The mode for a file that is going to be replaced or made. */
async function checkFile(real: string, path: string): Promise<number> {
  const stats = await lookAt(real);
  if (stats?.isDirectory()) throw new Obstacle(`${path} is a folder.`);
  if (stats && !stats.isFile()) throw new Obstacle(`${path} is neither a file nor a folder.`);
  return stats ? Number(stats.mode) & 0o7777 : 0o644;
}

/** The recorded content of a file, null when there was none. */
function rootHash(before: Capture, real: string): string | null {
  return before.manifests.find(({ root }) => root === real)?.entries[0]?.hash ?? null;
}

/** Shares and folders of Hum inside a folder go where the folder goes: they must not. */
function refuseAround(real: string, path: string, fixed: readonly string[]): void {
  const inner = fixed.find((folder) => folder.startsWith(`${real}/`));
  if (inner) throw new Obstacle(`${path} holds ${inner}, which must stay where it is.`);
}

/** What was not recorded could not come back. */
function refuseUnrecorded(before: Capture): void {
  const [skip] = before.manifests.flatMap(({ skipped }) => skipped);
  if (skip) throw new Obstacle(`${skip.path} ${skip.why}, so this could not be undone.`);
}
