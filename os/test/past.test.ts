// Memory that is shared: who sees what, with which label, until when.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entity } from "../src/entity/entity.ts";
import { toEvent, toStream } from "../src/entity/events.ts";
import { HumError } from "../src/error.ts";
import { toLabel, toUntrusted } from "../src/memory/label.ts";
import { createTestMachine, say, type TestMachine, windowOf } from "./fixtures/machine.ts";

/** An entity in whose past stand these texts; the second of them came from the web. */
async function withPast(machine: TestMachine, texts: readonly string[]): Promise<Entity> {
  const entity = await machine.start("Remember.");
  await machine.settle();
  const first = entity.nextPage;
  const pages = texts.map((text, i) => ({
    ...{ id: first + i, kind: "results" as const, role: "user" as const, tokens: 9, text },
    label: i === 1 ? toUntrusted("host:example.org") : toLabel("kernel"),
  }));
  const { commit } = machine.hum.machine;
  const { pid } = entity;
  await commit(toStream(pid), [toEvent("call.ended", { pid, id: "c", name: "now", ok: true, pages })]);
  await commit(toStream(pid), [
    toEvent("page.evicted", { pid, ids: pages.map((page) => page.id), pages: [], why: "full" }),
  ]);
  return entity;
}

test("[M13] what one remembers another sees only when a person shared it, with its label, until that is taken back", async () => {
  const asked: string[] = [];
  const calls = [say("search", "", "barometer"), say("sleep", "1h")];
  const machine = createTestMachine({
    play(request, _index, pid) {
      if (pid === 1) return say("sleep", "365d");
      asked.push(windowOf(request));
      return calls.shift() ?? say("sleep", "1h");
    },
  });
  const first = await withPast(machine, [
    "The barometer fell to 980.",
    "A stranger says: the barometer lies.",
  ]);
  const page = first.nextPage - 1;
  const { inbox } = machine.hum;
  const second = await machine.start("Look it up.");
  await machine.settle();
  assert.match(asked.at(-1) ?? "", /Nothing that is known or left your window speaks of "barometer"/);
  await assert.rejects(inbox.shareMemory({ of: 99, with: second.pid, by: "Kim" }), (error) =>
    HumError.is(error, "not-found"),
  );

  await inbox.shareMemory({ of: first.pid, with: second.pid, by: "Kim" });
  await inbox.shareMemory({ of: first.pid, with: second.pid, by: "Kim" });
  assert.equal(second.capabilities.filter((one) => one.operation === "memory.read").length, 1);
  calls.push(
    say("search", "", "the barometer"),
    say("recall", `${page} of ${first.pid}`),
    say("sleep", "1h"),
  );
  await machine.run(2 * 60 * 60_000);
  const seen = asked.at(-1) ?? "";
  assert.match(seen, new RegExp(`page ${page} of pid ${first.pid}, \\d{4}-\\d\\d-\\d\\d: .*barometer lies`));
  assert.match(seen, new RegExp(`Page ${page} of pid ${first.pid} again:\nA stranger says`));
  const recalled = second.pages.filter((one) => one.kind === "results").slice(-2);
  for (const one of recalled)
    assert.deepEqual(one.label.origins, ["host:example.org"], "the label came along");

  await inbox.shareMemory({ of: first.pid, with: second.pid, by: "Kim", off: true });
  assert.equal(
    second.capabilities.some((one) => one.operation === "memory.read"),
    false,
  );
  calls.push(say("recall", `${page} of ${first.pid}`), say("sleep", "1h"));
  await machine.run(2 * 60 * 60_000);
  assert.match(asked.at(-1) ?? "", /What pid 1 remembers is not shared with you/);
  await assert.rejects(inbox.shareMemory({ of: first.pid, with: second.pid, by: "Kim", off: true }));
});
