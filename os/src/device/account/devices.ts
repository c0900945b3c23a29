// The devices of the person's accounts: mailboxes give `mail`, calendars give `calendar`. They exist only where an account was added, so that a home
// without one pays nothing and no program can speak of them.

import type { Blobs } from "../blobs.ts";
import { type CalendarAccount, calendarAccounts } from "../calendar/accounts.ts";
import type { Device } from "../device.ts";
import type { Known } from "../directory.ts";
import { mailAccounts } from "../mail/accounts.ts";

/** What the devices need. */
export interface AccountOptions {
  home: string;
  blobs: Blobs;
  contacts: readonly Known[];
  protect: readonly string[];
}

/** The accounts of a home, as devices. */
export interface AccountDevices {
  /** Reads which accounts there are. Throws `damaged` for settings that are wrong. */
  reload(): Promise<readonly Device[]>;
}

/** Makes the devices of the accounts; nothing is connected before the first call. */
export function createAccountDevices(options: AccountOptions): AccountDevices {
  return {
    async reload() {
      const [accounts, calendars] = await Promise.all([
        mailAccounts.read(options.home),
        calendarAccounts.read(options.home),
      ]);
      const own = accounts.map((one) => one.address);
      const devices: Device[] = [];
      if (accounts.length > 0) {
        const { createMail } = await import("../mail/mail.ts");
        devices.push(createMail({ ...options, accounts }));
      }
      if (calendars.length > 0) {
        const { createCalendar } = await import("../calendar/calendar.ts");
        devices.push(createCalendar({ ...options, calendars: calendars as CalendarAccount[], own }));
      }
      return devices;
    },
  };
}
