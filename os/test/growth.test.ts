// What is done for one entity does not look at all of them: counted in rows that are looked at, beside a few and beside many.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createTestMachine, inTurn, type Play, say, stop, type TestMachine } from "./fixtures/machine.ts";

/** Counts each row that is given out when a table is gone through. */
function watchRows(tables: readonly Map<unknown, unknown>[]): () => number {
  let looked = 0;
  for (const table of tables)
    for (const way of ["values", "keys", "entries", Symbol.iterator] as const) {
      const each = (table[way] as () => IterableIterator<unknown>).bind(table);
      Object.defineProperty(table, way, {
        *value() {
          for (const row of each()) {
            looked += 1;
            yield row;
          }
        },
      });
    }
  return () => looked;
}

const sleepers: Play = () => say("sleep", "1000d");

/** A machine with so many that sleep and so many that ended, and what it looked at for one entity more that does a bit of everything. */
async function lookedAt(many: number): Promise<{ looked: number; machine: TestMachine }> {
  const worker = inTurn(
    say("say", "sleeper", "hello"),
    say("spawn", "clerk", "Count."),
    say("wait", "#1"),
    say("delegate", "", "clerk: count again"),
    say("get", "https://example.org/"),
    say("note", "", "a note"),
    stop("enough"),
  );
  const machine = createTestMachine({
    play(request, index, pid) {
      const { task, parent } = machine.hum.ledger.state.entities.get(pid)!;
      if (parent !== null) return stop("counted");
      return task.startsWith("Work") ? worker(request, index, pid) : sleepers(request, index, pid);
    },
    programs: ["worker", "clerk"],
  });
  await machine.settle();
  for (let i = 0; i < many; i++) {
    await machine.start("Sleep.", { name: "sleeper" });
    const ended = await machine.start("Sleep and end.");
    await machine.settle();
    await machine.hum.inbox.kill(ended.pid, "Kim");
  }
  const { state } = machine.hum.ledger;
  const looked = watchRows([
    state.entities,
    state.approvals,
    state.mail,
    state.lengths,
    state.work.threads,
  ] as never);
  await machine.workplace.post("Kim", { channel: "general", text: "@worker Work on it.", key: "k" });
  await machine.run(60_000);
  const asked = machine.records().find((record) => record.type === "approval.asked");
  await machine.hum.inbox.answer(String(asked?.data.id), "denied", "Kim");
  await machine.run(60_000);
  assert.equal(machine.records().at(-1)?.type, "entity.ended");
  return { looked: looked(), machine };
}

test("what one entity does looks at as many rows beside 200 others as beside two", async () => {
  const few = await lookedAt(1);
  const many = await lookedAt(100);
  assert.deepEqual(many.machine.errors, []);
  const types = (machine: TestMachine) =>
    machine
      .records()
      .slice(-30)
      .map((record) => record.type);
  assert.deepEqual(types(many.machine), types(few.machine), "both did the same");
  assert.ok(types(few.machine).includes("entity.spawned"));
  assert.equal(many.looked, few.looked);
});
