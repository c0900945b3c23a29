// The words of a post in pieces: what is plain, who is mentioned, which channel is named, and what could not be seen or
// would turn the words around it (controls, marks of direction, characters without width), which is shown as a mark. Pure.

import { reveal } from "../control/view/reveal.ts";

/** A piece of the words of a post. */
export type PostPiece =
  | { kind: "text"; text: string }
  | { kind: "mention"; name: string }
  /** A word with # before it; whether there is such a channel is known where it is drawn. */
  | { kind: "channel"; name: string }
  /** Characters that have no form: their name and code, and themselves, for whoever copies. */
  | { kind: "mark"; name: string; code: string; raw: string };

// Unlike in an approval, what languages need stays as it is: joiners of scripts and emoji, wide and unbreakable spaces.
const unseen = /[\p{Cc}\u200b\u2028-\u202e\u2060-\u2069\ufeff\p{Co}\u{e0000}-\u{e0fff}]+/u;
const word =
  /(?<flag>\u{1f3f4}[\u{e0020}-\u{e007f}]+)|(?<unseen>[\p{Cc}\u200b\u2028-\u202e\u2060-\u2069\ufeff\p{Co}\u{e0000}-\u{e0fff}]+)|(?<![\p{L}\p{N}_.@/#&-])(?<sign>[@#])(?<name>[\p{L}\p{N}][\p{L}\p{N}_-]*)/gu;
const lineEnds = /^[\n\t]+$/;

/** The pieces of a text. `mentions` are the names that the server knows in it; other words with @ stay words. */
export function toPieces(text: string, mentions: readonly string[]): PostPiece[] {
  const known = new Set(mentions.map((name) => name.toLowerCase()));
  const pieces: PostPiece[] = [];
  let from = 0;
  const plain = (to: number) => {
    if (to > from) pieces.push({ kind: "text", text: text.slice(from, to) });
  };
  for (const found of text.matchAll(word)) {
    const { flag, unseen: raw, sign, name = "" } = found.groups as Record<string, string | undefined>;
    if (flag !== undefined || (raw !== undefined && lineEnds.test(raw))) continue;
    if (sign === "@" && !known.has(name.toLowerCase())) continue;
    plain(found.index);
    from = found.index + found[0].length;
    if (raw !== undefined) pieces.push(...toMarks(raw));
    else pieces.push({ kind: sign === "@" ? "mention" : "channel", name });
  }
  plain(text.length);
  return pieces;
}

/** The same with marks only, for code. */
export function toCodePieces(text: string): PostPiece[] {
  return unseen.test(text)
    ? toPieces(text, []).map((piece) =>
        piece.kind === "channel" ? { kind: "text", text: `#${piece.name}` } : piece,
      )
    : [{ kind: "text", text }];
}

// One mark for each run of the same, so that a thousand hidden characters are one word and not a page. Ends of lines stay.
function toMarks(raw: string): PostPiece[] {
  const pieces: PostPiece[] = [];
  for (const part of raw.match(/[\n\t]+|[^\n\t]+/g) ?? []) {
    if (lineEnds.test(part)) {
      pieces.push({ kind: "text", text: part });
      continue;
    }
    const [first] = reveal(part);
    const count = [...part].length;
    if (first?.kind !== "mark") continue;
    const name = count === 1 ? first.name : `${first.name} +${count - 1}`;
    pieces.push({ kind: "mark", name, code: first.code, raw: part });
  }
  return pieces;
}

/** Whether a text needs no reader of Markdown: nothing in it has a meaning there. */
export const isPlain = (text: string): boolean =>
  !/[*_`[\]<>|~\\&]|:\/\/|www\.|\S@\S+\.\S|^ {0,3}(?:[-+#=]|\d+[.)])|^ {4}|\t| {2}\n/m.test(text);

/** Lines and characters that are shown of a long post before the rest is asked for. */
const shownLines = 24;
const shownChars = 1_800;

/** The beginning of a long text, cut at the end of a line or word; null when all of it is shown. */
export function toFolded(text: string): string | null {
  const lines = text.split("\n");
  const long = lines.length > shownLines * 1.5 || text.length > shownChars * 1.5;
  if (!long) return null;
  const cut = lines.slice(0, shownLines).join("\n");
  if (cut.length <= shownChars) return cut;
  const line = cut.lastIndexOf("\n", shownChars);
  if (line > shownChars / 2) return cut.slice(0, line);
  const space = cut.lastIndexOf(" ", shownChars);
  return `${cut.slice(0, space > shownChars / 2 ? space : shownChars)}…`;
}
