// Fingerprints: results that mean the same are the same, others are not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type PrintSource, toPrint, wantsAnswer } from "../src/syscall/print.ts";

const print = (files: Record<string, string | null>, more: Partial<PrintSource> = {}): Promise<string> =>
  toPrint({
    ...{
      task: "Write it down.",
      folder: "/f",
      messages: [],
      answer: "",
      content: async (hash: string) => hash,
    },
    changes: Object.entries(files).map(([path, after]) => ({ path: `/f/${path}`, before: null, after })),
    ...more,
  });

const same: [string, string, string][] = [
  ["a.txt", "12.50\n", " 12.5"],
  ["a.txt", "Total: 1,234.50 EUR", "Total:  1234.5 EUR\n"],
  ["a.csv", "name,sum\r\nAda,3.10\n", "name, sum\nAda,3.1"],
  ["a.csv", 'a,"b"\n', "a,b\n"],
  ["a.json", '{"b":1,"a":[1, 2]}', '{\n "a": [1,2], "b": 1 }\n'],
  ["a.csv", "x,0.1\n", "x,0.10000000000000003\n"],
];
const other: [string, string, string][] = [
  ["a.txt", "12", "13"],
  ["a.txt", "a\nb", "b\na"],
  ["a.csv", "07,x", "7,x"],
  ["a.txt", "2026-01-02", "2026-01-20"],
  ["a.json", "[1,2]", "[2,1]"],
  ["a.txt", "1.25", "1.2"],
];

test("files are compared by what they say", async () => {
  for (const [path, one, two] of same)
    assert.equal(await print({ [path]: one }), await print({ [path]: two }), `${one} | ${two}`);
  for (const [path, one, two] of other)
    assert.notEqual(await print({ [path]: one }), await print({ [path]: two }), `${one} | ${two}`);
  assert.notEqual(await print({ "a.txt": "1" }), await print({ "b.txt": "1" }));
  assert.notEqual(await print({ "a.txt": "1" }), await print({ "a.txt": null }));
  assert.notEqual(await print({ "a.txt": "1" }), await print({}));
});

test("messages and answers are compared by what they tell", async () => {
  const told = (text: string) => print({}, { messages: [{ to: "Ada", text }] });
  assert.equal(await told("There are 17 open invoices."), await told("17 invoices are still open"));
  assert.notEqual(await told("There are 17."), await told("There are 71."));
  assert.notEqual(await told("Order a projector."), await told("Send the offer."));
  const task = "Which address made the most requests? Tell me.";
  const answered = (answer: string) => print({}, { task, answer });
  assert.equal(await answered("10.0.0.7 made 83 requests."), await answered("It is 10.0.0.7, with 83."));
  assert.notEqual(await answered("10.0.0.7, 83"), await answered("10.0.0.17, 83"));
  assert.notEqual(await answered("Kim has 12."), await answered("Ana has 12."));
});

test("an answer is part of the result where the person asks for it", async () => {
  assert.ok(wantsAnswer("Which town is it?"));
  assert.ok(wantsAnswer("Write it to a.txt and tell me the total."));
  assert.ok(!wantsAnswer("Write the total to a.txt."));
  const files = { "a.txt": "12" };
  assert.equal(
    await print(files, { answer: "It is 12." }),
    await print(files, { answer: "Written to a.txt." }),
  );
});
