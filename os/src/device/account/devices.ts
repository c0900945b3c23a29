// The devices of the person's accounts: a mailbox gives `mail`. They exist only where an account was added, so that a home
// without one pays nothing and no program can speak of them.

import type { Blobs } from "../blobs.ts";
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
      const mailboxes = await mailAccounts.read(options.home);
      if (mailboxes.length === 0) return [];
      const { createMail } = await import("../mail/mail.ts");
      return [createMail({ ...options, accounts: mailboxes })];
    },
  };
}
