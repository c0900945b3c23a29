// A calendar in a file of the iCalendar format. It is read and written as a whole; what does not belong to the event that is
// changed stays as it is.

import { readFile, stat } from "node:fs/promises";
import ICAL from "ical.js";
import { HumError } from "../../error.ts";
import type { Blobs } from "../blobs.ts";
import { toBytes } from "../say.ts";
import { calendarLimits } from "../sizes.ts";
import { toCalendars } from "./expand.ts";
import type { CalendarStore } from "./store.ts";

const empty = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Hum//Calendar//EN\r\nEND:VCALENDAR\r\n";

/** Opens the calendar of a file; one that is not there is empty. */
export function openFileStore(path: string, blobs: Blobs, tag: string): CalendarStore {
  const uidOf = (event: ICAL.Component): string => String(event.getFirstPropertyValue("uid"));
  const eventsOf = (calendars: readonly ICAL.Component[]) =>
    calendars.flatMap((one) => one.getAllSubcomponents("vevent"));

  async function readAll(): Promise<string> {
    const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (!stats) return empty;
    if (stats.size > calendarLimits.answerBytes)
      throw new HumError("bad-input", `${path} is larger than ${toBytes(calendarLimits.answerBytes)}.`);
    return await readFile(path, "utf8");
  }

  async function parse(): Promise<ICAL.Component[]> {
    try {
      const calendars = toCalendars(await readAll());
      if (calendars.length > 0) return calendars;
    } catch (error) {
      if (HumError.is(error) || (error as NodeJS.ErrnoException).code) throw error;
    }
    throw toWrong();
  }

  const toWrong = () => new HumError("damaged", `${path} is no calendar in the iCalendar format.`);

  const textOf = (calendars: readonly ICAL.Component[], uid: string): string | null => {
    const events = eventsOf(calendars).filter((one) => uidOf(one) === uid);
    if (events.length === 0) return null;
    const one = toCalendars(empty)[0]!;
    for (const calendar of calendars)
      for (const zone of calendar.getAllSubcomponents("vtimezone")) one.addSubcomponent(copy(zone));
    for (const event of events) one.addSubcomponent(copy(event));
    return one.toString();
  };

  return {
    // As it is: an event that cannot be read must not hide the others.
    async read() {
      const text = await readAll();
      if (!/^BEGIN:VCALENDAR/im.test(text)) throw toWrong();
      return [text];
    },
    async find(uid) {
      const text = textOf(await parse(), uid);
      return text === null ? null : { text };
    },
    async put(uid, text, before) {
      const calendars = await parse();
      if (textOf(calendars, uid) !== (before?.text ?? null))
        throw new HumError(
          "conflict",
          `The event ${uid} was changed by somebody else meanwhile. Read it again.`,
        );
      for (const calendar of calendars)
        for (const event of calendar.getAllSubcomponents("vevent"))
          if (uidOf(event) === uid) calendar.removeSubcomponent(event);
      const [first] = calendars;
      for (const event of text === null ? [] : eventsOf(toCalendars(text)))
        first!.addSubcomponent(copy(event));
      const whole = calendars.map((one) => `${one.toString()}\r\n`).join("");
      const mode = await stat(path).then(
        (stats) => stats.mode & 0o7777,
        () => 0o600,
      );
      await blobs.copyTo(await blobs.put(whole), path, { mode, tag });
      return null;
    },
  };
}

const copy = (component: ICAL.Component): ICAL.Component =>
  new ICAL.Component(structuredClone(component.toJSON()) as never);
