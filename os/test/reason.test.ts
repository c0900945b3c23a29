// Why something waits for a yes, in facts: each reader makes its sentence of them, and what was written before there were facts
// is read as it stands.

import assert from "node:assert/strict";
import { test } from "node:test";
import { joinReasons, type Reason, toWhy } from "../src/entity/reason.ts";
import { toRow } from "../src/journal/format.ts";
import type { MemoryDisk } from "../src/journal/memory.ts";
import { createVirtualClock } from "../src/sim/clock.ts";
import { createTestMachine, inTurn, type Play, say, stop, type TestMachine } from "./fixtures/machine.ts";

const approvalOf = (machine: TestMachine) => [...machine.hum.ledger.state.approvals.values()][0]!;
const fetching: Play = (_request, index) =>
  index % 2 === 0 ? say("get", "https://example.org/a") : say("done", "", "Fetched.");
const writing: Play = (_request, index) => say("write", `${index}.txt`, "x");

test("the English sentence of each kind of reason", () => {
  const budget = (part: "tokens" | "activeMs" | "deviceCalls" | "children"): Reason => ({
    ...{ kind: "budget", name: "guide", part, used: 480, of: 500 },
  });
  const named = { kind: "named", argument: "to", values: ["a", 'b"'] } as const;
  for (const [reason, words] of [
    [{ kind: "undone" }, "it cannot be undone"],
    [{ kind: "moves" }, "it moves something in the world"],
    [
      { kind: "private" },
      "it shows what is private, nobody asked for it, and strangers' words are in the window",
    ],
    [{ kind: "reaches", place: "a.org:443" }, "it reaches a.org:443, and nobody granted that"],
    [{ kind: "reaches", place: null }, "it reaches an unnamed place, and nobody granted that"],
    [
      { ...named, values: [...named.values], origins: [] },
      'to ("a", "b\\"") was named by nobody who is trusted',
    ],
    [
      { ...named, values: [...named.values], origins: ["mail:eve", "host:x.org"] },
      'to ("a", "b\\"") was named by nobody who is trusted and may come from mail:eve, host:x.org',
    ],
    [
      { kind: "carries", readers: ["Kim", "Ada"], place: null },
      "it may carry what only Kim, Ada may read to others",
    ],
    [
      { kind: "carries", readers: [], place: "a.org:443" },
      "it may carry what only nobody may read to a.org:443",
    ],
    [
      { kind: "foreign", places: ["a.org", "b.org"] },
      "its text names a.org, b.org, which nobody trusted has named",
    ],
    [
      { kind: "doubt", name: "clerk" },
      "clerk had begun this when Hum stopped, so it may have happened already; a yes does it again, a no leaves it",
    ],
    [budget("tokens"), "guide has used 480 of its 500 tokens; a yes gives it as much again, a no ends it"],
    [
      budget("activeMs"),
      "guide has used 480 of its 500 milliseconds of work; a yes gives it as much again, a no ends it",
    ],
    [
      budget("deviceCalls"),
      "guide has used 480 of its 500 device calls; a yes gives it as much again, a no ends it",
    ],
    [
      budget("children"),
      "guide has used 480 of its 500 colleagues; a yes gives it as much again, a no ends it",
    ],
  ] as const satisfies [Reason, string][])
    assert.equal(toWhy([reason]), words);
  assert.equal(
    toWhy([{ kind: "undone" }, { kind: "foreign", places: ["a.org"] }]),
    "it cannot be undone; and its text names a.org, which nobody trusted has named",
  );
});

test("[A7] an approval keeps why it asks in facts, beside the sentence: an effect, a doubt, a budget", async () => {
  const effect = createTestMachine({ play: fetching });
  await effect.start();
  await effect.run(1_000);
  assert.deepEqual(approvalOf(effect).reasons, [{ kind: "reaches", place: "example.org:443" }]);
  assert.equal(approvalOf(effect).why, "it reaches example.org:443, and nobody granted that");

  const clock = createVirtualClock();
  const cut = createTestMachine({
    play: inTurn(say("bash", "", "stamp")),
    clock,
    wait: () => clock.sleep(60_000),
  });
  await cut.start("Do it.", { capabilities: [{ operation: "*", grantedBy: "Kim" }] });
  await cut.run(1_000);
  await cut.hum.inbox.answer(approvalOf(cut).id, "approved", "Kim");
  await cut.run(1_000);
  const after = cut.crash({ play: inTurn(stop("enough")), wait: async () => {} });
  await after.run();
  assert.equal(approvalOf(after).kind, "in-doubt");
  assert.deepEqual(approvalOf(after).reasons, [{ kind: "doubt", name: "worker" }]);

  const budget = createTestMachine({ play: writing });
  await budget.start("Write on.", { budget: { deviceCalls: 2 } });
  await budget.run();
  const { reasons, why } = approvalOf(budget);
  assert.deepEqual(reasons, [{ kind: "budget", name: "worker", part: "deviceCalls", used: 2, of: 2 }]);
  for (const machine of [effect, after, budget])
    assert.equal(approvalOf(machine).why, toWhy(approvalOf(machine).reasons!));
  assert.equal(why, "worker has used 2 of its 2 device calls; a yes gives it as much again, a no ends it");
});

/** The same disk as an older Hum has written it: approvals with their sentence only. */
function withoutReasons({ rows }: MemoryDisk): MemoryDisk {
  let previous = "";
  const old = rows.map((row) => {
    const data = JSON.parse(row.data) as Record<string, unknown>;
    if (row.type === "approval.asked") {
      assert.ok(Array.isArray(data.reasons));
      delete data.reasons;
    }
    const { seq, stream, idx, at } = row;
    const made = toRow({ type: row.type, data }, { seq, stream, idx, at, previous });
    previous = made.hash;
    return made;
  });
  return { rows: old, snapshot: null };
}

test("[A7] an approval of a journal without facts is shown with its sentence, and answered as any other", async () => {
  const programs = ["clerk"];
  for (const [play, more, why] of [
    [fetching, {}, "it reaches example.org:443, and nobody granted that"],
    [
      writing,
      { budget: { deviceCalls: 2 } },
      "clerk has used 2 of its 2 device calls; a yes gives it as much again, a no ends it",
    ],
  ] as const) {
    const first = createTestMachine({ play, programs: [...programs], program: more });
    await first.settle();
    const root = await first.workplace.post("Ada", { channel: "general", text: "@clerk go on" });
    await first.run(1_000);
    const machine = first.crash({ disk: withoutReasons(first.disk) });
    await machine.settle();
    const { workplace } = machine;
    const [approval] = await workplace.approvals();
    assert.ok(approval && !("reasons" in approval));
    assert.equal(approval.why, why);
    const item = workplace.inbox("Ada").find((one) => one.kind === "approval");
    assert.equal(item?.text, why);
    assert.deepEqual(
      item?.told,
      approval.kind === "budget" ? undefined : { what: "wish", name: "clerk", other: "http.get", words: why },
    );
    const post = workplace.posts({ thread: root.id }, {}).posts.find((one) => one.kind === "approval");
    assert.ok(post?.text.endsWith(why));
    assert.deepEqual(post?.told, item?.told);
    await workplace.answer("Ada", approval.id, { answer: "approved" });
    await machine.run(1_000);
    assert.ok((await workplace.approvals()).every((one) => one.id !== approval.id));
    assert.equal(machine.world.deeds.length, approval.kind === "budget" ? 4 : 1);
  }
});

test("[A8] the reasons of several calls are each said once, with all values of an argument", () => {
  const named = (values: string[], origins: string[]) => ({
    kind: "named" as const,
    argument: "to",
    values,
    origins,
  });
  const joined = joinReasons([
    [{ kind: "undone" }, named(["a@x.org"], ["file"])],
    [{ kind: "undone" }, named(["b@x.org", "a@x.org"], ["file", "web"])],
    [{ kind: "reaches", place: "a" }],
    [{ kind: "reaches", place: "b" }],
  ]);
  assert.deepEqual(joined, [
    { kind: "undone" },
    named(["a@x.org", "b@x.org"], ["file", "web"]),
    { kind: "reaches", place: "a" },
    { kind: "reaches", place: "b" },
  ]);
});
