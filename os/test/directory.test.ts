// Contacts as a person keeps them: what a file may hold, by which names a contact is meant, and what is said of a wrong one.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readContacts, toContact, toVoucher } from "../src/device/directory.ts";

const folder = mkdtempSync(join(tmpdir(), "hum-contacts-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "contacts.json");
const read = (text: string) => {
  writeFileSync(file, text);
  return readContacts(file);
};

test("contacts are read by the whole name and its first word, one for each address", () => {
  assert.deepEqual(readContacts(join(folder, "none.json")), []);
  assert.deepEqual(read("[]"), []);
  assert.deepEqual(read('[{"name": "Ada  Berg", "addresses": ["ada@x.org", "a@y.org"]}]'), [
    { sink: "who", value: "ada@x.org", names: ["Ada  Berg", "Ada"] },
    { sink: "who", value: "a@y.org", names: ["Ada  Berg", "Ada"] },
  ]);
  assert.deepEqual(toContact("Kim", ["k@x.org"]), [{ sink: "who", value: "k@x.org", names: ["Kim"] }]);
});

test("a file that holds no contacts says what is wrong and what it should hold", () => {
  for (const [text, why] of [
    ["{", /JSON/],
    ["{}", /expected array/],
    ['[{"name": "", "addresses": ["a"]}]', /name|at \[0\]/],
    ['[{"name": "A", "addresses": []}]', /addresses/],
    ['[{"name": "A", "addresses": [""]}]', /addresses/],
    ['[{"name": "A", "addresses": ["a"], "more": 1}]', /more/],
    ['[{"name": "A"}]', /addresses/],
  ] as const)
    assert.throws(
      () => read(text),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, "damaged", text);
        assert.ok(error.message.startsWith(`${file} is no list of contacts: `), error.message);
        assert.match(error.message, why);
        assert.match(
          error.message,
          /It holds \[\{"name": "Ada Berg", "addresses": \["ada@example\.org"\]\}\]\.$/,
        );
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
});

test("[L3] a directory vouches for a value by a name that a person wrote, and only while it means one value", () => {
  const entries = [
    ...toContact("Ada Berg", ["ada@x.org"]),
    ...toContact("Bob Lee", ["bob@x.org"]),
    ...toContact("Bob Ray", ["ray@x.org"]),
    { sink: "what" as const, value: "room 7", names: ["the room", "Ada"] },
    { sink: "who" as const, value: "ghost@x.org", names: [" "] },
  ];
  const vouch = (words: string, sink: "who" | "what", value: string) =>
    toVoucher(entries, [words])(sink, value);
  assert.equal(vouch("write to Ada", "who", "ada@x.org"), true);
  assert.equal(vouch("write to ada berg", "who", " ADA@x.org "), true);
  assert.equal(vouch("write to Adam", "who", "ada@x.org"), false);
  assert.equal(vouch("write", "who", "ada@x.org"), false);
  assert.equal(vouch("write to Ada", "who", "bob@x.org"), false);
  assert.equal(vouch("write to Ada", "what", "ada@x.org"), false);
  // Two of one first name: neither by it, each by the whole.
  assert.equal(vouch("write to Bob", "who", "bob@x.org"), false);
  assert.equal(vouch("write to Bob Lee", "who", "bob@x.org"), true);
  assert.equal(vouch("write to Bob Lee", "who", "ray@x.org"), false);
  // A name of another kind of value does not matter.
  assert.equal(vouch("meet in the room", "what", "room 7"), true);
  assert.equal(vouch("a b", "who", "ghost@x.org"), false);
});
