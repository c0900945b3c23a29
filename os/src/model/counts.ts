// Token counts remembered by text, so that counting a window again costs nothing. The texts that are not known are
// counted in one question; when there is no engine to ask, the count is an estimate that is not remembered.

import { engineLimits } from "./sizes.ts";

/** Characters in one token, for an estimate that is rather too high than too low. */
const charsPerToken = 3.3;

/** Creates a counter over `ask`, which gives undefined when it cannot count now. */
export function createCounts(
  ask: (texts: readonly string[]) => Promise<number[] | undefined>,
): (texts: readonly string[]) => Promise<number[]> {
  const known = new Map<string, number>();
  let characters = 0;

  function remember(text: string, count: number): void {
    if (known.has(text)) return;
    known.set(text, count);
    characters += text.length;
    for (const oldest of known.keys()) {
      if (characters <= engineLimits.countChars) break;
      known.delete(oldest);
      characters -= oldest.length;
    }
  }

  return async function count(texts) {
    const missing = [...new Set(texts.filter((text) => text !== "" && !known.has(text)))];
    const counted = new Map<string, number>();
    if (missing.length > 0) {
      const answer = await ask(missing);
      missing.forEach((text, index) => {
        counted.set(text, answer?.[index] ?? Math.ceil(text.length / charsPerToken));
        if (answer) remember(text, counted.get(text)!);
      });
    }
    return texts.map((text) => {
      if (text === "") return 0;
      const count = counted.get(text) ?? known.get(text) ?? 0;
      // The newest go last: a text in use is not the next to be forgotten.
      if (known.delete(text)) known.set(text, count);
      return count;
    });
  };
}
