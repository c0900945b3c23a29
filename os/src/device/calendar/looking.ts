// The operations of `calendar` that look: the events of a span, and when the person is free.

import { z } from "zod";
import { HumError } from "../../error.ts";
import { type DeviceContext, defineOperation, type Operation } from "../device.ts";
import { joinLabels, type Label, toPrivate, toUntrusted } from "../label.ts";
import { toOneLine } from "../mcp/text.ts";
import { calendarLimits } from "../sizes.ts";
import type { CalendarAccount } from "./accounts.ts";
import type { CalendarParts } from "./calendar.ts";
import type { Occurrence } from "./expand.ts";
import { expandApart } from "./expand-host.ts";
import { fromSpoken, onDayOf, toEndOf, toNamedDay } from "./spoken.ts";
import { fromWritten, type Instant, toClock, toDay, toNextDay, toWall } from "./time.ts";

/** Words of a person that ask for the calendar. */
export const askedBy = [
  ...[
    "calendar",
    "calendars",
    "agenda",
    "appointment",
    "appointments",
    "meeting",
    "meetings",
    "event",
    "events",
  ],
  ...["schedule", "reschedule", "日历", "日程", "会议"],
];

/** A time as it may be written. */
export const timeSchema = z
  .string()
  .max(40)
  .refine(
    (text) => fromSpoken(text, { zone: "UTC", now: 0 }) !== null,
    "write a time such as 2026-11-03T10:00, or a day such as 2026-11-03, Friday or tomorrow",
  );

/** Which calendar, for those who have several. */
export const calendarSchema = z.string().max(64).optional().describe("which calendar");

const spanShape = {
  from: timeSchema.optional().describe("the first day or time; today unless told"),
  to: timeSchema.optional().describe("the last day or time; the same day unless told"),
  calendar: calendarSchema,
};

interface Span {
  from?: string | undefined;
  to?: string | undefined;
  calendar?: string | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: operations of one device have different argument types
type Operations = Record<string, Operation<any>>;

/** Makes `events` and `free`. */
export function createLooking(parts: CalendarParts): Operations {
  return { events: createEvents(parts), free: createFree(parts) };
}

function createEvents(parts: CalendarParts): Operation<Span & { text?: string | undefined }> {
  return defineOperation<Span & { text?: string | undefined }>({
    about:
      'Lists the events of a day or a span of days, or from today on those that speak of something; {"from", "to", "text"}.',
    example: { from: "Friday" },
    shaped: true,
    args: z.strictObject({
      ...spanShape,
      text: z.string().min(1).max(200).optional().describe("words of the title, the place or the notes"),
    }) as z.ZodType<Span & { text?: string | undefined }>,
    effect: "none",
    private: true,
    askedBy,
    sinks: {},
    run: (args, context) =>
      parts.attempt(context, async () => {
        const { found, label, notes, span } = await look(parts, args, context);
        const { fitting, note } = pick(found, args.text);
        notes.push(...note);
        const shown = fitting.slice(0, calendarLimits.listed);
        const lines = shown.map((one) => renderEvent(one.event, { ...parts, calendar: one.calendar }));
        const left = fitting.length - shown.length;
        if (left > 0) notes.push(`[and ${left} more: ask for fewer days]`);
        const text = [...(lines.length > 0 ? lines : [toNothing(span, parts.zone)]), ...notes].join("\n");
        const data = { events: fitting.length, ids: [...new Set(shown.map((one) => one.event.uid))] };
        return { ok: true, text, label, data };
      }),
  });
}

interface Free extends Span {
  minutes: number;
  dayStart: string;
  dayEnd: string;
}

function createFree(parts: CalendarParts): Operation<Free> {
  const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of the day such as 09:00");
  return defineOperation<Free>({
    about: 'Tells when the person is busy and free; {"from", "to", "minutes"}.',
    example: { from: "tomorrow" },
    shaped: true,
    args: z
      .strictObject({
        ...spanShape,
        minutes: z.number().int().min(5).max(1_440).default(30).describe("shortest free time that counts"),
        dayStart: clock.default("09:00"),
        dayEnd: clock.default("18:00"),
      })
      .refine(
        ({ dayStart, dayEnd }) => dayStart < dayEnd,
        "dayEnd must be after dayStart",
      ) as z.ZodType<Free>,
    effect: "none",
    private: true,
    askedBy: [...askedBy, "free", "busy", "available"],
    sinks: {},
    run: (args, context) =>
      parts.attempt(context, async () => {
        const { found, label, notes, span } = await look(parts, args, context);
        const busy = found.map(({ event }) => event).filter((event) => !event.free);
        const lines = toDays(span, parts.zone)
          .slice(0, calendarLimits.listed)
          .map((day) => describeDay(day, busy, { ...args, zone: parts.zone }));
        return { ok: true, text: [...lines, ...notes].join("\n"), label };
      }),
  });
}

/** The label of what stands in a calendar. */
export const toCalendarLabel = (name: string): Label => toPrivate(toUntrusted(`calendar:${name}`));

interface Looked {
  found: { event: Occurrence; calendar: CalendarAccount }[];
  label: Label;
  notes: string[];
}

async function look(
  parts: CalendarParts,
  { from, to, calendar }: Span,
  context: DeviceContext,
): Promise<Looked & { span: { from: Instant; to: Instant } }> {
  const span = toSpan({ from, to }, { zone: parts.zone, now: context.now() });
  return { ...(await lookAt(parts, { ...span, calendar }, context)), span };
}

/** What stands in the calendars in a span. */
export async function lookAt(
  { find, open, calendars, zone }: CalendarParts,
  { calendar, ...span }: { from: Instant; to: Instant; calendar?: string | undefined },
  context: DeviceContext,
): Promise<Looked> {
  const wanted = calendar === undefined ? calendars : [find(calendar)];
  const found: { event: Occurrence; calendar: CalendarAccount }[] = [];
  const notes: string[] = [];
  for (const one of wanted) {
    const texts = await (await open(one, context)).read(span);
    const { occurrences, damaged, cut } = await expandApart({ texts, ...span, zone }, context.signal);
    found.push(...occurrences.map((event) => ({ event, calendar: one })));
    if (damaged > 0) notes.push(`[${damaged} of ${one.name} cannot be read]`);
    if (cut) notes.push(`[something in ${one.name} repeats so often that not all was looked at]`);
  }
  found.sort((a, b) => a.event.start - b.event.start);
  const label = wanted.map((one) => toCalendarLabel(one.name)).reduce(joinLabels);
  return { found, label, notes };
}

function toSpan(
  { from, to }: Span,
  { zone, now }: { zone: string; now: Instant },
): { from: Instant; to: Instant } {
  const first = fromSpoken(from ?? "today", { zone, now })!;
  // Without a beginning and an end it is what comes.
  const open = from === undefined && to === undefined;
  const last = open
    ? { at: first.at + comingDays * 86_400_000, day: true }
    : fromSpoken(to ?? from ?? "today", { zone, now })!;
  const ends = last.clock ? { ...last, at: onDayOf(last.at, first.at, zone) } : last;
  const until = ends.day || to === undefined ? toEndOf({ ...ends, day: true }, zone) : ends.at;
  if (until <= first.at) throw new HumError("bad-input", `${to} is before ${from ?? "today"}.`);
  if (until - first.at > calendarLimits.days * 86_400_000)
    throw new HumError("bad-input", `A span has at most ${calendarLimits.days} days.`);
  return { from: first.at, to: until };
}

/** Days from today on that are looked at when none are named. */
const comingDays = 92;

type Found = readonly { event: Occurrence; calendar: CalendarAccount }[];

// Those that speak of it, then those that have one of its words, then all: a small model that sees nothing gives up.
function pick(found: Found, text: string | undefined): { fitting: Found; note: string[] } {
  if (text === undefined) return { fitting: found, note: [] };
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const told = ({ event }: Found[number]) =>
    [event.title, event.place, event.notes, event.organizer ?? "", ...event.guests].join("\n").toLowerCase();
  const whole = found.filter((one) => words.every((word) => told(one).includes(word)));
  if (whole.length > 0 || found.length === 0) return { fitting: whole, note: [] };
  const some = found.filter((one) => words.some((word) => word.length > 2 && told(one).includes(word)));
  if (some.length > 0) return { fitting: some, note: [`[none has all of "${text}"]`] };
  return { fitting: found.slice(0, 10), note: [`[none speaks of "${text}"; this is what there is]`] };
}

function toNothing({ from, to }: { from: Instant; to: Instant }, zone: string): string {
  const [first, last] = [toNamedDay(from, zone), toNamedDay(to - 1, zone)];
  return first === last ? `No events on ${first}.` : `No events from ${first} to ${last}.`;
}

/** Day and time of an event, as a person reads it. */
export const toTimeText = (event: Pick<Occurrence, "start" | "end" | "allDay">, zone: string): string =>
  renderTime(event, zone);

/** One line for an occurrence. */
function renderEvent(
  event: Occurrence,
  { zone, calendars, calendar }: Pick<CalendarParts, "zone" | "calendars"> & { calendar: CalendarAccount },
): string {
  const others = [...(event.organizer ? [event.organizer] : []), ...event.guests];
  const notes = [
    ...(event.cancelled ? ["called off"] : []),
    ...(event.repeats ? ["repeats"] : []),
    ...(event.place ? [`at ${toOneLine(event.place, 100)}`] : []),
    ...(others.length > 0
      ? [
          `with ${[...new Set(others)]
            .slice(0, 8)
            .map((one) => toOneLine(one, 80))
            .join(", ")}`,
        ]
      : []),
    ...(event.notes ? [`notes: ${toOneLine(event.notes, 200)}`] : []),
    ...(calendars.length > 1 ? [`calendar ${calendar.name}`] : []),
  ];
  const title = toOneLine(event.title, 160) || "(no title)";
  const more = notes.length > 0 ? ` [${notes.join("; ")}]` : "";
  return `${renderTime(event, zone)}  ${title}${more}  id ${toOneLine(event.uid, 255)}`;
}

function renderTime(
  { start, end, allDay }: Pick<Occurrence, "start" | "end" | "allDay">,
  zone: string,
): string {
  const day = toNamedDay(start, zone);
  const last = allDay ? toDay(end - 1, zone) : toDay(end, zone);
  if (allDay) return last > toDay(start, zone) ? `${day} to ${last}` : day;
  const until = last === toDay(start, zone) ? toClock(end, zone) : `${last} ${toClock(end, zone)}`;
  return `${day} ${toClock(start, zone)}-${until}`;
}

function toDays({ from, to }: { from: Instant; to: Instant }, zone: string): string[] {
  const days: string[] = [];
  for (let at = from; at < to; at = toNextDay(at, zone)) days.push(toDay(at, zone));
  return days;
}

function describeDay(day: string, events: readonly Occurrence[], how: Free & { zone: string }): string {
  const { zone, minutes, dayStart, dayEnd } = how;
  const from = fromWritten(`${day}T${dayStart}`, zone)!.at;
  const to = fromWritten(`${day}T${dayEnd}`, zone)!.at;
  const busy = events
    .filter((event) => event.start < to && event.end > from)
    .map((event) => ({ start: Math.max(event.start, from), end: Math.min(event.end, to) }))
    .sort((a, b) => a.start - b.start);
  const taken: { start: Instant; end: Instant }[] = [];
  for (const one of busy) {
    const before = taken.at(-1);
    if (before && one.start <= before.end) before.end = Math.max(before.end, one.end);
    else taken.push({ ...one });
  }
  const gaps: { start: Instant; end: Instant }[] = [];
  let at = from;
  for (const one of [...taken, { start: to, end: to }]) {
    if (one.start - at >= minutes * 60_000) gaps.push({ start: at, end: one.start });
    at = one.end;
  }
  const write = (list: readonly { start: Instant; end: Instant }[], none: string) =>
    list.map(({ start, end }) => `${toClock(start, zone)}-${toClock(end, zone)}`).join(", ") || none;
  return `${toWall(from, zone).weekday} ${day}: busy ${write(taken, "never")}; free ${write(gaps, "never")}`;
}
