// `hum mail …` as people meet it: both servers are tried, the password is taken from the prompt or from a closed file and is
// never shown, and what is removed is forgotten.

import assert from "node:assert/strict";
import { chmod, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { openPlace } from "./fixtures/cli-kit.ts";
import { openMailServers, skipWithoutMailServer } from "./fixtures/mail-servers.ts";

const skip = skipWithoutMailServer();
const servers = skip ? null : await openMailServers();
after(() => servers?.[Symbol.asyncDispose]());

const add = (...more: string[]): string[] => [
  ...["mail", "add", "ada@example.org", "--user", "ada"],
  ...["--imap", `imap://127.0.0.1:${servers!.imapPort}`, "--smtp", `smtp://127.0.0.1:${servers!.smtpPort}`],
  ...more,
];

test("add, ls, test, rm: what a person sees and what is kept", { skip }, async () => {
  await using place = await openPlace();
  const hum = (...args: string[]) => place.inside(args).ended;
  assert.match((await hum("mail", "ls")).out, /No mailboxes\. `hum mail add --help`/);
  assert.match((await hum("mail", "test")).err, /There is no mailbox/);

  const typed = place.inside(add(), { interactive: true });
  await typed.sees("Password of ada@example.org (not shown): ");
  typed.type(`${servers!.password}\n`);
  const added = await typed.ended;
  assert.equal(added.code, 0, added.err);
  assert.match(added.out, /^Added home: ada@example\.org can be read \(3 folders, 0 mails\) and sent from\./);
  assert.doesNotMatch(added.out + added.err, new RegExp(servers!.password), "a password is not shown");
  const keyring = join(place.home, "keyring.json");
  assert.equal((await stat(keyring)).mode & 0o777, 0o600);
  assert.deepEqual(JSON.parse(await readFile(keyring, "utf8")), { "mail:home": servers!.password });

  const again = await hum(...add());
  assert.equal(again.code, 2);
  assert.match(again.err, /There is a mailbox home already/);
  assert.match(
    (await hum("mail", "ls")).out,
    /^NAME +ADDRESS +IMAP +SMTP +PASSWORD\nhome +ada@example\.org +127\.0\.0\.1:\d+ +\S+ +keyring/,
  );
  assert.doesNotMatch((await hum("mail", "ls", "--json")).out, new RegExp(servers!.password));
  assert.match((await hum("mail", "test", "home")).out, /can be read/);
  assert.match((await hum("mail", "rm", "home")).out, /^Removed home\./);
  assert.deepEqual(JSON.parse(await readFile(keyring, "utf8")), {});
  assert.equal((await hum("mail", "rm", "home")).code, 2);
});

test("a password from a file stays there, and only from a closed one; a wrong one adds nothing", {
  skip,
}, async () => {
  await using place = await openPlace();
  const hum = (...args: string[]) => place.inside(args).ended;
  const file = join(place.folder, "password");
  await writeFile(file, `${servers!.password}\n`);
  await chmod(file, 0o644);
  assert.match((await hum(...add("--password-file", file))).err, /Others may read .*chmod 600/);
  await chmod(file, 0o600);
  assert.equal((await hum(...add("--password-file", file, "--name", "work"))).code, 0);
  assert.match((await hum("mail", "ls")).out, /^work .* \S+\/password$/m);
  await writeFile(file, "wrong-password\n");
  const wrong = await hum(...add("--password-file", file, "--name", "other"));
  assert.equal(wrong.code, 1);
  assert.match(wrong.err, /does not take the user name or the password/);
  assert.doesNotMatch(wrong.err, /wrong-password/);
  assert.doesNotMatch((await hum("mail", "ls")).out, /other/);
  assert.equal((await hum("mail", "test", "work")).code, 1);
});

test("wrong use is said: no address, no server, plain text to the world, no password", { skip }, async () => {
  await using place = await openPlace();
  const hum = (...args: string[]) => place.inside(args).ended;
  assert.match((await hum("mail", "add", "ada")).err, /ada is no address such as/);
  assert.match((await hum("mail", "add", "a@x.org", "--imap", "http://x.org")).err, /no address of a server/);
  assert.match(
    (await hum("mail", "add", "a@x.org", "--name", "../x")).err,
    /cannot be the name of a mailbox/,
  );
  const none = place.inside(add());
  none.end();
  assert.match((await none.ended).err, /Without a password nothing was added/);
  const hint = place.inside(["mail", "add", "ada@gmail.com"]);
  hint.end();
  assert.match((await hint.ended).err, /app password: Google account/);
  await writeFile(join(place.folder, "pw"), "x\n", { mode: 0o600 });
  const closed = ["mail", "add", "a@x.org", "--imap", "imap://127.0.0.1:1", "--smtp", "smtp://127.0.0.1:1"];
  assert.match((await hum(...closed, "--password-file", "pw")).err, /Nothing answers at 127\.0\.0\.1:1\./);
});
