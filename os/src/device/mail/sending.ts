// The operations of `mail` that write: draft, send, reply. Whom a mail reaches stands in `to`, `cc` and `bcc` as plain
// addresses, also for a reply, so that the broker can trace each of them and a person sees them; a reply goes to nobody but
// whoever wrote that mail.

import { z } from "zod";
import { type DeviceContext, type DeviceResult, defineOperation, type Operation } from "../device.ts";
import { done } from "../failure.ts";
import { pathSchema } from "../files-change.ts";
import { mailLimits } from "../sizes.ts";
import { compose, type Letter, readFiles, toAnswer, toMessageId, toRecipient, toSeveral } from "./compose.ts";
import { createDraft } from "./drafting.ts";
import { findSpecial, type Mailbox, withImap } from "./imap.ts";
import type { MailParts } from "./mail.ts";
import { idSchema, readMail } from "./reading.ts";
import { accountSchema } from "./searching.ts";
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
  const people = toSeveral(parts.contacts, person);
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
    draft: createDraft(parts, { text, attach }),
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

function createSend({ attempt, protect }: MailParts, args: z.ZodType<Written>): Operation<Written> {
  return defineOperation<Written>({
    about:
      'Sends a mail; {"to": [addresses or names of contacts], "cc", "subject", "text", "attach": [files]}.',
    example: { to: ["Ana"], subject: "The boat", text: "Otto wants 4200 for the boat." },
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
    about: 'Answers a mail at once; {"id", "to": the address of whoever wrote it, "text", "attach"}.',
    example: { id: "INBOX/31", to: "otto@boats.example", text: "I take the boat." },
    args,
    effect: "irreversible",
    askedBy: ["reply", "respond", "answer", "send", "回复", "答复"],
    sinks: { to: "who", attach: "data", account: "what" },
    run: (given, context) =>
      attempt(given.account, context, async (mailbox) => {
        const { id, to, text, attach = [] } = given;
        const { message } = await readMail(mailbox, id, context.signal);
        const { senders, label } = message;
        if (!senders.includes(to.toLowerCase()))
          return {
            ok: false,
            text: `${id} was written by ${senders.join(", ") || "nobody who can be answered"}, not by ${to}. Use mail.send to write to somebody else.`,
            label,
          };
        const files = await readFiles(attach, context, protect);
        const letter: Letter = { ...toAnswer(message), to: [to], text, files };
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
