// `hum mail add|ls|test|rm`: the mailboxes of the person as a device. The password is asked for and kept in a closed file of the home, or
// stays in a closed file of the person's own; it is never an argument of a command, which others could see.

import type { Command } from "commander";
import { keepSecret, readSecret } from "../../device/account/keyring.ts";
import type { MailAccount } from "../../device/mail/accounts.ts";
import { HumError } from "../../error.ts";
import { makeHome } from "../../home.ts";
import { takeSecret } from "../account.ts";
import { watchInterrupt } from "../interrupt.ts";
import { homeOf, say, sayJson, tell } from "../io.ts";
import { reloadDevices } from "../reload.ts";
import type { Context } from "../run.ts";
import { clean, count, toTable } from "../text.ts";

interface AddOptions {
  name: string;
  imap?: string;
  smtp?: string;
  user?: string;
  passwordFile?: string;
}

const loadAccounts = () => import("../../device/mail/accounts.ts");

/** Adds the commands of mailboxes to `hum mail`. */
export function addMailboxes(mail: Command, context: Context): void {
  const { io } = context;
  // Its own options stand before the name of a command.
  mail.enablePositionalOptions();
  addAdd(mail, context);
  mail
    .command("ls")
    .description("List the mailboxes.")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const { mailAccounts } = await loadAccounts();
      const all = await mailAccounts.read(homeOf(io));
      if (options.json) return sayJson(io, all);
      if (all.length === 0) return say(io, "No mailboxes. `hum mail add --help` says how to add one.");
      const rows = all.map(({ name, address, imap, smtp, secret }) => [
        ...[name, address, toPlaceText(imap), toPlaceText(smtp)],
        "file" in secret ? secret.file : "keyring",
      ]);
      for (const line of toTable(["NAME", "ADDRESS", "IMAP", "SMTP", "PASSWORD"], rows)) say(io, clean(line));
    });
  mail
    .command("test")
    .description("Log in to both servers of a mailbox, and say what is there.")
    .argument("[name]", "which; the first one unless told")
    .action(async (name: string | undefined) => {
      const { mailAccounts } = await loadAccounts();
      const home = homeOf(io);
      const [first] = await mailAccounts.read(home);
      if (!first)
        throw new HumError("not-found", "There is no mailbox. `hum mail add --help` says how to add one.");
      const account = name === undefined ? first : await mailAccounts.find(home, name);
      say(io, await tryAccount(context, account, readSecret(home, `mail:${account.name}`, account.secret)));
    });
  mail
    .command("rm")
    .description("Forget a mailbox and its password; nothing is deleted at its server.")
    .argument("<name>", "which")
    .action(async (name: string) => {
      const { mailAccounts } = await loadAccounts();
      const home = homeOf(io);
      await mailAccounts.find(home, name);
      await mailAccounts.keep(home, name, null);
      keepSecret(home, `mail:${name}`, null);
      await reloadDevices(context);
      say(io, `Removed ${name}.`);
    });
}

function addAdd(mail: Command, context: Context): void {
  const { io } = context;
  mail
    .command("add")
    .description("Add a mailbox; both servers are tried before it is kept.")
    .argument("<address>", "your address")
    .option("--name <name>", "what it is called here", "home")
    .option("--imap <place>", "where mail is read: HOST, HOST:PORT or imaps://HOST:PORT")
    .option("--smtp <place>", "where mail is sent: HOST, HOST:PORT or smtps://HOST:PORT")
    .option("--user <name>", "as whom to log in; the address unless told")
    .option("--password-file <file>", "a file of yours (mode 0600) whose first line is the password")
    .addHelpText(
      "after",
      `
Examples:
  hum mail add ada@example.org
  hum mail add ada@example.org --imap imap.example.org --smtp smtp.example.org:587
  hum ask "Which mails of today are unread?" --program clerk

Connections are encrypted (TLS, or STARTTLS on ports 143, 587 and 25); only a server on this machine may do without.
What is sent asks you, unless you named in the task whom it goes to.`,
    )
    .action(async (address: string, options: AddOptions) => {
      const { guessProvider, mailAccounts, toPlace } = await loadAccounts();
      if (!/^[^\s@<>]+@[^\s@<>]+$/.test(address))
        throw new HumError("bad-input", `${clean(address)} is no address such as ada@example.org.`);
      const { home } = makeHome(homeOf(io));
      const name = mailAccounts.checkName(options.name);
      if ((await mailAccounts.read(home)).some((one) => one.name === name))
        throw new HumError(
          "conflict",
          `There is a mailbox ${name} already: give this one another --name, or \`hum mail rm ${name}\` first.`,
        );
      const provider = guessProvider(address);
      const imap = toPlace(options.imap ?? provider.imap, "imap");
      const smtp = toPlace(options.smtp ?? provider.smtp, "smtp");
      if (provider.hint !== null) tell(io, provider.hint);
      const { secret, at } = await takeSecret(context, address, options.passwordFile);
      const account = { address, user: options.user ?? address, imap, smtp, secret: at };
      const found = await tryAccount(context, { ...account, name }, secret);
      if (!("file" in at)) keepSecret(home, `mail:${name}`, secret);
      await mailAccounts.keep(home, name, account);
      await reloadDevices(context);
      say(io, `Added ${name}: ${found}`);
    });
}

/** Logs in to both servers; what was found, as a sentence. Throws when one of them does not work. */
async function tryAccount({ io }: Context, account: MailAccount, secret: string): Promise<string> {
  const { listFolders, withImap } = await import("../../device/mail/imap.ts");
  const { sendBySmtp } = await import("../../device/mail/smtp.ts");
  const mailbox = { account, password: () => secret };
  const interrupt = watchInterrupt(io);
  try {
    tell(io, `Logging in to ${toPlaceText(account.imap)} and ${toPlaceText(account.smtp)} …`);
    const folders = await interrupt.race(withImap(mailbox, interrupt.signal, listFolders));
    await interrupt.race(sendBySmtp(mailbox, interrupt.signal, null));
    const mails = folders.reduce((sum, { status }) => sum + (status?.messages ?? 0), 0);
    return `${account.address} can be read (${count(folders.length, "folder")}, ${count(mails, "mail")}) and sent from.`;
  } finally {
    interrupt.end();
  }
}

const toPlaceText = ({ host, port }: MailAccount["imap"]): string => `${host}:${port}`;
