// What a task visibly asks for: files that it names, people whom it wants told, a form that it shows, a test that must
// pass, a file that must not change. Read from the words of the task by plain rules, so that `done` is not believed
// while something is plainly missing. It may miss wishes; it must not invent any, because a wish that cannot be met
// would hold a finished task up.

import { toPlainPattern } from "../device/match.ts";

/** What must be so at the end. */
export interface Expectations {
  /** All file names in the task. */
  named: string[];
  /** File names that the task wants made (as written). */
  files: string[];
  /** How many lines a file is to have. */
  lines: { file: string; count: number }[];
  /** People to whom something must be said. */
  people: string[];
  /** True when the task speaks of telling somebody something, whoever it is. */
  social: boolean;
  /** Folders that the task wants made or filled. */
  folders: string[];
  /** A form that the result must have, by an example ("like 2026-12-31"). */
  likes: { example: string; pattern: RegExp }[];
  /** Test programs that the task names. */
  tests: string[];
  /** Files that must stay as they are. */
  untouched: string[];
  /** Columns that a table must have, in this order. */
  columns: string[];
  /** True when it asks for a number. */
  number: boolean;
  /** True when it asks to do something with files, so that afterwards something is not as it was. */
  deed: boolean;
}

const fileName = /(?<![\w/.-])((?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.[a-z][a-z0-9]{0,4})(?![\w])/gi;

// "write … to X", "save … as X", "into X", "create X", "called X", "named X": X is to be made.
const making =
  /\b(?:to|into|in|as|called|named|create|make|produce|write)\s+(?:(?:a|an|the|new|file|called|named|python|shell|web|script|page|program)\s+)*["'`“]?$/i;

// "tell Ada", "let Ada know", "send Ada a note"; "write a short message to Ada", "reply to Ada and Ben".
const telling =
  /\b(?:(?:[Tt]ell|[Ii]nform|[Nn]otify|[Rr]emind|[Mm]essage|[Aa]sk|[Tt]hank|[Ii]nvite|[Ll]et|[Ss]end)(?: my \w+)?|(?:[Ss]end|[Ww]rite|[Rr]eply|[Aa]nswer|[Ss]ay)(?: (?:a|an|the|it|this|that|short|one|message|note|reply|mail|answer|each))* to(?: my \w+)?) ([A-Z][a-z]+)(?:(?:,| and) ([A-Z][a-z]+))?\b/g;

const notPeople = new Set([
  "Me",
  "It",
  "The",
  "Them",
  "Us",
  "Him",
  "Her",
  "Everyone",
  "All",
  "If",
  "Each",
  "A",
  "An",
]);

const liking = /\b(?:like|such as|for example|e\.g\.)\s+["'`“]?([\w./:-]*\d[\w./:-]*)/gi;

const keeping =
  /\b(?:do not|don't|without|never)\s+(?:chang\w*|touch\w*|edit\w*|modify\w*)\s+(?:the\s+)?(test|[\w./-]+\.\w+)/gi;

const talking =
  /\b(?:[Tt]ell|[Ii]nform|[Nn]otify|[Rr]emind|[Ii]nvite|[Tt]hank|[Cc]ongratulate|[Aa]sk|[Ll]et|[Ss]end|[Gg]ive|[Mm]essage|[Ww]arn) (?:\w+ ){0,2}[A-Z][a-z]+|\b(?:send|write|report|say|reply|message|note|mail) (?:\w+ ){0,4}to (?:the |my |our )?(?:[A-Z][a-z]+|person|colleague|boss|owner|winner|team)\b|\b[Ss]end (?:\w+ ){0,3}(?:messages?|notes?|repl(?:y|ies))\b/;

const folderName = /\b(?:sub)?(?:folder|directory) (?:called|named) ["'`“]?([\w-]+)/gi;

// A request at the beginning of a sentence, or behind "and" or "then".
const doing =
  /(?:^|[.!;:,]\s+|\b(?:and|then|please)\s+)(?:delete|remove|move|rename|copy|replace|change|set|switch|sort|split|merge|convert|turn|fix|correct|update|add|write|save|create|make)\b/i;

// "with the columns name, email and city"; one name is no list, and one of two words is not read.
const listing = /\bwith the columns ((?:[\w-]+, )*[\w-]+,? and [\w-]+)/i;

const numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

const lining = new RegExp(
  `\\bin (\\d+|${numbers.join("|")}) (?:short |plain )?lines? (?:in|into|to) (?:a file called |the file )?["'\`“]?((?:[\\w-]+/)*[\\w-]+\\.[a-z][a-z0-9]{0,4})\\b`,
  "gi",
);

const counting = /\bhow (?:many|much|often|old|long)\b/i;

/** Reads the expectations from a task. */
export function toExpectations(task: string): Expectations {
  const named = [...task.matchAll(fileName)].map((match) => ({ name: match[1] as string, at: match.index }));
  const files = named.filter(({ at }) => making.test(task.slice(0, at))).map(({ name }) => name);
  const tests = named
    .filter(({ name }) => /(^|\/)test_[\w-]+\.py$|_test\.py$/.test(name))
    .map(({ name }) => name);
  // A draft is for the person to send: it tells nobody anything yet.
  const people = (/\bdraft/i.test(task) ? [] : [...task.matchAll(telling)])
    .flatMap((match) => [match[1], match[2]])
    .filter((name): name is string => name !== undefined && !notPeople.has(name));
  const kept = [...task.matchAll(keeping)].map((match) => match[1] as string);
  return {
    named: unique(named.map(({ name }) => name)),
    columns: (listing.exec(task)?.[1] ?? "").split(/,? and |, /).filter((name) => name !== ""),
    number: counting.test(task),
    deed: doing.test(task) && !task.includes("?"),
    files: unique(files),
    lines: toLines(task),
    people: unique(people),
    social: people.length > 0 || talking.test(task),
    folders: unique([...task.matchAll(folderName)].map((match) => match[1] as string)),
    likes: toLikes(task),
    tests: unique(tests),
    untouched: unique(kept.flatMap((name) => (name.toLowerCase() === "test" ? tests : [name]))),
  };
}

// "Sum it up in three lines in short.txt", "in 3 lines to short.txt".
function toLines(task: string): Expectations["lines"] {
  return [...task.matchAll(lining)].map(([, count = "", file = ""]) => ({
    file,
    count: Number(count) || numbers.indexOf(count.toLowerCase()) + 1,
  }));
}

// "…, like a_20260114.jpg. Rename them so that each looks like 2026-01-14_a.jpg": the last example is the wish.
function toLikes(task: string): Expectations["likes"] {
  const examples = [...task.matchAll(liking)].map((match) => (match[1] as string).replace(/[.:]+$/, ""));
  const last = examples.filter((example) => example.length >= 4).at(-1);
  return last === undefined ? [] : [{ example: last, pattern: toPattern(last) }];
}

// Digits must be as many, letters may be others: "2026-01-14_beach.jpg" is also "2025-12-31_home.jpg".
function toPattern(example: string): RegExp {
  const parts = example.match(/\d+|\p{L}+|[^\d\p{L}]/gu) ?? [];
  const source = parts.map((part) =>
    /^\d/.test(part) ? `\\d{${part.length}}` : /^\p{L}/u.test(part) ? "\\p{L}+" : toPlainPattern(part),
  );
  return new RegExp(`(?<![\\p{L}\\d])${source.join("")}(?![\\p{L}\\d])`, "u");
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** How a folder is shown. */
export interface Look {
  words: string[];
  whole: string[];
  lines?: number;
  brief?: boolean;
  /** Of the folder only that these are there, and how many others. */
  named?: string[];
}

/** Lines of a file that are shown to whoever gives work to others. */
const glance = 2;

/**
 * What of a folder is worth showing for a task: lines with these words, and these files whole. Whoever does a piece of
 * somebody's task sees of other files the names only; whoever only gives work to others needs no more than a glance; and
 * who is not to see a stranger's word is told of the files that the task names, and of nothing that stands in them.
 */
export function toLook(task: string, who: { acts: boolean; brief: boolean; sealed: boolean }): Look {
  if (who.sealed) return { words: [], whole: [], named: toExpectations(task).named };
  if (!who.acts) return { words: [], whole: [], lines: glance };
  return { words: toWords(task), whole: toExpectations(task).named, brief: who.brief };
}

/** The points or sentences of a task that name one of these files. */
export function toPieces(task: string, files: readonly string[]): string[] {
  const points = task.split(/\n+/).flatMap((line) => line.split(/(?<=[.;!?])\s+/));
  const pieces = points.map((point) => point.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, "").trim());
  return pieces.filter((piece) => files.some((file) => piece.includes(file)));
}

/** True when a task asks to mend or change a program that it names. */
export function isMending(task: string): boolean {
  const verbs = /\b(?:fix|repair|correct|debug|mend|change|extend|improve|adapt|rewrite|speed up)\b/i;
  return verbs.test(task) && toExpectations(task).named.some(isProgram);
}

/** Words of a task that are worth looking for in files: words in capitals, and what stands in quotes. */
function toWords(task: string): string[] {
  const quoted = [...task.matchAll(/["“'‘]([^"”'’\n]{2,40})["”'’]/g)].map((match) => match[1] as string);
  return unique([...quoted, ...(task.match(/\b[A-Z]{3,}\b/g) ?? [])]).filter((word) => !formats.has(word));
}

const formats = new Set(["CSV", "JSON", "HTML", "PDF", "XML", "YAML", "ISO", "URL", "USD", "EUR", "TODAY"]);

/** True for the name of a file that is written as it is, and not computed: a program. */
export function isProgram(file: string): boolean {
  return /\.(py|sh|js|mjs|ts|sql)$/i.test(file);
}
