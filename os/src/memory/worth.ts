// How much the pages of a window have to do with the task: when some must leave, those go last that hold what the task and the
// notes point with, names of files and other names. One that many pages hold tells little. All the words were tried
// and are worse (bench/RESULTS.md): most of them are everywhere. It costs a look at texts that are in the window
// anyway, and only when the window is full.

import { toNames } from "./asked.ts";

/** A page by its number, with its text. */
export interface WorthPage {
  id: number;
  text: string;
}

/** Steps of worth: pages within one step are alike, and of those the oldest leave first. */
const steps = 5;

const toWords = (text: string): Set<string> =>
  new Set(text.toLowerCase().match(/[\p{L}\p{N}_][\p{L}\p{N}_.-]*[\p{L}\p{N}_]|\p{Script=Han}/gu) ?? []);

/** What a task points with: names of files, and other names. */
function toMarks(text: string): Set<string> {
  const marks = text.match(/[\p{L}\p{N}_-]+\.[\p{L}\p{N}]+/gu) ?? [];
  return new Set([...marks.map((mark) => mark.toLowerCase()), ...toNames(text)]);
}

/** The worth of each page for what is asked, in whole steps from 0. */
export function toWorth(pages: readonly WorthPage[], about: string): Map<number, number> {
  const asked = toMarks(about);
  const had = pages.map(({ id, text }) => ({ id, words: toWords(text) }));
  const weights = new Map<string, number>();
  for (const word of asked) {
    const count = had.filter(({ words }) => words.has(word)).length;
    if (count > 0) weights.set(word, Math.log((pages.length + 1) / count));
  }
  const sums = had.map(({ id, words }) => {
    let sum = 0;
    for (const [word, weight] of weights) if (words.has(word)) sum += weight;
    return { id, sum };
  });
  const most = Math.max(1e-9, ...sums.map(({ sum }) => sum));
  return new Map(sums.map(({ id, sum }) => [id, Math.round((steps * sum) / most)]));
}
