// A mail as an entity reads it: who wrote it, when, about what, the text, and what is attached. A text of HTML becomes plain
// text; pictures and what they would load are left out, and so is every character that cannot be seen. Everything in it is
// the words of whoever sent it: untrusted, with the sender as its origin, and for the people of this home only.

import type { FetchMessageObject, MessageStructureObject } from "imapflow";
import type { Address, Attachment, Email } from "postal-mime";
import { joinLabels, type Label, toLabel, toPrivate, toUntrusted } from "../label.ts";
import { toOneLine, toSeen } from "../mcp/text.ts";
import { toBytes } from "../say.ts";
import { mailLimits } from "../sizes.ts";
import { toMailId } from "./imap.ts";

/** A mail that was taken apart. */
export interface Message {
  email: Email;
  /** Plain text of it. */
  text: string;
  /** Whom an answer goes to: the sender, and where the sender wants answers. */
  senders: string[];
  label: Label;
}

/** Takes a mail apart. Throws when its form is beyond all bounds. */
export async function parseMessage(source: Buffer): Promise<Message> {
  const { default: PostalMime } = await import("postal-mime");
  const email = await PostalMime.parse(source, {
    maxNestingDepth: mailLimits.depth,
    rfc822Attachments: true,
  });
  const senders = toAddresses([...(email.from ? [email.from] : []), ...(email.replyTo ?? [])]);
  const text = email.text?.trim() ? email.text : email.html ? await fromHtml(email.html) : "";
  return { email, text: toSeen(text).trim(), senders, label: toMailLabel(senders) };
}

/** The label of what these people wrote. */
export function toMailLabel(senders: readonly string[]): Label {
  const origins = senders.length > 0 ? senders : ["unknown"];
  return toPrivate(
    origins
      .map((sender) => toUntrusted(`mail:${toOneLine(sender, 120)}`))
      .reduce(joinLabels, toLabel("kernel")),
  );
}

/** Addresses in small letters, those of groups among them. */
export function toAddresses(list: readonly Address[]): string[] {
  const all = list.flatMap((one) => (one.group ? one.group : [one])).map((one) => one.address ?? "");
  return [...new Set(all.map((address) => address.trim().toLowerCase()).filter((address) => address !== ""))];
}

/** The head and the text of a mail from the `page`-th part of so many characters on. */
export function renderMessage(message: Message, id: string, page: number): { text: string; pages: number } {
  const { email, text } = message;
  const pages = Math.max(1, Math.ceil(text.length / mailLimits.chars));
  const part = text.slice((page - 1) * mailLimits.chars, page * mailLimits.chars);
  const files = email.attachments.map((file, i) => `  ${i + 1}. ${describeFile(file, i)}`);
  const head = [
    `Mail ${id}`,
    `From: ${toPeople(email.from ? [email.from] : [])}`,
    ...(differs(email) ? [`Answers go to: ${toPeople(email.replyTo ?? [])}`] : []),
    `To: ${toPeople(email.to ?? [])}`,
    ...(email.cc?.length ? [`Cc: ${toPeople(email.cc)}`] : []),
    `Date: ${toDate(email.date)}`,
    `Subject: ${toOneLine(email.subject ?? "", 300)}`,
    ...(files.length > 0 ? ["Attached:", ...files] : []),
  ];
  const more =
    page < pages ? `\n[page ${page} of ${pages}: read it with "page": ${page + 1} for what follows]` : "";
  return { text: `${head.join("\n")}\n\n${part === "" ? "(no text)" : part}${more}`, pages };
}

// In words and in the time of this machine: what is read is what is written on, and figures are easily mixed up.
function toDate(date: string | undefined): string {
  const at = new Date(date ?? "");
  if (Number.isNaN(at.getTime())) return toOneLine(date ?? "unknown", 40);
  const how = { weekday: "short", day: "numeric", month: "long", year: "numeric" } as const;
  return `${at.toLocaleDateString("en-GB", how)}, ${at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
}

/** One line of a list of mails. */
export function renderLine(mail: FetchMessageObject, folder: string): string {
  const { envelope, flags, uid } = mail;
  const from = envelope?.from?.[0];
  const who = from ? `${from.name ? `${from.name} ` : ""}<${from.address ?? ""}>` : "nobody";
  const files = countFiles(mail.bodyStructure);
  const notes = [
    ...(flags?.has("\\Seen") ? [] : ["unread"]),
    ...(flags?.has("\\Answered") ? ["answered"] : []),
    ...(files > 0 ? [`${files} attached`] : []),
  ];
  const when =
    envelope?.date instanceof Date && !Number.isNaN(envelope.date.getTime()) ? toMinute(envelope.date) : "?";
  const line = `${when}  ${toOneLine(who, 80)}  ${toOneLine(envelope?.subject ?? "", 120) || "(no subject)"}`;
  return `${toMailId({ folder, uid })}  ${line}${notes.length > 0 ? ` [${notes.join(", ")}]` : ""}`;
}

/** Who wrote the mails of a list. */
export function sendersOf(mails: readonly FetchMessageObject[]): string[] {
  const all = mails.flatMap((mail) => mail.envelope?.from?.map((one) => one.address ?? "") ?? []);
  return [...new Set(all.map((address) => address.toLowerCase()).filter((address) => address !== ""))];
}

/** A name under which an attachment can be kept: no folders, nothing hidden, nothing that cannot be seen. */
export function toFileName({ filename, mimeType }: Attachment, place: number): string {
  const [, kind = ""] = /\/(?:x-)?([a-z0-9]+)$/.exec(mimeType) ?? [];
  const fallback = `attachment-${place + 1}${kind === "" ? "" : `.${kind}`}`;
  const name = toOneLine(filename ?? "", 120)
    .replace(/[/\\:*?"<>|]/g, "_")
    .replace(/^[.\s-]+/, "");
  return name === "" ? fallback : name;
}

/** The bytes of an attachment. */
export function toContent({ content }: Attachment): Buffer {
  if (typeof content === "string") return Buffer.from(content, "base64");
  return content instanceof ArrayBuffer
    ? Buffer.from(content)
    : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

const describeFile = (file: Attachment, i: number): string =>
  `${toFileName(file, i)} (${toOneLine(file.mimeType, 60)}, ${toBytes(toContent(file).length)})`;

/** Whether an answer would go to somebody else than the sender. */
function differs({ from, replyTo }: Email): boolean {
  const sender = toAddresses(from ? [from] : []);
  return toAddresses(replyTo ?? []).some((address) => !sender.includes(address));
}

function toPeople(list: readonly Address[]): string {
  const all = list.flatMap((one) => (one.group ? one.group : [one]));
  const shown = all.slice(0, mailLimits.listed).map(({ name, address }) => {
    const plain = toOneLine(address ?? "", 120);
    return name && name !== address ? `${toOneLine(name, 80)} <${plain}>` : plain;
  });
  const rest = all.length - shown.length;
  return `${shown.join(", ") || "nobody"}${rest > 0 ? ` and ${rest} more` : ""}`;
}

const toMinute = (date: Date): string => date.toISOString().slice(0, 16).replace("T", " ");

function countFiles(part: MessageStructureObject | undefined): number {
  if (!part) return 0;
  const own = part.disposition === "attachment" || part.dispositionParameters?.filename ? 1 : 0;
  return own + (part.childNodes ?? []).reduce((sum, child) => sum + countFiles(child), 0);
}

async function fromHtml(html: string): Promise<string> {
  const { convert } = await import("html-to-text");
  return convert(html.slice(0, mailLimits.readBytes), {
    wordwrap: false,
    limits: { maxInputLength: mailLimits.readBytes, maxDepth: 100 },
    selectors: [
      { selector: "img", format: "skip" },
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({
        selector,
        options: { uppercase: false },
      })),
      { selector: "a", options: { hideLinkHrefIfSameAsText: true } },
      { selector: "table", format: "dataTable", options: { uppercaseHeaderCells: false } },
    ],
  });
}
