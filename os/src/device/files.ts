// The device `files`: looking at and changing files inside the shares of a process. A new content is written beside
// the file, synced, and renamed over it: whole or not at all. Every change is reported with the contents before and
// after, and can be undone.
//
// What is read is for the people of this home only, and untrusted, with the file as its origin, unless `labelOf` knows better (for example of a file that
// this process wrote itself). Changing operations are in files-change.ts.

import { lstat, readdir, readlink } from "node:fs/promises";
import { z } from "zod";
import { deviceLimits } from "../limits.ts";
import { holdFolder, openAt } from "./anchor.ts";
import type { Blobs } from "./blobs.ts";
import {
  type Device,
  type DeviceContext,
  type DeviceResult,
  defineDevice,
  defineOperation,
} from "./device.ts";
import { readExcerpt } from "./excerpt.ts";
import { fail, toFailure } from "./failure.ts";
import { createChanging, pathSchema } from "./files-change.ts";
import { type Label, toPrivate, toUntrusted } from "./label.ts";
import { resolveInside } from "./paths.ts";
import { toBytes, toPlace } from "./say.ts";

const listed = 200;
const linesRead = 2_000;

/** What the device needs. */
export interface FilesOptions {
  blobs: Blobs;
  /** Folders of Hum itself that no share opens. */
  protect?: readonly string[];
  /** The label of a file's content, when something better is known than that it is untrusted. */
  labelOf?(path: string, context: DeviceContext): Label | undefined;
}

/** Makes the device `files`. */
export function createFiles(options: FilesOptions): Device {
  const protect = options.protect ?? [];
  const toLabelOf = (path: string, context: DeviceContext) =>
    toPrivate(options.labelOf?.(path, context) ?? toUntrusted(`file:${path}`));

  const list = defineOperation({
    about: "Lists a folder: names, sizes and dates.",
    args: z.strictObject({ path: pathSchema.default(".") }),
    effect: "none",
    sinks: { path: "data" },
    async run({ path }, context) {
      const found = await resolveInside(path, "read", { ...context, protect });
      if (!found.ok) return fail(found.why);
      try {
        return await listFolder(found.path, context, toPrivate(toUntrusted(`file:${found.path}`)));
      } catch (error) {
        return toFailure(error, path);
      }
    },
  });

  const read = defineOperation({
    about: "Shows a text file, or a part of it by line numbers.",
    args: z.strictObject({
      path: pathSchema,
      from: z.number().int().min(1).default(1).describe("first line to show"),
      lines: z.number().int().min(1).max(linesRead).default(linesRead).describe("how many lines"),
    }),
    effect: "none",
    sinks: { path: "data" },
    async run({ path, from, lines }, context) {
      const found = await resolveInside(path, "read", { ...context, protect });
      if (!found.ok) return fail(found.why);
      try {
        await using handle = await openAt(found.path);
        const stats = await handle.stat();
        if (stats.isDirectory()) return fail(`${path} is a folder: list it instead.`);
        if (!stats.isFile()) return fail(`${path} is neither a file nor a folder.`);
        const part = { from, lines, bytes: deviceLimits.readBytes, signal: context.signal };
        const excerpt = await readExcerpt(handle, part);
        const label = toLabelOf(found.path, context);
        const data = { path: found.path, bytes: stats.size };
        if (excerpt.kind === "binary")
          return { ok: true, text: `binary file, ${toBytes(stats.size)}, ${excerpt.type}`, label, data };
        const note = toNote(excerpt, from, stats.size);
        const plain = { content: excerpt.text, whole: note === "" };
        return { ok: true, text: excerpt.text + note, label, data: { ...data, ...plain } };
      } catch (error) {
        return toFailure(error, path);
      }
    },
  });

  return defineDevice({
    name: "files",
    operations: { list, read, ...createChanging(options.blobs, protect) },
  });
}

async function listFolder(path: string, context: DeviceContext, label: Label): Promise<DeviceResult> {
  await using folder = await holdFolder(path);
  const names = (await readdir(folder.at("."))).sort();
  const rows: string[] = [];
  for (const name of names.slice(0, listed)) {
    context.signal.throwIfAborted();
    const stats = await lstat(folder.at(name)).catch(() => null);
    if (!stats) continue;
    const date = stats.mtime.toISOString().slice(0, 16).replace("T", " ");
    if (stats.isDirectory()) rows.push(`${name}/`);
    else if (stats.isSymbolicLink())
      rows.push(`${name} -> ${await readlink(folder.at(name)).catch(() => "?")}`);
    else rows.push(`${name}  ${toBytes(stats.size)}  ${date}`);
  }
  if (names.length > listed) rows.push(`[${names.length - listed} more are not shown]`);
  const text = rows.length === 0 ? `${toPlace(path, context.folder)} is empty.` : rows.join("\n");
  return { ok: true, text, label, data: { path, entries: names.length } };
}

function toNote(
  excerpt: { text: string; last: number; end: boolean; cut: boolean; encoding: string },
  from: number,
  size: number,
): string {
  const notes: string[] = [];
  if (excerpt.encoding !== "utf-8") notes.push(`encoding ${excerpt.encoding}`);
  if (size === 0) notes.push("the file is empty");
  else if (excerpt.last < from) notes.push(`the file has no line ${from}`);
  else if (excerpt.cut)
    notes.push(`line ${excerpt.last} is too long and was cut; the file has ${toBytes(size)}`);
  else if (!excerpt.end)
    notes.push(
      `lines ${from} to ${excerpt.last} of a file of ${toBytes(size)}; go on with from: ${excerpt.last + 1}`,
    );
  if (notes.length === 0) return "";
  return `${excerpt.text === "" || excerpt.text.endsWith("\n") ? "" : "\n"}[${notes.join("; ")}]`;
}
