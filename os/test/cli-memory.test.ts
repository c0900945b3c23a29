// `hum memory`: look, add, put right, forget, share.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPlace } from "./fixtures/cli-kit.ts";

test("hum memory shows, adds, puts right and forgets", async () => {
  await using place = await openPlace();
  assert.match((await place.hum("memory")).out, /Nothing is remembered yet/);
  const added = await place.hum("memory", "add", "Mara", "lives in: Porto since 2026-03-01");
  assert.match(added.out, /^Mara\n {2}(\S+) +lives in: Porto {2}\(since 2026-03-01; by /);
  const id = /^ {2}(\S+)/m.exec(added.out)?.[1] ?? "";
  await place.hum("memory", "add", "the lighthouse", "It leaks.");
  const corrected = await place.hum("memory", "correct", id, "Lisbon");
  assert.match(corrected.out, /lives in: Lisbon/);
  const rows = JSON.parse((await place.hum("memory", "mara", "--json")).out);
  assert.deepEqual(
    rows.map((row: { value: string; trusted: boolean }) => [row.value, row.trusted]),
    [["Lisbon", true]],
  );
  const forgotten = await place.hum("memory", "forget", id);
  assert.match(forgotten.out, /Forgotten: 1 fact; .*\nThe journal still holds the record/);
  assert.match((await place.hum("memory", "Mara")).out, /Nothing is remembered about Mara/);
  assert.match((await place.hum("memory", "forget", "lighthouse")).out, /Forgotten: 1 fact/);
  assert.equal((await place.hum("memory", "forget", "nobody")).code, 2);
  assert.equal((await place.hum("memory", "share", "9")).code, 2);
});
