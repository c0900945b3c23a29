// Text of a foreign server as it may reach a person or a window: no control characters, nothing that is not seen, and not
// too long. Invisible characters are how a description says one thing to a person and another to a model.

/** Invisible marks, unassigned and private characters, half characters, selectors of variants. The joiners stay. */
const unseen =
  /(?![\t\n\u200c\u200d])(?:[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0|\p{Variation_Selector})/gu;

/** Joiners make one sign of two letters or pictures; many in a row, or at an edge, only hide something. */
const strayJoiners =
  /[\u200c\u200d]{2,}|(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;

/** Foreign text without what cannot be seen. */
export function toSeen(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replace(unseen, "")
    .replace(strayJoiners, "");
}

/** Foreign text of at most so many characters, cut at the end. */
export function toShort(text: string, most: number): string {
  // Twice as much is looked at as may stay, so that a text of ten megabytes costs nothing.
  const seen = toSeen(text.slice(0, most * 2)).trim();
  return seen.length > most ? `${seen.slice(0, most - 1).trimEnd()}…` : seen;
}

/** Foreign text as one line. */
export function toOneLine(text: string, most: number): string {
  return toShort(text.slice(0, most * 2).replace(/\s+/g, " "), most);
}
