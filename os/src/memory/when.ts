// Time words in a text: "in March", "last week", "before 2024-05-03", "三月". What they mean depends on when they are said, so
// the moment is given. Days are those of UTC, as everywhere in the journal. A text without such words has no span.

/** A stretch of time in milliseconds since 1970: from the first, up to and without the second. */
export interface Span {
  from: number;
  until: number;
}

const dayMs = 86_400_000;
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const monthWord =
  "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?";
const numbers: Record<string, number> = {
  ...{
    a: 1,
    an: 1,
    one: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
  },
  ...{ 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 十: 10, 十一: 11, 十二: 12 },
};
const toCount = (text: string): number => numbers[text.toLowerCase()] ?? Number(text);

const day = (at: number): number => Math.floor(at / dayMs) * dayMs;
const ofDay = (year: number, month: number, date: number): Span | null => {
  const from = Date.UTC(year, month, date);
  return new Date(from).getUTCMonth() === month && date >= 1 ? { from, until: from + dayMs } : null;
};
const ofMonth = (year: number, month: number): Span => ({
  from: Date.UTC(year, month, 1),
  until: Date.UTC(year, month + 1, 1),
});
const ofYear = (year: number): Span => ({ from: Date.UTC(year, 0, 1), until: Date.UTC(year + 1, 0, 1) });
/** A month without a year is the last one that has begun. */
const lastMonth = (now: number, month: number, date?: number): Span | null => {
  const year = new Date(now).getUTCFullYear();
  const make = (of: number) => (date === undefined ? ofMonth(of, month) : ofDay(of, month, date));
  const found = make(year);
  return found && found.from > now ? make(year - 1) : found;
};
const toMonth = (word: string): number => months.indexOf(word.slice(0, 3).toLowerCase());

function ofUnit(now: number, unit: string, back: number): Span {
  const today = new Date(now);
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  if (/^(year|年)/i.test(unit)) return ofYear(year - back);
  if (/^(month|月|个月)/i.test(unit)) return ofMonth(year, month - back);
  if (/^(day|天)/i.test(unit)) return { from: day(now) - back * dayMs, until: day(now) - (back - 1) * dayMs };
  const monday = day(now) - ((today.getUTCDay() + 6) % 7) * dayMs;
  return { from: monday - 7 * back * dayMs, until: monday - 7 * (back - 1) * dayMs };
}

type Rule = [RegExp, (found: string[], now: number) => Span | null];

/** Tried in this order; the first that fits counts. */
const rules: readonly Rule[] = [
  [/\b(\d{4})-(\d\d)-(\d\d)\b/, ([, y, m, d]) => ofDay(Number(y), Number(m) - 1, Number(d))],
  [/\b(\d{4})-(\d\d)\b(?!-)/, ([, y, m]) => ofMonth(Number(y), Number(m) - 1)],
  [/(\d{4})年(\d{1,2})月(\d{1,2})[日号]/, ([, y, m, d]) => ofDay(Number(y), Number(m) - 1, Number(d))],
  [/(\d{4})年(\d{1,2})月/, ([, y, m]) => ofMonth(Number(y), Number(m) - 1)],
  [
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${monthWord})\\b,?(?: (\\d{4}))?`),
    ([, d, m, y], now) => dated(now, { date: Number(d), month: toMonth(m ?? ""), year: y }),
  ],
  [
    new RegExp(`\\b(${monthWord})\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b(?!\\d)(?:,? (\\d{4}))?`),
    ([, m, d, y], now) => dated(now, { date: Number(d), month: toMonth(m ?? ""), year: y }),
  ],
  [
    new RegExp(`\\b(${monthWord})\\.?(?: of)?,? (\\d{4})\\b`),
    ([, m, y]) => ofMonth(Number(y), toMonth(m ?? "")),
  ],
  [
    // "may" and "march" are also other words: without a number a month comes after a word of time.
    new RegExp(`\\b(?:in|since|before|after|until|till|during|from|by|last|of|early|late) (${monthWord})\\b`),
    ([, m], now) => lastMonth(now, toMonth(m ?? "")),
  ],
  [/(\d{1,2})月(\d{1,2})[日号]/, ([, m, d], now) => lastMonth(now, Number(m) - 1, Number(d))],
  [/(十[一二]|[一二三四五六七八九十]|\d{1,2})月/, ([, m], now) => lastMonth(now, toCount(m ?? "") - 1)],
  [
    /\b(\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten) (day|week|month|year)s? ago\b/i,
    ([, n, unit], now) => ofUnit(now, unit ?? "", toCount(n ?? "")),
  ],
  [
    /([一二两三四五六七八九十]|\d+)(天|周|个星期|个月|年)(?:之|以)?前/,
    ([, n, unit], now) => ofUnit(now, unit ?? "", toCount(n ?? "")),
  ],
  [/\b(?:the day before yesterday)\b|前天/i, (_, now) => ofUnit(now, "day", 2)],
  [/\byesterday\b|昨天/i, (_, now) => ofUnit(now, "day", 1)],
  [/\btoday\b|今天/i, (_, now) => ofUnit(now, "day", 0)],
  [/\blast (week|month|year)\b/i, ([, unit], now) => ofUnit(now, unit ?? "", 1)],
  [/\bthis (week|month|year)\b/i, ([, unit], now) => ofUnit(now, unit ?? "", 0)],
  [/去年/, (_, now) => ofUnit(now, "year", 1)],
  [/今年/, (_, now) => ofUnit(now, "year", 0)],
  [/上(?:个)?月/, (_, now) => ofUnit(now, "month", 1)],
  [/这(?:个)?月|本月/, (_, now) => ofUnit(now, "month", 0)],
  [/上(?:个)?(?:周|星期)/, (_, now) => ofUnit(now, "week", 1)],
  [/\b((?:19|20)\d\d)\b|((?:19|20)\d\d)年/, ([, y, other]) => ofYear(Number(y ?? other))],
];

function dated(
  now: number,
  { date, month, year }: { date: number; month: number; year: string | undefined },
): Span | null {
  return year === undefined ? lastMonth(now, month, date) : ofDay(Number(year), month, date);
}

/** The time that a text speaks of, as said at `now`; null when it names none. */
export function toSpan(text: string, now: number): Span | null {
  for (const [form, make] of rules) {
    const found = form.exec(text);
    const span = found ? make([...found], now) : null;
    if (!found || !span) continue;
    // "in" and "since" are part of some forms and stand before others.
    const words = text.slice(Math.max(0, found.index - 24), found.index + found[0].length).toLowerCase();
    const rest = text.slice(found.index + found[0].length);
    if (/\b(?:before|until|till)\b/.test(words) || /^(?:之前|以前)/.test(rest))
      return { from: Number.NEGATIVE_INFINITY, until: span.from };
    if (/\b(?:after)\b/.test(words) || /^(?:之后|以后)/.test(rest))
      return { from: span.until, until: Number.POSITIVE_INFINITY };
    if (/\b(?:since|from)\b/.test(words) || /^(?:以来|起)/.test(rest))
      return { from: span.from, until: Number.POSITIVE_INFINITY };
    return span;
  }
  return null;
}
