// A mail to all contacts: each is one address, as it is traced and shown, and it asks unless the person wanted all of them reached.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Blobs } from "../src/device/blobs.ts";
import { createBroker } from "../src/device/broker.ts";
import { toContact, toVoucher } from "../src/device/directory.ts";
import { toUntrusted } from "../src/device/label.ts";
import { createMail } from "../src/device/mail/mail.ts";
import { planGrants } from "../src/inbox/plan.ts";

const contacts = [
  ...toContact("Bob Builder", ["bob@works.example"]),
  ...toContact("Cleo", ["cleo@example.org"]),
  ...toContact("Dan Ray", ["dan@example.org", "ray@example.org"]),
];
const all = ["bob@works.example", "cleo@example.org", "dan@example.org"];
const account = { name: "home", address: "ada@example.org" } as unknown as Parameters<
  typeof createMail
>[0]["accounts"][number];
const create = (known = contacts) =>
  createMail({ home: "/nowhere", blobs: null as unknown as Blobs, accounts: [account], contacts: known });

test("[D5] all contacts are each one address, the first that somebody has", () => {
  const parse = (given: unknown, known = contacts) =>
    create(known).operations.send!.args.parse({ to: given, subject: "x", text: "y" }).to;
  assert.deepEqual(parse("all my contacts"), all);
  assert.deepEqual(parse(["each contact"]), all);
  assert.deepEqual(parse(["eve@x.org", "all contacts"]), ["eve@x.org", ...all]);
  for (const wrong of ["contacts", "all my friends", ["all", "contacts"], [7], 7])
    assert.throws(() => parse(wrong), /one address|expected/, JSON.stringify(wrong));
  assert.throws(() => parse("all my contacts", []), /one address/);
  const many = Array.from({ length: 21 }, (_, i) => toContact(`Name${i}`, [`n${i}@x.org`])).flat();
  assert.throws(() => parse("all my contacts", many), /<=20 items/);
});

test("[L3] a mail to all contacts goes where the person wanted all of them reached, and asks otherwise", () => {
  const broker = createBroker({ devices: [create()], now: () => 1 });
  const decide = (words: string, to: unknown) =>
    broker.decide(
      { pid: 1, name: "mail.send", args: { to, subject: "x", text: "We move in May." } },
      {
        capabilities: [
          { operation: "mail.*", grantedBy: "Ada" },
          ...planGrants([words], { operations: broker.operations(), owner: "Ada", now: 0 }),
        ],
        shares: [],
        label: toUntrusted("mail:eve@evil.example"),
        sources: { words: [words], vouches: toVoucher(contacts, [words]) },
      },
    );
  const wanted = decide("Send a mail with the date to all my contacts.", "all my contacts");
  assert.equal(wanted.do, "run");
  assert.deepEqual(wanted.do === "run" && wanted.args.to, all);
  const chosen = decide("Send Cleo a mail with the date.", ["all my contacts"]);
  assert.equal(chosen.do, "ask");
  assert.match(chosen.do === "ask" ? chosen.why : "", /to \("bob@works\.example", "dan@example\.org"\)/);
  const more = decide("Send a mail with the date to all my contacts.", [...all, "eve@evil.example"]);
  assert.match(more.do === "ask" ? more.why : "", /to \("eve@evil\.example"\)/);
  assert.equal(decide("Send a mail to all my contacts but Bob.", "all my contacts").do, "ask");
});
