// The look at the result before `done` is believed: which of the things that the task visibly asks for are missing.
// Everything is read and run through the broker, with the authority of the entity.

import type { FileChange } from "../entity/authority.ts";
import type { Entity } from "../entity/entity.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { type Expectations, isProgram, toExpectations, toPieces } from "./expect.ts";
import type { Review } from "./kernel.ts";
import { wantsAnswer } from "./print.ts";

/** What the review is made from. */
export interface ReviewSource {
  /** Records of the entity and of all that worked for it, in the order of time. */
  records: Iterable<JournalRecord>;
  /** Whether it holds calls of devices; one that does not can answer or delegate only. */
  acts: boolean;
  /** A file of its folder (or its beginning), null when there is none that can be read. */
  read(path: string): Promise<{ text: string; whole: boolean } | null>;
  /** True when that is a folder. */
  isFolder(path: string): Promise<boolean>;
  /** True when there is nothing in its folder. */
  isEmpty(): Promise<boolean>;
  /** Runs a shell command in its folder; null when it may not run. */
  run(command: string): Promise<{ ok: boolean; text: string } | null>;
  /** Whether a call of that name does something that is no change of a file, such as writing a draft. */
  isDeed?(name: string): boolean;
  /** What it has seen, where it looked things up in an account of the person; null where it did not. */
  seen?: string | null;
  /** The names of whom an address belongs to. */
  namesOf?(address: string): readonly string[];
}

/** Files that one sentence names. */
const shownFiles = 8;

interface Seen {
  /** Files that its calls left, relative to its folder. */
  files: string[];
  touched: Set<string>;
  /** True when a file or folder is not as it was. */
  changed: boolean;
  /** Files that are gone, with contents that are in no file that it left. */
  lost: string[];
  told: string[];
  /** What it told them. */
  said: string[];
  /** Calls of a device that came to an end. */
  acted: number;
  /** The last device call failed. */
  lastFailed: boolean;
}

/** Looks at what an entity has come to; `answer` is what it says at its end. */
export async function reviewEntity(entity: Entity, answer: string, source: ReviewSource): Promise<Review> {
  const seen = see(entity, source);
  const expected = toExpectations(entity.task);
  const missing = [
    ...(await checkFiles(expected, { seen, source })),
    ...(await checkLines(expected, source)),
    ...(await checkFolders(expected, source)),
    ...checkPeople(expected, seen),
    ...checkUntouched(expected, seen),
    ...checkLost(entity.task, seen),
    ...(await checkLikes(expected, seen, source)),
    ...(await checkWritten(seen, source)),
    ...(await checkTests(expected, source)),
  ];
  if (missing.length > 0 && source.acts) return { missing };
  if (missing.length > 0) {
    const files = [...expected.files, ...expected.tests];
    const left = files.filter((file) => missing.some((line) => line.includes(file)));
    return { missing, pieces: toPieces(entity.task, left) };
  }
  return { missing: await doubt(entity, answer, { seen, source, expected }), doubt: true };
}

/** What is told to whoever is not done: what is missing, and the task or its parts again. */
export function toUndone(task: string, missing: readonly string[], pieces: readonly string[]): string {
  const lines = missing.map((line) => `- ${line}`).join("\n");
  const left = pieces.map((piece) => `- ${piece}`).join("\n");
  const again =
    left === ""
      ? `The task again: ${task}`
      : `Give these parts of the task to colleagues with delegate:\n${left}`;
  return `Not done yet:\n${lines}\n${again}`;
}

// What makes `done` doubtful without showing that it is wrong: said once or twice, then the entity is believed.
async function doubt(
  entity: Entity,
  answer: string,
  look: { seen: Seen; source: ReviewSource; expected: Expectations },
): Promise<string[]> {
  const { seen, source, expected } = look;
  if (seen.acted === 0 && entity.badTurns < 2 && source.acts && !(await source.isEmpty()))
    return ["You have done nothing yet. Look at the files and do the task."];
  if (seen.acted === 0 && entity.badTurns === 0 && !source.acts && expected.named.length > 0)
    return [`You have seen the beginning of ${expected.named[0]} at most: have a colleague look at it.`];
  if (entity.badTurns > 0) return [];
  const untold = source.acts ? [] : seen.files.filter((file) => !answer.includes(file));
  if (untold.length > 0 && seen.files.length > 1)
    return [
      `You say nothing of ${untold.slice(0, shownFiles).join(", ")}: say in one sentence for each what came of it.`,
    ];
  if (expected.deed && !seen.changed && seen.told.length === 0)
    return ["Nothing was changed: no file is new, gone or different."];
  const no = /^.*: no\b.*$/im.exec(answer)?.[0];
  if (no) return [`You say yourself that a point is not met: ${no.trim()}`];
  const telling = seen.said.at(-1) ?? (wantsAnswer(entity.task) && seen.files.length === 0 ? answer : null);
  if (expected.number && telling !== null && !/\d/.test([...seen.said, telling].join(" ")))
    return ["It was asked for a number, and what was said has none."];
  const invented = source.seen ? findInvented(answer, source.seen) : null;
  if (invented)
    return [
      `${invented} stands in nothing that you have seen. Look where it stands, and say what stands there.`,
    ];
  const same = await findSameLines(seen, source);
  if (same) return [`All lines of ${same} are the same: the program wrote the wrong thing.`];
  return seen.lastFailed ? ["Your last step failed; nothing shows that it was put right."] : [];
}

async function checkFiles(
  expected: Expectations,
  { seen, source }: { seen: Seen; source: ReviewSource },
): Promise<string[]> {
  const missing: string[] = [];
  for (const file of expected.files) {
    const found = await source.read(file);
    if (found === null) missing.push(`There is no file ${file} in the folder.`);
    else if (
      found.whole &&
      file.endsWith(".csv") &&
      !found.text.trim().includes("\n") &&
      found.text.trim() !== ""
    )
      missing.push(`${file} has one line only: nothing was found, so the program looked in the wrong way.`);
    else if (found.whole && found.text.trim() === "")
      missing.push(`${file} is empty: nothing was found, so the program looked in the wrong way.`);
    else if (file.endsWith(".csv"))
      missing.push(...checkColumns({ file, isOwn: seen.files.includes(file) }, found.text, expected));
  }
  return missing;
}

// What stands in a file that was there before may be a stranger's, and a refusal is read as the kernel's own words.
function checkColumns(
  { file, isOwn }: { file: string; isOwn: boolean },
  text: string,
  { columns, files }: Expectations,
): string[] {
  // With two tables it is not said which of them is meant.
  if (columns.length === 0 || files.filter((name) => name.endsWith(".csv")).length > 1) return [];
  const first = text.split(/\r?\n/, 1)[0] ?? "";
  const cells = first.split(/[,;\t]/).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .toLowerCase(),
  );
  const wanted = columns.map((name) => name.toLowerCase());
  if (cells.join("\n") === wanted.join("\n")) return [];
  const is = isOwn ? `, and is: ${first.slice(0, 120)}` : ", and does not.";
  return [`The first line of ${file} must name the columns ${columns.join(", ")}${is}`];
}

async function checkLines({ lines }: Expectations, source: ReviewSource): Promise<string[]> {
  const missing: string[] = [];
  for (const { file, count } of lines) {
    const found = await source.read(file);
    if (!found?.whole || found.text.trim() === "") continue;
    const there = found.text.split(/\r?\n/).filter((line) => line.trim() !== "").length;
    if (there !== count)
      missing.push(`${file} has ${there} ${there === 1 ? "line" : "lines"}, and ${count} are wanted.`);
  }
  return missing;
}

async function checkFolders(expected: Expectations, source: ReviewSource): Promise<string[]> {
  const missing: string[] = [];
  // A program that makes a folder when it runs has not made it yet.
  if (expected.files.some((file) => isProgram(file))) return missing;
  for (const folder of expected.folders)
    if (!(await source.isFolder(folder)))
      missing.push(`There is no folder ${folder}: make it before you put files into it.`);
  return missing;
}

function checkPeople(expected: Expectations, seen: Seen): string[] {
  const told = seen.told.map((name) => name.toLowerCase());
  return expected.people
    .filter((name) => !told.includes(name.toLowerCase()))
    .map((name) => `Nothing was said to ${name}: use say ${name}.`);
}

function checkUntouched(expected: Expectations, seen: Seen): string[] {
  return expected.untouched
    .filter((file) => seen.touched.has(file))
    .map((file) => `${file} must stay as it was, and you changed it.`);
}

const deleting =
  /\b(?:delet|remov|drop|clean|clear|empty|eras|discard|throw|trash|replace|overwrit|merge|keep only)/i;

// What nobody asked to delete must still be somewhere: a move onto one name loses all files but the last.
function checkLost(task: string, seen: Seen): string[] {
  if (seen.lost.length === 0 || deleting.test(task)) return [];
  const names = seen.lost.slice(0, 4).join(", ");
  return [
    `Contents are lost that nobody asked to delete: ${names}. Make folders before you move files into them.`,
  ];
}

async function checkLikes(expected: Expectations, seen: Seen, source: ReviewSource): Promise<string[]> {
  // Who only answers writes nothing that could look like it.
  if (!source.acts && seen.files.length === 0) return [];
  const missing: string[] = [];
  for (const { example, pattern } of expected.likes) {
    if (seen.files.some((file) => pattern.test(file))) continue;
    const texts = await Promise.all(seen.files.slice(-8).map((file) => source.read(file)));
    if (!texts.some((text) => text !== null && pattern.test(text.text)))
      missing.push(`Nothing that you wrote looks like ${example}${toInstead(seen.files)}.`);
  }
  return missing;
}

const toInstead = (files: readonly string[]): string =>
  files.length === 0 ? "; no file is new or different" : `; you wrote ${files.slice(-2).join(" and ")}`;

// A program or a JSON file that cannot be read by its own language is not right, whatever the task is.
async function checkWritten(seen: Seen, source: ReviewSource): Promise<string[]> {
  const missing: string[] = [];
  for (const file of seen.files.slice(-8)) {
    if (file.endsWith(".json") && !isJson(await source.read(file)))
      missing.push(`${file} is not valid JSON.`);
    const check = file.endsWith(".py")
      ? `python3 -c 'import ast,sys; ast.parse(open(sys.argv[1]).read())' ${quote(file)}`
      : file.endsWith(".sh")
        ? `bash -n ${quote(file)}`
        : null;
    const result = check === null ? null : await source.run(check);
    if (result && !result.ok)
      missing.push(`${file} has an error: ${result.text.trim().split("\n").at(-1) ?? ""}`);
  }
  return missing;
}

async function checkTests(expected: Expectations, source: ReviewSource): Promise<string[]> {
  const missing: string[] = [];
  for (const file of expected.tests) {
    const result = await source.run(`PYTHONDONTWRITEBYTECODE=1 python3 ${quote(file)}`);
    if (result && !result.ok)
      missing.push(`${file} still fails:\n${result.text.trim().split("\n").slice(-8).join("\n")}`);
  }
  return missing;
}

/**
 * A number of an answer that stands in nothing that was seen; null when there is none. Small numbers are counted, and parts of
 * a day or a time are written in many ways: only longer ones are looked for, whatever stands between their digits.
 */
export function findInvented(answer: string, seen: string): string | null {
  const numbersOf = (text: string) =>
    (text.match(/\d[\d.,]*\d/g) ?? []).filter((number) => !/^\d{1,2}\.\d{1,2}\.\d{2,4}$/.test(number));
  const toDigits = (number: string) => number.replace(/[.,]/g, "");
  // 184.60 is 184.6 and may be told as 184.
  const toForms = (number: string) => [
    toDigits(number),
    toDigits(number.replace(/([.,]\d)0$/, "$1")),
    toDigits(number.replace(/[.,]\d{1,2}$/, "")),
  ];
  const known = new Set(numbersOf(seen).flatMap(toForms));
  const isLong = (number: string) => toDigits(number).length > 2;
  return numbersOf(answer).find((number) => isLong(number) && !known.has(toDigits(number))) ?? null;
}

async function findSameLines(seen: Seen, source: ReviewSource): Promise<string | null> {
  for (const file of seen.files.slice(-8)) {
    const lines = (await source.read(file))?.text.trim().split(/\r?\n/) ?? [];
    if (lines.length >= 3 && new Set(lines).size === 1) return file;
  }
  return null;
}

function isJson(found: { text: string; whole: boolean } | null): boolean {
  if (found === null || !found.whole) return true;
  try {
    JSON.parse(found.text);
    return true;
  } catch {
    return false;
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// Whom an address means: those of that name in the contacts, and what the address itself says.
function toReached(address: string, { namesOf }: ReviewSource): string[] {
  const [local = ""] = address.split("@", 1);
  return [...(namesOf?.(address) ?? []), ...local.split(/[._+-]/)];
}

interface Ended {
  pid?: number;
  name?: string;
  ok?: boolean;
  changes?: FileChange[];
  egress?: readonly { host: string }[];
}

// What colleagues changed and said counts for the task, what they tried does not.
function see(entity: Entity, source: ReviewSource): Seen {
  const seen: Seen = {
    files: [],
    touched: new Set(),
    changed: false,
    lost: [],
    told: [],
    said: [],
    acted: 0,
    lastFailed: false,
  };
  const now = new Map<string, string | null>();
  const first = new Map<string, string | null>();
  const prefix = `${entity.folder}/`;
  for (const { type, data } of source.records) {
    const { pid, name, ok, changes = [], egress = [] } = data as Ended;
    // What an earlier attempt did is no part of this one.
    if (type === "attempt.ended" && pid === entity.pid)
      Object.assign(seen, { told: [], said: [], acted: 0, lastFailed: false });
    if (type === "message.sent" || type === "message.drafted") {
      seen.told.push(String(data.to).toLowerCase());
      seen.said.push(String(data.text));
    }
    if (type === "call.ended" && pid === entity.pid && name !== "done" && name !== "say") {
      seen.acted += 1;
      seen.lastFailed = ok !== true;
    }
    if (type === "call.ended" && ok && name !== undefined && source.isDeed?.(name)) seen.changed = true;
    // A mail and an invitation tell something too.
    if (type === "call.ended" && ok)
      for (const { host } of egress)
        if (host.startsWith("mail:")) seen.told.push(...toReached(host.slice(5), source));
    // What was taken back did not happen; what a colleague took back is one more change.
    if (type === "files.undone" && pid === entity.pid) {
      for (const map of [now, first, seen.touched]) map.clear();
      seen.changed = false;
      continue;
    }
    if (type !== "call.ended" && type !== "files.changed" && type !== "files.undone") continue;
    for (const { path, kind, before, after } of changes) {
      if (!path.startsWith(prefix)) continue;
      seen.changed = true;
      if (kind === "folder") continue;
      const short = path.slice(prefix.length);
      if (!first.has(short)) first.set(short, before);
      now.delete(short);
      now.set(short, after);
      seen.touched.add(short);
    }
  }
  const kept = new Set(now.values());
  for (const [path, after] of now) {
    const before = first.get(path) ?? null;
    if (after !== null) seen.files.push(path);
    else if (before !== null && !kept.has(before)) seen.lost.push(path);
  }
  return seen;
}
