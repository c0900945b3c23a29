// How calls are written and read. Whatever a model writes, reading it gives a call or a reason, never a throw.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fenceForm } from "../src/syscall/fence.ts";
import type { Form } from "../src/syscall/form.ts";
import { jsonForm } from "../src/syscall/json-form.ts";
import {
  type Call,
  readArguments,
  type SyscallName,
  syscallNames,
  syscallShapes,
} from "../src/syscall/names.ts";

const settings = { seed: 20_26, numRuns: 300 };

/** What the model wrote behind `begin`, as the kernel puts it together. */
const written = (form: Form, call: Call) => form.begin + form.render(call).slice(form.begin.length);

const head = fc.stringMatching(/^[A-Za-z0-9./_-]{1,20}$/);
// A body without a fence of its own, and with a word in it.
const body = fc
  .array(fc.stringMatching(/^[ -_a-~äöü]{0,30}$/), { minLength: 1, maxLength: 5 })
  .map((lines) => `word\n${lines.join("\n")}`);

const anyCall = fc
  .record({ name: fc.constantFrom(...syscallNames), head, body })
  .map(({ name, head: first, body: rest }): Call => {
    const shape = syscallShapes[name];
    const args: Record<string, string> = {};
    if (shape.head !== null) args[shape.head] = first;
    if (shape.body !== null) args[shape.body] = rest;
    return { name, args };
  });

for (const form of [fenceForm, jsonForm]) {
  test(`[C8] what is written in the ${form.name} form is read as the same call`, () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        assert.deepEqual(form.parse(written(form, call), syscallNames), { call });
      }),
      settings,
    );
  });

  test(`[C8] any text in the ${form.name} form is a call or a reason, never a throw`, () => {
    const some = fc.oneof(
      fc.string({ unit: "binary", maxLength: 80 }),
      fc
        .array(fc.constantFrom("```", "\n", "bash", "write", " ", "done", '{"call": "', "}", "x"), {
          maxLength: 12,
        })
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(some, fc.subarray([...syscallNames]), (text, calls: SyscallName[]) => {
        const { call, why } = form.parse(text, calls);
        assert.notEqual(call === undefined, why === undefined);
        if (call) assert.ok(calls.includes(call.name as SyscallName), `${call.name} is not held`);
        else assert.ok(why && why.length > 5);
      }),
      settings,
    );
  });

  test(`[C8] every call is explained in the ${form.name} form with an example that reads as that call`, () => {
    const text = form.explain(syscallNames);
    for (const name of syscallNames) {
      const { example, head: first, body: rest } = syscallShapes[name];
      const args: Record<string, string> = {};
      if (first !== null) args[first] = example.head ?? "";
      if (rest !== null) args[rest] = example.body ?? "";
      const call: Call = { name, args };
      assert.ok(text.includes(form.render(call)), name);
      assert.deepEqual(form.parse(written(form, call), syscallNames).call, call);
    }
  });
}

test("[C8] what stands in a body is text: a call inside a file is not a call", () => {
  const call: Call = { name: "write", args: { path: "a.md", text: "done\nfail\nsay Kim hello" } };
  assert.deepEqual(fenceForm.parse(fenceForm.render(call), syscallNames), { call });
});

test("[C8] an operation of a device is explained by its own example, which reads as that call", () => {
  const name = "mail.draft";
  const known = { about: "Writes a draft.", example: { to: ["Ana", "Bo"], subject: "Hi", most: 3 } };
  for (const form of [fenceForm, jsonForm]) {
    const text = form.explain([name], () => known);
    const call: Call = { name, args: { arguments: '{"to": ["Ana", "Bo"], "subject": "Hi", "most": 3}' } };
    assert.ok(text.includes(form.render(call)), text);
    assert.ok(text.includes("Writes a draft."));
    assert.deepEqual(form.parse(written(form, call), [name]).call, call);
  }
});

test("[C8] a letter of several lines may stand in the arguments as it is", () => {
  const body = '{"to": "Ana", "text": "Dear Ana,\n\nI \\"come\\".\n\tAda"}';
  const { call } = fenceForm.parse(`\`\`\`mail.draft\n${body}\n\`\`\``, ["mail.draft"]);
  assert.deepEqual(readArguments(call?.args.arguments ?? ""), {
    to: "Ana",
    text: 'Dear Ana,\n\nI "come".\n\tAda',
  });
  assert.equal(readArguments("[1]"), null);
  assert.equal(readArguments('{"a": '), null);
});

test("[C8] further calls of the same name are read, up to the first other one", () => {
  const get = (name: string) => fenceForm.render({ name: "get", args: { url: `https://a.example/${name}` } });
  const done = fenceForm.render({ name: "done", args: { answer: "All." } });
  const read = (...blocks: string[]) => fenceForm.parse(["First:", ...blocks].join("\n"), syscallNames);
  const urls = ({ more = [] }: ReturnType<typeof read>) => more.map((call) => call.args.url);
  assert.deepEqual(urls(read(get("a"))), []);
  assert.deepEqual(urls(read(get("a"), "and", get("b"), get("c"))), [
    "https://a.example/b",
    "https://a.example/c",
  ]);
  assert.deepEqual(urls(read(get("a"), done, get("b"))), []);
  assert.deepEqual(read(done, done).more, undefined, "what the kernel does itself is said once");
  assert.deepEqual(urls(read(get("a"), "```get\n```", get("b"))), [], "one without its argument is none");
});
