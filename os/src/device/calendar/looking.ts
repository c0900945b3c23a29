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
    (text) => fromWritten(text, "UTC") !== null,
    "a time such as 2026-11-03T10:00, or a day such as 2026-11-03",
  );

/** Which calendar, for those who have several. */
export const calendarSchema = z.string().max(64).optional().describe("which calendar");

const spanShape = {
  from: timeSchema.describe("the first day or time"),
  to: timeSchema.optional().describe("the last day or time; the same day unless told"),
  calendar: calendarSchema,
};

interface Span {
  from: string;
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
    about: 'Lists the events of a day or a span of days; {"from", "to", "text"}.',
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
        const { found, label, notes } = await look(parts, args, context);
        const wanted = args.text?.toLowerCase();
        const fitting = found.filter(
          ({ event }) =>
            wanted === undefined ||
            `${event.title}\n${event.place}\n${event.notes}`.toLowerCase().includes(wanted),
        );
        const shown = fitting.slice(0, calendarLimits.listed);
        const lines = shown.map((one) => renderEvent(one.event, { ...parts, calendar: one.calendar }));
        const left = fitting.length - shown.length;
        if (left > 0) notes.push(`[and ${left} more: ask for fewer days]`);
        const text = [...(lines.length > 0 ? lines : ["No events."]), ...notes].join("\n");
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
const toCalendarLabel = (name: string): Label => toPrivate(toUntrusted(`calendar:${name}`));

/** What stands in the calendars in a span. */
async function look(
  { find, open, calendars, zone }: CalendarParts,
  { from, to, calendar }: Span,
  context: DeviceContext,
): Promise<{
  found: { event: Occurrence; calendar: CalendarAccount }[];
  label: Label;
  notes: string[];
  span: { from: Instant; to: Instant };
}> {
  const span = toSpan(from, to, zone);
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
  return { found, label, notes, span };
}

function toSpan(from: string, to: string | undefined, zone: string): { from: Instant; to: Instant } {
  const first = fromWritten(from, zone)!;
  const last = fromWritten(to ?? from, zone)!;
  const until = last.day || to === undefined ? toNextDay(last.at, zone) : last.at;
  if (until <= first.at) throw new HumError("bad-input", `${to} is before ${from}.`);
  if (until - first.at > calendarLimits.days * 86_400_000)
    throw new HumError("bad-input", `A span has at most ${calendarLimits.days} days.`);
  return { from: first.at, to: until };
}

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

function renderTime({ start, end, allDay }: Occurrence, zone: string): string {
  const day = `${toWall(start, zone).weekday} ${toDay(start, zone)}`;
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
