// Times of posts, short, in the language of the reader. Formatters are kept: making one costs more than a thousand uses.

const kept = new Map<string, Intl.DateTimeFormat>();

function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  let found = kept.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language, options);
    kept.set(key, found);
  }
  return found;
}

/** The time of the day: 09:41. */
export const toClock = (at: number, language: string): string =>
  format(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

/** Date and time in full, for whoever points at a time. */
export const toMoment = (at: number, language: string): string =>
  format(language, { dateStyle: "full", timeStyle: "medium", hourCycle: "h23" }).format(at);

const dayMs = 86_400_000;

const startOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** Whole days from one day to another. */
export const daysBetween = (from: number, to: number): number =>
  Math.round((startOf(to) - startOf(from)) / dayMs);

/** A day: today, yesterday, Friday, 3 October; the year when it is another one. */
export function toDay(at: number, now: number, language: string): string {
  const days = daysBetween(at, now);
  if (days === 0 || days === 1) {
    const word = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-days, "day");
    return word.charAt(0).toLocaleUpperCase(language) + word.slice(1);
  }
  const year =
    new Date(at).getFullYear() === new Date(now).getFullYear() ? {} : ({ year: "numeric" } as const);
  return format(language, { weekday: "long", day: "numeric", month: "long", ...year }).format(at);
}

/** How long ago, for the foot of a thread: 09:41 today, else the day. */
export function toAgo(at: number, now: number, language: string): string {
  if (daysBetween(at, now) === 0) return toClock(at, language);
  return format(language, { day: "numeric", month: "short" }).format(at);
}
