// Hands a mail to a server. One connection a mail, closed when the caller gives up. Nothing is said before the connection is
// encrypted, but to a server on this machine that offers no encryption.

import { once } from "node:events";
import type { SMTPConnectionOptions } from "nodemailer/lib/smtp-connection";
import { HumError } from "../../error.ts";
import { withoutSecret } from "../account/keyring.ts";
import { mailLimits } from "../sizes.ts";
import { isThisMachine, type MailAccount } from "./accounts.ts";
import { type Mailbox, toTrouble } from "./imap.ts";

/** What is handed over; null only logs in, to see whether that works. */
export interface Envelope {
  to: readonly string[];
  bytes: Buffer;
}

/** Hands a mail over; the people whom the server did not take. Throws a `HumError` that says what happened. */
export async function sendBySmtp(
  { account, password }: Mailbox,
  signal: AbortSignal,
  mail: Envelope | null,
): Promise<string[]> {
  const { default: SmtpConnection } = await import("nodemailer/lib/smtp-connection");
  const secret = password();
  signal.throwIfAborted();
  const connection = new SmtpConnection(toSmtpOptions(account));
  const ends = new AbortController();
  const whole = AbortSignal.any([signal, AbortSignal.timeout(mailLimits.callMs)]);
  const stopped = once(whole, "abort", { signal: ends.signal }).then(() => {
    throw whole.reason;
  });
  // A line that breaks is told here, whichever step it interrupts.
  const broken = once(connection, "error", { signal: ends.signal }).then(([error]) => {
    throw error;
  });
  for (const one of [stopped, broken]) one.catch(() => {});
  const step = <T>(start: (done: (error?: Error | null, result?: T) => void) => void): Promise<T> =>
    Promise.race([
      stopped,
      broken,
      new Promise<T>((resolve, reject) =>
        start((error, result) => (error ? reject(error) : resolve(result as T))),
      ),
    ]);
  try {
    await step((done) => connection.connect(done));
    await step((done) => connection.login({ credentials: { user: account.user, pass: secret } }, done));
    let refused: readonly unknown[] = [];
    if (mail) {
      const envelope = { from: account.address, to: [...mail.to] };
      const info = await step<{ rejected: readonly unknown[] }>((done) =>
        connection.send(envelope, mail.bytes, done),
      );
      refused = info.rejected;
    }
    connection.quit();
    return refused.map((one) => String(one));
  } catch (error) {
    signal.throwIfAborted();
    const { host, port } = account.smtp;
    if (whole.aborted) throw new HumError("interrupted", `${host}:${port} did not answer in time.`);
    const { response: responseText, code } = error as { response?: string; code?: string };
    const trouble = { ...(responseText ? { responseText } : {}), code, message: (error as Error).message };
    throw new HumError("denied", withoutSecret(toTrouble(trouble, `${host}:${port}`), secret));
  } finally {
    ends.abort();
    connection.close();
  }
}

/** How a server is spoken to. */
export function toSmtpOptions({ smtp: { host, port, how } }: MailAccount): SMTPConnectionOptions {
  const near = isThisMachine(host);
  return {
    ...{ host, port, secure: how === "tls", logger: false },
    ...(how === "starttls" && !near ? { requireTLS: true } : {}),
    tls: near ? { rejectUnauthorized: false } : { minVersion: "TLSv1.2" },
    ...{ connectionTimeout: mailLimits.connectMs, greetingTimeout: mailLimits.connectMs },
    ...{ dnsTimeout: mailLimits.connectMs, socketTimeout: mailLimits.callMs },
  };
}
