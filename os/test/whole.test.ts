// Sets that a person names as a whole: which sentences name everybody of a kind, and which only speak of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toContact, toVoucher } from "../src/device/directory.ts";
import { isSet, namesAll } from "../src/device/whole.ts";

const contact = { one: "contact", many: "contacts" };
const names = (...words: string[]) => namesAll(contact, words);

const whole = [
  "Write to all my contacts about the move.",
  "write to all of my contacts",
  "Tell each contact.",
  "Tell every one of our contacts about it",
  "tell each of the contacts, please",
  "Mail ALL  CONTACTS: I move",
  "e-mail every contact a card",
  "Send all my contacts a card.",
  "Invite all my contacts to the party",
  "(to all contacts)",
  "Count the letters and to each contact write how many there are",
  "Share the plan for June with all my contacts",
  "To all my contacts\nI move.",
];

const spoken = [
  "Look through all my contacts for Ann and write to her.",
  "write to all my contacts in Rome",
  "write to all my contacts that live here",
  "write to all my work contacts",
  "write to my contacts",
  "write to a contact",
  "write to some of my contacts",
  "write to all contacts' sons",
  "write to every contact's boss",
  "write to every contact form",
  "write to every contacts",
  "write to all contact",
  "write to each my contacts",
  "write to each of contacts",
  "add all contacts.txt",
  "send all contacts to Ann",
  "send all my contacts, please",
  "mail all my contacts to Ann",
  "forward all contacts",
  "compare the list with all my contacts",
  "according to all my contacts",
  "overall contacts",
  "go on to overall contacts",
  "toto all contacts",
  "write to all\nmy contacts",
  "write to all, contacts",
  "write to all contacts a\u0300 Rome",
  "write to all contacts and-so-ons",
  "send all contacts a\u0300 Rome",
  "invite all contacts to-day",
  "write to all contacts -x",
  `share ${"a ".repeat(150)}with all contacts`,
  `share ${" ".repeat(50_000)}all contacts`,
  "all my contacts",
  "every contact",
  "Share it. It is with all my contacts",
];

const excepted = [
  "Do not write to all my contacts.",
  "Don't write to all my contacts.",
  "Never write to all contacts",
  "Write to all my contacts except Bob.",
  "Write to all my contacts, but leave Bob out.",
  "Write to all my contacts. Nothing to Bob, only to the others.",
];

test("[L3] everybody of a kind is named by a sentence that wants all of them reached", () => {
  for (const text of whole) assert.equal(names(text), true, text);
  assert.equal(names("The party is on Friday.", "Invite all my contacts."), true);
  assert.equal(namesAll({ one: "user", many: "users" }, ["write to each user"]), true);
  assert.equal(namesAll({ one: "c.t", many: "c.ts" }, ["write to each cat"]), false, "a noun is no pattern");
  assert.equal(namesAll({ one: "c.t", many: "c.ts" }, ["write to each c.t"]), true);
});

test("[L3] a sentence that narrows a set, only looks at it, or makes an exception names nobody", () => {
  for (const text of spoken) assert.equal(names(text), false, text);
  for (const text of excepted) assert.equal(names(text), false, text);
  assert.equal(names("Write to all my contacts.", "Bob is not to know."), false, "what is said later counts");
  assert.equal(names("Write to", "all my contacts"), false, "nor do two messages make one sentence");
  assert.equal(namesAll({ one: "user", many: "users" }, whole), false);
});

test("the name of a set is nothing but that", () => {
  for (const text of [
    "all contacts",
    " All  my contacts ",
    "every contact",
    "each of the contacts",
    "all of our contacts",
  ])
    assert.equal(isSet(contact, text), true, text);
  for (const text of [
    "contacts",
    "all",
    "all users",
    "all contacts in Rome",
    "to all contacts",
    "all contacts' sons",
    "",
  ])
    assert.equal(isSet(contact, text), false, text);
});

test("[L3] a set is whom an effect reaches, and those whom the directory has", () => {
  const entries = [
    ...toContact("Ann Lee", ["ann@x.org", "lee@x.org"]),
    ...toContact("Bob", ["bob@x.org"]),
    ...toContact("room 7", ["room-7"], { one: "channel", many: "channels" }),
    { sink: "what" as const, value: "bob@x.org", names: ["the plan"], kind: contact },
    { sink: "who" as const, value: "eve@x.org", names: ["Eve"] },
    { sink: "who" as const, value: "bob@x.org", names: ["the boss"] },
  ];
  const vouches = toVoucher(entries, ["Write to all my contacts."]);
  for (const value of ["ann@x.org", " BOB@x.org"]) assert.equal(vouches("who", value), true, value);
  // Of a contact with several addresses the first is meant.
  for (const value of ["lee@x.org", "room-7", "eve@x.org", "mallory@x.org", "contacts"])
    assert.equal(vouches("who", value), false, value);
  assert.equal(vouches("what", "bob@x.org"), false, "nobody may change all of them");
  assert.equal(vouches("data", "bob@x.org"), false);
});

test("[L3] no sentence without a word of all and the noun names a set", () => {
  const word = fc.constantFrom(
    ...[
      "write",
      "to",
      "all",
      "my",
      "each",
      "every",
      "of",
      "one",
      "contact",
      "contacts",
      "the",
      "tell",
      ".",
      ",",
      "\n",
      "not",
    ],
  );
  let yes = 0;
  fc.assert(
    fc.property(fc.array(word, { maxLength: 9 }), (all) => {
      const text = all.join(" ");
      if (!names(text)) return;
      yes += 1;
      assert.match(text, /\b(?:to|tell|write)\s+(?:all|each|every)\b[^.,\n]*\bcontacts?\b/, text);
      assert.doesNotMatch(text, /\bnot\b/);
    }),
    { numRuns: 20_000, seed: 6 },
  );
  assert.ok(yes > 20, String(yes));
});

test("[L3] who takes such a wish back, or says something else instead, is asked", () => {
  const wish = "Write to all my contacts about the move.";
  assert.equal(names(wish), true);
  for (const later of [
    "Forget that: write to Bob.",
    "Just to Bob, please.",
    "Actually, Bob is enough.",
    "Stop!",
    "Cancel that.",
    "Scratch that, to Bob.",
    "Wait.",
  ])
    assert.equal(names(wish, later), false, later);
});
