// Text for terminals: tables, ages, sizes, and the cleaning of text that others wrote. An entity can print anything,
// so nothing of it reaches a terminal before control characters are made visible: they could repaint what a person is
// asked to approve.

import { stripVTControlCharacters } from "node:util";

/** Text without control characters other than newline and tab; terminal colours are dropped, the rest is shown as \x1b. */
export function clean(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll("\r\n", "\n")
    .replace(unseen, (char) => `\\x${char.codePointAt(0)!.toString(16).padStart(2, "0")}`);
}

/** Text of which every byte matters: control characters stay visible, none is dropped. */
export function showAll(text: string): string {
  return text.replace(unseen, (char) => `\\x${char.codePointAt(0)!.toString(16).padStart(2, "0")}`);
}

// Control characters except tab and newline, and invisible marks such as those that turn the direction of writing; not
// the joiner, which emoji are made with.
const unseen = /(?![\t\n\u200d])[\p{Cc}\p{Cf}]/gu;

/** One line of at most `length` characters. */
export function toLine(text: string, length: number): string {
  const line = clean(text).replace(/\s+/g, " ").trim();
  return line.length > length ? `${line.slice(0, Math.max(0, length - 1))}…` : line;
}

/** The first lines of a text, and how many more there are. */
export function cutLines(text: string, lines: number, width = 200): string[] {
  const all = clean(text).replace(/\n+$/, "").split("\n");
  const shown = all
    .slice(0, lines)
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
  return all.length > lines ? [...shown, `… ${count(all.length - lines, "more line")}`] : shown;
}

/** `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${toNumber(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** A whole number with thousands apart. */
export function toNumber(number: number): string {
  return Math.round(number).toLocaleString("en-US");
}

/** A number of tokens in at most five characters: 950, 12k, 1.2M. */
export function toShort(number: number): string {
  if (number < 10_000) return String(Math.round(number));
  if (number < 1_000_000) return `${Math.round(number / 1_000)}k`;
  return `${(number / 1_000_000).toFixed(1)}M`;
}

/** A size in bytes as a person says it. */
export function toSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let step = 0;
  let value = bytes;
  for (; value >= 1_000 && step < units.length - 1; step++) value /= 1_000;
  return `${value >= 10 || step === 0 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}

/** A time span: 5s, 12m, 3h, 4d. */
export function toAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** A moment: time of day today, date and time else. */
export function toTime(at: number, now = Date.now()): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, "0");
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** Columns side by side; numbers (`right`) end below each other, the last column is as long as it is. */
export function toTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? "").length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, i) => {
        const width = widths[i] ?? 0;
        if (right.includes(i)) return cell.padStart(width);
        return i === row.length - 1 ? cell : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

/** A style of terminals; without colour it changes nothing. */
export type Style = "dim" | "bold" | "red" | "green" | "yellow";

const codes: Record<Style, [number, number]> = {
  dim: [2, 22],
  bold: [1, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** Makes the function that styles text, or leaves it alone. */
export function createPaint(color: boolean): (style: Style, text: string) => string {
  return function paint(style, text) {
    const [on, off] = codes[style];
    return color && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  };
}
