// What one is writing, kept for each place in this browser: it outlives a reload, a crash, and going elsewhere. Files that
// were uploaded are bound to the key with which the post will be written, so the key is kept with them.

import type { FileRef } from "../../../../os/src/workplace/contract.ts";

/** A post that is not sent yet. */
export interface Draft {
  text: string;
  /** Key with which it will be written. */
  key: string;
  files: FileRef[];
}

const prefix = "hum.draft.";

/** Where drafts are kept; localStorage in the page. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The name under which the draft of a place is kept. */
export const toDraftName = (place: string): string => `${prefix}${place}`;

/** The draft of a place; an empty one with a new key when there is none. */
export function readDraft(shelf: Shelf, place: string, newKey: () => string): Draft {
  try {
    const found = JSON.parse(shelf.getItem(toDraftName(place)) ?? "null") as Partial<Draft> | null;
    if (found && typeof found.text === "string")
      return { text: found.text, key: found.key ?? newKey(), files: found.files ?? [] };
  } catch {
    // Whatever stands there is no draft.
  }
  return { text: "", key: newKey(), files: [] };
}

/** Keeps a draft; an empty one is removed. A full disk does not stop anybody from writing. */
export function keepDraft(shelf: Shelf, place: string, draft: Draft): void {
  try {
    if (draft.text === "" && draft.files.length === 0) shelf.removeItem(toDraftName(place));
    else shelf.setItem(toDraftName(place), JSON.stringify(draft));
  } catch {
    // The words are still in the page.
  }
}

/** A name that no other file has: `sales.csv`, then `sales-2.csv`. Slashes and control characters become `-`. */
export function toFreeName(name: string, taken: ReadonlySet<string>): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const clean = name.replace(/[/\\\u0000-\u001f]+/g, "-").replace(/^\.+/, "") || "file";
  if (!taken.has(clean)) return clean;
  const dot = clean.lastIndexOf(".");
  const [stem, end] = dot > 0 ? [clean.slice(0, dot), clean.slice(dot)] : [clean, ""];
  for (let n = 2; ; n++) if (!taken.has(`${stem}-${n}${end}`)) return `${stem}-${n}${end}`;
}
