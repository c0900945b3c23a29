// Programs as they are written: the head, and which worked examples fit a task.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { listPrograms, toProgram } from "../src/entity/extend.ts";
import {
  type ExamplePart,
  fromProgramText,
  type ProgramFile,
  pickExamples,
  readPrograms,
  withoutUnheld,
} from "../src/entity/program.ts";
import { openPrograms } from "../src/entity/shelf.ts";
import { asksToAct } from "../src/syscall/looking.ts";
import { toCalls, toHeld, toKinds, toKindsHere, toRedundancy, toUsualProgram } from "../src/syscall/rules.ts";
import { shipped } from "./fixtures/scripts.ts";

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

test("a task that wants a program written or mended holds what it takes, and is done once", () => {
  const program = fromProgramText(text, "here");
  const kinds = (task: string) => [...toKinds({ task, parent: null })];
  for (const task of [
    "Write a shell script clean.sh.",
    "Fix stats.py so that it passes.",
    "Make sum.py faster: change it.",
  ]) {
    assert.deepEqual(kinds(task), ["program"], task);
    assert.equal(toRedundancy(program, { task, held: ["done"] }, new Map()), 1, task);
  }
  for (const task of ["Run stats.py on a.csv.", "Fix the dates in a.csv."]) {
    assert.deepEqual(kinds(task), [], task);
    assert.equal(toRedundancy(program, { task, held: ["done"] }, new Map()), 3, task);
  }
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

const file = (name: string, body: string, shipped = false): ProgramFile => ({
  ...{ name, file: `${name}/PROGRAM.md`, shipped },
  text: `---\nname: ${name}\ndescription: ${name} helps\n${body}`,
});

test("[E12] a program that extends another has its tools, instructions and examples, and its own behind them", () => {
  const base = file(
    "base",
    "tools: [bash, say, done]\nonly-when: { say: person }\nmodel: small\nbudget: { tokens: 10, children: 2 }\n---\nLook first.\n\n# Example\n\n## user\nOne.\n",
  );
  const middle = file("middle", "extends: base\nredundancy: 2\n---\n");
  const own = file(
    "own",
    "extends: middle\ntools: [done, read]\nbudget: { tokens: 20 }\n---\nThen write.\n\n# Example\n\n## user\nTwo.\n",
  );
  const program = toProgram(own.text, own.file, [base, middle]);
  assert.deepEqual(program.tools, ["bash", "say", "done", "read"]);
  assert.deepEqual(program.onlyWhen, { say: "person" });
  assert.deepEqual([program.model, program.redundancy], ["small", 2]);
  assert.deepEqual(program.budget, { tokens: 20, children: 2 });
  assert.equal(program.instructions, "Look first.\nThen write.");
  assert.deepEqual(
    program.example.map(({ text }) => text),
    ["One.", "Two."],
  );
  assert.equal(program.description, "own helps");
});

test("[E12] programs that extend each other in a circle, or nobody, are wrong and say so", () => {
  const a = file("a", "extends: b\n---\n");
  const b = file("b", "extends: a\n---\n");
  assert.throws(() => toProgram(a.text, a.file, [a, b]), /in a circle: a -> b -> a\./);
  assert.throws(() => toProgram(a.text, a.file, [a]), /extends "b", which is no program\. There are: a\./);
  const itself = file("a", "extends: a\n---\n");
  assert.throws(() => toProgram(itself.text, itself.file, [itself]), /in a circle: a -> a\./);
  assert.throws(() => toProgram(file("c", "description: x\n---\n").text, "c", []), /wrong/);
  assert.throws(() => toProgram("---\nname: c\ndescription: x\n---\n", "c", []), /names no tools/);
});

test("[E12] a program that is kept in mind is read anew when one that it extends has changed", async () => {
  const home = await mkdtemp(join(tmpdir(), "hum-shelf-"));
  try {
    const shelf = openPrograms(home);
    shelf.save("base", file("base", "tools: [done]\n---\nOld words.\n").text);
    shelf.save("own", file("own", "extends: base\n---\nMine.\n").text);
    assert.equal(shelf.find("own").instructions, "Old words.\nMine.");
    await writeFile(
      join(home, "programs/base/PROGRAM.md"),
      file("base", "tools: [done]\n---\nOther words.\n").text,
    );
    assert.equal(shelf.find("own").instructions, "Other words.\nMine.");
  } finally {
    await rm(home, { recursive: true });
  }
});

test("a head that the parser cannot read is told in one line, with what is wrong most often", () => {
  const wrong = "---\nname: c\ndescription: Counts: names.\ntools: [done]\n---\n";
  assert.throws(
    () => fromProgramText(wrong, "c"),
    /^HumError: The head of c is wrong: .+ A text that holds ": " stands in quotes\.$/,
  );
});

test("every program that comes with Hum is right, and says in one line what it is for", () => {
  const programs = listPrograms("/nowhere");
  assert.deepEqual(programs.map(({ name }) => name).sort(), shipped);
  for (const program of programs) {
    assert.ok(toCalls(program).includes("done"), program.name);
    assert.ok(program.description.length <= 120 && !program.description.includes("\n"), program.name);
    assert.ok(program.example.length >= 2 && program.instructions.length < 1_200, program.name);
  }
});

test("whoever only wants to know something of mail or a calendar gives no right to write there", () => {
  const mail = (words: string) => asksToAct(words, "mail");
  const calendar = (words: string) => asksToAct(words, "calendar");
  for (const text of ["What is in my calendar on Friday?", "Tell me my appointments.", "我明天有什么日程？"])
    assert.equal(calendar(text), false, text);
  for (const text of [
    "Move the dentist in my calendar.",
    "Dentist on Friday at ten, calendar.",
    "把会议改到三点",
  ])
    assert.equal(calendar(text), true, text);
  for (const text of ["How many mails are unread?", "Look in my mail for the bill and tell me the sum."])
    assert.equal(mail(text), false, text);
  for (const text of [
    "Draft an answer to Bob's mail.",
    "What does Bob's mail say? Send it to Cleo.",
    "My mail: Bob, yes.",
  ])
    assert.equal(mail(text), true, text);
  const both = "Put the day that Bob's mail names into my calendar.";
  assert.equal(calendar(both), true);
  assert.equal(mail(both), false, "the mail is only read");
  assert.equal(mail(`${both}\nYes, and send it to Cleo.`), true, "what is said later counts");
  const example = (call: string): ExamplePart[] => [
    { role: "user", text: "Task: x" },
    { role: "assistant", text: `\`\`\`${call}\n{}\n\`\`\`` },
  ];
  const parts = [...example("mail.read"), ...example("mail.send"), ...example("done")];
  assert.deepEqual(withoutUnheld(parts, ["mail.read"]), [...example("mail.read"), ...example("done")]);
  assert.deepEqual(withoutUnheld(example("mail.send"), []), example("mail.send"), "one is better than none");
});

test("mail, calendar and browser are held for tasks that speak of them, and only where they are there", () => {
  const programs = readPrograms("/nowhere");
  const of = (name: string) => {
    const found = programs.find((one) => one.name === name) as ProgramFile;
    return toProgram(found.text, found.file, programs);
  };
  const there = [
    "mail.search",
    "mail.read",
    "mail.send",
    "calendar.events",
    "calendar.create",
    "browser.read",
  ];
  const held = (name: string, task: string, operations: readonly string[] = there) =>
    toHeld(of(name), { task, parent: null }, operations).filter((call) => call.includes("."));
  assert.deepEqual(held("clerk", "Look into my inbox."), ["mail.search", "mail.read"]);
  assert.deepEqual(held("clerk", "My inbox: thank Bob."), ["mail.search", "mail.read", "mail.send"]);
  assert.deepEqual(held("clerk", "Put it into my calendar."), ["calendar.events", "calendar.create"]);
  assert.deepEqual(held("clerk", "Add up the amounts in sales.csv."), []);
  assert.deepEqual(held("clerk", "Look into my inbox.", []), [], "no mailbox, no mail");
  assert.deepEqual(held("scout", "What do my mails say?"), ["mail.search", "mail.read"]);
  assert.deepEqual(held("scout", "What do my mails say?", []), []);
  assert.deepEqual(held("scout", "Read https://x.org/a."), ["browser.read"]);
  assert.deepEqual(held("guide", "Look into my inbox."), [], "the guide gives work only");
  assert.equal(
    toUsualProgram("Look into my inbox.", there),
    "clerk",
    "whoever names no program gets mail too",
  );
  assert.equal(toUsualProgram("When am I free on Friday?", there), "clerk");
  assert.equal(toUsualProgram("Look into my inbox.", []), "worker");
  assert.equal(toUsualProgram("Add up the amounts in sales.csv.", there), "worker");
  const shown = (task: string, operations: readonly string[]) => {
    const program = of("clerk");
    const calls = toHeld(program, { task, parent: null }, operations);
    return pickExamples(program, toKindsHere(toKinds({ task, parent: null }), calls)).map(
      (part) => part.text,
    );
  };
  assert.ok(shown("Look into my inbox.", there).some((text) => text.includes("```mail.search")));
  assert.ok(shown("Look into my inbox.", []).every((text) => !text.includes("```mail.")));
});
