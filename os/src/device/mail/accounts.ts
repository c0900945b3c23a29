// The mailboxes of a home, in `mail.json`: whose they are and where their servers stand. Only `hum mail add` and `rm` write
// it, and no password stands in it (account/keyring.ts). Connections are encrypted; only a server on this very machine may
// be spoken to without.

import { z } from "zod";
import { HumError } from "../../error.ts";
import { type SecretAt, secretAtSchema } from "../account/keyring.ts";
import { createSettings } from "../account/settings.ts";

/** Where a server stands. `tls` from the first byte, or `starttls`: nothing is said before it is encrypted. */
export interface Place {
  host: string;
  port: number;
  how: "tls" | "starttls";
}

/** One mailbox. */
export interface MailAccount {
  name: string;
  address: string;
  /** As whom the person logs in. */
  user: string;
  imap: Place;
  smtp: Place;
  secret: SecretAt;
}

const place = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535),
  how: z.enum(["tls", "starttls"]),
});

/** The mailboxes of a home. */
export const mailAccounts = createSettings<Omit<MailAccount, "name">>({
  file: "mail.json",
  what: "mailbox",
  command: "hum mail",
  schema: z.strictObject({
    address: z.string().min(3),
    user: z.string().min(1),
    imap: place,
    smtp: place,
    secret: secretAtSchema,
  }),
});

const ways: Record<string, { how: Place["how"]; port: number }> = {
  "imaps:": { how: "tls", port: 993 },
  "imap:": { how: "starttls", port: 143 },
  "smtps:": { how: "tls", port: 465 },
  "smtp:": { how: "starttls", port: 587 },
};

const plainPorts = [25, 143, 587];

/**
 * Reads where a server stands: `imap.example.org`, `host:port`, or an address with `imaps`, `imap`, `smtps`, `smtp`. The
 * plain schemes and the ports of plain servers mean STARTTLS. Throws `bad-input`.
 */
export function toPlace(text: string, kind: "imap" | "smtp"): Place {
  const full = /^[a-z]+:\/\//i.test(text) ? text : `${kind}s://${text}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  const way = url ? ways[url.protocol] : undefined;
  const rest = url ? `${url.pathname}${url.search}${url.hash}`.replace(/^\/$/, "") : "";
  if (!url?.hostname || !way || !url.protocol.startsWith(kind) || url.username !== "" || rest !== "")
    throw new HumError(
      "bad-input",
      `${text} is no address of a server: write ${kind}.example.org, HOST:PORT, or ${kind}s://HOST:PORT.`,
    );
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = url.port === "" ? way.port : Number(url.port);
  return { host, port, how: full === text ? way.how : plainPorts.includes(port) ? "starttls" : "tls" };
}

/** Whether a host is this machine itself, where nobody listens on the way. */
export function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** What a large provider wants. */
export interface Provider {
  imap: string;
  smtp: string;
  /** What a person has to do first. */
  hint: string | null;
}

const appPassword = (where: string): string => `Not your usual password but an app password: ${where}.`;
const providers: [domains: RegExp, provider: Provider][] = [
  [
    /^(gmail|googlemail)\.com$/,
    {
      ...{ imap: "imap.gmail.com", smtp: "smtp.gmail.com" },
      hint: appPassword("Google account, Security, 2-Step Verification, App passwords"),
    },
  ],
  [
    /^(icloud|me|mac)\.com$/,
    {
      ...{ imap: "imap.mail.me.com", smtp: "smtp.mail.me.com:587" },
      hint: appPassword("Apple account, Sign-In and Security, App-Specific Passwords"),
    },
  ],
  [
    /^(yahoo|ymail|rocketmail)\./,
    {
      ...{ imap: "imap.mail.yahoo.com", smtp: "smtp.mail.yahoo.com" },
      hint: appPassword("Yahoo account, Security, Generate app password"),
    },
  ],
  [
    /^(outlook|hotmail|live|msn)\./,
    {
      ...{ imap: "outlook.office365.com", smtp: "smtp-mail.outlook.com:587" },
      hint: "Microsoft lets programs log in with a password only where the administrator allows it.",
    },
  ],
  [
    /^fastmail\./,
    {
      ...{ imap: "imap.fastmail.com", smtp: "smtp.fastmail.com" },
      hint: appPassword("Fastmail, Settings, Privacy & Security, App passwords"),
    },
  ],
  [
    /^gmx\.(net|de|at|ch)$/,
    {
      ...{ imap: "imap.gmx.net", smtp: "mail.gmx.net" },
      hint: "Allow IMAP first: GMX, Settings, POP3/IMAP.",
    },
  ],
  [
    /^web\.de$/,
    {
      ...{ imap: "imap.web.de", smtp: "smtp.web.de" },
      hint: "Allow IMAP first: web.de, Settings, POP3/IMAP.",
    },
  ],
  [
    /^(qq|foxmail)\.com$/,
    {
      ...{ imap: "imap.qq.com", smtp: "smtp.qq.com" },
      hint: appPassword("QQ Mail, Settings, Account, IMAP/SMTP service, authorization code"),
    },
  ],
  [
    /^(163|126|yeah)\.(com|net)$/,
    {
      ...{ imap: "imap.163.com", smtp: "smtp.163.com" },
      hint: appPassword("NetEase Mail, Settings, POP3/SMTP/IMAP, authorization password"),
    },
  ],
];

/** Where the mail of an address lies, as far as that is known: the large providers, else the usual names. */
export function guessProvider(address: string): Provider {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  const known = providers.find(([domains]) => domains.test(domain))?.[1];
  return known ?? { imap: `imap.${domain}`, smtp: `smtp.${domain}`, hint: null };
}
