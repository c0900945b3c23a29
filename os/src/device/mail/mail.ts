// The device `mail`: the mailboxes of the person, read and written through the one broker. It exists only where a mailbox was
// added (`hum mail add`).
//
//   folders search read save   show what is private: with strangers' words in the window they ask, unless a person asked
//                              for mail; all that they show is untrusted, with the senders as its origins
//   draft                      writes into the folder of drafts, which the person sends or not: no ask
//   send reply                 cannot be undone: whom it reaches must come from a person, or it asks
//
// Connections are made for each call and closed after it; no password is ever in an argument, a result or the journal.

import { HumError } from "../../error.ts";
import { readSecret } from "../account/keyring.ts";
import type { Blobs } from "../blobs.ts";
import { type Device, type DeviceContext, type DeviceResult, defineDevice } from "../device.ts";
import type { Known } from "../directory.ts";
import { fail, toFailure } from "../failure.ts";
import { toUntrusted } from "../label.ts";
import type { MailAccount } from "./accounts.ts";
import type { Mailbox } from "./imap.ts";
import { createReading } from "./reading.ts";
import { createSending } from "./sending.ts";

/** What the device needs. */
export interface MailOptions {
  home: string;
  accounts: readonly MailAccount[];
  blobs: Blobs;
  contacts: readonly Known[];
  /** Folders of Hum itself that no share opens. */
  protect?: readonly string[];
}

/** What the operations have in common. */
export interface MailParts extends Required<MailOptions> {
  /** The mailbox of that name; the first one when none is named. Throws `not-found`. */
  find(name: string | undefined): Mailbox;
  /** Runs an operation; what goes wrong at a server is a result that says so. */
  attempt(
    name: string | undefined,
    context: DeviceContext,
    work: (mailbox: Mailbox) => Promise<DeviceResult>,
  ): Promise<DeviceResult>;
}

/** Makes the device `mail` for the mailboxes of a home, of which there is at least one. */
export function createMail(options: MailOptions): Device {
  const { home, accounts } = options;
  function find(name: string | undefined): Mailbox {
    const wanted = name?.trim().toLowerCase();
    const account =
      wanted === undefined
        ? accounts[0]
        : accounts.find((one) => one.name === wanted || one.address.toLowerCase() === wanted);
    if (account) return { account, password: () => readSecret(home, `mail:${account.name}`, account.secret) };
    const names = accounts.map((one) => one.name).join(", ");
    throw new HumError("not-found", `There is no mailbox ${name}. There are: ${names}.`);
  }
  const parts: MailParts = {
    protect: [],
    ...options,
    find,
    async attempt(name, context, work) {
      if (context.signal.aborted) return fail("The call was stopped before it began.");
      let mailbox: Mailbox | null = null;
      try {
        mailbox = find(name);
        return await work(mailbox);
      } catch (error) {
        if (context.signal.aborted) return fail("The call was stopped before it was finished.");
        if (!HumError.is(error)) return toFailure(error, "mail");
        // A server may have put words into it.
        return fail(error.message, mailbox ? toUntrusted(`host:${mailbox.account.imap.host}`) : undefined);
      }
    },
  };
  return defineDevice({ name: "mail", operations: { ...createReading(parts), ...createSending(parts) } });
}
