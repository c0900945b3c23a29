// The device `calendar`: the calendars of the person, in files or on CalDAV servers. It exists only where one was added
// (`hum calendar add`).
//
//   events free            show what is private: with strangers' words in the window they ask, unless a person asked for it
//   create change remove   what only the person is concerned with; the former is kept, and `hum undo` puts it back
//   invite                 writes to others: whom it reaches must come from a person, or it asks
//   change_with_guests     the same for an event that others take part in, because its server tells them
//
// Everything that stands in a calendar may come from an invitation of a stranger, so it is untrusted.

import { HumError } from "../../error.ts";
import { readSecret } from "../account/keyring.ts";
import type { Blobs } from "../blobs.ts";
import { type Device, type DeviceContext, type DeviceResult, defineDevice } from "../device.ts";
import type { Known } from "../directory.ts";
import { fail, toFailure } from "../failure.ts";
import { toPrivate, toUntrusted } from "../label.ts";
import type { CalendarAccount } from "./accounts.ts";
import { createLooking } from "./looking.ts";
import type { CalendarStore } from "./store.ts";
import { createWriting } from "./writing.ts";

/** What the device needs. */
export interface CalendarOptions {
  home: string;
  calendars: readonly CalendarAccount[];
  blobs: Blobs;
  contacts: readonly Known[];
  /** Addresses of the person. */
  own?: readonly string[];
  /** The zone of the person; that of this machine unless told. */
  timeZone?: string;
}

/** What the operations have in common. */
export interface CalendarParts extends CalendarOptions {
  own: readonly string[];
  zone: string;
  /** The calendar of that name; the first one when none is named. Throws `not-found`. */
  find(name: string | undefined): CalendarAccount;
  open(calendar: CalendarAccount, context: Pick<DeviceContext, "key" | "signal">): Promise<CalendarStore>;
  /** Runs an operation; what goes wrong outside is a result that says so. */
  attempt(context: DeviceContext, work: () => Promise<DeviceResult>): Promise<DeviceResult>;
}

/** Makes the device `calendar` for the calendars of a home, of which there is at least one. */
export function createCalendar(options: CalendarOptions): Device {
  const { home, calendars, blobs } = options;
  const parts: CalendarParts = {
    ...options,
    own: (options.own ?? []).map((address) => address.toLowerCase()),
    zone: options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    find(name) {
      const wanted = name?.trim().toLowerCase();
      const found = wanted === undefined ? calendars[0] : calendars.find((one) => one.name === wanted);
      if (found) return found;
      const names = calendars.map((one) => one.name).join(", ");
      throw new HumError("not-found", `There is no calendar ${name}. There are: ${names}.`);
    },
    open: (calendar, { key, signal }) => openCalendar(calendar, { home, blobs, key, signal }),
    async attempt(context, work) {
      if (context.signal.aborted) return fail("The call was stopped before it began.");
      try {
        return await work();
      } catch (error) {
        if (context.signal.aborted) return fail("The call was stopped before it was finished.");
        if (!HumError.is(error)) return toFailure(error, "calendar");
        return fail(
          error.message,
          error.code === "bad-input" ? undefined : toPrivate(toUntrusted("calendar")),
        );
      }
    },
  };
  return defineDevice({ name: "calendar", operations: { ...createLooking(parts), ...createWriting(parts) } });
}

/** Opens a calendar for one call. */
export async function openCalendar(
  calendar: CalendarAccount,
  from: { home: string; blobs: Blobs; key: string; signal: AbortSignal },
): Promise<CalendarStore> {
  const { home, blobs, key, signal } = from;
  if (calendar.kind === "file") {
    const { openFileStore } = await import("./file-store.ts");
    return openFileStore(calendar.path, blobs, key);
  }
  const { openDavStore } = await import("./caldav.ts");
  const { url, user, secret } = calendar;
  return openDavStore({ url, user, password: () => readSecret(home, calendar.key, secret) }, signal);
}
