// Takes foreign calendars apart: which occurrences of which events touch a span of time. Repetitions are counted in the wall
// time of their own zone, so that ten o'clock stays ten o'clock when the clocks change; exceptions take the place of what they
// replace. It runs in a thread of its own (expand-host.ts), because a rule of a stranger may be made to take for ever.

import ICAL from "ical.js";
import { calendarLimits } from "../sizes.ts";
import { type Instant, isZone, toInstant } from "./time.ts";

/** One occurrence of an event. */
export interface Occurrence {
  uid: string;
  title: string;
  place: string;
  notes: string;
  start: Instant;
  end: Instant;
  /** Whole days. */
  allDay: boolean;
  /** One of several. */
  repeats: boolean;
  /** Nobody is busy by it: it is shown as free, or was called off. */
  free: boolean;
  cancelled: boolean;
  /** Addresses. */
  organizer: string | null;
  guests: string[];
}

/** What is asked. */
export interface ExpandRequest {
  /** Texts of the iCalendar format. */
  texts: readonly string[];
  from: Instant;
  to: Instant;
  /** The zone of times that name none. */
  zone: string;
}

/** What was found; `damaged` counts the texts that cannot be read. */
export interface Expanded {
  occurrences: Occurrence[];
  damaged: number;
  /** Some repeat so often that not all were looked at. */
  cut: boolean;
}

/** The occurrences that touch a span, the earliest first. */
export function expand({ texts, from, to, zone }: ExpandRequest): Expanded {
  const found: Expanded = { occurrences: [], damaged: 0, cut: false };
  for (const text of texts) {
    try {
      const { calendars, damaged } = toReadable(text);
      found.damaged += damaged;
      for (const calendar of calendars) expandCalendar(calendar, { from, to, zone }, found);
    } catch {
      found.damaged++;
    }
  }
  found.occurrences.sort((a, b) => a.start - b.start || (a.uid < b.uid ? -1 : 1));
  return found;
}

/** The calendars of a text. Throws when it is none. */
export function toCalendars(text: string): ICAL.Component[] {
  refuseEndless(text);
  const parsed = ICAL.parse(text) as unknown[];
  const all = typeof parsed[0] === "string" ? [parsed] : (parsed as unknown[][]);
  return all.map((one) => new ICAL.Component(one as never)).filter((one) => one.name === "vcalendar");
}

/** The calendars of a text; where it is damaged, what of it can be read, event for event. */
function toReadable(text: string): { calendars: ICAL.Component[]; damaged: number } {
  try {
    return { calendars: toCalendars(text), damaged: 0 };
  } catch {
    const calendar = new ICAL.Component("vcalendar");
    let damaged = 0;
    for (const [part] of text.matchAll(/^BEGIN:(VTIMEZONE|VEVENT)\r?\n[\s\S]*?^END:\1\s*?$/gim)) {
      try {
        refuseEndless(part);
        calendar.addSubcomponent(new ICAL.Component(ICAL.parse(part.trim()) as never));
      } catch {
        damaged++;
      }
    }
    return { calendars: [calendar], damaged: Math.max(1, damaged) };
  }
}

/** A length of millions of anything is counted out day by day, which takes for ever. Throws when there is one. */
function refuseEndless(text: string): void {
  if (/^DURATION[^\r\n]*\d{7}/im.test(text.replace(/\r?\n[ \t]/g, "")))
    throw new Error("an event that lasts for ever");
}

interface Span {
  from: Instant;
  to: Instant;
  zone: string;
}

function expandCalendar(calendar: ICAL.Component, span: Span, found: Expanded): void {
  const zones = new Map<string, ICAL.Timezone>();
  for (const one of calendar.getAllSubcomponents("vtimezone")) {
    const zone = new ICAL.Timezone(one);
    if (zone.tzid) zones.set(zone.tzid, zone);
  }
  const series = new Map<string, { master: ICAL.Component | null; exceptions: ICAL.Component[] }>();
  for (const event of calendar.getAllSubcomponents("vevent")) {
    const uid = String(event.getFirstPropertyValue("uid") ?? "");
    const one = series.get(uid) ?? { master: null, exceptions: [] };
    if (event.hasProperty("recurrence-id")) one.exceptions.push(event);
    else one.master ??= event;
    series.set(uid, one);
  }
  for (const one of series.values()) {
    try {
      expandSeries(one);
    } catch {
      found.damaged++;
    }
  }

  function expandSeries({
    master,
    exceptions,
  }: {
    master: ICAL.Component | null;
    exceptions: ICAL.Component[];
  }) {
    if (!master) {
      for (const single of exceptions) take(new ICAL.Event(single, { strictExceptions: true }));
      return;
    }
    const event = new ICAL.Event(master, { exceptions });
    if (!event.isRecurring()) take(event);
    else walk(event);
  }

  function take(event: ICAL.Event): void {
    const { startDate, endDate } = event;
    if (startDate) add(event, { start: startDate, end: endDate ?? startDate, repeats: false });
  }

  function walk(event: ICAL.Event): void {
    const times = event.iterator();
    // What an exception moves into the span may stand anywhere in the series.
    const moved = new Set(Object.values(event.exceptions).map((one) => one.recurrenceId?.toString()));
    for (let i = 0; ; i++) {
      if (i >= calendarLimits.occurrences || found.occurrences.length >= calendarLimits.occurrences) {
        found.cut = true;
        return;
      }
      const next = times.next();
      if (!next) return;
      const at = toMoment(next, tzidOf(event.component, "dtstart"));
      if (at >= span.to && moved.size === 0) return;
      if (at >= span.to + calendarLimits.days * 86_400_000) return;
      const details = event.getOccurrenceDetails(next);
      add(details.item, { start: details.startDate, end: details.endDate, repeats: true });
    }
  }

  function add(item: ICAL.Event, when: { start: ICAL.Time; end: ICAL.Time; repeats: boolean }): void {
    const start = toMoment(when.start, tzidOf(item.component, "dtstart"));
    const end = Math.max(start, toMoment(when.end, tzidOf(item.component, "dtstart")));
    if (start >= span.to || (end <= span.from && !(start === end && start >= span.from))) return;
    const text = (name: string) => String(item.component.getFirstPropertyValue(name) ?? "");
    const cancelled = text("status").toUpperCase() === "CANCELLED";
    found.occurrences.push({
      ...{ uid: item.uid ?? "", title: text("summary"), place: text("location"), notes: text("description") },
      ...{ start, end, allDay: when.start.isDate, repeats: when.repeats, cancelled },
      free: cancelled || text("transp").toUpperCase() === "TRANSPARENT",
      organizer: toAddress(item.component.getFirstProperty("organizer")),
      guests: item.component.getAllProperties("attendee").flatMap((one) => toAddress(one) ?? []),
    });
  }

  /** The moment of a time: in its own zone, in one that the runtime knows by that name, else here. */
  function toMoment(time: ICAL.Time, tzid: string | null): Instant {
    const { year, month, day, hour, minute, second } = time;
    const wall = { year, month, day, hour, minute, second };
    if (time.isDate) return toInstant({ ...wall, hour: 0, minute: 0, second: 0 }, span.zone);
    if (time.zone === ICAL.Timezone.utcTimezone) return time.toUnixTime() * 1000;
    if (tzid !== null && isZone(tzid)) return toInstant(wall, tzid);
    const own = tzid === null ? undefined : zones.get(tzid);
    if (own) {
      const there = time.clone();
      there.zone = own;
      return there.toUnixTime() * 1000;
    }
    return toInstant(wall, span.zone);
  }
}

const tzidOf = (component: ICAL.Component, name: string): string | null => {
  const tzid = component.getFirstProperty(name)?.getParameter("tzid");
  return typeof tzid === "string" ? tzid : null;
};

/** The address of an organizer or a guest. */
export function toAddress(property: ICAL.Property | null): string | null {
  const value = String(property?.getFirstValue() ?? "");
  const address = value
    .replace(/^mailto:/i, "")
    .trim()
    .toLowerCase();
  return address === "" ? null : address;
}
