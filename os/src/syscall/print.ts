// The fingerprint of a result: the same for two results that mean the same. Files are compared by what they say, not by
// their bytes: numbers as numbers ("12.50" is "12.5"), JSON without its spacing, lines without blanks at their ends.
// Messages and the answer are compared by what they tell: numbers, and names that the task does not say itself; how it
// is worded says nothing.

import { toHash } from "../device/blobs.ts";
import type { FileChange } from "../entity/authority.ts";

/** What a fingerprint is made from. */
export interface PrintSource {
  task: string;
  folder: string;
  /** What the attempt changed, one change a path. */
  changes: readonly FileChange[];
  messages: readonly { to: string; text: string }[];
  answer: string;
  content(hash: string): Promise<Uint8Array | string | null>;
}

/** Files larger than this are compared by their bytes. */
const meantBytes = 256 * 1024;

/** The fingerprint. */
export async function toPrint(source: PrintSource): Promise<string> {
  const { task, folder, changes, messages, answer } = source;
  const files: string[] = [];
  for (const { path, kind = "file", after } of changes) {
    if (!path.startsWith(`${folder}/`)) continue;
    const short = path.slice(folder.length + 1);
    const meaning =
      after === null
        ? "gone"
        : kind === "file"
          ? toFileMeaning(short, await source.content(after), after)
          : kind;
    files.push(`${short}\n${meaning}`);
  }
  const told = messages.map(({ to, text }) => `${to.toLowerCase()}: ${toTold(text, task)}`).sort();
  const asked = (files.length === 0 && told.length === 0) || wantsAnswer(task);
  const parts = { files: files.sort(), told, answer: asked ? toTold(answer, task) : "" };
  return toHash(JSON.stringify(parts)).slice(0, 24);
}

/** True when the person wants to be told something, so that the answer is part of the result. */
export function wantsAnswer(task: string): boolean {
  return /\?|\b(?:tell|show|give|report to|let) me\b|\b(?:what|which|who|how many|how much)\b[^.]*$/i.test(
    task,
  );
}

function toFileMeaning(path: string, content: Uint8Array | string | null, hash: string): string {
  if (content === null || content.length > meantBytes) return hash;
  const text = typeof content === "string" ? content : new TextDecoder().decode(content);
  if (text.includes("\0")) return hash;
  if (path.endsWith(".json")) {
    try {
      return JSON.stringify(toSorted(JSON.parse(text)));
    } catch {
      // compared as text
    }
  }
  const lines = text.replaceAll("\r", "").split("\n");
  const meant = path.endsWith(".csv") || path.endsWith(".tsv") ? lines.map(toCells) : lines.map(toLine);
  return meant.join("\n").trim();
}

const toCells = (line: string): string =>
  line
    .split(line.includes(";") && !line.includes(",") ? ";" : /[,\t]/)
    .map((cell) =>
      toNumber(
        cell
          .trim()
          .replace(/^"(.*)"$/, "$1")
          .trim(),
      ),
    )
    .join(",");

const toLine = (line: string): string =>
  line
    .trim()
    .replaceAll(/\s+/g, " ")
    .replaceAll(numbers, (number) => toNumber(number));

/** Numbers that stand alone: no part of a date, a time, an address or a name. */
const numbers = /(?<![\w.:/-])-?\d[\d,]*(?:\.\d+)?(?![\w:/-]|\.\d)/g;

// "1,234.50" is 1234.5; what begins with 0 is no number but a name, e.g. of a postal district.
function toNumber(text: string): string {
  if (!/^-?(?:0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)?(?:\.\d+)?$/.test(text) || !/\d/.test(text)) return text;
  const value = Number(text.replaceAll(",", ""));
  return Number.isFinite(value) && Math.abs(value) < 1e15 ? String(Number(value.toFixed(4))) : text;
}

function toSorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, toSorted(inner)]),
  );
}

/** Words that begin sentences and say nothing of their own. */
const openers = new Set(
  "the a an this that these those there it its in on at to for of and or but all each every with here hi hello dear your you i we they he she is are was were has have most total sum done yes no if as by from best regards thanks thank please note result answer".split(
    " ",
  ),
);

// What a text tells: things with digits in them and words in capitals, without those that the task says itself. A text
// that has neither tells its words.
function toTold(text: string, task: string): string {
  const given = new Set(toWords(task).map((word) => word.toLowerCase()));
  const words = toWords(text);
  const figures = words.filter((word) => /\d/.test(word)).map((word) => toNumber(word));
  const names = words
    .filter((word) => /^\p{Lu}/u.test(word) && !/\d/.test(word))
    .map((word) => word.toLowerCase());
  const facts = [...figures, ...names].filter((word) => !given.has(word) && !openers.has(word));
  const told =
    facts.length > 0
      ? facts
      : words.map((word) => word.toLowerCase()).filter((word) => !given.has(word) && !openers.has(word));
  return [...new Set(told)].sort().join(" ");
}

const toWords = (text: string): string[] =>
  (text.match(/-?[\p{L}\d][\p{L}\d.,:/_@'’-]*/gu) ?? [])
    .map((word) => word.replace(/(?:[.,:/'’-]|['’]s)+$/u, ""))
    .filter((word) => word !== "");
