// The line that stands for a page which left the window: the sentence of it that says most, by the words that few of the
// other pages have, names and numbers first. It is taken from the page as it stands there, never made up, and its page
// number brings the whole back: nothing is ever only in a summary.

import { toNames } from "./asked.ts";
import { toTitle } from "./page.ts";

/** Characters of a line, and of a page that are looked at. */
const lineChars = 110;
const lookedChars = 8_000;

const toWords = (text: string): string[] =>
  text.toLowerCase().match(/[\p{L}\p{N}]{2,}|\p{Script=Han}/gu) ?? [];

/** A line for each of these texts, in their order; how common words are is told by them and by `others`. */
export function toGists(texts: readonly string[], others: readonly string[] = []): string[] {
  const counts = new Map<string, number>();
  const all = [...texts, ...others].map((text) => text.slice(0, lookedChars));
  for (const text of all)
    for (const word of new Set(toWords(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const weigh = (sentence: string): number => {
    const words = [...new Set(toWords(sentence))];
    if (words.length === 0) return 0;
    const rare = words.reduce((sum, word) => sum + Math.log((all.length + 1) / (counts.get(word) ?? 1)), 0);
    const marks = toNames(sentence).length + (sentence.match(/\d+/g)?.length ?? 0);
    // Long sentences have more words: what counts is how much they say for their length.
    return (rare + marks) / Math.max(5, words.length);
  };
  return texts.map((text) => {
    const sentences = text
      .slice(0, lookedChars)
      .split(/(?<=[.!?])\s+|(?<=[。！？])|\n+/u)
      .map((sentence) => sentence.trim())
      .filter(
        (sentence) => sentence !== "" && !/^```/.test(sentence) && !/^\[exit code \d+\]$/.test(sentence),
      );
    let best = "";
    let most = 0;
    for (const sentence of sentences) {
      const weight = weigh(sentence);
      if (weight > most) [best, most] = [sentence, weight];
    }
    return toTitle(best === "" ? text : best, lineChars);
  });
}
