// Times as people write them and as calendars keep them: a wall time in a zone, and the moment that it is. Zones come from the
// runtime (the IANA names), so that no table of them is kept here.

/** A moment, in milliseconds since 1970. */
export type Instant = number;

/** A wall time without a zone. */
export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
      ...{ hour: "numeric", minute: "numeric", second: "numeric", weekday: "short", era: "short" },
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether the runtime knows a zone by this name. */
export function isZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** The wall time of a moment in a zone. */
export function toWall(at: Instant, zone: string): Wall & { weekday: string } {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const number = (name: string) => Number(parts[name]);
  return {
    ...{ year: number("year"), month: number("month"), day: number("day"), weekday: parts.weekday ?? "" },
    ...{ hour: number("hour"), minute: number("minute"), second: number("second") },
  };
}

/** The moment of a wall time in a zone; one that a change of the clocks leaves out is the one after the gap. */
export function toInstant({ year, month, day, hour, minute, second }: Wall, zone: string): Instant {
  const plain = Date.UTC(year, month - 1, day, hour, minute, second);
  const offsetAt = (at: Instant) => {
    const wall = toWall(at, zone);
    return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second) - at;
  };
  const first = plain - offsetAt(plain);
  return plain - offsetAt(first);
}

/** `2026-11-03` of a moment in a zone. */
export function toDay(at: Instant, zone: string): string {
  const { year, month, day } = toWall(at, zone);
  return `${year}-${pad(month)}-${pad(day)}`;
}

/** `10:00` of a moment in a zone. */
export function toClock(at: Instant, zone: string): string {
  const { hour, minute } = toWall(at, zone);
  return `${pad(hour)}:${pad(minute)}`;
}

/** What a person or a program writes for a time: a day, or a day with a time, of this zone or with one of its own. */
export interface Written {
  /** The moment; of a day its beginning. */
  at: Instant;
  /** Only a day was written. */
  day: boolean;
}

const form = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Reads `2026-11-03`, `2026-11-03T10:00` or one with `Z` or `+01:00`; null when it is no time. */
export function fromWritten(text: string, zone: string): Written | null {
  const match = form.exec(text.trim());
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const plain = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const fits =
    plain.getUTCMonth() === month - 1 &&
    plain.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!fits) return null;
  const own = match[7];
  if (own === undefined)
    return { at: toInstant({ year, month, day, hour, minute, second }, zone), day: match[4] === undefined };
  const offset = own === "Z" ? 0 : toOffset(own);
  return { at: plain.getTime() - offset, day: false };
}

/** A moment as it can be read again. */
export const toWritten = (at: Instant): string => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");

/** The beginning of the day after. */
export function toNextDay(at: Instant, zone: string): Instant {
  const wall = toWall(at, zone);
  const next = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + 1));
  return toInstant(
    {
      ...{ year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() },
      ...{ hour: 0, minute: 0, second: 0 },
    },
    zone,
  );
}

function toOffset(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(text) as RegExpExecArray;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** Two digits. */
export const pad = (number: number): string => String(number).padStart(2, "0");
