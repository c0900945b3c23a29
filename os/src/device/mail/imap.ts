// One conversation with a server of mail: open, do something, close. Folders are opened for reading only unless told, so
// that looking at a mail never marks it as read. What the server says is bounded; a password never gets into a message.

import type { FetchMessageObject, ImapFlow, ListResponse, SearchObject } from "imapflow";
import { HumError, toMessage } from "../../error.ts";
import { withoutSecret } from "../account/keyring.ts";
import { toOneLine } from "../mcp/text.ts";
import { mailLimits } from "../sizes.ts";
import { isThisMachine, type MailAccount } from "./accounts.ts";

/** A mailbox with the way to its password. */
export interface Mailbox {
  account: MailAccount;
  password(): string;
}

/** A mail of a folder. */
export interface MailId {
  folder: string;
  uid: number;
}

/** `INBOX/17`: the folder, and the number of the mail in it. */
export const toMailId = ({ folder, uid }: MailId): string => `${folder}/${uid}`;

/** Reads the id of a mail, null when it is none. */
export function fromMailId(id: string): MailId | null {
  const match = /^(.+)\/(\d{1,10})$/.exec(id.trim());
  return match ? { folder: match[1]!, uid: Number(match[2]) } : null;
}

/** Works with a server that is logged in. Throws a `HumError` that says what happened. */
export async function withImap<T>(
  { account, password }: Mailbox,
  signal: AbortSignal,
  work: (client: ImapFlow) => Promise<T>,
): Promise<T> {
  const { ImapFlow } = await import("imapflow");
  const secret = password();
  signal.throwIfAborted();
  const client = new ImapFlow({
    ...toImapOptions(account),
    auth: { user: account.user, pass: secret },
  });
  client.on("error", () => {}); // the command under way says it too
  const stop = () => client.close();
  signal.addEventListener("abort", stop, { once: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, mailLimits.callMs);
  try {
    await client.connect();
    const result = await work(client);
    await client.logout().catch(() => {});
    return result;
  } catch (error) {
    signal.throwIfAborted();
    if (HumError.is(error)) throw error;
    const { host, port } = account.imap;
    if (late) throw new HumError("interrupted", `${host}:${port} did not answer in time.`);
    throw new HumError("denied", withoutSecret(toTrouble(error, `${host}:${port}`), secret));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    client.close();
  }
}

/** How a server is spoken to: encrypted, but for one on this machine that offers no encryption. */
export function toImapOptions({ imap: { host, port, how } }: MailAccount) {
  const near = isThisMachine(host);
  return {
    ...{ host, port, secure: how === "tls", logger: false as const, disableAutoIdle: true },
    ...(how === "starttls" && !near ? { doSTARTTLS: true } : {}),
    // A server on this machine makes its certificate itself.
    tls: near ? { rejectUnauthorized: false } : { minVersion: "TLSv1.2" as const },
    ...{ connectionTimeout: mailLimits.connectMs, greetingTimeout: mailLimits.connectMs },
    socketTimeout: mailLimits.callMs,
    maxLineLength: mailLimits.answerBytes,
    maxLiteralSize: mailLimits.answerBytes,
    maxResponseSize: mailLimits.answerBytes + 1024 * 1024,
  };
}

interface Trouble {
  authenticationFailed?: boolean;
  responseText?: string;
  code?: string;
}

/** What went wrong with a server, as a sentence. */
export function toTrouble(error: unknown, where: string): string {
  const { authenticationFailed, responseText, code } = (error ?? {}) as Trouble;
  const said = toOneLine(responseText ?? "", 160);
  if (authenticationFailed || code === "EAUTH")
    return `${where} does not take the user name or the password${said ? ` (${said})` : ""}. Many providers want an app password.`;
  if (code === "ECONNREFUSED") return `Nothing answers at ${where}.`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `${where} cannot be found.`;
  if (code === "CONNECT_TIMEOUT" || code === "ETIMEDOUT" || code === "GREETING_TIMEOUT")
    return `${where} did not answer in time.`;
  return `${where}: ${said || toOneLine(toMessage(error), 200)}`;
}

/** The folders of a mailbox. */
export async function listFolders(client: ImapFlow): Promise<ListResponse[]> {
  return await client.list({ statusQuery: { messages: true, unseen: true } });
}

/** The folder for drafts or for what was sent, as the server names it; null when there is none. */
export async function findSpecial(client: ImapFlow, use: "\\Drafts" | "\\Sent"): Promise<string | null> {
  const folders = await client.list();
  const usual =
    use === "\\Drafts" ? /^(INBOX[./])?drafts?$/i : /^(INBOX[./])?sent( (items|mail|messages))?$/i;
  const found =
    folders.find((folder) => folder.specialUse === use) ?? folders.find((folder) => usual.test(folder.path));
  return found?.path ?? null;
}

/** Names by which people speak of folders, whatever a server calls them. */
const usual: [names: RegExp, use: string][] = [
  [/^(?:drafts?|草稿箱?)$/i, "\\Drafts"],
  [/^(?:sent|sent (?:items|mails?|messages)|outbox|已发送)$/i, "\\Sent"],
  [/^(?:trash|bin|deleted(?: items)?|垃圾箱|已删除)$/i, "\\Trash"],
  [/^(?:spam|junk(?: e?-?mail)?)$/i, "\\Junk"],
  [/^(?:archives?|all mail)$/i, "\\Archive"],
];

/** The folder that is meant by a name: that one, one that is written otherwise, or the one for that use. */
export async function findFolder(client: ImapFlow, name: string): Promise<string> {
  if (/^inbox$/i.test(name)) return "INBOX";
  const known = await client.list();
  if (known.some((one) => one.path === name)) return name;
  const same = known.filter(
    (one) => one.path.toLowerCase() === name.toLowerCase() || one.name.toLowerCase() === name.toLowerCase(),
  );
  if (same.length === 1) return same[0]!.path;
  const use = usual.find(([names]) => names.test(name))?.[1];
  return known.find((one) => use !== undefined && one.specialUse === use)?.path ?? name;
}

/** Works in a folder. Throws `not-found` when there is none of that name. */
export async function inFolder<T>(
  client: ImapFlow,
  { folder, write = false }: { folder: string; write?: boolean },
  work: () => Promise<T>,
): Promise<T> {
  const lock = await client.getMailboxLock(folder, { readOnly: !write }).catch(async (error) => {
    const meant = await findFolder(client, folder).catch(() => folder);
    if (meant !== folder) return client.getMailboxLock(meant, { readOnly: !write });
    const known = await client.list().catch(() => []);
    if (known.length === 0 || known.some((one) => one.path === folder)) throw error;
    const names = known.map((one) => one.path).slice(0, mailLimits.listed);
    throw new HumError("not-found", `There is no folder ${folder}. There are: ${names.join(", ")}.`);
  });
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** The newest mails of the open folder that fit, newest first, and how many fit in all. */
export async function searchMails(
  client: ImapFlow,
  query: SearchObject,
  most: number,
): Promise<{ total: number; mails: FetchMessageObject[] }> {
  const found = (await client.search(query, { uid: true })) || [];
  const uids = [...found].sort((a, b) => b - a).slice(0, most);
  return { total: found.length, mails: uids.length === 0 ? [] : await fetchListed(client, uids) };
}

/** What a list shows of these mails of the open folder, the newest first. */
export async function fetchListed(client: ImapFlow, uids: readonly number[]): Promise<FetchMessageObject[]> {
  const wanted = { uid: true, envelope: true, flags: true, size: true, bodyStructure: true };
  const mails: FetchMessageObject[] = [];
  for await (const mail of client.fetch(uids.join(","), wanted, { uid: true })) mails.push(mail);
  return mails.sort((a, b) => b.uid - a.uid);
}

/** The bytes of a mail of the open folder, cut at `most`; null when there is no such mail. */
export async function fetchSource(
  client: ImapFlow,
  uid: number,
  most: number,
): Promise<{ source: Buffer; size: number } | null> {
  const mail = await client.fetchOne(
    String(uid),
    { uid: true, size: true, source: { maxLength: most } },
    { uid: true },
  );
  if (mail === false || mail.source === undefined) return null;
  return { source: mail.source, size: mail.size ?? mail.source.length };
}

/** The mails of the open folder with this Message-ID. */
export async function findByMessageId(client: ImapFlow, messageId: string): Promise<number[]> {
  return (await client.search({ header: { "message-id": messageId } }, { uid: true })) || [];
}
