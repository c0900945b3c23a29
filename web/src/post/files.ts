// The files that a post hands over: where they lie, and what can be shown of them. Pure.

import type { Post } from "../../../os/src/workplace/contract.ts";

/** How a file is shown. */
export type FileKind = "image" | "table" | "text" | "other";

const images: Record<string, string> = {
  ...{ png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp" },
};
const texts = new Set(
  "txt md markdown log json jsonl yaml yml toml ini xml html htm css js mjs ts tsx jsx py sh rb rs go c h cpp java sql diff patch svg tex env conf cfg".split(
    " ",
  ),
);

/** The ending of a path, in small letters. */
export const toEnding = (path: string): string => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";

/** How a file of that name is shown. An SVG is shown as the text it is: it could hold anything. */
export function toFileKind(path: string): FileKind {
  const ending = toEnding(path);
  if (Object.hasOwn(images, ending)) return "image";
  if (ending === "csv" || ending === "tsv") return "table";
  return texts.has(ending) || ending === "" ? "text" : "other";
}

/** The media type that an image of that name is shown as. */
export const toImageType = (path: string): string => images[toEnding(path)] ?? "";

/** The last part of a path, and what stands before it. */
export function toName(path: string): { folder: string; name: string } {
  const at = path.lastIndexOf("/");
  return { folder: path.slice(0, at + 1), name: path.slice(at + 1) };
}

/** The thread in whose folder the files of a post lie: its own, the one it begins, or the direct line. */
export function toFileThread(post: Pick<Post, "id" | "thread" | "channel">, direct: boolean): string {
  return post.thread ?? (direct ? post.channel : post.id);
}

/** A table: rows of cells as they are written in a CSV or TSV file. */
export function toTable(
  text: string,
  most: { rows: number; cells: number },
): { rows: string[][]; cut: boolean } {
  const comma = toSeparator(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  let at = 0;
  for (; at < text.length && rows.length < most.rows; at++) {
    const char = text[at] as string;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === comma) {
      row.push(cell);
      cell = "";
    } else if (char === "\n") {
      rows.push([...row, cell.replace(/\r$/, "")]);
      row = [];
      cell = "";
    } else cell += char;
  }
  if (rows.length < most.rows && (cell !== "" || row.length > 0)) rows.push([...row, cell]);
  const cut = at < text.length || rows.some((one) => one.length > most.cells);
  return { rows: rows.map((one) => one.slice(0, most.cells)), cut };
}

// The sign that divides the first line most often.
function toSeparator(text: string): string {
  const line = text.slice(0, (text.indexOf("\n") + 1 || text.length + 1) - 1);
  const counted = [",", "\t", ";"].map((sign) => ({ sign, count: line.split(sign).length }));
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).sign;
}

/** True for columns whose cells below the head are numbers, to be set to the right. */
export function toNumberColumns(rows: readonly (readonly string[])[]): boolean[] {
  const [head = [], ...rest] = rows;
  return head.map((_, column) => {
    const cells = rest.map((row) => row[column]?.trim() ?? "").filter((cell) => cell !== "");
    return cells.length > 0 && cells.every((cell) => /^[-+−]?[$€£¥]?\d[\d.,' ]*\s?%?$/.test(cell));
  });
}
