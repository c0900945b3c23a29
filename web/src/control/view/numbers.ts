// Numbers for people: short, in the reader's language, of a steady width. Pure; the locale is given.
//
// Rules for callers: `null` is "not known" and shown as an en dash, so that a column never jumps.

/** What is shown for a number that is not known. */
export const unknown = "–";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Sizes of bytes, each a thousand of the one before. */
const byteUnits = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

const formats = new Map<string, Intl.NumberFormat>();

// Making a formatter costs more than using it a thousand times.
function format(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.NumberFormat(locale, options);
    formats.set(key, found);
  }
  return found;
}

/** A count, short from ten thousand on: 9,412, then 12.3K. */
export function toCount(value: number | null, locale: string): string {
  if (value === null || !Number.isFinite(value)) return unknown;
  return Math.abs(value) < 10_000
    ? format(locale, { maximumFractionDigits: 0 }).format(value)
    : format(locale, { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** A count with all its digits. */
export function toExact(value: number | null, locale: string): string {
  return value === null ? unknown : format(locale, { maximumFractionDigits: 0 }).format(value);
}

/** Bytes: 0 bytes, 12 kB, 1.1 GB. The short word has no plural. */
export function toBytes(value: number | null, locale: string): string {
  if (value === null) return unknown;
  let size = value;
  let unit = 0;
  while (size >= 1_000 && unit < byteUnits.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return format(locale, {
    style: "unit",
    unit: byteUnits[unit] ?? "byte",
    unitDisplay: unit === 0 ? "long" : "short",
    maximumFractionDigits: unit > 0 && size < 10 ? 1 : 0,
  }).format(size);
}

/** A length of time in its one or two largest units: 840 ms, 12 s, 4 min 10 s, 3 h 5 min, 2 d 4 h. */
export function toSpan(ms: number | null, locale: string): string {
  if (ms === null || !Number.isFinite(ms)) return unknown;
  const value = Math.max(0, ms);
  const part = (amount: number, unit: string) =>
    format(locale, { style: "unit", unit, unitDisplay: "narrow", maximumFractionDigits: 0 }).format(
      Math.floor(amount),
    );
  const two = (large: [number, string], small: [number, string]) =>
    Math.floor(small[0]) === 0 ? part(...large) : `${part(...large)} ${part(...small)}`;
  if (value < second) return part(value, "millisecond");
  if (value < minute) return part(value / second, "second");
  if (value < hour) return two([value / minute, "minute"], [(value % minute) / second, "second"]);
  if (value < day) return two([value / hour, "hour"], [(value % hour) / minute, "minute"]);
  return two([value / day, "day"], [(value % day) / hour, "hour"]);
}

/** The same in one unit, for narrow columns: 12 s, 4 min, 3 h, 2 d. */
export function toShortSpan(ms: number | null, locale: string): string {
  if (ms === null) return unknown;
  if (ms < second) return toSpan(ms, locale);
  const unit = ms < minute ? second : ms < hour ? minute : ms < day ? hour : day;
  return toSpan(Math.floor(ms / unit) * unit, locale);
}

/** A part of a whole in percent; more than all is said as it is. */
export function toPercent(part: number, locale: string): string {
  return format(locale, { style: "percent", maximumFractionDigits: 0 }).format(part);
}

/** How much of a whole is used, from 0; a whole of nothing is used up as soon as anything is. */
export function toPart(used: number, whole: number): number {
  if (whole > 0) return used / whole;
  return used > 0 ? 1 : 0;
}

/** How a fill is judged: calm, close to the end, over. */
export function toFill(part: number): "calm" | "high" | "over" {
  return part >= 1 ? "over" : part >= 0.8 ? "high" : "calm";
}
