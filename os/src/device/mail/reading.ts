// The operations of `mail` that look: folders, search, read, save. They change nothing in the mailbox; a mail that was read
// here is still unread for the person.

import { dirname } from "node:path";
import { z } from "zod";
import { HumError } from "../../error.ts";
import { makeFolders } from "../anchor.ts";
import { toRoot } from "../capture.ts";
import { changing, Obstacle } from "../changing.ts";
import { type DeviceContext, defineOperation, type Operation } from "../device.ts";
import { pathSchema } from "../files-change.ts";
import { toPrivate, toUntrusted } from "../label.ts";
import { toOneLine } from "../mcp/text.ts";
import { resolveInside } from "../paths.ts";
import { toBytes } from "../say.ts";
import { mailLimits } from "../sizes.ts";
import { fetchSource, fromMailId, inFolder, listFolders, type Mailbox, withImap } from "./imap.ts";
import type { MailParts } from "./mail.ts";
import { type Message, parseMessage, renderMessage, toContent, toFileName } from "./message.ts";
import { accountSchema, askedBy, createSearch } from "./searching.ts";

/** The id of a mail. */
export const idSchema = z
  .string()
  .max(1_024)
  .refine((id) => fromMailId(id) !== null, "the id of a mail as search shows it, such as INBOX/17");

// biome-ignore lint/suspicious/noExplicitAny: operations of one device have different argument types
type Operations = Record<string, Operation<any>>;

/** Makes `folders`, `search`, `read` and `save`. */
export function createReading(parts: MailParts): Operations {
  return {
    folders: createFolders(parts),
    search: createSearch(parts),
    read: createRead(parts),
    save: createSave(parts),
  };
}

function createFolders({ attempt }: MailParts): Operation<{ account?: string | undefined }> {
  return defineOperation({
    about: "Lists the folders of the mailbox, with how many mails are in them.",
    example: {},
    shaped: true,
    args: z.strictObject({ account: accountSchema }),
    effect: "none",
    private: true,
    askedBy,
    sinks: {},
    run: ({ account }, context) =>
      attempt(account, context, async (mailbox) => {
        const folders = await withImap(mailbox, context.signal, listFolders);
        const lines = folders.slice(0, 10 * mailLimits.listed).map(({ path, status }) => {
          const unread = status?.unseen ? `, ${status.unseen} unread` : "";
          return `${toOneLine(path, 120)}: ${status?.messages ?? 0} mails${unread}`;
        });
        // Rules that people and programs set up name folders.
        const label = toPrivate(toUntrusted(`host:${mailbox.account.imap.host}`));
        return { ok: true, text: lines.join("\n") || "There is no folder.", label };
      }),
  });
}

interface Read {
  id: string;
  page: number;
  account?: string | undefined;
}

function createRead({ attempt }: MailParts): Operation<Read> {
  return defineOperation<Read>({
    about: 'Shows one mail as text, with what is attached; {"id", "page"}.',
    example: { id: "INBOX/31" },
    shaped: true,
    args: z.strictObject({
      id: idSchema,
      page: z.number().int().min(1).max(10_000).default(1).describe("of a long mail"),
      account: accountSchema,
    }) as z.ZodType<Read>,
    effect: "none",
    private: true,
    askedBy,
    sinks: { id: "data" },
    run: ({ id, page, account }, context) =>
      attempt(account, context, async (mailbox) => {
        const { message, cut } = await readMail(mailbox, id, context.signal);
        const { text, pages } = renderMessage(message, id, page);
        const { email, label } = message;
        if (page > pages) return { ok: false, text: `${id} has ${pages} pages.`, label };
        const note = cut ? `\n[only the first ${toBytes(mailLimits.readBytes)} were read]` : "";
        const files = email.attachments.map((file, i) => toFileName(file, i));
        return { ok: true, text: text + note, label, data: { id, pages, senders: message.senders, files } };
      }),
  });
}

/** Reads a mail. Throws `not-found` when there is none of that id, `damaged` when it cannot be taken apart. */
export async function readMail(
  mailbox: Mailbox,
  id: string,
  signal: AbortSignal,
  most: number = mailLimits.readBytes,
): Promise<{ message: Message; cut: boolean }> {
  const { folder, uid } = fromMailId(id)!;
  const found = await withImap(mailbox, signal, (client) =>
    inFolder(client, { folder }, () => fetchSource(client, uid, most)),
  );
  if (!found) throw new HumError("not-found", `There is no mail ${id}. Search for it again.`);
  try {
    return { message: await parseMessage(found.source), cut: found.size > found.source.length };
  } catch {
    throw new HumError("damaged", `The mail ${id} is not built like a mail, so it cannot be read.`);
  }
}

interface Save {
  id: string;
  attachment: string;
  path?: string | undefined;
  account?: string | undefined;
}

function createSave({ find, blobs, protect }: MailParts): Operation<Save> {
  return {
    ...changing<Save>(blobs, {
      about: 'Saves an attachment of a mail as a file in the folder; {"id", "attachment", "path"}.',
      args: z.strictObject({
        id: idSchema,
        attachment: z.string().min(1).max(200).describe("its name or number, as read shows it"),
        path: pathSchema.optional().describe("the file to make; its own name unless told"),
        account: accountSchema,
      }) as z.ZodType<Save>,
      sinks: { id: "data", path: "what" },
      async plan({ id, attachment, path, account }, context) {
        if (path === undefined && /^\d+$/.test(attachment))
          throw new Obstacle("Name the file to make with path, or the attachment by its name.");
        const target = path ?? toFileName({ filename: attachment } as never, 0);
        const real = await resolveInside(target, "write", { ...context, protect });
        if (!real.ok) throw new Obstacle(real.why);
        return {
          roots: [await toRoot(real.path)],
          async act() {
            const content = await fetchAttachment(find(account), { id, attachment, context });
            await makeFolders(dirname(real.path));
            await blobs.copyTo(await blobs.put(content), real.path, { mode: 0o644, tag: context.key });
            return `Saved ${attachment} of ${id} as ${target} (${toBytes(content.length)}).`;
          },
        };
      },
    }),
    example: { id: "INBOX/31", attachment: "plan.pdf" },
    private: true,
    askedBy,
    shaped: true,
  };
}

async function fetchAttachment(
  mailbox: Mailbox,
  { id, attachment, context }: { id: string; attachment: string; context: DeviceContext },
): Promise<Buffer> {
  let message: Message;
  try {
    const read = await readMail(mailbox, id, context.signal, mailLimits.savedBytes);
    if (read.cut) throw new Obstacle(`${id} is larger than ${toBytes(mailLimits.savedBytes)}.`);
    message = read.message;
  } catch (error) {
    if (HumError.is(error)) throw new Obstacle(error.message);
    throw error;
  }
  const files = message.email.attachments;
  const named = files.filter((file, i) => toFileName(file, i) === attachment || file.filename === attachment);
  const file = named.length === 1 ? named[0] : files[Number(attachment) - 1];
  if (file) return toContent(file);
  if (named.length > 1) throw new Obstacle(`${id} has several attachments of that name: give the number.`);
  throw new Obstacle(`${id} has no such attachment; it has ${files.length}. Read it to see their names.`);
}
