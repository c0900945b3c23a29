// Each rule of SPEC.md is quoted by a test, and each quoted rule is in SPEC.md.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rules = [...readFileSync(join(root, "SPEC.md"), "utf8").matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(
  (match) => match[1] as string,
);

// Titles stand behind `test(`, or as the keys of a contract's table of cases.
const title = /(?:\btest\(|\bit\(|^\s*async )\s*[`"'](?:\[[A-Z]\d+\] )+/gm;
const quoted = new Set(
  readdirSync(join(root, "os/test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => readFileSync(join(root, "os/test", name), "utf8").match(title) ?? [])
    .flatMap((text) => text.match(/[A-Z]\d+(?=\])/g) ?? []),
);

test("every rule of SPEC.md is quoted by the title of a test", () => {
  assert.ok(rules.length > 45);
  assert.deepEqual(
    rules.filter((rule) => !quoted.has(rule)),
    [],
  );
});

test("every rule that a test or the simulator quotes stands in SPEC.md, once", () => {
  assert.equal(new Set(rules).size, rules.length);
  const known = new Set(rules);
  const simulated = readdirSync(join(root, "os/src/sim"))
    .flatMap(
      (name) =>
        readFileSync(join(root, "os/src/sim", name), "utf8").match(/new Broken\(\s*"[A-Z]\d+"/g) ?? [],
    )
    .map((text) => text.match(/[A-Z]\d+/)?.[0] as string);
  assert.ok(simulated.length > 15);
  assert.deepEqual(
    [...quoted, ...simulated].filter((rule) => !known.has(rule)),
    [],
  );
});
