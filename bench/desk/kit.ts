// Tools to write desk tasks short: files from a table, and a `Look` which reads what a run left, tolerant in form.
// Rule: a checker states what must hold with `need`; files of the task that are not named in `changes` must be untouched.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type CommandResult, runSync } from "./sandbox.ts";
import type { DeskResult, DeskTask } from "./task.ts";

/** Contents of a folder: path to text. */
export type Files = Record<string, string>;

class Wrong extends Error {}

/** States what must hold; the text says what is wrong when it does not. */
export function need(holds: boolean, why: string): asserts holds {
  if (!holds) throw new Wrong(why);
}

/** A small random source with a seed (mulberry32): the same numbers on each machine. */
export function seeded(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(list: readonly T[]): T => list[int(0, list.length - 1)]!;
  const shuffle = <T>(list: readonly T[]): T[] => {
    const copy = [...list];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = int(0, i);
      [copy[i], copy[j]] = [copy[j]!, copy[i]!];
    }
    return copy;
  };
  return { int, pick, shuffle };
}

/** Lines to the text of a file. */
export const linesOf = (lines: readonly (string | number)[]): string => `${lines.join("\n")}\n`;

/** Rows to CSV, no field with a comma in it. */
export const csvOf = (rows: readonly (readonly (string | number)[])[]): string =>
  linesOf(rows.map((row) => row.join(",")));

/** All numbers in a text; `1,234.50` is one number, and a date like 2026-03-15 or a clock time is none. */
export function numbersIn(text: string): number[] {
  const plain = text.replace(/\d{4}-\d\d-\d\d/g, " ").replace(/\b\d\d:\d\d(:\d\d)?\b/g, " ");
  const found = plain.match(/(?<![\w.])-?\d{1,3}(,\d{3})+(\.\d+)?(?![\d,])|(?<![\w.])-?\d+(\.\d+)?/g) ?? [];
  return found.map((word) => Number(word.replaceAll(",", "")));
}

/** Equal up to a rounding error of cents. */
export const near = (a: number, b: number): boolean => Math.abs(a - b) < 0.006;

/** The fields of a CSV text; `;` and tab count as separators when there is no comma, quotes are taken off. */
export function rowsOf(text: string): string[][] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const separator = [",", ";", "\t"].find((mark) => lines[0]?.includes(mark)) ?? ",";
  return lines.map((line) => line.split(separator).map((field) => field.trim().replace(/^"(.*)"$/, "$1")));
}

/** Writes files below a folder. */
export function writeFiles(dir: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

/** What a run left, with the questions a checker asks. Each fails with a plain reason. */
export class Look {
  readonly dir: string;
  readonly messages: DeskResult["messages"];
  readonly answer: string;

  constructor(result: DeskResult) {
    this.dir = result.dir;
    this.messages = result.messages;
    this.answer = result.answer;
  }

  has(path: string): boolean {
    const full = join(this.dir, path);
    return existsSync(full) && statSync(full).isFile();
  }

  text(path: string): string {
    need(this.has(path), `${path} is missing`);
    return readFileSync(join(this.dir, path), "utf8");
  }

  /** Lines that are not blank, trimmed. */
  lines(path: string): string[] {
    const lines = this.text(path).split(/\r?\n/);
    return lines.map((line) => line.trim()).filter((line) => line !== "");
  }

  /** CSV rows without the header line, if there is one that begins with `header`. */
  rows(path: string, header: string): string[][] {
    const rows = rowsOf(this.text(path));
    const first = rows[0]?.[0]?.toLowerCase() ?? "";
    return first === header.toLowerCase() ? rows.slice(1) : rows;
  }

  /** Names in a folder of the task, sorted. */
  list(path: string): string[] {
    need(existsSync(join(this.dir, path)), `folder ${path} is missing`);
    return readdirSync(join(this.dir, path)).sort();
  }

  /** The file holds this one number (a label and one more number, such as a count, are allowed). */
  holdsNumber(path: string, value: number): void {
    const numbers = numbersIn(this.text(path));
    need(numbers.length > 0, `${path} holds no number`);
    need(numbers.length <= 2, `${path} holds many numbers instead of one`);
    need(
      numbers.some((n) => near(n, value)),
      `${path} says ${numbers.join(" ")} instead of ${value}`,
    );
  }

  /** These lines and no others, in this order. */
  holdsLines(path: string, expected: string[]): void {
    const lines = this.lines(path);
    const wrong = expected.findIndex((line, i) => line !== lines[i]);
    need(wrong < 0, `${path} line ${wrong + 1}: ${lines[wrong] ?? "nothing"} instead of ${expected[wrong]}`);
    need(lines.length === expected.length, `${path} has ${lines.length} lines instead of ${expected.length}`);
  }

  /** These CSV rows and no others, in this order; numbers are compared as numbers. */
  holdsRows(path: string, header: string, expected: (string | number)[][]): void {
    const rows = this.rows(path, header);
    need(rows.length === expected.length, `${path} has ${rows.length} rows instead of ${expected.length}`);
    for (const [i, want] of expected.entries()) {
      const row = rows[i]!;
      const same = want.every((w, j) => (typeof w === "number" ? near(Number(row[j]), w) : row[j] === w));
      need(
        same && row.length === want.length,
        `${path} row ${i + 1}: ${row.join(",")} instead of ${want.join(",")}`,
      );
    }
  }

  /** All text sent to a person, by first name. */
  told(name: string): string {
    const to = (address: string): string => address.toLowerCase().replace(/^[@#]/, "").trim();
    const mine = this.messages.filter((m) => to(m.to).split(/[^a-z]/)[0] === name.toLowerCase());
    need(mine.length > 0, `no message to ${name}`);
    return mine.map((m) => m.text).join("\n");
  }
}

/** A number is said in a short text (a dump of the whole data is no answer). */
export function needSaid(text: string, value: number, who: string): void {
  need(text.length <= 600, `${who}: a dump instead of an answer`);
  need(
    numbersIn(text).some((n) => near(n, value)),
    `${who}: ${value} is not said in: ${text.slice(0, 80)}`,
  );
}

/** Runs a program of the task in a fresh folder with other files in it; `look` sees that folder. */
export function tryProgram(
  program: { name: string; text: string },
  files: Files,
  argv: string[],
  look: (done: CommandResult, dir: string) => void,
): void {
  const dir = mkdtempSync(join(tmpdir(), "desk-try-"));
  try {
    writeFiles(dir, { ...files, [program.name]: program.text });
    const done = runSync(dir, argv);
    need(!done.timedOut, `${program.name} does not end`);
    look(done, dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Makes a task from its files and a checker of needs. Files not in `changes` must stay byte for byte. */
export function deskTask(spec: {
  id: string;
  category: string;
  text: string;
  files: Files;
  changes?: string[];
  check(look: Look): void;
}): DeskTask {
  return {
    id: spec.id,
    category: spec.category,
    text: spec.text,
    setUp: (dir) => writeFiles(dir, spec.files),
    check(result) {
      const look = new Look(result);
      try {
        spec.check(look);
        for (const [path, text] of Object.entries(spec.files)) {
          if (spec.changes?.includes(path)) continue;
          need(look.has(path), `${path} was removed`);
          need(look.text(path) === text, `${path} was changed`);
        }
        return null;
      } catch (error) {
        const why = error instanceof Wrong ? error.message : `the result cannot be read: ${String(error)}`;
        return why.replaceAll(/\s+/g, " ").slice(0, 200);
      }
    },
  };
}
