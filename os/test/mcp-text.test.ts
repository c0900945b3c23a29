// What a foreign server says and defines, without any server: its text, its schemas, names.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checkName } from "../src/device/mcp/config.ts";
import { toArgs } from "../src/device/mcp/schema.ts";
import { toSeen } from "../src/device/mcp/text.ts";

test("[P2] what cannot be seen is removed, what languages need stays", () => {
  assert.equal(toSeen("a\u200bb\u2060c\u{e0041}d\ufe0fe\ufefff\u061cg\u00adh"), "abcdefgh");
  assert.equal(toSeen("می\u200cخواهم \u{1f469}\u200d\u{1f4bb}"), "می\u200cخواهم \u{1f469}\u200d\u{1f4bb}");
  assert.equal(toSeen("\u200d\u200d\u200dx\u200d\u200c\u200dy\u200d"), "xy");
  assert.equal(toSeen("a\rb\u2028c\ud800d"), "a\nb\ncd");
});

test("[P6] a schema is checked as far as it is harmless", () => {
  const fits = (schema: Record<string, unknown>, value: unknown) => toArgs(schema).safeParse(value).success;
  const slow = { type: "object", properties: { a: { type: "string", pattern: "^(a+)+$" } }, required: ["a"] };
  assert.equal(fits(slow, { a: `${"a".repeat(40)}!` }), true, "its pattern is not run");
  assert.equal(fits(slow, { a: 1 }), false);
  const double = (n: number): Record<string, unknown> => ({
    $defs: Object.fromEntries(
      Array.from({ length: n }, (_, i) => [
        `d${i}`,
        { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    ),
    $ref: "#/$defs/d0",
  });
  assert.equal(fits(double(30), {}), true, "it unfolds to too much");
  assert.equal(
    fits({ type: "object", allOf: [{ $ref: "#" }, { $ref: "#" }] }, {}),
    true,
    "it refers to itself",
  );
  assert.equal(fits({ $ref: "#/%" }, {}), true);
  assert.equal(fits({ $ref: "http://evil.example/schema" }, {}), true, "nothing is fetched");
  // A property may be called like a word of the language of schemas.
  assert.equal(fits({ properties: { pattern: { type: "number" } } }, { pattern: "x" }), false);
  assert.equal(
    fits({ properties: { a: { $ref: "#/$defs/b" } }, $defs: { b: { enum: [1] } } }, { a: 2 }),
    false,
  );
  assert.equal(fits({ patternProperties: { "^x": {} }, additionalProperties: false }, { x1: 1 }), true);
});

test("names of servers", () => {
  assert.equal(checkName("notes-2"), "notes-2");
  for (const name of ["", "Notes", "files", "__proto__", "a b", "x".repeat(33), "constructor.x"])
    assert.throws(() => checkName(name), /cannot be the name|belongs to a device/, name);
});
