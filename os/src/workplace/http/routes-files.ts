// Files of a thread over HTTP. Paths go through the same code as those that entities write (device/paths.ts and
// device/anchor.ts): walked part by part, held inside the thread's folder, refused where a link leads elsewhere. What is
// handed out is always a download: bytes of a file never become a page of this origin.

import type { FileHandle } from "node:fs/promises";
import { lstat, readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { Readable } from "node:stream";
import { z } from "@hono/zod-openapi";
import { holdFolder, makeFolders, openAt } from "../../device/anchor.ts";
import type { Blobs } from "../../device/blobs.ts";
import { type Mode, resolveInside } from "../../device/paths.ts";
import { HumError } from "../../error.ts";
import { httpLimits } from "../../limits.ts";
import type { Workplace } from "../api.ts";
import { defineRoute, type Route } from "./route.ts";
import { shortText, whole } from "./schemas.ts";

const id = z.object({ id: shortText });
const path = z.string().min(1).max(4096);

/** What these routes stand on. */
export interface FileParts {
  workplace: Workplace;
  blobs: Blobs;
  /** Folders of Hum itself. */
  protect: readonly string[];
}

/** The routes of files. */
export function toFileRoutes(parts: FileParts): Route[] {
  const { workplace } = parts;
  const written = z.strictObject({ path: z.string(), bytes: whole }).openapi("WrittenFile");
  return [
    defineRoute({
      method: "get",
      path: "/threads/{id}/files",
      about: "Files of a thread.",
      params: id,
      answer: z.array(
        z.strictObject({ path: z.string(), bytes: whole, modifiedAt: z.number() }).openapi("ListedFile"),
      ),
      run: ({ params }) => listFiles(workplace.folderOf(params.id)),
    }),
    defineRoute({
      method: "get",
      path: "/threads/{id}/files/content",
      about: "The bytes of a file, always as an attachment.",
      params: id,
      query: z.object({ path }),
      bytes: "answer",
      // A post that started nothing has files too, and no thread yet.
      run: ({ params, query }) => readFile(parts, workplace.folderOf(params.id), query.path),
    }),
    defineRoute({
      method: "put",
      path: "/threads/{id}/files/content",
      about: "Writes a file into the folder of a thread, whole or not at all.",
      params: id,
      query: z.object({ path }),
      bytes: "body",
      answer: written,
      async run({ by, params, query, context }) {
        const folder = await workplace.folderFor(by, { thread: params.id });
        return writeFile(parts, folder, { path: query.path, content: await context.req.arrayBuffer() });
      },
    }),
    defineRoute({
      method: "put",
      path: "/channels/{id}/files/content",
      about: "Writes a file for a post that will be written here with that Idempotency-Key.",
      params: id,
      query: z.object({ path, key: z.string().regex(/^[\x21-\x7e]{1,200}$/) }),
      bytes: "body",
      answer: written,
      async run({ by, params, query, context }) {
        const folder = await workplace.folderFor(by, { channel: params.id, key: query.key });
        return writeFile(parts, folder, { path: query.path, content: await context.req.arrayBuffer() });
      },
    }),
  ];
}

async function toReal(parts: FileParts, folder: string, at: { path: string; mode: Mode }): Promise<string> {
  // A share is a real path; the folder of a thread may have been named by a link.
  const reach = { shares: [{ path: folder, write: true }], folder, protect: parts.protect };
  const found = await resolveInside(at.path, at.mode, reach);
  if (found.ok) return found.path;
  throw new HumError("denied", `${at.path} is no place in the folder of this thread.`);
}

async function listFiles(folder: string): Promise<{ path: string; bytes: number; modifiedAt: number }[]> {
  const files: { path: string; bytes: number; modifiedAt: number }[] = [];
  const walk = async (path: string, prefix: string): Promise<void> => {
    await using held = await holdFolder(path);
    for (const name of (await readdir(held.at("."))).sort()) {
      if (files.length >= httpLimits.listedFiles || /^\.hum-.*\.tmp$/.test(name)) continue;
      const stats = await lstat(held.at(name)).catch(() => null);
      if (stats?.isDirectory()) await walk(`${path}/${name}`, `${prefix}${name}/`).catch(ignoreGone);
      else if (stats?.isFile())
        files.push({ path: prefix + name, bytes: stats.size, modifiedAt: Math.round(stats.mtimeMs) });
    }
  };
  await walk(folder, "").catch(ignoreGone);
  return files;
}

// A folder that went away or may not be read while it is listed has no files to show.
function ignoreGone(error: NodeJS.ErrnoException): void {
  if (error.code === undefined) throw error;
}

async function readFile(parts: FileParts, folder: string, path: string): Promise<Response> {
  let handle: FileHandle | null = null;
  try {
    handle = await openAt(await toReal(parts, folder, { path, mode: "read" }));
    const stats = await handle.stat();
    if (!stats.isFile()) throw new HumError("bad-input", `${path} is not a file.`);
    const body =
      stats.size === 0
        ? await handle.close()
        : Readable.toWeb(handle.createReadStream({ start: 0, end: stats.size - 1 }));
    return new Response((body ?? null) as ReadableStream | null, {
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(stats.size),
        "content-disposition": `attachment; filename*=UTF-8''${encodeName(basename(path))}`,
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    await handle?.close().catch(() => {});
    throw toFileError(error, path);
  }
}

async function writeFile(
  parts: FileParts,
  folder: string,
  file: { path: string; content: ArrayBuffer },
): Promise<{ path: string; bytes: number }> {
  const { blobs } = parts;
  try {
    const real = await toReal(parts, folder, { path: file.path, mode: "write" });
    if (real === folder) throw new HumError("bad-input", "The path names the folder itself.");
    const there = await lstat(real).catch(() => null);
    if (there && !there.isFile()) throw new HumError("conflict", `${file.path} is there and is not a file.`);
    // What stood there before is kept, as with everything that changes files.
    if (there) await blobs.putFile(real);
    const hash = await blobs.put(new Uint8Array(file.content));
    await makeFolders(dirname(real));
    await blobs.copyTo(hash, real, { mode: there ? there.mode & 0o7777 : 0o644 });
    return { path: real.slice(folder.length + 1), bytes: file.content.byteLength };
  } catch (error) {
    throw toFileError(error, file.path);
  }
}

const encodeName = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);

function toFileError(error: unknown, path: string): unknown {
  if (HumError.is(error)) return error;
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
    case "ENOTDIR":
      return new HumError("not-found", `There is no file ${path}.`);
    case "EISDIR":
    case "ENAMETOOLONG":
    case "EINVAL":
    case "ENXIO":
      return new HumError("bad-input", `${path} cannot be the name of a file here.`);
    case "EACCES":
    case "EPERM":
    case "ELOOP":
    case "EROFS":
    case "EESCAPE":
      return new HumError("denied", `${path} may not be opened.`);
    case "ENOSPC":
      return new HumError("disk-full", "The disk is full: free some space and try again.");
    default:
      return error;
  }
}
