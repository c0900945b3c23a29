// An archive that is far behind is brought up to its journal while the machine works.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { toEvent, toStream } from "../src/entity/events.ts";
import { memoryLimits } from "../src/limits.ts";
import { openArchive } from "../src/memory/archive.ts";
import { toLabel } from "../src/memory/label.ts";
import { createTestMachine, say, type TestMachine } from "./fixtures/machine.ts";

const label = toLabel("entity");
const page = (id: number, text: string) => ({
  ...{ id, kind: "results" as const, role: "user" as const, tokens: 1, label, text },
});

/** Pages that come and leave again, with a word of their own each. */
async function remember(machine: TestMachine, first: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, i) => first + i).flatMap((id) => [
    toEvent("call.ended", {
      pid: 1,
      id: `c${id}`,
      name: "sleep",
      ok: true,
      pages: [page(id, `a thing n${id}`)],
    }),
    toEvent("page.evicted", { pid: 1, ids: [id], pages: [], why: "full" }),
  ]);
  await machine.hum.ledger.commit(toStream(1), events);
}

const troubles = (machine: TestMachine) =>
  machine.live.flatMap((event) => (event.type === "trouble" ? [event.message] : []));

test("[M9] a lost archive of a long life is made again while the machine works, people see how far it is, and a stop goes on from there", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hum-fill-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "archive.db");
  let machine = createTestMachine({ play: () => say("sleep", "1000d") });
  await machine.start();
  await machine.settle();
  const all = memoryLimits.fillAtOnce;
  for (let first = 100; first < 100 + all; first += 1_000) await remember(machine, first, 1_000);

  machine = machine.crash({ archive: openArchive(file) });
  const begun = machine.hum.archive.at();
  assert.equal(begun, all, "the machine starts before all is read");
  assert.equal(machine.hum.archive.search("n100").length, 1, "what is read is found");
  assert.equal(machine.hum.archive.search(`n${99 + all}`).length, 0);
  await remember(machine, 100 + all, 1);
  assert.equal(
    machine.hum.archive.search(`n${100 + all}`).length,
    0,
    "what comes meanwhile waits for its turn",
  );
  while (machine.hum.archive.at() < begun + 1_000) await machine.settle();
  await machine.hum.stop();

  machine = machine.crash({ archive: openArchive(file) });
  assert.ok(machine.hum.archive.at() > begun + 1_000, "what was read before the stop is not read again");
  machine.hum.archive.close();
  machine = machine.crash({ archive: openArchive(file) });
  while (machine.hum.archive.at() < machine.hum.ledger.state.seq) await machine.settle();
  for (const id of [100, 99 + all, 100 + all])
    assert.equal(machine.hum.archive.search(`n${id}`).length, 1, `n${id}`);
  await remember(machine, 101 + all, 1);
  assert.equal(machine.hum.archive.search(`n${101 + all}`).length, 1, "what comes then is found at once");
  await machine.hum.stop();

  machine = machine.crash({ archive: openArchive(":memory:") });
  while (machine.hum.archive.at() < machine.hum.ledger.state.seq) await machine.settle();
  await machine.settle();
  const said = troubles(machine);
  assert.match(said[0] ?? "", /(49|5\d) % is there/);
  assert.ok(said.length > 5);
  assert.equal(said.at(-1), null);
});
