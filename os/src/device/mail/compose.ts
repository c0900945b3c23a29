// A mail that goes out: plain text, written by nobody but the entity and the files it attaches. There is no HTML in it, so
// that nothing is loaded where it is read. Whom it goes to is one plain address each, because that is what is traced and
// what a person sees; the name of a contact stands for the one address of that contact.

import { createHash } from "node:crypto";
import { basename } from "node:path";
import { z } from "zod";
import { HumError } from "../../error.ts";
import { openAt } from "../anchor.ts";
import type { DeviceContext } from "../device.ts";
import type { Known } from "../directory.ts";
import { toFailure } from "../failure.ts";
import { resolveInside } from "../paths.ts";
import { toBytes } from "../say.ts";
import { mailLimits } from "../sizes.ts";
import { isSet } from "../whole.ts";
import type { MailAccount } from "./accounts.ts";
import type { Message } from "./message.ts";

const plainAddress = /^[^\s@<>(),;:"[\]\\]{1,64}@[^\s@<>(),;:"[\]\\]{1,253}$/;

/** Whether a text is one address and nothing else. */
export const isAddress = (text: string): boolean => plainAddress.test(text);

/** One person as an address; the name of a contact becomes its address, of `Ada <ada@example.org>` the address counts. */
export function toRecipient(
  contacts: readonly Known[],
  hint = 'The address of somebody who wrote stands in that mail: mail.search {"from": the name}',
) {
  return toNamed(contacts).refine(
    (text) => isAddress(text),
    `one address such as ada@example.org, or the name of a contact. ${hint}`,
  );
}

/** The same, and a name that is no contact stays as it is. */
export function toNamed(contacts: readonly Known[]) {
  const find = (given: string): string => {
    const text = (/^[^<>@\r\n]*<([^<>\s]+@[^<>\s]+)>$/.exec(given.trim())?.[1] ?? given).trim();
    const name = text.toLowerCase();
    const meant = contacts.filter(
      (one) => one.sink === "who" && one.names.some((known) => known.toLowerCase() === name),
    );
    const addresses = [...new Set(meant.map((one) => one.value))].filter(isAddress);
    return addresses.length === 1 ? addresses[0]! : text;
  };
  return z.string().max(320).transform(find);
}

/**
 * Several people: a list, or one of them alone, or addresses with commas between them. "all my contacts" is the first address of
 * each, one by one, because that is what is traced and what a person sees.
 */
export function toSeveral(
  contacts: readonly Known[],
  one: z.ZodType<string>,
  { least = 1, most = mailLimits.recipients }: { least?: number; most?: number } = {},
) {
  const toList = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.flatMap((part) => toAll(contacts, part) ?? [part]);
    if (typeof value !== "string") return value;
    const parts = value.split(/[,;]/).map((part) => part.trim());
    return parts.every((part) => part.includes("@")) ? parts : (toAll(contacts, value) ?? [value]);
  };
  return z.preprocess(toList, z.array(one).min(least).max(most));
}

function toAll(contacts: readonly Known[], said: unknown): string[] | null {
  const all = contacts.filter(
    ({ sink, kind }) => sink === "who" && kind && typeof said === "string" && isSet(kind, said),
  );
  if (all.length === 0) return null;
  return [...new Set(all.map(({ value }) => value))];
}

/** What a mail is made of. */
export interface Letter {
  to: readonly string[];
  cc?: readonly string[];
  bcc?: readonly string[];
  subject: string;
  text: string;
  files: readonly { filename: string; content: Buffer }[];
  inReplyTo?: string;
  references?: string;
}

/** What makes a mail the answer to another one: its subject, and the headers by which programs show both together. */
export function toAnswer({ email }: Message): Pick<Letter, "subject" | "inReplyTo" | "references"> {
  const subject = /^re:/i.test(email.subject ?? "") ? email.subject! : `Re: ${email.subject ?? ""}`;
  const { messageId: inReplyTo, references = "" } = email;
  return {
    subject: subject.slice(0, 500),
    ...(inReplyTo ? { inReplyTo, references: `${references} ${inReplyTo}`.trim().slice(-2_000) } : {}),
  };
}

/** The bytes of a mail. */
export async function compose(account: MailAccount, letter: Letter, messageId: string): Promise<Buffer> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  const { to, cc = [], subject, text, files, inReplyTo, references } = letter;
  const mail = new MailComposer({
    ...{ from: account.address, to: [...to], cc: [...cc], subject: subject.replace(/[\r\n]+/g, " "), text },
    attachments: files.map(({ filename, content }) => ({ filename, content })),
    ...(inReplyTo ? { inReplyTo } : {}),
    ...(references ? { references } : {}),
    ...{ messageId, disableFileAccess: true, disableUrlAccess: true, xMailer: false },
  });
  return await mail.compile().build();
}

/** The same id for each repetition of a call, and another one for any other call. */
export function toMessageId(account: MailAccount, context: DeviceContext, args: unknown): string {
  const of = JSON.stringify([context.home, context.key, args]);
  const hash = createHash("sha256").update(of).digest("hex").slice(0, 32);
  return `<hum-${hash}@${account.address.slice(account.address.lastIndexOf("@") + 1)}>`;
}

/** Reads the files that a mail takes along. Throws `bad-input` with what is wrong with one. */
export async function readFiles(
  paths: readonly string[],
  context: DeviceContext,
  protect: readonly string[],
): Promise<{ filename: string; content: Buffer }[]> {
  const files: { filename: string; content: Buffer }[] = [];
  let left = mailLimits.attachedBytes;
  for (const path of paths) {
    const found = await resolveInside(path, "read", { ...context, protect });
    if (!found.ok) throw new HumError("bad-input", found.why);
    await using handle = await openAt(found.path).catch((error) => {
      throw new HumError("bad-input", toFailure(error, path).text);
    });
    const stats = await handle.stat();
    if (!stats.isFile()) throw new HumError("bad-input", `${path} is not a file.`);
    left -= stats.size;
    if (left < 0)
      throw new HumError(
        "bad-input",
        `The files are larger than ${toBytes(mailLimits.attachedBytes)} together.`,
      );
    files.push({ filename: basename(found.path), content: await handle.readFile() });
  }
  return files;
}
