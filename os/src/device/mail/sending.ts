// The operations of `mail` that write: draft, send, reply. Whom a mail reaches stands in `to`, `cc` and `bcc` as plain
// addresses, also for a reply, so that the broker can trace each of them and a person sees them; a reply goes to nobody but
// whoever wrote that mail.

import { z } from "zod";
import { HumError } from "../../error.ts";
import { type DeviceContext, type DeviceResult, defineOperation, type Operation } from "../device.ts";
import { done } from "../failure.ts";
import { pathSchema } from "../files-change.ts";
import { mailLimits } from "../sizes.ts";
import { compose, type Letter, readFiles, toMessageId, toRecipient } from "./compose.ts";
import { findByMessageId, findSpecial, inFolder, type Mailbox, withImap } from "./imap.ts";
import type { MailParts } from "./mail.ts";
import { accountSchema, idSchema, readMail } from "./reading.ts";
import { sendBySmtp } from "./smtp.ts";

interface Written {
  to: string[];
  cc?: string[] | undefined;
  bcc?: string[] | undefined;
  subject: string;
  text: string;
  attach?: string[] | undefined;
  account?: string | undefined;
}

interface Reply {
  id: string;
  to: string;
  text: string;
  attach?: string[] | undefined;
  account?: string | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: operations of one device have different argument types
type Operations = Record<string, Operation<any>>;

/** Makes `draft`, `send` and `reply`. */
export function createSending(parts: MailParts): Operations {
  const person = toRecipient(parts.contacts);
  const people = z.array(person).min(1).max(mailLimits.recipients);
  const text = z.string().max(mailLimits.textChars);
  const attach = z
    .array(pathSchema)
    .max(mailLimits.attachments)
    .optional()
    .describe("files to take along, relative to the working folder");
  const written = {
    cc: people.optional(),
    bcc: people.optional(),
    subject: z.string().max(500),
    ...{ text, attach, account: accountSchema },
  };
  return {
    draft: createDraft(parts, z.strictObject({ ...written, to: people.default([]) }) as z.ZodType<Written>),
    send: createSend(
      parts,
      z.strictObject({ to: people, ...written }).refine(fitsAll, tooMany) as z.ZodType<Written>,
    ),
    reply: createReply(
      parts,
      z.strictObject({ id: idSchema, to: person, text, attach, account: accountSchema }) as z.ZodType<Reply>,
    ),
  };
}

const tooMany = `at most ${mailLimits.recipients} people`;
const fitsAll = ({ to, cc = [], bcc = [] }: Pick<Written, "to" | "cc" | "bcc">): boolean =>
  to.length + (cc?.length ?? 0) + (bcc?.length ?? 0) <= mailLimits.recipients;

function createDraft({ attempt, find, protect }: MailParts, args: z.ZodType<Written>): Operation<Written> {
  return defineOperation<Written>({
    about:
      'Writes a mail into the folder of drafts, for the person to send; {"to", "subject", "text", "attach"}.',
    args,
    effect: "reversible",
    outside: true,
    sinks: {},
    prepare: async (given, context) => {
      const { account } = find(given.account);
      return { account: account.name, messageId: toMessageId(account, context, given) };
    },
    run: (given, context) =>
      attempt(given.account, context, async (mailbox) => {
        const { to, cc, bcc, subject, text, attach = [] } = given;
        const files = await readFiles(attach, context, protect);
        const messageId = toMessageId(mailbox.account, context, given);
        const letter: Letter = { to, ...(cc ? { cc } : {}), ...(bcc ? { bcc } : {}), subject, text, files };
        const bytes = await compose(mailbox.account, letter, messageId);
        const folder = await withImap(mailbox, context.signal, async (client) => {
          const drafts = await findSpecial(client, "\\Drafts");
          if (drafts === null) throw new HumError("not-found", "The mailbox has no folder for drafts.");
          const there = await inFolder(client, { folder: drafts }, () => findByMessageId(client, messageId));
          if (there.length === 0) await client.append(drafts, bytes, ["\\Draft", "\\Seen"]);
          return drafts;
        });
        return done(`The draft is in ${folder}; nothing was sent.`, { messageId });
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

function createSend({ attempt, protect }: MailParts, args: z.ZodType<Written>): Operation<Written> {
  return defineOperation<Written>({
    about:
      'Sends a mail; {"to": [addresses or names of contacts], "cc", "subject", "text", "attach": [files]}.',
    args,
    effect: "irreversible",
    askedBy: ["send", "forward", "发送", "转发"],
    sinks: { to: "who", cc: "who", bcc: "who", attach: "data", account: "what" },
    run: (given, context) =>
      attempt(given.account, context, async (mailbox) => {
        const { to, cc = [], bcc = [], subject, text, attach = [] } = given;
        const files = await readFiles(attach, context, protect);
        return await send(mailbox, { to, cc, bcc, subject, text, files }, { context, given });
      }),
  });
}

function createReply({ attempt, protect }: MailParts, args: z.ZodType<Reply>): Operation<Reply> {
  return defineOperation<Reply>({
    about: 'Answers a mail; {"id", "to": the address of whoever wrote it, "text", "attach"}.',
    args,
    effect: "irreversible",
    askedBy: ["reply", "respond", "answer", "send", "回复", "答复"],
    sinks: { to: "who", attach: "data", account: "what" },
    run: (given, context) =>
      attempt(given.account, context, async (mailbox) => {
        const { id, to, text, attach = [] } = given;
        const { message } = await readMail(mailbox, id, context.signal);
        const { email, senders, label } = message;
        if (!senders.includes(to.toLowerCase()))
          return {
            ok: false,
            text: `${id} was written by ${senders.join(", ") || "nobody who can be answered"}, not by ${to}. Use mail.send to write to somebody else.`,
            label,
          };
        const files = await readFiles(attach, context, protect);
        const subject = /^re:/i.test(email.subject ?? "") ? email.subject! : `Re: ${email.subject ?? ""}`;
        const { messageId: inReplyTo, references = "" } = email;
        const letter: Letter = {
          ...{ to: [to], subject: subject.slice(0, 500), text, files },
          ...(inReplyTo ? { inReplyTo, references: `${references} ${inReplyTo}`.trim().slice(-2_000) } : {}),
        };
        return await send(mailbox, letter, { context, given });
      }),
  });
}

async function send(
  mailbox: Mailbox,
  letter: Letter,
  { context, given }: { context: DeviceContext; given: unknown },
): Promise<DeviceResult> {
  const { account } = mailbox;
  const messageId = toMessageId(account, context, given);
  const bytes = await compose(account, letter, messageId);
  const people = [...letter.to, ...(letter.cc ?? []), ...(letter.bcc ?? [])];
  const refused = await sendBySmtp(mailbox, context.signal, { to: people, bytes });
  const egress = people
    .filter((one) => !refused.includes(one))
    .map((one) => ({ host: `mail:${one.toLowerCase()}`, bytes: bytes.length }));
  const taken = people.filter((one) => !refused.includes(one)).join(", ");
  const lost = refused.length > 0 ? ` The server did not take: ${refused.join(", ")}.` : "";
  // It is sent; that no copy of it could be kept is told, and no failure.
  const copy = await keepCopy(mailbox, bytes, context).then(
    () => "",
    () => " No copy could be put into the folder of sent mail.",
  );
  return { ...done(`Sent to ${taken}.${lost}${copy}`, { messageId }), egress };
}

/** Puts a copy into the folder of sent mail, where the provider does not do that itself. */
async function keepCopy(mailbox: Mailbox, bytes: Buffer, context: DeviceContext): Promise<void> {
  if (/(^|\.)(gmail\.com|office365\.com|outlook\.com)$/.test(mailbox.account.smtp.host)) return;
  await withImap(mailbox, context.signal, async (client) => {
    const folder = await findSpecial(client, "\\Sent");
    if (folder !== null) await client.append(folder, bytes, ["\\Seen"]);
  });
}
