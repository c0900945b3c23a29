// What is remembered, as the page groups it: "forget all about …" means whoever the kernel means by that name.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { FactRow } from "../../os/src/inbox/remembered.ts";
import { toKey } from "../../os/src/memory/fact.ts";
import { toSubjects } from "../src/control/view/memories.ts";

const row = (id: string, subject: string, value = "something") =>
  ({ id, subject, relation: "is", value, from: 0, until: null, at: 0 }) as FactRow;

test("Subjects that the kernel takes for one are one on the page, so what it forgets with one stands in no other", () => {
  const names = [
    ...["brother", "my brother", "Brother's", "the  brother", "brother-in-law", "Brother_in law"],
    ...["Kim", "kim", "Hum", "ｈｕｍ", "The Project", "project", "their the project"],
  ];
  const subjects = toSubjects(
    names.map((name, i) => row(`f-${i}`, name)),
    "",
  );
  const keys = subjects.map(({ facts }) => [...new Set(facts.map((fact) => toKey(fact.subject)))]);
  assert.deepEqual(keys, [["brother"], ["brother in law"], ["kim"], ["hum"], ["project"]]);
  assert.equal(subjects.flatMap(({ facts }) => facts).length, names.length);
});

test("Of what is remembered only what holds all words that are looked for is shown", () => {
  const rows = [row("f-1", "Kim", "likes fencing"), row("f-2", "Kim", "lives in Porto"), row("f-3", "Lee")];
  assert.deepEqual(
    toSubjects(rows, "KIM porto").map(({ subject, facts }) => [subject, facts.map((fact) => fact.id)]),
    [["Kim", ["f-2"]]],
  );
});
