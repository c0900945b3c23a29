// Short plain words for sizes, places and changes, as entities and people read them.

import type { FileChange } from "./device.ts";

const namedChanges = 10;

/** A number of bytes for reading: `12 B`, `3.4 kB`, `2.1 GB`. */
export function toBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A path as seen from the working folder. */
export function toPlace(path: string, folder: string): string {
  if (path === folder) return ".";
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** A change by the name of what it changed, for people. */
export function toName({ path, kind, title = "" }: FileChange, folder: string): string {
  if (kind !== "event") return folder === "" ? path : toPlace(path, folder);
  return `"${title}" (calendar ${path.slice(path.indexOf(":") + 1, path.indexOf("/"))})`;
}

/** Where files were moved: by their new path the change that removed them. */
export function findMoves(changes: readonly FileChange[]): Map<string, FileChange> {
  const gone = new Map<string, FileChange[]>();
  for (const change of changes)
    if (change.after === null && change.before !== null && change.kind !== "folder")
      gone.set(change.before, [...(gone.get(change.before) ?? []), change]);
  const moves = new Map<string, FileChange>();
  for (const { path, kind, before, after } of changes) {
    const source =
      before === null && after !== null && kind !== "folder" ? gone.get(after)?.shift() : undefined;
    if (source) moves.set(path, source);
  }
  return moves;
}

/** One line about changes, or "" when there are none. */
export function describeChanges(changes: readonly FileChange[], folder: string): string {
  if (changes.length === 0) return "";
  const moves = findMoves(changes);
  const from = new Set([...moves.values()].map((change) => change.path));
  const told = changes.filter((change) => !(change.after === null && from.has(change.path)));
  const names = told.slice(0, namedChanges).map((change) => {
    const place = `${toPlace(change.path, folder)}${change.kind === "folder" ? "/" : ""}`;
    const source = moves.get(change.path);
    if (source) return `moved ${toPlace(source.path, folder)} to ${place}`;
    const word = change.before === null ? "new" : change.after === null ? "removed" : "changed";
    return `${word} ${place}`;
  });
  const more = told.length > namedChanges ? `, and ${told.length - namedChanges} more` : "";
  return `Files: ${names.join(", ")}${more}.`;
}
