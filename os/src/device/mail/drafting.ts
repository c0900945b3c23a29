// The operation `draft` of `mail`: a mail in the folder of drafts, which the person sends or not. Because nothing goes out, it
// takes a name for whoever wrote to the person, and the mail that it answers gives it its subject and whom it goes to.

import { z } from "zod";
import { HumError } from "../../error.ts";
import { type DeviceContext, defineOperation, type Operation } from "../device.ts";
import { done } from "../failure.ts";
import { joinLabels, type Label, toLabel } from "../label.ts";
import { toOneLine } from "../mcp/text.ts";
import { mailLimits } from "../sizes.ts";
import {
  compose,
  isAddress,
  type Letter,
  readFiles,
  toAnswer,
  toMessageId,
  toNamed,
  toSeveral,
} from "./compose.ts";
import { findByMessageId, findSpecial, inFolder, type Mailbox, searchMails, withImap } from "./imap.ts";
import type { MailParts } from "./mail.ts";
import { type Message, toAddresses, toMailLabel } from "./message.ts";
import { idSchema, readMail } from "./reading.ts";
import { accountSchema } from "./searching.ts";

interface Drafted {
  id?: string | undefined;
  to: string[];
  cc?: string[] | undefined;
  bcc?: string[] | undefined;
  subject?: string | undefined;
  text: string;
  attach?: string[] | undefined;
  account?: string | undefined;
}

/** Makes `draft`; `text` and `attach` are as those of the other operations that write. */
export function createDraft(
  { attempt, find, protect, contacts }: MailParts,
  { text, attach }: { text: z.ZodType; attach: z.ZodType },
): Operation<Drafted> {
  const people = toSeveral(contacts, toNamed(contacts), { least: 0 });
  return defineOperation<Drafted>({
    about:
      'Writes a mail into the folder of drafts, for the person to send; {"id" of the mail that it answers, or "to" and "subject", "text", "attach"}.',
    example: { id: "INBOX/31", text: "Dear Otto, I take the boat." },
    args: z.strictObject({
      id: idSchema.optional(),
      to: people.default([]),
      cc: people.optional(),
      bcc: people.optional(),
      subject: z.string().max(500).optional(),
      ...{ text, attach, account: accountSchema },
    }) as unknown as z.ZodType<Drafted>,
    effect: "reversible",
    outside: true,
    sinks: {},
    prepare: async (given, context) => {
      const { account } = find(given.account);
      return { account: account.name, messageId: toMessageId(account, context, given) };
    },
    run: (given, context) =>
      attempt(given.account, context, async (mailbox) => {
        const { letter, label } = await toLetter(given, { mailbox, context });
        const files = await readFiles(given.attach ?? [], context, protect);
        const messageId = toMessageId(mailbox.account, context, given);
        const bytes = await compose(mailbox.account, { ...letter, files }, messageId);
        const folder = await withImap(mailbox, context.signal, async (client) => {
          const drafts = await findSpecial(client, "\\Drafts");
          if (drafts === null) throw new HumError("not-found", "The mailbox has no folder for drafts.");
          const there = await inFolder(client, { folder: drafts }, () => findByMessageId(client, messageId));
          if (there.length === 0) await client.append(drafts, bytes, ["\\Draft", "\\Seen"]);
          return drafts;
        });
        const to = letter.to.length > 0 ? ` to ${letter.to.join(", ")}` : "";
        return { ...done(`The draft${to} is in ${folder}; nothing was sent.`, { messageId }), label };
      }),
    async recover(prepared, context) {
      const { account, messageId } = prepared as { account: string; messageId: string };
      await withImap(find(account), context.signal, async (client) => {
        const drafts = await findSpecial(client, "\\Drafts");
        if (drafts === null) return;
        await inFolder(client, { folder: drafts, write: true }, async () => {
          const there = await findByMessageId(client, messageId);
          if (there.length > 0) await client.messageDelete(there.join(","), { uid: true });
        });
      });
      return [];
    },
  });
}

interface At {
  mailbox: Mailbox;
  context: DeviceContext;
}

// What the draft takes from mails (whom it goes to, its subject) has the label of those who wrote them.
async function toLetter(
  given: Drafted,
  { mailbox, context }: At,
): Promise<{ letter: Omit<Letter, "files">; label: Label }> {
  const { id, subject, text } = given;
  const answered = id === undefined ? null : (await readMail(mailbox, id, context.signal)).message;
  let label = answered ? joinLabels(toLabel("entity"), answered.label) : toLabel("entity");
  const resolve = async (people: readonly string[]): Promise<string[]> => {
    const found: string[] = [];
    for (const one of people) {
      if (isAddress(one)) found.push(one);
      else {
        const address = toSender(answered, one) ?? (await findSender(one, { mailbox, context }));
        label = joinLabels(label, toMailLabel([address]));
        found.push(address);
      }
    }
    return found;
  };
  const named = await resolve(given.to);
  const [sender] = answered?.senders.slice(-1) ?? [];
  const to = named.length === 0 && sender !== undefined ? [sender] : named;
  const [cc, bcc] = [await resolve(given.cc ?? []), await resolve(given.bcc ?? [])];
  const answer = answered ? toAnswer(answered) : {};
  return {
    label,
    letter: {
      ...{ subject: "", ...answer, ...(subject === undefined ? {} : { subject }), to, text },
      ...(cc.length > 0 ? { cc } : {}),
      ...(bcc.length > 0 ? { bcc } : {}),
    },
  };
}

/** Whoever wrote the answered mail, when that is who a name means. */
function toSender(answered: Message | null, name: string): string | undefined {
  const from = answered?.email.from;
  const isMeant = from?.name?.toLowerCase().includes(name.toLowerCase()) ?? false;
  return isMeant ? toAddresses(answered!.email.replyTo ?? [from!])[0] : undefined;
}

/** The address of the one person of that name who has written. Throws `not-found` or `conflict`. */
async function findSender(name: string, { mailbox, context }: At): Promise<string> {
  const { mails } = await withImap(mailbox, context.signal, (client) =>
    inFolder(client, { folder: "INBOX" }, () => searchMails(client, { from: name }, mailLimits.listed)),
  );
  const people = mails.flatMap((mail) => mail.envelope?.from ?? []);
  const addresses = [...new Set(people.map((one) => (one.address ?? "").toLowerCase()).filter(isAddress))];
  const shown = toOneLine(name, 80);
  if (addresses.length === 1) return addresses[0]!;
  if (addresses.length > 1)
    throw new HumError(
      "conflict",
      `Several people are called ${shown}: ${addresses.slice(0, 8).join(", ")}.`,
    );
  throw new HumError(
    "not-found",
    `Nobody called ${shown} has written. Write an address such as ada@example.org.`,
  );
}
