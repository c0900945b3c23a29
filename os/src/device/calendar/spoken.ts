// Times as people say them: "Friday", "tomorrow 14:30", "7 December 2026 at 2 pm", "this week". A small model writes a time
// as it reads it, and knows neither which day it is nor how to count from one to another; so that is done here. What may
// mean two days (03/04) is read as none.

import { en } from "chrono-node";
import { fromWritten, type Instant, pad, toInstant, toNextDay, toWall, type Written } from "./time.ts";

/** What was said for a time. */
export interface Spoken extends Written {
  /** Only a time of the day was said. */
  clock?: true;
  /** Where a span of days was said ("this week"): its end, which is no part of it. */
  until?: Instant;
}

/** From where a time is meant. */
export interface Here {
  zone: string;
  now: Instant;
  /** Days without a year or a date are meant in the past. */
  back?: boolean;
}

/** Reads a time as people write it; null when it is none, or may be two. */
export function fromSpoken(text: string, { zone, now, back = false }: Here): Spoken | null {
  const plain = toEnglish(text)
    .trim()
    .replace(/^(?:on|at|by|from|the)\s+/i, "")
    .replace(/[.,]$/, "");
  const written = fromWritten(plain.replace(yearFirst, toIso), zone);
  if (written || /^\d{4}\b/.test(plain)) return written;
  const span = toSpan(plain, { zone, now });
  if (span) return span;
  // Whether the day or the month comes first nobody knows.
  if (/\d\/\d/.test(plain)) return null;
  const wall = toWall(now, zone);
  const here = {
    instant: new Date(now),
    timezone: Math.round((toUtc(wall) - now) / 60_000),
  };
  const [found, more] = en.GB.parse(plain, here, { forwardDate: !back });
  if (!found || more || found.end || found.text.length !== plain.length) return null;
  const { start } = found;
  const part = (name: "year" | "month" | "day" | "hour" | "minute") => start.get(name) ?? 0;
  const hasDay = start.isCertain("day") || start.isCertain("weekday");
  const hasClock = start.isCertain("hour");
  if (!hasDay && !hasClock) return null;
  if (start.isCertain("timezoneOffset")) return { at: start.date().getTime(), day: false };
  const clock = hasClock ? { hour: part("hour"), minute: part("minute") } : { hour: 0, minute: 0 };
  const day = hasDay ? { year: part("year"), month: part("month"), day: part("day") } : wall;
  const at = toInstant({ year: day.year, month: day.month, day: day.day, ...clock, second: 0 }, zone);
  return { at, day: !hasClock, ...(hasDay ? {} : { clock: true as const }) };
}

/** Chinese words for days, which are read as the English ones. */
const chinese: Record<string, string> = {
  ...{ 今天: "today", 明天: "tomorrow", 后天: "in 2 days", 昨天: "yesterday" },
  ...{ 一: "Monday", 二: "Tuesday", 三: "Wednesday", 四: "Thursday", 五: "Friday", 六: "Saturday" },
  ...{ 日: "Sunday", 天: "Sunday" },
};

const toEnglish = (text: string): string =>
  text.replace(
    /今天|明天|后天|昨天|(?:周|星期)([一二三四五六日天])/g,
    (word, day?: string) => `${chinese[day ?? word]} `,
  );

const yearFirst = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2}))?/;

const toIso = (
  _all: string,
  year: string,
  month: string,
  day: string,
  hour?: string,
  minute?: string,
): string =>
  `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}${hour ? `T${hour.padStart(2, "0")}:${minute}` : ""}`;

/** How long something takes, in minutes, as it is said in place of an end: "45 minutes", "2 h", "14:30+45"; null for none. */
export function fromLength(text: string): number | null {
  const match = /^(?:.*\d\s*\+|\+|for)?\s*(\d{1,4})\s*(m|min|mins|minutes?|h|hours?)?$/i.exec(text.trim());
  if (!match || (match[2] === undefined && !text.includes("+"))) return null;
  return Number(match[1]) * (/^h/i.test(match[2] ?? "") ? 60 : 1);
}

/** A time of the day on the day of another moment. */
export function onDayOf(clock: Instant, day: Instant, zone: string): Instant {
  const { year, month, day: date } = toWall(day, zone);
  const { hour, minute } = toWall(clock, zone);
  return toInstant({ year, month, day: date, hour, minute, second: 0 }, zone);
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

// Weeks begin on Monday; of this week and this month what is left is meant.
function toSpan(text: string, { zone, now }: Here): Spoken | null {
  const match = /^(this|next|the|本|下)?\s*(week|weekend|month|周末|周|月)$/i.exec(text);
  if (!match) return null;
  const next = /^(?:next|下)$/i.test(match[1] ?? "");
  const unit = (match[2] ?? "").toLowerCase();
  const { year, month, day, weekday } = toWall(now, zone);
  const at = (y: number, m: number, d: number) => {
    const date = new Date(Date.UTC(y, m - 1, d));
    const [full, ofYear, ofMonth] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    return toInstant({ year: full, month: ofYear, day: ofMonth, hour: 0, minute: 0, second: 0 }, zone);
  };
  if (unit === "month" || unit === "月") {
    const first = next ? at(year, month + 1, 1) : at(year, month, day);
    return { at: first, day: true, until: at(year, month + (next ? 2 : 1), 1) };
  }
  const monday = day - ((weekdays.indexOf(weekday) + 6) % 7) + (next ? 7 : 0);
  if (unit === "weekend" || unit === "周末")
    return { at: at(year, month, monday + 5), day: true, until: at(year, month, monday + 7) };
  return { at: at(year, month, next ? monday : day), day: true, until: at(year, month, monday + 7) };
}

const toUtc = (wall: ReturnType<typeof toWall>): number =>
  Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);

/** `Fri 2026-11-27`. */
export function toNamedDay(at: Instant, zone: string): string {
  const { weekday, year, month, day } = toWall(at, zone);
  return `${weekday} ${year}-${pad(month)}-${pad(day)}`;
}

/** The end of what was said: of a day the beginning of the next one. */
export const toEndOf = ({ at, day, until }: Spoken, zone: string): Instant =>
  until ?? (day ? toNextDay(at, zone) : at);
