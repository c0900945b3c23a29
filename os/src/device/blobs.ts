// The blob store: contents by their hash, so that any earlier state of a file can come back.
//
//   <home>/blobs/ab/cdef…    the content whose SHA-256 is abcdef…, read-only
//   <home>/blobs/tmp/…       half-written contents; left over only after a crash
//
// A blob is written to tmp, synced, then renamed: what stands under a hash is complete. Reading checks the hash
// again, so damage on the disk is an error and never a wrong content.

import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { HumError } from "../error.ts";
import { holdFolder, openAt } from "./anchor.ts";

const chunkBytes = 1024 * 1024;

/** Contents by hash. */
export interface Blobs {
  /** Where the store lies; nothing else may be kept there. */
  root: string;
  /** Keeps a content and returns its hash. */
  put(content: Uint8Array | string): Promise<string>;
  /** Keeps the content of the regular file that really is at `path`, in pieces; returns its hash. */
  putFile(path: string): Promise<string>;
  /** The whole content, or null when the store does not hold it. */
  get(hash: string): Promise<Buffer | null>;
  has(hash: string): Promise<boolean>;
  /** Makes or replaces the file `path` with this content, in one step; false when the store does not hold it. */
  copyTo(hash: string, path: string, options?: CopyOptions): Promise<boolean>;
}

/** How a content becomes a file. */
export interface CopyOptions {
  /** Permission bits; 0o644 unless told. */
  mode?: number;
  /** Written after the content. */
  append?: string;
  /** Makes the name of the temporary file, so that a repetition after a crash replaces it. */
  tag?: string;
}

/** Opens the blob store below a home folder, making it when it is not there. */
export async function createBlobs(home: string): Promise<Blobs> {
  const root = join(home, "blobs");
  const temporary = join(root, "tmp");
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  const known = new Set<string>();

  async function hasBlob(hash: string): Promise<boolean> {
    if (known.has(hash)) return true;
    const found = await stat(toPath(root, hash)).catch(() => null);
    if (found) known.add(hash);
    return found !== null;
  }

  /** Writes a content of which only the pieces are known; the hash decides the name at the end. */
  async function keep(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
    const path = join(temporary, randomUUID());
    const digest = createHash("sha256");
    const handle = await open(path, "wx", 0o400);
    try {
      for await (const piece of pieces) {
        digest.update(piece);
        await writeAll(handle, piece);
      }
      await handle.sync();
    } catch (error) {
      await rm(path, { force: true });
      throw toDiskError(error);
    } finally {
      await handle.close();
    }
    const hash = digest.digest("hex");
    const folder = join(root, hash.slice(0, 2));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(path, toPath(root, hash));
    known.add(hash);
    return hash;
  }

  return {
    root,
    async put(content) {
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      const hash = toHash(bytes);
      return (await hasBlob(hash)) ? hash : await keep([bytes]);
    },
    async putFile(path) {
      await using handle = await openRegular(path);
      const { size } = await handle.stat();
      if (size <= chunkBytes) {
        const bytes = await handle.readFile();
        const hash = toHash(bytes);
        return (await hasBlob(hash)) ? hash : await keep([bytes]);
      }
      const digest = createHash("sha256");
      for await (const piece of pieces(handle)) digest.update(piece);
      const hash = digest.digest("hex");
      return (await hasBlob(hash)) ? hash : await keep(pieces(handle));
    },
    async get(hash) {
      await using handle = await openBlob(root, hash);
      if (!handle) return null;
      const bytes = await handle.readFile();
      if (toHash(bytes) !== hash) throw damaged(hash);
      return bytes;
    },
    has: hasBlob,
    async copyTo(hash, path, options = {}) {
      await using source = await openBlob(root, hash);
      if (!source) return false;
      await placeFile(path, checked(source, hash), options);
      return true;
    },
  };
}

/** The SHA-256 of a content, in hexadecimal. */
export function toHash(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Hashes the regular file that really is at `path` without keeping it. */
export async function hashFile(path: string): Promise<string> {
  await using handle = await openRegular(path);
  const digest = createHash("sha256");
  for await (const piece of pieces(handle)) digest.update(piece);
  return digest.digest("hex");
}

async function placeFile(
  path: string,
  content: AsyncIterable<Uint8Array>,
  options: CopyOptions,
): Promise<void> {
  const cut = path.lastIndexOf("/");
  await using folder = await holdFolder(path.slice(0, cut) || "/");
  const name = `.hum-${toHash(options.tag ?? randomUUID()).slice(0, 12)}.tmp`;
  const temporary = folder.at(name);
  await rm(temporary, { force: true });
  try {
    await using handle = await open(temporary, "wx", 0o600);
    for await (const piece of content) await writeAll(handle, piece);
    if (options.append) await writeAll(handle, Buffer.from(options.append));
    await handle.chmod((options.mode ?? 0o644) & 0o7777);
    await handle.sync();
    await rename(temporary, folder.at(path.slice(cut + 1)));
    await folder.sync();
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

async function openRegular(path: string): Promise<FileHandle> {
  const handle = await openAt(path);
  try {
    if ((await handle.stat()).isFile()) return handle;
    throw new HumError("bad-input", `${path} is not a regular file`);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openBlob(root: string, hash: string): Promise<FileHandle | null> {
  if (!/^[0-9a-f]{64}$/.test(hash))
    throw new HumError("bad-input", `${hash} is not a SHA-256 in hexadecimal`);
  return open(toPath(root, hash), constants.O_RDONLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}

async function* pieces(handle: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* checked(handle: FileHandle, hash: string): AsyncGenerator<Uint8Array> {
  const digest = createHash("sha256");
  for await (const piece of pieces(handle)) {
    digest.update(piece);
    yield piece;
  }
  if (digest.digest("hex") !== hash) throw damaged(hash);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
}

function toPath(root: string, hash: string): string {
  return join(root, hash.slice(0, 2), hash.slice(2));
}

function damaged(hash: string): HumError {
  return new HumError(
    "damaged",
    `The stored content ${hash} is damaged on the disk: restore it from a backup.`,
  );
}

function toDiskError(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== "ENOSPC") return error;
  return new HumError("disk-full", "The disk is full: free some space and try again.", { cause: error });
}
