// By which names people speak of a thing: what is made of the name that it has, and what is too common to be one.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isCommon, toNames, toNick } from "../src/device/names.ts";

test("a person is named by the whole name and the first word", () => {
  for (const [name, names] of [
    ["Mark Davies", ["Mark Davies", "Mark"]],
    ["Kim", ["Kim"]],
    ["mark_davies", ["mark_davies", "mark davies"]],
    [" Ada  Berg", [" Ada  Berg", "Ada Berg", "Ada"]],
    ["Jean-Luc Picard", ["Jean-Luc Picard", "Jean Luc Picard", "Jean-Luc"]],
    ["J. Smith", ["J. Smith", "J Smith"]],
    ["Dr. Ito", ["Dr. Ito", "Dr Ito"]],
    ["The Choir", ["The Choir"]],
    ["Bo Lang", ["Bo Lang", "Bo"]],
    ["report.txt", ["report.txt", "report txt"]],
    ["\u738b\u82b3", ["\u738b\u82b3"]],
    ["Will", ["Will"]],
  ] as const)
    assert.deepEqual(toNames(name, "person"), names, name);
});

test("a thing is named by the whole name, without its ending, and by two leading words that are not common", () => {
  for (const [name, names] of [
    [
      "grocery-list-today.docx",
      ["grocery-list-today.docx", "grocery-list-today", "grocery list today", "grocery list"],
    ],
    ["feedback.xlsx", ["feedback.xlsx"]],
    ["the-plan.txt", ["the-plan.txt"]],
    ["budget_2024.xlsx", ["budget_2024.xlsx", "budget_2024", "budget 2024"]],
    ["2024-05-08_meeting.docx", ["2024-05-08_meeting.docx", "2024-05-08_meeting", "2024 05 08 meeting"]],
    ["Lunch with Sarah", ["Lunch with Sarah"]],
    ["One-on-One with Manager", ["One-on-One with Manager"]],
    ["Team Sync", ["Team Sync"]],
    [
      "Dinner with Blue Sparrow Tech",
      ["Dinner with Blue Sparrow Tech", "Dinner with Blue", "Dinner with Blue Sparrow"],
    ],
    [".env", [".env"]],
    ["a.b", ["a.b"]],
    ["archive.tar.gz", ["archive.tar.gz", "archive.tar", "archive tar"]],
    ["", [""]],
  ] as const)
    assert.deepEqual(toNames(name, "thing").sort(), [...names].sort(), name);
  const long = Array.from({ length: 40 }, (_, i) => `word${i}`).join(" ");
  assert.equal(toNames(long, "thing").length, 6, "the whole, and from two to six words");
});

test("what chats write in one has a first word, unless that is a name already or none at all", () => {
  for (const [name, nick] of [
    ["External_0", "External"],
    ["mark_davies", "mark"],
    ["Mark Davies", null],
    ["general", null],
    ["the_team", null],
    ["_x", null],
    ["", null],
  ] as const)
    assert.equal(toNick(name), nick, name);
});

test("common words and single letters are no name", () => {
  for (const name of [
    "",
    " ",
    "***",
    "The",
    "will",
    "X",
    "7",
    "Dr.",
    "the one of us",
    "May I",
    "who",
    "nothing",
    "in",
    "before",
    "were",
    "gets",
    "today",
    "Aunt",
    "\u674e",
  ])
    assert.equal(isCommon(name), true, name);
  for (const name of ["Bo", "Mark", "The Choir", "Q1", "\u738b\u82b3", "Zo\u00eb", "42"])
    assert.equal(isCommon(name), false, name);
});

test("each name is made of the words of the whole one, from the first on", () => {
  const words = (text: string) => text.split(/[-_.\s]+/).filter((one) => one !== "");
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 40 }),
      fc.constantFrom("person", "thing"),
      (name, of) => {
        const whole = words(name);
        const names = toNames(name, of as "person" | "thing");
        assert.equal(names[0], name);
        assert.ok(names.length <= 9, String(names.length));
        for (const one of names) assert.deepEqual(words(one), whole.slice(0, words(one).length), one);
        for (const one of names.slice(1)) assert.ok(!isCommon(one), one);
      },
    ),
    { numRuns: 2_000, seed: 5 },
  );
});
