// What a call says of an event, as the fields that are set: times as they are said, the end from how long it is, a time of the
// day on the day of the event. What is not said stays.

import { HumError } from "../../error.ts";
import { toOneLine } from "../mcp/text.ts";
import { changeEvent, dropOccurrence, type EventFields, openEvent } from "./edit.ts";
import { toTimeText } from "./looking.ts";
import { fromLength, fromSpoken, onDayOf, type Spoken, toEndOf, toNamedDay } from "./spoken.ts";
import { type Instant, isZone, toInstant, toWritten, type Wall } from "./time.ts";

/** An event as a call speaks of it. */
export interface Fields {
  title?: string | undefined;
  start?: string | undefined;
  end?: string | undefined;
  minutes?: number | undefined;
  place?: string | undefined;
  notes?: string | undefined;
}

/** What is wanted of which event. */
export interface Wanted extends Fields {
  id?: string | undefined;
  /** What the event is called now: what a person reads, and may have named. */
  event?: string | undefined;
  occurrence?: string | undefined;
  calendar?: string | undefined;
}

interface Here {
  zone: string;
  now: Instant;
}

/** The fields that a call sets; `day` is when the event begins now, where there is one. Throws `bad-input`. */
export function toFields(wanted: Fields, here: Here, day?: Instant): EventFields {
  const { title, start, place, notes } = wanted;
  const said = wanted.end === undefined ? null : fromLength(wanted.end);
  const [end, minutes] = said === null ? [wanted.end, wanted.minutes] : [undefined, said];
  const first = toTime(start, here, day);
  const begun = first?.at;
  const last = toTime(end, here, begun ?? day);
  if (first && last && first.day !== last.day)
    throw new HumError("bad-input", "start and end are both days, or both times.");
  const length = minutes === undefined ? null : minutes * 60_000;
  const ends = last
    ? toEndOf(last, here.zone)
    : begun !== undefined && length !== null && !first?.day
      ? begun + length
      : first
        ? first.day
          ? toEndOf(first, here.zone)
          : first.at + 3_600_000
        : undefined;
  if (begun !== undefined && ends !== undefined && ends <= begun)
    throw new HumError(
      "bad-input",
      `${end} is not after ${start}. Name the end, or how many minutes it takes; leave both out for an hour.`,
    );
  const allDay = first?.day ?? last?.day;
  return {
    ...{ title, place, notes },
    ...(begun === undefined ? {} : { start: begun }),
    ...(ends === undefined ? {} : { end: ends }),
    ...(allDay === undefined ? {} : { allDay }),
  };
}

/**
 * A new event whose day is written in figures must not be over: a small model that turns "8 December" into figures itself often
 * comes to another month. One that is meant to be past is written in words. Throws `bad-input` with what to write.
 */
export function checkPast(written: Fields, fields: EventFields, { zone, now }: Here): EventFields {
  const { start = now, end = start } = fields;
  if (end >= now || !/^\d{4}\b/.test(written.start ?? "")) return fields;
  throw new HumError(
    "bad-input",
    `${toNamedDay(start, zone)} is past: today is ${toNamedDay(now, zone)}. Write day and time in the words in which they stand where you read them.`,
  );
}

function toTime(text: string | undefined, here: Here, day: Instant | undefined): Spoken | null {
  if (text === undefined) return null;
  const time = fromSpoken(text, here)!;
  if (!time.clock) return time;
  if (day === undefined)
    throw new HumError("bad-input", `Write the day too, such as "2026-11-03T10:00" or "Friday ${text}".`);
  return { at: onDayOf(time.at, day, here.zone), day: false };
}

/** The text of an event that must be there. Throws `not-found`. */
export function need(before: string | null, uid: string): string {
  if (before !== null) return before;
  throw new HumError(
    "not-found",
    `There is no event with the id ${toOneLine(uid, 255)}. Name it by words of its title instead: {"event": "…"}.`,
  );
}

const toMoment = (time: string | undefined, here: Here): Instant | undefined =>
  time === undefined ? undefined : fromSpoken(time, here)!.at;

/** The text of an event after a change. */
export function edit(before: string | null, args: Wanted, here: Here): string {
  const uid = args.id!;
  const text = need(before, uid);
  const occurrence = toMoment(args.occurrence, here);
  const now = timesOf(text, uid, here.zone);
  const day = occurrence ?? now?.start;
  // Only the end is other: the beginning stays, and is said for the check of both.
  const keeps = args.start === undefined && (args.end !== undefined || args.minutes !== undefined);
  const start = keeps && day !== undefined && !now?.allDay ? toWritten(day) : args.start;
  if (start === undefined && args.end !== undefined)
    throw new HumError("bad-input", "Name start together with end.");
  const wanted = toFields({ ...args, start }, here, day);
  // Without an end the event is as long as it was.
  const isOpen = wanted.start !== undefined && args.end === undefined && args.minutes === undefined;
  const length = isOpen && now && !now.allDay && !wanted.allDay ? now.end - now.start : null;
  const moved = length === null ? wanted : { ...wanted, end: wanted.start! + length };
  return changeEvent(text, { uid, occurrence }, moved, here);
}

/** The text of an event after one of its occurrences was taken out; null when all of it is. */
export function drop(before: string | null, args: Wanted, here: Here): string | null {
  const text = need(before, args.id!);
  const at = toMoment(args.occurrence, here);
  return at === undefined ? null : dropOccurrence(text, { uid: args.id!, occurrence: at }, here);
}

interface IcalTime extends Wall {
  isDate: boolean;
  zone: { tzid: string } | null;
  toUnixTime(): number;
}

/** When an event begins and ends, null where it does not say both. Of one that repeats it is the first. */
export function timesOf(
  text: string,
  uid: string,
  zone: string,
): { start: Instant; end: Instant; allDay: boolean } | null {
  const [event] = openEvent(text, uid).events;
  const read = (name: string): { at: Instant; day: boolean } | null => {
    const property = event!.getFirstProperty(name);
    const time = event!.getFirstPropertyValue(name) as IcalTime | null;
    if (!property || !time) return null;
    if (!time.isDate && time.zone?.tzid === "UTC") return { at: time.toUnixTime() * 1000, day: false };
    const named = property.getParameter("tzid");
    const { year, month, day, hour, minute, second } = time;
    const wall = time.isDate
      ? { year, month, day, hour: 0, minute: 0, second: 0 }
      : { year, month, day, hour, minute, second };
    const own = !time.isDate && typeof named === "string" && isZone(named) ? named : zone;
    return { at: toInstant(wall, own), day: time.isDate };
  };
  const [start, end] = [read("dtstart"), read("dtend")];
  return start && end ? { start: start.at, end: end.at, allDay: start.day } : null;
}

/** Day and time of an event. */
export function describeTime(text: string, uid: string, zone: string): string {
  const times = timesOf(text, uid, zone);
  return times ? toTimeText(times, zone) : "no time";
}

/** What an event is called. */
export function titleOf(text: string, uid: string): string {
  const { events } = openEvent(text, uid);
  return toOneLine(String(events[0]?.getFirstPropertyValue("summary") ?? ""), 160);
}
