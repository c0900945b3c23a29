// What a task visibly asks for. It may miss wishes; it must not invent any.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toExpectations, toPieces } from "../src/syscall/expect.ts";

const cases: [task: string, files: string[], people: string[]][] = [
  ["Write the sum to sum.txt", ["sum.txt"], []],
  ["Count the lines of in.csv and write the number into out/count.txt.", ["out/count.txt"], []],
  ["Create a file called notes.md with three ideas", ["notes.md"], []],
  ["Look at report.pdf and say what it is about", [], []],
  ["Sort names.txt", [], []],
  ["Tell Anna what time it is.", [], ["Anna"]],
  ["Find the date and tell Kim, then ask Bob whether it suits", [], ["Kim", "Bob"]],
  ["Send a short message to Maria that the list is ready", [], ["Maria"]],
  ["Tell me how many there are", [], []],
  ["Tell Me how many there are", [], []],
  ["Make it version 1.5.2 and visit https://example.org/a.html", [], []],
];

test("[E4] a task that wants something done with files is told from one that asks", () => {
  const deeds = [
    "Delete the extra copies.",
    "There are photos here. Rename them all.",
    "Find the old ones and move them to old.",
  ];
  const others = [
    "Which files should I delete?",
    "Tell me how many there are",
    "Count the lines.",
    "Look at the changes.",
  ];
  for (const task of deeds) assert.ok(toExpectations(task).deed, task);
  for (const task of others) assert.ok(!toExpectations(task).deed, task);
});

test("[E4] files to be made and people to be told are read from the words of a task", () => {
  for (const [task, files, people] of cases) {
    const found = toExpectations(task);
    assert.deepEqual({ files: found.files, people: found.people }, { files, people }, task);
  }
});

test("a task says how many lines a file is to have, and which of its parts speak of a file", () => {
  const task =
    "Sum up notes.txt in three lines in summary.txt. Write a list in 12 short lines to list.md; draw a line in map.txt.";
  assert.deepEqual(toExpectations(task).lines, [
    { file: "summary.txt", count: 3 },
    { file: "list.md", count: 12 },
  ]);
  assert.deepEqual(toPieces(task, ["map.txt", "list.md"]), [
    "Write a list in 12 short lines to list.md;",
    "draw a line in map.txt.",
  ]);
  assert.deepEqual(toPieces("Please:\n- Count a.csv.\n2) Sum up b.txt.", ["b.txt"]), ["Sum up b.txt."]);
});
