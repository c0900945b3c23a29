// The words of speech: what a recogniser invents when nobody spoke, whether a sentence sounds finished, where sentences of
// an answer end, and which part of a sentence was heard when it was cut off.

/** Words without what a recogniser invents: sounds in brackets, and loops. "" when nothing is left. */
export function cleanWords(text: string): string {
  const plain = text
    .replace(/\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|♪[^♪]*♪?/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (!/[\p{L}\p{N}]/u.test(plain)) return "";
  return unloop(unecho(unstutter(plain)));
}

// "Send it to Ann. Send it to Ann": a short sound that a recogniser heard twice, the second time perhaps not to its end.
function unecho(text: string): string {
  const words = text.split(" ");
  for (let at = Math.ceil(words.length / 2); at <= words.length - 3; at++) {
    const again = words.slice(at);
    const ends = /[.!?]$/.test(words[at - 1] as string);
    if (ends && again.every((word, i) => toKey(word) === toKey(words[i] as string)))
      return words.slice(0, at).join(" ");
  }
  return text;
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

// Words after which a sentence goes on, in the languages that are spoken to Hum most.
const open = new Set(
  `and but or because which who whose that than then if when while until unless although though so like as
  the a an my your his her its our their this these those some any every no
  to of for with from in on at by about into onto over under between without before after during through
  is are was were am be been being will would shall should can could may might must do does did have has had
  i'm you're we're they're it's that's i'll i'd i've let's don't
  uh um er erm hmm well please also very really just not
  und oder aber weil dass wenn als ob der die das den dem des ein eine einen einem einer mein meine dein deine
  zu mit von für auf in im an am bei nach aus über unter ist sind war wird werden kann soll muss hat haben nicht sehr äh ähm
  et ou mais parce que le la les un une des du de mon ma mes à pour avec dans sur est sont euh
  y o pero porque el los las una unos del mi tu para con en es son eh`
    .split(/\s+/)
    .map((word) => word.replace(/'/g, "")),
);
// Whisper hears these at the end of whole sentences too: "put it on.", "yes I am.", "what is that?", "I know that.".
const mayEnd = new Set(
  "that then though so this these those some any no on in over under before after through about is are was were am do does did have has had can could will would may be been not well please also really by".split(
    " ",
  ),
);
// Verbs that need somebody or something; alone with a pronoun they end nothing.
const callsForMore =
  /(^|\s)(tell|give|show|send|bring|ask|let|make|want|need|think|believe|guess|hope|know if|wonder|remind) ?(me|us|him|her|them|it)?[.!?]?$/i;
// What people say alone and mean whole.
const whole = new Set(
  "yes yeah yep no nope ok okay stop wait thanks hello hi hey bye goodbye sure right exactly great good fine never maybe continue go ja nein danke halt hallo stopp genau gut oui non merci bonjour sí si gracias hola 好 好的 是 不 停 谢谢 你好".split(
    " ",
  ),
);

/**
 * Whether the last words are a whole thought (`yes`), call for more (`no`: a conjunction, an article, a comma, a list that
 * rises), or could be either (`maybe`). A recogniser puts a full stop behind everything, so a stop alone proves nothing.
 */
export function howFinished(text: string): "yes" | "maybe" | "no" {
  const trimmed = text.trim();
  if (/(,|…|\.\.\.|-|–|—|:|，|、)$/.test(trimmed)) return "no";
  // The last sentence decides.
  const sentence = takeSentences(trimmed, true).sentences.at(-1) ?? "";
  const words = sentence.split(/\s+/).map(toKey).filter(Boolean);
  const last = words.at(-1) ?? "";
  const han = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(last);
  const asks = /[?？]$/.test(sentence);
  if (words.length === 1 && whole.has(last)) return "yes";
  if (open.has(last) && !(mayEnd.has(last) && words.length >= 3)) return "no";
  if (callsForMore.test(sentence) && !asks) return "no";
  if (/^(\p{L}+, ){2,}\p{L}+[.]?$/u.test(sentence) && !/ (and|or|und|oder) /i.test(sentence)) return "no";
  if (!/[.!?。！？]$/.test(sentence)) return "maybe";
  if (mayEnd.has(last)) return asks && last.startsWith("th") ? "yes" : "maybe";
  return han ? (last.length >= 4 ? "yes" : "maybe") : words.length >= 3 || asks ? "yes" : "maybe";
}

/** Words and what was said after them. */
export const joinWords = (before: string, after: string): string =>
  before === "" || after === "" ? before + after : `${before} ${after}`;

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

/** A sentence that is long enough, cut after its first clause, so that its beginning can be heard sooner. */
export function takeClause(sentence: string): [string, string] {
  if (sentence.length < 48) return [sentence, ""];
  for (const match of sentence.matchAll(/[,;:–—](?=\s)|[，；：]/gu)) {
    const end = (match.index as number) + match[0].length;
    if (end >= 16 && sentence.length - end >= 12)
      return [sentence.slice(0, end).trim(), sentence.slice(end).trim()];
  }
  return [sentence, ""];
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
