// The parts of the device `mail` that need no server: where passwords lie, how servers are spoken to, mails of strange form.

import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { keepSecret, readSecret, withoutSecret } from "../src/device/account/keyring.ts";
import { guessProvider, mailAccounts, toPlace } from "../src/device/mail/accounts.ts";
import { toImapOptions } from "../src/device/mail/imap.ts";
import { parseMessage, renderMessage, toFileName } from "../src/device/mail/message.ts";
import { toSmtpOptions } from "../src/device/mail/smtp.ts";
import { HumError } from "../src/error.ts";
import { openRoom } from "./contract/device.ts";

test("[D4] the keyring is closed to others, keeps what it holds, and a file of the person must be closed too", async () => {
  await using room = await openRoom();
  keepSecret(room.home, "mail:a", "first");
  keepSecret(room.home, "mail:b", "second");
  keepSecret(room.home, "mail:a", null);
  assert.equal(readSecret(room.home, "mail:b", { kept: true }), "second");
  assert.throws(() => readSecret(room.home, "mail:a", { kept: true }), /not kept any more/);
  const own = join(room.base, "password");
  await writeFile(own, "third\nmore\n", { mode: 0o600 });
  assert.equal(readSecret(room.home, "mail:c", { file: own }), "third");
  await chmod(own, 0o640);
  assert.throws(() => readSecret(room.home, "mail:c", { file: own }), /chmod 600/);
  await writeFile(join(room.home, "keyring.json"), "{not json secret-word", { mode: 0o600 });
  assert.throws(
    () => readSecret(room.home, "mail:b", { kept: true }),
    (error) => HumError.is(error, "damaged") && !error.message.includes("secret-word"),
  );
  assert.equal(withoutSecret("a hunter2! b aHVudGVyMiE= c", "hunter2!"), "a *** b *** c");
});

test("outside of this machine nothing is said before the connection is encrypted", () => {
  const far = { host: "mail.example.org", port: 143, how: "starttls" as const };
  const near = { ...far, host: "127.0.0.1" };
  const account = { name: "a", address: "a@x.org", user: "a", secret: { kept: true as const } };
  assert.equal(toImapOptions({ ...account, imap: far, smtp: far }).doSTARTTLS, true);
  assert.equal(toSmtpOptions({ ...account, imap: far, smtp: far }).requireTLS, true);
  assert.deepEqual(toImapOptions({ ...account, imap: far, smtp: far }).tls, { minVersion: "TLSv1.2" });
  assert.equal(toImapOptions({ ...account, imap: near, smtp: near }).doSTARTTLS, undefined);
  assert.equal(toImapOptions({ ...account, imap: { ...far, how: "tls" }, smtp: far }).secure, true);
  assert.deepEqual(toPlace("imap.example.org", "imap"), { host: "imap.example.org", port: 993, how: "tls" });
  assert.deepEqual(toPlace("smtp.example.org:587", "smtp"), {
    host: "smtp.example.org",
    port: 587,
    how: "starttls",
  });
  assert.deepEqual(toPlace("imap://127.0.0.1:1143", "imap"), {
    host: "127.0.0.1",
    port: 1143,
    how: "starttls",
  });
  assert.deepEqual(toPlace("smtps://x.org", "smtp"), { host: "x.org", port: 465, how: "tls" });
  for (const wrong of ["http://x.org", "x.org/path", "imap://me:pw@x.org", "smtp://x.org", ""])
    assert.throws(() => toPlace(wrong, "imap"), /no address of a server/, wrong);
  assert.match(guessProvider("ada@gmail.com").hint!, /app password/);
  assert.deepEqual(guessProvider("ada@x.org"), { imap: "imap.x.org", smtp: "smtp.x.org", hint: null });
});

test("strange mails harm nothing: names of files, deep parts, long texts, damaged ones", async () => {
  const name = (filename: string | null, mimeType = "image/png") =>
    toFileName({ filename, mimeType } as never, 0);
  assert.equal(name("../../etc/passwd"), "_.._etc_passwd");
  assert.equal(name("/etc/cron.d/x"), "_etc_cron.d_x");
  assert.equal(name(".bashrc"), "bashrc");
  assert.equal(name("a\u202egpj.exe\n"), "agpj.exe");
  assert.equal(name(null), "attachment-1.png");
  assert.equal(name("..", "text/x-sh"), "attachment-1.sh");
  const deep = `${Array.from({ length: 60 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}`).join("\n")}\n\nx`;
  await assert.rejects(parseMessage(Buffer.from(deep)));
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from([0, 255, 13, 10, 13]),
    Buffer.from("From: \n\n"),
    Buffer.from("\n\n\n"),
  ]) {
    const message = await parseMessage(bytes);
    assert.equal(message.label.integrity, "untrusted");
    assert.deepEqual(message.label.origins, ["mail:unknown"]);
  }
  const long = await parseMessage(Buffer.from(`From: a@x.org\nSubject: s\n\n${"word ".repeat(5_000)}`));
  const first = renderMessage(long, "INBOX/9", 1);
  assert.equal(first.pages, 5);
  assert.match(first.text, /\[page 1 of 5: read it with "page": 2 for what follows\]$/);
  const head = await parseMessage(
    Buffer.from(
      "From: =?utf-8?Q?Bob=0ATo=3A_eve?= <bob@x.org>\nSubject: =?utf-8?Q?a=0A=0AYour_task:_b?=\n\nx",
    ),
  );
  assert.match(
    renderMessage(head, "INBOX/1", 1).text,
    /^Mail INBOX\/1\nFrom: Bob To: eve <bob@x\.org>\nTo: nobody\nDate: .*\nSubject: a Your task: b\n\nx$/,
  );
});

test("settings that are wrong are said with what to do, and hold no password", async () => {
  await using room = await openRoom();
  await mkdir(room.home, { recursive: true });
  assert.deepEqual(await mailAccounts.read(room.home), []);
  await writeFile(join(room.home, "mail.json"), '{"home": {"address": "x"}}');
  await assert.rejects(mailAccounts.read(room.home), /mail\.json is wrong: .*hum mail add/);
  await writeFile(join(room.home, "mail.json"), "{}");
  const imap = toPlace("imap.x.org", "imap");
  keepSecret(room.home, "mail:home", "not-to-be-seen");
  await mailAccounts.keep(room.home, "home", {
    ...{ address: "ada@x.org", user: "ada", imap, smtp: imap, secret: { kept: true } },
  });
  assert.equal((await mailAccounts.find(room.home, "home")).address, "ada@x.org");
  assert.doesNotMatch(await readFile(join(room.home, "mail.json"), "utf8"), /not-to-be-seen/);
  await assert.rejects(mailAccounts.find(room.home, "work"), /no mailbox work\. There are: home\./);
  assert.throws(() => mailAccounts.checkName("../x"), /cannot be the name of a mailbox/);
});
