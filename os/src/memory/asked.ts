// What a question asks for, as far as its form tells: the names in it, the time that it speaks of, its parts, and the phrase
// by which it names somebody through somebody else ("the sister of Kim"). Nothing here knows what the words mean.

import { type Span, toSpan } from "./when.ts";

/** A question taken apart. */
export interface Asked {
  text: string;
  /** Content words, for the index of words. */
  words: string;
  /** Names in small letters. */
  names: string[];
  /** Parts that speak of somebody each, where there are several. */
  parts: string[];
  /** Somebody who is named through somebody else; `put` names them by their own name. */
  through: { phrase: string; name: string; put(name: string): string } | null;
  span: Span | null;
  /** True when it asks how things are, not how they were. */
  now: boolean;
}

const empty = new Set(
  (
    "a an the of to in on at for is are was were be been am do does did has have had can could will would should may might " +
    "who whom whose what which where when why how that this these those it its with and or not by from as his her their he " +
    "she they you i me my we us our your about into over then than there please tell know say said many much any some if"
  ).split(" "),
);

const joint = /\s*(?:[,;?!，；？]|\b(?:or|and|than|versus|vs)\b|还是|或者)\s*/iu;
const past =
  /\b(?:was|were|did|had|used to|once|before|first|when|ago|earlier|former(?:ly)?|previous(?:ly)?)\b|以前|曾经|之前/i;

/** Words of a text as they stand there. */
const toTokens = (text: string): string[] => text.match(/[\p{L}\p{N}][\p{L}\p{N}_-]*/gu) ?? [];

/** Names in a text: words with a capital letter that are not plain words, in the order in which they come. */
export function toNames(text: string): string[] {
  const found = toTokens(text).filter((word) => /^\p{Lu}/u.test(word) && !empty.has(word.toLowerCase()));
  return [...new Set(found.map((word) => word.toLowerCase()))];
}

/** Takes a question apart, as asked at `now`. */
export function toAsked(text: string, now: number): Asked {
  const content = toTokens(text).filter((word) => !empty.has(word.toLowerCase()));
  const names = toNames(text);
  const clauses = text.split(joint).filter((part) => toTokens(part).length > 1 && toNames(part).length > 0);
  const span = toSpan(text, now);
  return {
    ...{ text, names, span },
    words: content.length > 0 ? content.join(" ") : text,
    parts: clauses.length > 1 ? clauses : [],
    through: toThrough(text),
    now: span === null && !past.test(text),
  };
}

// "the sister of Kim" or "Kim's sister's"; "Kim's job" is asked of Kim and goes through nobody.
function toThrough(text: string): Asked["through"] {
  const of = /\b(?:the|a|my|our) ([\p{Ll}-]+(?: [\p{Ll}-]+)?) of (\p{Lu}[\p{L}-]*)/u.exec(text);
  const own = /(\p{Lu}[\p{L}-]*)['’]s ([\p{Ll}-]+)(?=['’]s\b)/u.exec(text);
  const found = of ?? own;
  const name = of?.[2] ?? own?.[1];
  if (!found || name === undefined || empty.has(name.toLowerCase())) return null;
  const [phrase] = found;
  return {
    ...{ phrase, name: name.toLowerCase() },
    put: (other) => text.slice(0, found.index) + other + text.slice(found.index + phrase.length),
  };
}
