// The laws of labels, apart from where they are used: joining never makes a value more trusted or more widely read.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  homeReader,
  type Integrity,
  isUntrusted,
  joinLabels,
  type Label,
  toLabel,
  toPrivate,
  toUntrusted,
} from "../src/memory/label.ts";

const order: Integrity[] = ["kernel", "person", "entity", "untrusted"];
const names = fc.subarray(["a", "b", "c", homeReader]);
const label: fc.Arbitrary<Label> = fc.record({
  integrity: fc.constantFrom(...order),
  origins: fc.subarray(["file:x", "host:y", "mail"]),
  readers: fc.oneof(fc.constant(null), names),
});

const rank = ({ integrity }: Label) => order.indexOf(integrity);
const mayRead = ({ readers }: Label, who: string) => readers === null || readers.includes(who);

test("[L1] a joined label is as little trusted as its worst part, and read by those only who may read all parts", () => {
  const whole = fc.property(label, label, label, (a, b, c) => {
    const ab = joinLabels(a, b);
    assert.equal(rank(ab), Math.max(rank(a), rank(b)));
    assert.deepEqual(ab.origins, [...new Set([...a.origins, ...b.origins])].sort());
    for (const who of ["a", "b", "c", homeReader, "d"])
      assert.equal(mayRead(ab, who), mayRead(a, who) && mayRead(b, who));
    assert.equal(ab.readers === null, a.readers === null && b.readers === null);
    const set = (one: Label) => ({ ...one, readers: one.readers === null ? null : [...one.readers].sort() });
    assert.deepEqual(set(ab), set(joinLabels(b, a)));
    assert.deepEqual(set(joinLabels(ab, c)), set(joinLabels(a, joinLabels(b, c))));
    assert.deepEqual(set(joinLabels(a, a)), set({ ...a, origins: [...a.origins].sort() }));
    assert.equal(isUntrusted(ab), isUntrusted(a) || isUntrusted(b));
  });
  fc.assert(whole, { numRuns: 500, seed: 3 });
});

test("[L1] labels are made as they are named", () => {
  for (const integrity of order) {
    assert.deepEqual(toLabel(integrity), { integrity, origins: [], readers: null });
    assert.equal(isUntrusted(toLabel(integrity)), integrity === "untrusted");
  }
  assert.deepEqual(toUntrusted("host:y"), { integrity: "untrusted", origins: ["host:y"], readers: null });
  assert.deepEqual(toPrivate(toUntrusted("mail")), {
    integrity: "untrusted",
    origins: ["mail"],
    readers: [homeReader],
  });
  assert.deepEqual(toPrivate({ ...toLabel("person"), readers: ["a"] }).readers, []);
  assert.match(homeReader, /\s/, "a host or an address could be named so");
});
