// The calendars of a home, in `calendar.json`: a file of the iCalendar format, or a collection of a CalDAV server. Only
// `hum calendar add` and `rm` write it, and no password stands in it (account/keyring.ts).

import { z } from "zod";
import { type SecretAt, secretAtSchema } from "../account/keyring.ts";
import { createSettings } from "../account/settings.ts";

/** A calendar in a file of this machine. */
export interface FileCalendar {
  name: string;
  kind: "file";
  path: string;
}

/** A calendar of a CalDAV server. */
export interface DavCalendar {
  name: string;
  kind: "caldav";
  /** Its collection. */
  url: string;
  user: string;
  secret: SecretAt;
  /** Under what name the keyring has the password; calendars of one server share it. */
  key: string;
}

/** One calendar. */
export type CalendarAccount = FileCalendar | DavCalendar;

/** The calendars of a home. */
export const calendarAccounts = createSettings<Omit<FileCalendar, "name"> | Omit<DavCalendar, "name">>({
  file: "calendar.json",
  what: "calendar",
  command: "hum calendar",
  schema: z.union([
    z.strictObject({ kind: z.literal("file"), path: z.string().min(1) }),
    z.strictObject({
      kind: z.literal("caldav"),
      url: z.url(),
      user: z.string().min(1),
      secret: secretAtSchema,
      key: z.string().min(1),
    }),
  ]),
});

/** The addresses by which the person stands in the events of a calendar; `own` are those of the mailboxes. */
export const toOwn = (own: readonly string[], calendar: CalendarAccount): string[] =>
  [...own, ...(calendar.kind === "caldav" ? [calendar.user] : [])].map((address) => address.toLowerCase());
