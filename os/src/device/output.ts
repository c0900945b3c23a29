// The output of a command as an entity reads it: plain text, cut in the middle when it is long, because the beginning
// says what it is and the end says how it went.

import { stripVTControlCharacters } from "node:util";

/** Bytes of a terminal as plain text: no colours, and of a line that was overwritten only its last state. */
export function toPlainText(bytes: Uint8Array): string {
  const text = stripVTControlCharacters(new TextDecoder().decode(bytes)).replaceAll("\r\n", "\n");
  return (
    text
      .split("\n")
      .map((line) => line.slice(line.trimEnd().lastIndexOf("\r") + 1))
      .join("\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed here
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "")
  );
}

/** At most so many characters: the beginning and the end, with a note between them. */
export function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil(most * 0.6);
  const tail = most - head;
  const start = cutAt(text.slice(0, head), (part) => part.slice(0, part.lastIndexOf("\n") + 1));
  const end = cutAt(text.slice(-tail), (part) => part.slice(part.indexOf("\n") + 1));
  const left = text.length - start.length - end.length;
  const gap = start.endsWith("\n") ? "" : "\n";
  return `${start}${gap}[… ${left.toLocaleString("en")} characters are left out here …]\n${end}`;
}

/** Cuts at a line end when that loses little. */
function cutAt(part: string, cut: (part: string) => string): string {
  const shorter = cut(part);
  return shorter.length > part.length * 0.7 ? shorter : part;
}
