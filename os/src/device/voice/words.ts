// The words of speech: what a recogniser invents when nobody spoke, whether a sentence sounds finished, where sentences of
// an answer end, and which part of a sentence was heard when it was cut off.

/** Words without what a recogniser invents: sounds in brackets, and loops. "" when nothing is left. */
export function cleanWords(text: string): string {
  const plain = text
    .replace(/\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|♪[^♪]*♪?/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (!/[\p{L}\p{N}]/u.test(plain)) return "";
  return unloop(unstutter(plain));
}

// "Drop drop drop drop": the same word more than twice in a row is heard once.
function unstutter(text: string): string {
  const words = text.split(" ");
  const same = (a: number, b: number) =>
    toKey(words[a] ?? "") === toKey(words[b] ?? "") && words[b] !== undefined;
  let run = 0;
  return words
    .filter((_, i) => {
      run = i > 0 && same(i - 1, i) ? run + 1 : 0;
      let length = run;
      for (let k = i; same(k, k + 1); k++) length++;
      return run === 0 || length < 2;
    })
    .join(" ");
}

// "Good morning! Good morning! Good morning!": said once, heard by a recogniser that ran in a circle.
function unloop(text: string): string {
  const parts = text.match(/[^.!?]+[.!?]*\s*/g) ?? [text];
  const kept = parts.filter(
    (part, i) =>
      i < 2 || toKey(part) !== toKey(parts[i - 1] as string) || toKey(part) !== toKey(parts[i - 2] as string),
  );
  if (kept.length === parts.length) return text;
  return [...new Set(kept.map((part) => part.trim()))].join(" ");
}

/** A word as it is compared: small letters and digits only. */
export const toKey = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

const open = new Set(
  "and but or because which the a an to of for with from if when than my your his her our their uh um er hmm und oder aber weil dass der die das ein eine zu mit von".split(
    " ",
  ),
);

/** Whether the last words call for more: a conjunction, an article, a comma, a dash, three dots. */
export function isUnfinished(text: string): boolean {
  const trimmed = text.trim();
  if (/(,|…|\.\.\.|-|–|，|、)$/.test(trimmed)) return true;
  const last = trimmed.split(/\s+/).at(-1) ?? "";
  return open.has(toKey(last));
}

/** The words at the beginning on which two hearings agree; they will hardly change any more. */
export function agreed(before: string, now: string): string {
  const [a, b] = [before.split(/\s+/), now.split(/\s+/)];
  let count = 0;
  while (count < a.length && count < b.length && toKey(a[count] as string) === toKey(b[count] as string))
    count++;
  return b.slice(0, count).join(" ");
}

const abbreviation = /(^|\s)(Dr|Mr|Mrs|Ms|Prof|St|No|vs|e\.g|i\.e|z\.B|bzw|ca|etc|\p{Lu}|\d+)\.$/u;

/** Cuts a growing text into sentences; what is not finished yet stays in `rest`. */
export function takeSentences(text: string, ended = false): { sentences: string[]; rest: string } {
  const sentences: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/([.!?…:]+["')\]]*(?=\s)|[。！？]+|\n+)/gu)) {
    const end = (match.index as number) + match[0].length;
    const piece = text.slice(from, end).trim();
    // "Dr.", "z.B.", "3." and the like are no ends.
    if (match[0][0] === "." && abbreviation.test(piece)) continue;
    if (piece) sentences.push(piece);
    from = end;
  }
  const rest = text.slice(from);
  if (!ended) return { sentences, rest };
  if (rest.trim()) sentences.push(rest.trim());
  return { sentences, rest: "" };
}

/** A text as it is spoken: without marks, code and addresses, which nobody wants to hear. */
export function toSpoken(text: string): string {
  return text
    .replace(/```[\s\S]*?(```|$)/g, " ")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(
      /https?:\/\/(\S+?)([.,;:!?]?(?:\s|$))/g,
      (_, rest: string, end: string) => `${rest.split("/")[0]}${end}`,
    )
    .replace(/^[#>*\-+\s]+/gm, "")
    .replace(/[*_`~|#]+/g, "")
    .replace(/[ \t]+/g, " ")
    .trim();
}

/** The words of a sentence that were heard when it stopped after a part (0 to 1) of its sound. */
export function heardPart(sentence: string, part: number): string {
  const words = sentence.split(/\s+/);
  const all = words.reduce((sum, word) => sum + word.length + 1, 0);
  let passed = 0;
  const heard: string[] = [];
  for (const word of words) {
    passed += word.length + 1;
    if (passed > all * part + 0.5) break;
    heard.push(word);
  }
  return heard.join(" ");
}
