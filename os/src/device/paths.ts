// Where a path leads, and whether a process may go there. A path is walked part by part as the kernel does, so that
// `..` and symbolic links are resolved before the answer, also where the last parts do not exist yet.
//
// The deepest root around the result decides: a share (readable, perhaps writable) or a protected folder (Hum's own
// journal, keys and blobs, even when a share lies around it). Hence a home inside HUM_HOME is reachable and its
// neighbours are not.
//
// Rules for callers: use the returned path, never the given one, and open it with anchor.ts, which refuses when the
// path was redirected after this check.

import type { Stats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { Share } from "./device.ts";

const mostLinks = 40;

/** What a process may reach. */
export interface Reach {
  shares: readonly Share[];
  /** Where relative paths and `~` start. */
  folder: string;
  /** Folders that no share opens unless it lies inside them. */
  protect?: readonly string[];
}

/** `read` and `write` follow a link in the last part; `entry` means the link itself (to move or remove it). */
export type Mode = "read" | "write" | "entry";

/** The real path, or a sentence saying why not. */
export type Resolved = { ok: true; path: string; share: Share } | { ok: false; why: string };

/** Resolves a path that an entity wrote. */
export async function resolveInside(path: string, mode: Mode, reach: Reach): Promise<Resolved> {
  if (path.includes("\0")) return { ok: false, why: "A path cannot contain a zero byte." };
  if (path.trim() === "") return { ok: false, why: `The path is empty; use "." for ${reach.folder}.` };
  const home = path === "~" || path.startsWith("~/") ? join(reach.folder, path.slice(1)) : path;
  const walked = await walk(isAbsolute(home) ? home : `${reach.folder}/${home}`, mode !== "entry").catch(
    (error: NodeJS.ErrnoException) => ({ why: error.message }),
  );
  if ("why" in walked) return { ok: false, why: `${path}: ${walked.why}` };
  const share = findShare(walked.path, reach);
  if (!share) return { ok: false, why: `${path} is outside your folders. ${describeShares(reach)}` };
  if (mode !== "read" && !share.write)
    return {
      ok: false,
      why: `${path} is in ${share.path}, which you may only read. ${describeShares(reach)}`,
    };
  if (mode === "entry" && reach.shares.some((other) => other.path === walked.path))
    return { ok: false, why: `${path} is one of your folders itself: it cannot be moved or removed.` };
  return { ok: true, path: walked.path, share };
}

/** The share that decides about a real path, or null when it is outside or protected. */
export function findShare(path: string, reach: Pick<Reach, "shares" | "protect">): Share | null {
  const holds = (root: string) => path === root || path.startsWith(root === "/" ? "/" : `${root}/`);
  let best: Share | null = null;
  for (const share of reach.shares) {
    const deeper = best === null || share.path.length > best.path.length;
    const opener = best !== null && share.path === best.path && share.write;
    if (holds(share.path) && (deeper || opener)) best = share;
  }
  const closed = (reach.protect ?? []).some(
    (root) => holds(root) && best !== null && root.length > best.path.length,
  );
  return closed ? null : best;
}

/** One sentence: which folders may be used, and how. */
export function describeShares(reach: Pick<Reach, "shares">): string {
  const list = reach.shares.map((share) => `${share.path} (${share.write ? "read and write" : "read only"})`);
  return list.length === 0 ? "You may use no folder." : `You may use: ${[...new Set(list)].join(", ")}.`;
}

async function walk(path: string, followLast: boolean): Promise<{ path: string } | { why: string }> {
  let parts = path.split("/");
  let at = "/";
  for (let links = 0; parts.length > 0; ) {
    const part = parts.shift()!;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      at = dirname(at);
      continue;
    }
    const next = join(at, part);
    const stats = await look(next);
    const last = parts.every((rest) => rest === "" || rest === ".");
    if (!stats?.isSymbolicLink() || (last && !followLast)) {
      at = next;
      continue;
    }
    links += 1;
    if (links > mostLinks) return { why: "too many symbolic links" };
    const target = await readlink(next);
    parts = [...target.split("/"), ...parts];
    if (isAbsolute(target)) at = "/";
  }
  return { path: at };
}

async function look(path: string): Promise<Stats | null> {
  return lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EACCES") return null;
    throw error;
  });
}
