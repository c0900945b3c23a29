// The texts of the page: every language has every text, with the same values in it; and every text that the page asks for by
// a whole name is there.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const source = join(import.meta.dirname, "..", "src");
const read = (language: string) =>
  JSON.parse(readFileSync(join(source, "i18n", `${language}.json`), "utf8")) as object;

/** Texts by name; forms of a plural are one text. */
function flatten(texts: object, prefix = ""): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const [name, value] of Object.entries(texts)) {
    if (typeof value === "string") {
      const key = prefix + name.replace(/_(zero|one|two|few|many|other)$/, "");
      all.set(key, [...(all.get(key) ?? []), value]);
    } else for (const [key, forms] of flatten(value as object, `${prefix}${name}.`)) all.set(key, forms);
  }
  return all;
}

const english = flatten(read("en"));
const chinese = flatten(read("zh"));

test("both languages have the same texts", () => {
  assert.deepEqual(
    [...english.keys()].filter((key) => !chinese.has(key)),
    [],
    "not in Chinese",
  );
  assert.deepEqual(
    [...chinese.keys()].filter((key) => !english.has(key)),
    [],
    "not in English",
  );
});

test("a text has the same values in both, but for the number of a plural", () => {
  const valuesOf = (forms: readonly string[] = []) =>
    [...new Set(forms.flatMap((form) => [...form.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1])))]
      .filter((name) => name !== "count")
      .sort();
  const different = [...english].filter(
    ([key, forms]) => valuesOf(forms).join() !== valuesOf(chinese.get(key)).join(),
  );
  assert.deepEqual(
    different.map(([key]) => key),
    [],
  );
});

test("every text that the page asks for by its whole name is there", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.tsx?$/.test(name),
  );
  const missing = files.flatMap((name) => {
    const code = readFileSync(join(source, name), "utf8");
    return [...code.matchAll(/\bt\(\s*"([\w.]+)"/g)]
      .map((found) => found[1] as string)
      .filter((key) => !english.has(key))
      .map((key) => `${name}: ${key}`);
  });
  assert.deepEqual(missing, []);
});
