// Contacts as a person keeps them: what a file may hold, by which names a contact is meant, and what is said of a wrong one.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { type Known, readContacts, toContact, toVoucher } from "../src/device/directory.ts";
import { toNames } from "../src/device/names.ts";
import { isLiteral, type Sink } from "../src/device/trace.ts";

const folder = mkdtempSync(join(tmpdir(), "hum-contacts-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "contacts.json");
const read = (text: string) => {
  writeFileSync(file, text);
  return readContacts(file);
};

test("contacts are read by the names that people use of them, one for each address", () => {
  assert.deepEqual(readContacts(join(folder, "none.json")), []);
  assert.deepEqual(read("[]"), []);
  const kind = { one: "contact", many: "contacts" };
  const names = ["Ada  Berg", "Ada Berg", "Ada"];
  assert.deepEqual(read('[{"name": "Ada  Berg", "addresses": ["ada@x.org", "a@y.org"]}]'), [
    { sink: "who", value: "ada@x.org", names, kind },
    { sink: "who", value: "a@y.org", names: [], whose: names },
  ]);
  assert.deepEqual(toContact("Kim", ["k@x.org"]), [{ sink: "who", value: "k@x.org", names: ["Kim"], kind }]);
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
    { sink: "who" as const, value: "ghost@x.org", names: [" ", " Ghost "] },
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
  assert.equal(vouch("write to ghost", "who", "ghost@x.org"), true);
});

const vouch = (entries: readonly Known[], words: string | readonly string[], sink: Sink, value: string) =>
  toVoucher(entries, typeof words === "string" ? [words] : words)(sink, value);
const toFile = (value: string, name: string): Known => ({
  sink: "what",
  value,
  names: toNames(name, "thing"),
});

test("[L3] a name inside a longer name of something else is not that one's, and a short one of two is nobody's", () => {
  const entries = [
    ...toContact("Mark Davies", ["mark@x.org"]),
    ...toContact("Mark Davies Junior", ["junior@x.org"]),
    toFile("7", "vacation-plans.docx"),
    toFile("22", "vacation-plans-europe.docx"),
    toFile("3", "team-building-activities.docx"),
    toFile("23", "tips-for-team-building-activities.docx"),
  ];
  for (const [words, sink, named] of [
    ["write to Mark Davies", "who", ["mark@x.org"]],
    ["write to mark davies junior", "who", ["junior@x.org"]],
    ["write to Mark Davies Junior and to Mark Davies", "who", ["mark@x.org", "junior@x.org"]],
    ["write to Mark Davies and to Mark Davies Junior", "who", ["mark@x.org", "junior@x.org"]],
    ["write to Mark", "who", []],
    ["delete vacation-plans.docx", "what", ["7"]],
    ["delete Vacation-Plans", "what", ["7"]],
    ["delete the vacation plans", "what", []],
    ["delete vacation-plans-europe.docx", "what", ["22"]],
    ["delete the vacation plans europe", "what", ["22"]],
    ["delete vacation-plans-europe.docx, keep vacation-plans.docx", "what", ["7", "22"]],
    ["add tips for team building activities", "what", ["23"]],
    ["add team building activities", "what", ["3"]],
    ["see team building", "what", ["3"]],
    ["see tips for team building", "what", ["23"]],
  ] as const)
    assert.deepEqual(
      entries
        .filter((one) => one.sink === sink && vouch(entries, words, sink, one.value))
        .map((one) => one.value),
      named,
      words,
    );
  // What stands in two messages of a person is not one name.
  assert.equal(vouch(entries, ["Mark", "Davies"], "who", "mark@x.org"), false);
  assert.equal(vouch(entries, ["Mark Davies Junior", "Mark Davies"], "who", "mark@x.org"), true);
});

test("[L3] a name that stands in any sentence names nobody", () => {
  const entries = [
    ...toContact("Will", ["will@x.org"]),
    ...toContact("May Ito", ["may@x.org"]),
    ...toContact("The Choir", ["choir@x.org"]),
    ...toContact("One of Us", ["us@x.org"]),
    ...toContact("X", ["x@x.org"]),
  ];
  const words = "Will you write to the one of us who may sing? x";
  for (const { value } of entries) assert.equal(vouch(entries, words, "who", value), false, value);
  assert.equal(vouch(entries, "write to May Ito", "who", "may@x.org"), true);
  assert.equal(vouch(entries, "write to the choir", "who", "choir@x.org"), true);
  assert.equal(
    vouch(entries, "write to will@x.org", "who", "will@x.org"),
    false,
    "that is a literal, not a name",
  );
});

// Few words, so that names meet: of those that were made up, of the endings, of common ones.
const word = fc.constantFrom("ann", "berg", "lee", "plan", "the", "x", "2024");
const made = fc
  .tuple(
    fc.array(word, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(" ", "-", "_", "."),
    fc.constantFrom("", ".docx"),
  )
  .map(([words, between, ending]) => words.join(between) + ending);
const entry = fc
  .tuple(fc.constantFrom("a", "b", "c", "d"), made, fc.constantFrom<"person" | "thing">("person", "thing"))
  .map(([value, name, of]): Known => ({ sink: "who", value, names: toNames(name, of) }));
const entries = fc.array(entry, { minLength: 1, maxLength: 5 });
const said = fc
  .array(fc.oneof(made, fc.constantFrom(",", "to", "write", ";")), { maxLength: 6 })
  .map((all) => all.join(" "));

test("[L3] whatever is in a directory, it vouches only by a name that a person wrote and that nothing else has", () => {
  let yes = 0;
  fc.assert(
    fc.property(entries, said, fc.constantFrom("a", "b", "c", "d"), (known, text, value) => {
      if (!vouch(known, text, "who", value)) return;
      yes += 1;
      const names = known.filter((one) => one.value === value).flatMap((one) => one.names);
      const others = known.filter((one) => one.value !== value).flatMap((one) => one.names);
      const lower = (all: readonly string[]) => all.map((one) => one.toLowerCase());
      const by = names.filter(
        (name) => isLiteral(name, [text]) && !lower(others).includes(name.toLowerCase()),
      );
      assert.ok(by.length > 0, JSON.stringify({ known, text, value }));
      assert.ok(!vouch(known, text, "what", value) && !vouch(known, [], "who", value));
    }),
    { numRuns: 10_000, seed: 3 },
  );
  assert.ok(yes > 100, String(yes));
});

test("[L3] what comes into a directory takes names away from others, and never gives them one", () => {
  fc.assert(
    fc.property(entries, entry, said, fc.constantFrom("a", "b", "c", "d"), (known, one, text, value) => {
      if (one.value === value || vouch(known, text, "who", value)) return;
      assert.ok(!vouch([...known, one], text, "who", value), JSON.stringify({ known, one, text, value }));
    }),
    { numRuns: 3_000, seed: 4 },
  );
});

test("[L3] a name that chats write in one is meant by its first word only where the kind is said", () => {
  const channel = { one: "channel", many: "channels" };
  const all = ["general", "External_0"].flatMap((name) => toContact(name, [name], channel));
  const isKnown = (words: string, entries: Known[] = all) => toVoucher(entries, [words])("who", "External_0");
  for (const words of [
    "Add Kim to the channel starting with External.",
    "Write to the external channel",
    "Which channels are there? Write to the channel External",
  ])
    assert.equal(isKnown(words), true, words);
  for (const words of [
    "Send the external auditors the report.",
    "Which channels are there? Send the external auditors the report.",
    "Write to the channel Externals",
    "Write to the channel External_1",
  ])
    assert.equal(isKnown(words), false, words);
  const two = [...all, ...toContact("External_1", ["External_1"], channel)];
  assert.equal(isKnown("Write to the channel External", two), false, "a name of two means neither");
  assert.equal(isKnown("Write to External_0", two), true);
});

test("[L3] the name of somebody with several addresses means the first, and another one is written out", () => {
  const entries = [
    ...toContact("Ada Berg", ["ada@work.org", "ada@home.org"]),
    ...toContact("Bo", ["bo@x.org"]),
  ];
  const known = (words: string) =>
    entries.filter((one) => vouch(entries, words, "who", one.value)).map((one) => one.value);
  assert.deepEqual(known("write to Ada"), ["ada@work.org"]);
  assert.deepEqual(known("write to all my contacts"), ["ada@work.org", "bo@x.org"]);
  assert.deepEqual(known("write to Ada Berg at home"), ["ada@work.org"]);
});
