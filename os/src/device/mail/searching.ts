// The operation `search` of `mail`. It answers what a person asks of a list at once: how many there are, which are unread, and
// what the one says that was looked for. A search that finds nothing shows what is nearest.

import type { FetchMessageObject, ImapFlow, SearchObject } from "imapflow";
import { z } from "zod";
import { fromSpoken } from "../calendar/spoken.ts";
import { toDay } from "../calendar/time.ts";
import { defineOperation, type Operation } from "../device.ts";
import { toLabel, toPrivate } from "../label.ts";
import { toOneLine } from "../mcp/text.ts";
import { mailLimits } from "../sizes.ts";
import { fetchSource, findFolder, inFolder, searchMails, toMailId, withImap } from "./imap.ts";
import type { MailParts } from "./mail.ts";
import { type Message, parseMessage, renderLine, renderMessage, sendersOf, toMailLabel } from "./message.ts";
import { findNearest } from "./nearest.ts";

/** Words of a person that ask to look at mail. */
export const askedBy = [
  ...["mail", "mails", "email", "emails", "e-mail", "e-mails", "inbox", "mailbox", "mailboxes"],
  ...["message", "messages", "newsletter", "newsletters", "attachment", "attachments"],
  ...["邮件", "邮箱", "收件箱"],
];

/** Which mailbox, for those who have several. */
export const accountSchema = z
  .string()
  .max(320)
  .optional()
  .describe("which mailbox; the first one unless told");

const day = z
  .string()
  .max(40)
  .refine(
    (text) => fromSpoken(text, { zone: "UTC", now: 0 }) !== null,
    "a day such as 2026-03-31, yesterday or Monday",
  )
  .describe("a day such as 2026-03-31");
const words = z.string().min(1).max(200);

interface Search {
  folder: string;
  from?: string | undefined;
  to?: string | undefined;
  subject?: string | undefined;
  text?: string | undefined;
  since?: string | undefined;
  before?: string | undefined;
  unread?: boolean | undefined;
  most: number;
  account?: string | undefined;
}

/** Makes `search`. */
export function createSearch({ attempt }: MailParts): Operation<Search> {
  return defineOperation<Search>({
    about:
      'Lists the mails that fit, the newest first; {"folder", "from", "to", "subject", "text", "since", "before", "unread": true, "most"}. One that fits alone is shown whole.',
    example: { from: "Otto Lind" },
    shaped: true,
    args: z.strictObject({
      folder: z.string().min(1).max(500).default("INBOX"),
      from: words.optional().describe("a part of the sender's name or address"),
      to: words.optional(),
      subject: words.optional().describe("words of the subject"),
      text: words.optional().describe("words anywhere in the mail"),
      since: day.optional(),
      before: day.optional(),
      unread: z.boolean().optional(),
      most: z.number().int().min(1).max(mailLimits.listed).default(10).describe("how many to list"),
      account: accountSchema,
    }) as z.ZodType<Search>,
    effect: "none",
    private: true,
    askedBy,
    sinks: {},
    run: (args, context) =>
      attempt(args.account, context, async (mailbox) => {
        const { most } = args;
        const within = toBounds(args, context.now());
        const found = await withImap(mailbox, context.signal, async (client) => {
          const folder = await findFolder(client, args.folder);
          return inFolder(client, { folder }, async () => {
            const query = { ...within, ...toWords(args) };
            const { total, mails } = await searchMails(client, isAny(query) ? { all: true } : query, most);
            // Which mail was meant by these words can be told only where there are some.
            const nearest =
              total === 0 && !isAny(toWords(args))
                ? await findNearest(client, Object.values(toWords(args)), within)
                : null;
            const only = total === 1 ? mails[0] : nearest?.alone;
            const alone = only ? await fetchSource(client, only.uid, shownBytes) : null;
            const begins = nearest && !alone ? await readBegins(client, nearest.mails) : null;
            return { folder, total, mails: nearest?.mails ?? mails, note: nearest?.note, alone, begins };
          });
        });
        const { folder, total, mails, alone } = found;
        const ids = mails.map((mail) => `${folder}/${mail.uid}`);
        const data = { folder, total, ids: total > 0 ? ids : [], ...(total > 0 ? {} : { nearest: ids }) };
        const message = alone ? await parseMessage(alone.source).catch(() => null) : null;
        if (message) {
          const { text, label } = showAlone(message, mails[0]!, { folder, note: found.note });
          return { ok: true, text, label, data };
        }
        const lines = mails.map((mail, i) => {
          const begin = found.begins?.[i] ?? "";
          return `${renderLine(mail, folder)}${begin === "" ? "" : `\n    ${begin}`}`;
        });
        const head = found.note ?? toHead(mails, { folder, total, unread: args.unread });
        const left = total - mails.length;
        return {
          ok: true,
          text: [
            head,
            ...lines,
            ...(left > 0 ? [`[${left} older ones fit too; search more narrowly, or with "before"]`] : []),
            ...(ids.length > 0 ? ["[mail.read with the id of one shows what it says]"] : []),
          ].join("\n"),
          label: mails.length > 0 ? toMailLabel(sendersOf(mails)) : toPrivate(toLabel("kernel")),
          data,
        };
      }),
  });
}

/** Of a mail that is shown with the search; a longer one is read in pages. */
const shownBytes = 512 * 1024;

/** How much of a mail its beginning is, in bytes that are read and characters that are shown. */
const begin = { bytes: 64 * 1024, chars: 160 };

// Which of several is meant is seen by what they begin with, as in any program for mail.
async function readBegins(client: ImapFlow, mails: readonly FetchMessageObject[]): Promise<string[]> {
  const begins: string[] = [];
  for (const { uid } of mails) {
    const found = await fetchSource(client, uid, begin.bytes);
    const message = found ? await parseMessage(found.source).catch(() => null) : null;
    begins.push(toOneLine(message?.text ?? "", begin.chars));
  }
  return begins;
}

// A list of one is no choice: what was looked for is that mail, and what it says.
function showAlone(
  message: Message,
  mail: FetchMessageObject,
  { folder, note }: { folder: string; note: string | undefined },
): { text: string; label: Message["label"] } {
  const { text } = renderMessage(message, toMailId({ folder, uid: mail.uid }), 1);
  const unread = mail.flags?.has("\\Seen") ? "" : ", unread";
  return { text: `${note ?? `1 mail fits${unread}:`}\n${text}`, label: message.label };
}

/** How many mails there are, and whom they are from where all of them are shown. */
function toHead(
  mails: readonly FetchMessageObject[],
  { folder, total, unread }: { folder: string; total: number; unread: boolean | undefined },
): string {
  if (total === 0) return unread ? `No unread mail in ${folder}.` : `No mail in ${folder} fits.`;
  const what = `${total} ${unread ? "unread " : ""}${total === 1 ? "mail" : "mails"}`;
  if (total > mails.length) return `${what}, the newest ${mails.length}:`;
  const people = mails.flatMap(({ envelope }) => envelope?.from?.[0] ?? []);
  const names = [...new Set(people.map(({ name, address }) => toOneLine(name || address || "", 60)))];
  return `${what}, from ${names.join(", ") || "nobody"}:`;
}

const isAny = (query: object): boolean => Object.keys(query).length === 0;

function toWords({ from, to, subject, text }: Search): Record<string, string> {
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(subject === undefined ? {} : { subject }),
    ...(text === undefined ? {} : { text }),
  };
}

function toBounds({ since, before, unread }: Search, now: number): SearchObject {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  // A server wants the day, whatever the zone.
  const toDate = (text: string) => new Date(toDay(fromSpoken(text, { zone, now, back: true })!.at, zone));
  return {
    ...(since === undefined ? {} : { since: toDate(since) }),
    ...(before === undefined ? {} : { before: toDate(before) }),
    ...(unread === undefined ? {} : { seen: !unread }),
  };
}
