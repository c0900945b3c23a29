// The device `mail` against a real IMAP server and a real SMTP server: what is read is right and labelled, what is sent
// arrives as it was written, nothing is marked as read, and no password gets anywhere.

import assert from "node:assert/strict";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { keepSecret } from "../src/device/account/keyring.ts";
import type { DeviceContext, DeviceResult } from "../src/device/device.ts";
import { toContact } from "../src/device/directory.ts";
import { createMail, type MailOptions } from "../src/device/mail/mail.ts";
import { parseMessage } from "../src/device/mail/message.ts";
import { openRoom, type Room, testDevice } from "./contract/device.ts";
import { openMailServers, skipWithoutMailServer } from "./fixtures/mail-servers.ts";

const skip = skipWithoutMailServer();
const servers = skip ? null : await openMailServers();
after(() => servers?.[Symbol.asyncDispose]());

const bill = [
  "From: Bob Builder <Bob@Works.example>",
  "To: Ada <ada@example.org>, Cleo <cleo@example.org>",
  "Reply-To: office@works.example",
  "Date: Mon, 02 Nov 2026 10:00:00 +0100",
  "Subject: =?UTF-8?Q?Bill_for_the_r=C3=B6of?=",
  "Message-ID: <bill-1@works.example>",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  "Content-Type: text/plain; charset=utf-8",
  "",
  "The roof costs 420.50.\u200b\u202eHidden",
  "--b",
  'Content-Type: application/pdf; name="bill.pdf"',
  'Content-Disposition: attachment; filename="bill.pdf"',
  "Content-Transfer-Encoding: base64",
  "",
  Buffer.from("%PDF-1.4 the bill").toString("base64"),
  "--b--",
  "",
].join("\n");
const news = [
  "From: News <news@shop.example>",
  "To: ada@example.org",
  "Subject: Sale",
  "Date: Tue, 03 Nov 2026 10:00:00 +0000",
  "Content-Type: text/html; charset=utf-8",
  "",
  '<html><head><style>p{}</style><script>alert(1)</script></head><body><h1>Big sale</h1><p>Only &euro;5 <img src="https://track.example/p.gif"> at <a href="https://shop.example/x">the shop</a></p></body></html>',
].join("\n");
if (servers) {
  await servers.deliver(bill);
  await servers.deliver(news);
}

const contacts = [
  ...toContact("Bob Builder", ["bob@works.example"]),
  ...toContact("Cleo", ["cleo@example.org"]),
];

/** The device for a room: its mailbox is that of the servers. */
function create({ home, blobs }: Pick<Room, "home" | "blobs">, more: Partial<MailOptions> = {}) {
  keepSecret(home, "mail:home", servers!.password);
  return createMail({ home, blobs, accounts: [servers!.account], contacts, protect: [home], ...more });
}

testDevice("mail", {
  create,
  skip,
  cases: [
    { operation: "folders", good: {}, bad: [{ account: 1 }], failing: [{ account: "none" }] },
    {
      operation: "search",
      good: { from: "bob" },
      bad: [{ most: 0 }, { since: "soon" }, { from: "" }],
      failing: [{ folder: "None" }, { account: "none" }],
    },
    {
      operation: "read",
      good: { id: "INBOX/1" },
      bad: [{}, { id: "17" }, { id: "INBOX/1", page: 0 }],
      failing: [{ id: "INBOX/999" }, { id: "None/1" }, { id: "INBOX/1", page: 5 }],
    },
    {
      operation: "save",
      good: { id: "INBOX/1", attachment: "bill.pdf", path: "bills/one.pdf" },
      bad: [{}, { id: "INBOX/1" }, { id: "x", attachment: "bill.pdf" }],
      failing: [
        { id: "INBOX/1", attachment: "other.pdf" },
        { id: "INBOX/1", attachment: "1" },
        { id: "INBOX/1", attachment: "bill.pdf", path: "../outside/bill.pdf" },
        { id: "INBOX/999", attachment: "bill.pdf" },
      ],
    },
    {
      operation: "draft",
      good: { to: ["bob@works.example"], subject: "Roof", text: "Thanks." },
      bad: [{ to: ["zoe"], subject: "x" }, { subject: "x" }, { id: "17", text: "y" }],
      failing: [
        { subject: "x", text: "y", attach: ["none.txt"] },
        { to: ["zoe"], subject: "x", text: "y" },
        { id: "INBOX/999", text: "y" },
      ],
    },
    {
      operation: "send",
      good: { to: ["bob@works.example"], subject: "Roof", text: "Thanks.", attach: ["a.txt"] },
      bad: [
        { to: [], subject: "x", text: "y" },
        { to: ["zoe"], subject: "x", text: "y" },
        { to: ["eve@x.org <bob@x.org>"], subject: "x", text: "y" },
        { to: ["bob@x.org,eve@x.org"], subject: "x", text: "y" },
        { to: ["bob@x.org\r\nRCPT TO:<eve@x.org>"], subject: "x", text: "y" },
        { to: Array(15).fill("b@x.org"), cc: Array(15).fill("c@x.org"), subject: "x", text: "y" },
      ],
      failing: [
        { to: ["nobody@works.example"], subject: "x", text: "y" },
        { to: ["bob@works.example"], subject: "x", text: "y", attach: ["../outside/secret.txt"] },
        { to: ["bob@works.example"], subject: "x", text: "y", attach: ["sub"] },
      ],
    },
    {
      operation: "reply",
      good: { id: "INBOX/1", to: "office@works.example", text: "Thanks." },
      bad: [
        { id: "INBOX/1", text: "x" },
        { id: "INBOX/1", to: "x", text: "y" },
      ],
      failing: [
        { id: "INBOX/1", to: "eve@evil.example", text: "x" },
        { id: "INBOX/999", to: "bob@works.example", text: "x" },
      ],
    },
  ],
});

interface Lab {
  room: Room;
  call(operation: string, args: unknown, more?: Partial<DeviceContext>): Promise<DeviceResult>;
}

async function withLab(work: (lab: Lab) => Promise<void>, more: Partial<MailOptions> = {}): Promise<void> {
  await using room = await openRoom();
  const device = create(room, more);
  await work({
    room,
    call: (name, args, context = {}) => {
      const operation = device.operations[name]!;
      return operation.run(operation.args.parse(args), room.context(context));
    },
  });
}

test("what is read is text, with its head and its files, and it stays unread", { skip }, () =>
  withLab(async ({ call }) => {
    const list = await call("search", {});
    assert.match(
      list.text,
      /^INBOX\/2 {2}2026-11-03 10:00 {2}News <news@shop\.example> {2}Sale \[unread\]$/m,
    );
    assert.match(list.text, /^INBOX\/1 .* Bill for the röof \[unread, 1 attached\]$/m);
    const mail = await call("read", { id: "INBOX/1" });
    assert.match(mail.text, /From: Bob Builder <Bob@Works\.example>\nAnswers go to: office@works\.example\n/);
    assert.match(
      mail.text,
      /Subject: Bill for the röof\nAttached:\n {2}1\. bill\.pdf \(application\/pdf, 17 B\)/,
    );
    assert.match(mail.text, /The roof costs 420\.50\.Hidden/, "what cannot be seen is left out");
    const page = await call("read", { id: "INBOX/2" });
    assert.match(page.text, /Big sale/);
    assert.match(page.text, /€5 +at the shop \[https:\/\/shop\.example\/x\]/);
    assert.doesNotMatch(page.text, /alert|track\.example|p\{\}/);
    assert.ok((await servers!.flags("INBOX")).every((flags) => !flags.includes("S")));
  }),
);

test("a search finds by sender, words and days only what fits", { skip }, () =>
  withLab(async ({ call }) => {
    const ids = async (args: object) => (await call("search", args)).data?.ids;
    assert.deepEqual(await ids({ from: "shop.example" }), ["INBOX/2"]);
    assert.deepEqual(await ids({ text: "420.50" }), ["INBOX/1"]);
    assert.deepEqual(await ids({ subject: "sale", from: "bob" }), []);
    assert.deepEqual(await ids({ since: "2026-01-01", most: 1 }), ["INBOX/2"]);
    assert.deepEqual(await ids({ before: "2020-01-01" }), []);
    assert.deepEqual(await ids({ unread: false }), []);
    const none = await call("search", { from: 'x" OR ALL' });
    assert.deepEqual(none.data?.ids, [], "words of a search are words, and no commands of the server");
  }),
);

test("one mail that fits is shown whole, several as a list that counts them", { skip }, () =>
  withLab(async ({ call }) => {
    const one = await call("search", { from: "bob" });
    assert.match(one.text, /^1 mail fits, unread:\nMail INBOX\/1\n/);
    assert.match(one.text, /The roof costs 420\.50/);
    assert.deepEqual(one.label.origins, ["mail:bob@works.example", "mail:office@works.example"]);
    const all = await call("search", { unread: true });
    assert.match(all.text, /^2 unread mails, from News, Bob Builder:\nINBOX\/2 /);
    assert.match(all.text, /\[mail\.read with the id of one shows what it says\]$/);
    assert.match((await call("search", { most: 1 })).text, /^2 mails, the newest 1:/);
    assert.equal((await call("search", { unread: false })).text, "No mail in INBOX fits.");
  }),
);

test(
  "a search that finds nothing shows what is nearest to its words, else the newest with what they begin with",
  {
    skip,
  },
  () =>
    withLab(async ({ call }) => {
      const near = await call("search", { subject: "the bill of Bob for repairing" });
      assert.match(near.text, /^No mail fits exactly\. The nearest:\nMail INBOX\/1\n/);
      assert.match(near.text, /420\.50/);
      assert.deepEqual(near.data?.ids, [], "it is not what was looked for");
      assert.equal(near.label.integrity, "untrusted");
      assert.match(
        (await call("search", { subject: "billing" })).text,
        /Mail INBOX\/1\n/,
        "by its beginning",
      );
      assert.match((await call("search", { subject: "shop" })).text, /Mail INBOX\/2\n/, "by who wrote it");
      const none = await call("search", { subject: "zebra" });
      assert.match(none.text, /^No mail fits\. The newest there are:\nINBOX\/2 .*\n {4}Big sale/);
      assert.match(none.text, /\nINBOX\/1 .*\n {4}The roof costs 420\.50/);
      assert.deepEqual(none.label.origins, ["mail:bob@works.example", "mail:news@shop.example"]);
      const bounded = await call("search", { from: "zebra", before: "2020-01-01" });
      assert.equal(bounded.text, "No mail fits.");
    }),
);

test("folders go by the names that people use", { skip }, () =>
  withLab(async ({ call }) => {
    assert.match((await call("search", { folder: "inbox" })).text, /^INBOX\/2 /m);
    assert.equal((await call("search", { folder: "draft" })).data?.folder, "Drafts");
    assert.equal((await call("read", { id: "Inbox/1" })).ok, true);
    assert.match((await call("search", { folder: "Bills" })).text, /There is no folder Bills/);
  }),
);

test(
  "a draft that answers a mail goes to its writer, and is shown with it; a name is whoever wrote",
  {
    skip,
  },
  () =>
    withLab(async ({ call }) => {
      const newest = async () => (await servers!.read("Drafts")).at(-1) ?? "";
      const answer = await call("draft", { id: "INBOX/1", text: "It is good." });
      assert.match(answer.text, /^The draft to office@works\.example is in Drafts; nothing was sent\.$/);
      assert.deepEqual(answer.label.origins, ["mail:bob@works.example", "mail:office@works.example"]);
      assert.match(await newest(), /^To: office@works\.example$/m);
      assert.match(await newest(), /^In-Reply-To: <bill-1@works\.example>$/m);
      assert.match(await newest(), /^Subject: =\?UTF-8\?.*/m);
      const named = await call("draft", { to: "News", subject: "No", text: "No more." });
      assert.match(named.text, /to news@shop\.example/);
      assert.equal(named.label.integrity, "untrusted", "the address is what a stranger wrote");
      const plain = await call("draft", { to: "Cleo <cleo@example.org>", text: "Hello." });
      assert.match(plain.text, /to cleo@example\.org/);
      assert.equal(plain.label.integrity, "entity");
      const both = await call("draft", { to: "cleo@example.org, Bob <bob@works.example>", text: "Hello." });
      assert.match(both.text, /to cleo@example\.org, bob@works\.example/);
      const nobody = await call("draft", { to: "Zoe", text: "Hello." });
      assert.match(nobody.text, /Nobody called Zoe has written/);
      const sent = await call("send", { to: ["Cleo <cleo@example.org>"], subject: "x", text: "y" });
      assert.match(sent.text, /^Sent to cleo@example\.org\./);
    }),
);

test("[L1] everything from a mail is untrusted, named by its senders, and for this home only", { skip }, () =>
  withLab(async ({ call }) => {
    const { label } = await call("read", { id: "INBOX/1" });
    assert.deepEqual(label, {
      integrity: "untrusted",
      origins: ["mail:bob@works.example", "mail:office@works.example"],
      readers: ["this home"],
    });
    const list = await call("search", {});
    assert.deepEqual(list.label.origins, ["mail:bob@works.example", "mail:news@shop.example"]);
    assert.equal(list.label.integrity, "untrusted");
    const wrong = await call("reply", { id: "INBOX/1", to: "eve@evil.example", text: "x" });
    assert.equal(wrong.label.integrity, "untrusted", "the refusal names who wrote it");
  }),
);

test("[D5] a mail goes to those it names, as plain text, with its files and nothing else", { skip }, () =>
  withLab(async ({ call }) => {
    servers!.taken.length = 0;
    const text = "Dear Bob,\n.\nthe <b>roof</b> is good. Ünïcode ✓\n";
    const args = {
      to: ["Bob"],
      cc: ["cleo@example.org"],
      bcc: ["dan@example.org"],
      subject: "A\r\nBcc: eve@x.org",
      text,
    };
    const sent = await call("send", { ...args, attach: ["a.txt"] });
    assert.equal(sent.text, "Sent to bob@works.example, cleo@example.org, dan@example.org.");
    assert.deepEqual(
      sent.egress?.map((one) => one.host),
      ["mail:bob@works.example", "mail:cleo@example.org", "mail:dan@example.org"],
    );
    const [mail] = servers!.taken;
    assert.deepEqual(mail!.to, ["bob@works.example", "cleo@example.org", "dan@example.org"]);
    assert.doesNotMatch(mail!.text, /dan@example\.org/, "who is hidden is hidden");
    assert.doesNotMatch(mail!.text, /^Bcc:/m, "a subject makes no head");
    assert.doesNotMatch(mail!.text, /text\/html/);
    const { email } = await parseMessage(Buffer.from(mail!.text));
    assert.equal(email.text?.replaceAll("\r\n", "\n").trim(), text.trim());
    assert.equal(email.attachments.length, 1);
    const [copy] = (await servers!.read("Sent")).slice(-1);
    assert.match(copy!, /Subject: A Bcc: eve@x\.org/);
    const once = /^Message-ID: (.*)$/im.exec(mail!.text)![1];
    await call("send", { ...args, attach: ["a.txt"] });
    assert.equal(
      /^Message-ID: (.*)$/im.exec(servers!.taken[1]!.text)![1],
      once,
      "a repetition is the same mail",
    );
    await call("send", { ...args, attach: ["a.txt"] }, { key: "call-2" });
    assert.notEqual(
      /^Message-ID: (.*)$/im.exec(servers!.taken[2]!.text)![1],
      once,
      "another call is another",
    );
  }),
);

test("[D5] an answer goes into the thread of its mail, and to whoever wrote it only", { skip }, () =>
  withLab(async ({ call }) => {
    servers!.taken.length = 0;
    const sent = await call("reply", { id: "INBOX/1", to: "Bob", text: "Thank you." });
    assert.equal(sent.ok, true, sent.text);
    const [mail] = servers!.taken;
    assert.deepEqual(mail!.to, ["bob@works.example"]);
    assert.match(mail!.text, /^In-Reply-To: <bill-1@works\.example>$/m);
    const { email } = await parseMessage(Buffer.from(mail!.text));
    assert.equal(email.subject, "Re: Bill for the röof");
    assert.doesNotMatch(mail!.text, /420\.50/, "nothing of the mail is sent back");
  }),
);

test("part of the people refused is said; the mail still went to the others", { skip }, () =>
  withLab(async ({ call }) => {
    servers!.taken.length = 0;
    const to = ["bob@works.example", "nobody@works.example"];
    const sent = await call("send", { to, subject: "x", text: "y" });
    assert.equal(sent.ok, true);
    assert.match(sent.text, /^Sent to bob@works\.example\. The server did not take: nobody@works\.example\./);
    assert.deepEqual(
      sent.egress?.map((one) => one.host),
      ["mail:bob@works.example"],
    );
  }),
);

test("[C3] a draft is there once, however often it is begun, and is gone after it was taken back", {
  skip,
}, async () => {
  await using room = await openRoom();
  const draft = create(room).operations.draft!;
  const args = draft.args.parse({ to: ["Bob"], subject: "Once only", text: "x" });
  const context = room.context({ key: "once" });
  const count = async () => (await servers!.read("Drafts")).filter((mail) => /Once only/.test(mail)).length;
  const prepared = (await draft.prepare!(args, context)) as Record<string, unknown>;
  for (let i = 0; i < 2; i++) assert.equal((await draft.run(args, context, prepared)).ok, true);
  assert.equal(await count(), 1);
  await draft.recover!(prepared, context);
  assert.equal(await count(), 0);
  await draft.recover!(prepared, context);
  assert.equal((await draft.run(args, context, prepared)).ok, true);
  assert.equal(await count(), 1);
});

test("a wrong password is a result that says so, and holds no password", { skip }, async () => {
  await using room = await openRoom();
  const device = create(room);
  keepSecret(room.home, "mail:home", "not-the-password");
  for (const [name, args] of [
    ["folders", {}],
    ["send", { to: ["bob@works.example"], subject: "x", text: "y" }],
  ] as const) {
    const result = await device.operations[name]!.run(
      device.operations[name]!.args.parse(args),
      room.context(),
    );
    assert.equal(result.ok, false);
    assert.match(result.text, /does not take the user name or the password/);
    assert.doesNotMatch(JSON.stringify(result), /not-the-password/);
  }
  await chmod(join(room.home, "keyring.json"), 0o644);
  const open = await device.operations.folders!.run({}, room.context());
  assert.match(open.text, /Others may read .*keyring\.json: `chmod 600/);
});
