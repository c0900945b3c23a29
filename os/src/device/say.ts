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

/** One line about changes, or "" when there are none. */
export function describeChanges(changes: readonly FileChange[], folder: string): string {
  if (changes.length === 0) return "";
  const names = changes.slice(0, namedChanges).map((change) => {
    const word = change.before === null ? "new" : change.after === null ? "removed" : "changed";
    return `${word} ${toPlace(change.path, folder)}${change.kind === "folder" ? "/" : ""}`;
  });
  const more = changes.length > namedChanges ? `, and ${changes.length - namedChanges} more` : "";
  return `Files: ${names.join(", ")}${more}.`;
}
