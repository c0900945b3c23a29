// One line that says what a post says: without Markdown, and with nothing hidden in it. For rows of lists. Pure.

import { toSafeLine } from "../control/view/reveal.ts";

/** Characters of a text that are looked at: a row shows far less. */
const looked = 2_000;

/** The gist of a text, cut to `length` characters. */
export function toGist(text: string, length = 240): string {
  const words = text
    .slice(0, looked)
    .replace(/^\s*(?:```|~~~).*$/gm, " ")
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1")
    .replace(/^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*$/gm, " ")
    .replace(/^\s*(?:#{1,6}|>+|[-*+]|\d{1,3}[.)])\s+/gm, "")
    .replace(/^\s*\|(.*)\|\s*$/gm, (_, cells: string) =>
      cells
        .split("|")
        .map((cell) => cell.trim())
        .join(" · "),
    )
    .replace(/(\*\*|__|~~)(?=\S)([^\n]*?\S)\1/g, "$2")
    .replace(/(?<![\p{L}\p{N}*])[*](?=\S)([^*\n]*?\S)[*](?![\p{L}\p{N}*])/gu, "$1")
    .replace(/`+([^`\n]+)`+/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
  return toSafeLine(words, length);
}
