// Makes and changes events in the iCalendar format. What is not changed stays as it was, letter by letter: alarms, colours,
// fields of other programs. Times are written as moments (UTC), or in the zone that the event has already.

import ICAL from "ical.js";
import { HumError } from "../../error.ts";
import { toAddress, toCalendars } from "./expand.ts";
import { type Instant, isZone, toWall } from "./time.ts";

/** What of an event is set; what is left out stays. */
export interface EventFields {
  title?: string | undefined;
  start?: Instant | undefined;
  end?: Instant | undefined;
  allDay?: boolean | undefined;
  place?: string | undefined;
  notes?: string | undefined;
}

/** How times are read and written. */
export interface EditContext {
  zone: string;
  now: Instant;
}

const product = "-//Hum//Calendar//EN";

/** A calendar of one new event. */
export function makeEvent(uid: string, fields: EventFields, context: EditContext): string {
  const calendar = new ICAL.Component("vcalendar");
  calendar.addPropertyWithValue("version", "2.0");
  calendar.addPropertyWithValue("prodid", product);
  const event = new ICAL.Component("vevent");
  event.addPropertyWithValue("uid", uid);
  calendar.addSubcomponent(event);
  setFields(event, fields, context);
  return calendar.toString();
}

/** The event of that uid, and what belongs to it. Throws `damaged` when the text does not hold it. */
export function openEvent(text: string, uid: string): { calendar: ICAL.Component; events: ICAL.Component[] } {
  for (const calendar of toCalendars(text)) {
    const events = calendar
      .getAllSubcomponents("vevent")
      .filter((one) => String(one.getFirstPropertyValue("uid")) === uid);
    if (events.length > 0) return { calendar, events };
  }
  throw new HumError("damaged", `The calendar does not hold the event ${uid} as it says.`);
}

/** People other than the person, whose addresses are `own`, who take part in an event: they are told of each change. */
export function othersOf(text: string, uid: string, own: readonly string[]): string[] {
  const { events } = openEvent(text, uid);
  const all = [
    ...guestsOf(events),
    ...events.flatMap((one) => toAddress(one.getFirstProperty("organizer")) ?? []),
  ];
  return [...new Set(all)].filter((address) => !own.includes(address));
}

/** Changes an event; of one that repeats only the occurrence that begins at `occurrence`, when one is named. */
export function changeEvent(
  text: string,
  { uid, occurrence }: { uid: string; occurrence?: Instant | undefined },
  fields: EventFields,
  context: EditContext,
): string {
  const { calendar, events } = openEvent(text, uid);
  const master = events.find((one) => !one.hasProperty("recurrence-id")) ?? events[0]!;
  const repeats = isRepeating(master);
  if (!repeats || occurrence === undefined) {
    if (repeats && (fields.start !== undefined || fields.end !== undefined))
      throw new HumError(
        "bad-input",
        `${uid} repeats: name the occurrence that is to be moved by its start.`,
      );
    setFields(master, fields, context);
    return calendar.toString();
  }
  const at = findOccurrence(master, occurrence, context.zone);
  const before = events.find(
    (one) => (one.getFirstPropertyValue("recurrence-id") as ICAL.Time | null)?.compare(at) === 0,
  );
  const exception = before ?? new ICAL.Component(structuredClone(master.toJSON()) as never);
  if (!before) {
    for (const name of ["rrule", "rdate", "exdate", "exrule"]) exception.removeAllProperties(name);
    exception.addProperty(withTime("recurrence-id", at, master));
    const length = new ICAL.Event(master).duration;
    const end = at.clone();
    end.addDuration(length);
    exception.updatePropertyWithValue("dtstart", at);
    exception.removeAllProperties("duration");
    exception.updatePropertyWithValue("dtend", end);
    copyZone(exception, master);
    calendar.addSubcomponent(exception);
  }
  setFields(exception, fields, context);
  return calendar.toString();
}

/** Takes an occurrence of a repeating event out. */
export function dropOccurrence(
  text: string,
  { uid, occurrence }: { uid: string; occurrence: Instant },
  context: EditContext,
): string {
  const { calendar, events } = openEvent(text, uid);
  const master = events.find((one) => isRepeating(one));
  if (!master)
    throw new HumError("bad-input", `${uid} does not repeat: leave out which occurrence is meant.`);
  const at = findOccurrence(master, occurrence, context.zone);
  master.addProperty(withTime("exdate", at, master));
  for (const one of events)
    if ((one.getFirstPropertyValue("recurrence-id") as ICAL.Time | null)?.compare(at) === 0)
      calendar.removeSubcomponent(one);
  touch(master, context);
  return calendar.toString();
}

/** Adds guests, and the person as the one who invites. */
export function addGuests(
  text: string,
  { uid, guests, organizer }: { uid: string; guests: readonly string[]; organizer: string | null },
  context: EditContext,
): string {
  const { calendar, events } = openEvent(text, uid);
  for (const event of events) {
    const there = guestsOf([event]);
    if (organizer !== null && !event.hasProperty("organizer"))
      event.addPropertyWithValue("organizer", `mailto:${organizer}`);
    for (const guest of guests.filter((one) => !there.includes(one.toLowerCase()))) {
      const property = event.addPropertyWithValue("attendee", `mailto:${guest}`);
      property.setParameter("partstat", "NEEDS-ACTION");
      property.setParameter("rsvp", "TRUE");
    }
    touch(event, context);
  }
  return calendar.toString();
}

/** Who takes part in these events, beside whoever made them. */
export function guestsOf(events: readonly ICAL.Component[]): string[] {
  return [
    ...new Set(
      events.flatMap((event) => event.getAllProperties("attendee").flatMap((one) => toAddress(one) ?? [])),
    ),
  ];
}

const isRepeating = (event: ICAL.Component): boolean =>
  event.hasProperty("rrule") || event.hasProperty("rdate");

function setFields(event: ICAL.Component, fields: EventFields, context: EditContext): void {
  const { title, start, end, allDay, place, notes } = fields;
  const texts = { summary: title, location: place, description: notes };
  for (const [name, value] of Object.entries(texts)) {
    if (value === undefined) continue;
    if (value === "") event.removeAllProperties(name);
    else event.updatePropertyWithValue(name, value);
  }
  if (start !== undefined) setTime(event, "dtstart", { at: start, day: allDay === true, zone: context.zone });
  if (end !== undefined) {
    event.removeAllProperties("duration");
    setTime(event, "dtend", { at: end, day: allDay === true, zone: context.zone });
  }
  touch(event, context);
}

/** Says that the event was changed now. */
function touch(event: ICAL.Component, { now }: EditContext): void {
  event.updatePropertyWithValue("dtstamp", toUtc(now));
  event.updatePropertyWithValue("last-modified", toUtc(now));
  const before = Number(event.getFirstPropertyValue("sequence") ?? -1);
  event.updatePropertyWithValue("sequence", before + 1);
}

function setTime(
  event: ICAL.Component,
  name: string,
  time: { at: Instant; day: boolean; zone: string },
): void {
  const old = event.getFirstProperty(name) ?? event.getFirstProperty("dtstart");
  const tzid = old?.getParameter("tzid");
  const keeps = typeof tzid === "string" && isZone(tzid) && !time.day;
  event.removeAllProperties(name);
  const property = new ICAL.Property(name);
  if (time.day) {
    const { year, month, day } = toWall(time.at, time.zone);
    property.setValue(new ICAL.Time({ year, month, day, isDate: true } as never, null as never));
  } else if (keeps) {
    const { year, month, day, hour, minute, second } = toWall(time.at, tzid);
    property.setValue(
      new ICAL.Time(
        { year, month, day, hour, minute, second, isDate: false } as never,
        ICAL.Timezone.localTimezone,
      ),
    );
    property.setParameter("tzid", tzid);
  } else property.setValue(toUtc(time.at));
  event.addProperty(property);
}

const toUtc = (at: Instant): ICAL.Time => ICAL.Time.fromJSDate(new Date(at - (at % 1000)), true);

/** A time in the manner of the event's own beginning. */
function withTime(name: string, at: ICAL.Time, master: ICAL.Component): ICAL.Property {
  const property = new ICAL.Property(name);
  property.setValue(at);
  const tzid = master.getFirstProperty("dtstart")?.getParameter("tzid");
  if (typeof tzid === "string") property.setParameter("tzid", tzid);
  return property;
}

function copyZone(exception: ICAL.Component, master: ICAL.Component): void {
  const tzid = master.getFirstProperty("dtstart")?.getParameter("tzid");
  if (typeof tzid !== "string") return;
  for (const name of ["dtstart", "dtend"]) exception.getFirstProperty(name)?.setParameter("tzid", tzid);
}

/** The occurrence that begins at a moment, in the event's own kind of time. */
function findOccurrence(master: ICAL.Component, occurrence: Instant, zone: string): ICAL.Time {
  const start = master.getFirstPropertyValue("dtstart") as ICAL.Time;
  const tzid = master.getFirstProperty("dtstart")?.getParameter("tzid");
  if (start.zone === ICAL.Timezone.utcTimezone && !start.isDate) return toUtc(occurrence);
  const wall = toWall(occurrence, typeof tzid === "string" && isZone(tzid) ? tzid : zone);
  const { year, month, day, hour, minute, second } = wall;
  const time = start.clone();
  Object.assign(time, start.isDate ? { year, month, day } : { year, month, day, hour, minute, second });
  return time;
}
