// Makes text that an entity wrote harmless to show beside a question to a person. Characters that have no form of
// their own, or that change the form of others (controls, bidi marks, zero width, tags, odd spaces, piles of accents),
// become visible marks with their code point, so that what is read is what will be done.
//
// Rules for callers: show each piece in an element of its own with `unicode-bidi: isolate`; never join pieces back into
// one text, and never hand text that was not revealed to an approval.

/** A piece of revealed text. */
export type Piece =
  | { kind: "text"; text: string }
  /** A character that would not be seen: its code point and a short name. */
  | { kind: "mark"; code: string; name: string };

/** A line of a block, with its number. */
export interface RevealedLine {
  number: number;
  pieces: Piece[];
}

const names: Record<number, string> = {
  0: "NUL",
  7: "BEL",
  8: "BS",
  9: "TAB",
  10: "LF",
  13: "CR",
  27: "ESC",
  127: "DEL",
  160: "NBSP",
  173: "SHY",
  847: "CGJ",
  1564: "ALM",
  8203: "ZWSP",
  8204: "ZWNJ",
  8205: "ZWJ",
  8206: "LRM",
  8207: "RLM",
  8232: "LSEP",
  8233: "PSEP",
  8234: "LRE",
  8235: "RLE",
  8236: "PDF",
  8237: "LRO",
  8238: "RLO",
  8288: "WJ",
  8294: "LRI",
  8295: "RLI",
  8296: "FSI",
  8297: "PDI",
  12288: "IDSP",
  65279: "BOM",
};

// Controls, format characters, surrogates without a partner, private and unassigned code points, whatever is ignored by
// default, and every space but the common one.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/u;
const accent = /\p{M}/u;

/** Accents that may follow one letter; more are a pile that can cover other lines. */
const mostAccents = 2;

/** One text as pieces. A line feed is a mark as well: cut into lines first where lines are wanted. */
export function reveal(text: string): Piece[] {
  const pieces: Piece[] = [];
  let plain = "";
  let accents = 0;
  const flush = () => {
    if (plain !== "") pieces.push({ kind: "text", text: plain });
    plain = "";
  };
  for (const char of text) {
    const isAccent = accent.test(char);
    accents = isAccent ? accents + 1 : 0;
    // An accent needs a letter to stand on; at the start of a piece it would stand on the frame.
    const stray = isAccent && (accents > mostAccents || plain === "");
    if (!hidden.test(char) && !stray) {
      plain += char;
      continue;
    }
    flush();
    pieces.push(toMark(char));
  }
  flush();
  return pieces;
}

function toMark(char: string): Piece {
  const point = char.codePointAt(0) ?? 0;
  const code = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  return { kind: "mark", code, name: names[point] ?? code };
}

/** A text of several lines, each revealed. Ends of lines that are not a plain line feed are marked. */
export function revealLines(text: string): RevealedLine[] {
  return text.split("\n").map((line, index) => ({ number: index + 1, pieces: revealTrailing(line) }));
}

// Spaces at the end of a line cannot be seen, and can matter.
function revealTrailing(line: string): Piece[] {
  const end = line.length - line.replace(/ +$/, "").length;
  if (end === 0) return reveal(line);
  const pieces = reveal(line.slice(0, line.length - end));
  return [...pieces, { kind: "mark", code: `U+0020 × ${end}`, name: "·".repeat(Math.min(end, 8)) }];
}

/** The pieces as one string with the marks in angle brackets, for titles, labels and tests. */
export function toPlain(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === "text" ? piece.text : `⟨${piece.name}⟩`)).join("");
}

/** One line for places where nothing may break the frame: revealed, and cut to `length` characters. */
export function toSafeLine(text: string, length = 160): string {
  const chars = [...text];
  const cut = chars.length > length ? `${chars.slice(0, length - 1).join("")}…` : text;
  return toPlain(reveal(cut.replaceAll(/\r?\n/g, " ⏎ ").replaceAll("\t", " ")));
}

/** How many characters of a text would not be seen (line feeds and tabs are not counted). */
export function countHidden(text: string): number {
  let count = 0;
  for (const char of text) if (char !== "\n" && char !== "\t" && hidden.test(char)) count += 1;
  return count;
}

const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

/** Words that mix alphabets whose letters look alike, e.g. a Latin word with a Cyrillic letter in it. */
export function findMixedWords(text: string): string[] {
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words.filter((word) => scripts.filter((script) => script.test(word)).length > 1))];
}
