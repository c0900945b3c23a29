// Programs as they are written: the head, and which worked examples fit a task.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromProgramText, pickExamples } from "../src/entity/program.ts";
import { toKinds } from "../src/syscall/rules.ts";

const text = `---
name: helper
description: helps
tools: [bash, done]
redundancy: 3
---
Do it.

# Example

## user
Count.

## assistant
Two.

# Example: person

## user
Tell Kim.

## assistant
Told.
`;

test("a program says how often a task may be done, once unless it says so", () => {
  assert.equal(fromProgramText(text, "here").redundancy, 3);
  assert.equal(fromProgramText(text.replace("redundancy: 3\n", ""), "here").redundancy, 1);
  assert.throws(() => fromProgramText(text.replace("3", "0"), "here"), /redundancy/);
});

test("examples of the task's kind stand in place of those for any task", () => {
  const program = fromProgramText(text, "here");
  assert.equal(program.instructions, "Do it.");
  const shown = (task: string) =>
    pickExamples(program, toKinds({ task, parent: null })).map((part) => part.text);
  assert.deepEqual(shown("Count the lines."), ["Count.", "Two."]);
  assert.deepEqual(shown("Tell Ada how many there are."), ["Tell Kim.", "Told."]);
  assert.deepEqual(shown("Write a shell script clean.sh."), ["Count.", "Two."], "it has none of that kind");
});
