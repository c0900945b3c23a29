// What is remembered of people outlives who heard it: who may read it, with which label, and what forgetting does.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ScriptedAnswer } from "../src/model/scripted.ts";
import { createTestMachine, say, stop, windowOf } from "./fixtures/machine.ts";

/** A machine whose entities play these answers, by pid; what each saw is kept. */
function play(
  answers: Record<number, ScriptedAnswer[]>,
  more: Partial<Parameters<typeof createTestMachine>[0]> = {},
) {
  const seen: Record<number, string[]> = {};
  const machine = createTestMachine({
    play(request, _index, pid) {
      seen[pid] = [...(seen[pid] ?? []), windowOf(request)];
      return answers[pid]?.shift() ?? say("sleep", "365d");
    },
    ...more,
  });
  return { machine, seen };
}

test("[M14] what one wrote down the next of the same person knows from its start, and a search finds it with its source", async () => {
  const { machine, seen } = play({
    1: [say("note", "Mara", "lives in: Porto\nbirthday: 3 May"), stop("Noted.")],
    2: [say("search", "", "Where does Mara live?")],
    3: [],
  });
  await machine.start("Mara moved to Porto.");
  await machine.settle();
  await machine.start("Write to Mara.");
  await machine.start("Write to Lena.");
  await machine.settle();
  assert.match(
    seen[2]?.[0] ?? "",
    /What you know from before:\nMara, lives in: Porto \(since \d{4}-\d\d-\d\d; page \d+ of pid 1\)/,
  );
  assert.match(seen[2]?.[1] ?? "", /Mara, lives in: Porto/);
  assert.doesNotMatch(seen[3]?.[0] ?? "", /Mara/, "whoever is not named is not told of");
  const other = await machine.hum.inbox.task({ task: "Write to Mara.", owner: "Lin", program: "worker" });
  await machine.settle();
  assert.doesNotMatch(seen[other.pid]?.[0] ?? "", /Porto/, "another person has a memory of their own");
});

test("[M14] a fact keeps the label of what it was made from, and no window begins with a stranger's", async () => {
  const { machine, seen } = play(
    {
      1: [say("get", "http://example.org/"), say("note", "Mara", "bank account: XX66"), stop("Noted.")],
      2: [say("search", "", "Mara bank account")],
    },
    { world: undefined as never },
  );
  await machine.start("Look at http://example.org/ for Mara.");
  await machine.run(1_000);
  const [fact] = machine.hum.ledger.state.knowledge.facts.values();
  assert.equal(fact?.label.integrity, "untrusted");
  const second = await machine.start("Pay Mara.");
  await machine.settle();
  assert.doesNotMatch(seen[2]?.[0] ?? "", /XX66/);
  assert.match(seen[2]?.[1] ?? "", /XX66.*from strangers' words/);
  assert.equal(second.pages.findLast((page) => page.kind === "results")?.label.integrity, "untrusted");
});

test("[M15] what is forgotten is in no search, no recall and no window again, also after a restart", async () => {
  const { machine, seen } = play({
    1: [say("note", "Mara", "allergic to: celery"), say("sleep", "365d")],
    2: [say("search", "", "celery"), say("recall", "3 of 1"), say("sleep", "365d")],
  });
  const first = await machine.start("Mara is allergic to celery.");
  await machine.settle();
  const { remembered } = machine.hum.inbox;
  const [row] = remembered.facts("kim");
  assert.equal(row?.value, "celery");
  assert.deepEqual(row?.source?.pid, 1);
  const note = first.pages.findLast((page) => page.kind === "notes");
  const done = await remembered.forget("Kim", { about: "mara" });
  assert.equal(done.facts, 1);
  assert.deepEqual(done.still, [1], "its own task says it");
  assert.equal(first.pages.find((page) => page.id === note?.id)?.resident, false);
  assert.deepEqual(remembered.facts("Kim"), []);
  await machine.hum.inbox.kill(1, "Kim");
  const again = machine.crash();
  const second = await again.start("What does Mara eat?");
  await again.hum.inbox.shareMemory({ of: 1, with: second.pid, by: "Kim" });
  await again.run(1_000);
  const all = seen[2]?.join("\n") ?? "";
  assert.match(all, /Nothing that is known or left your window speaks of "celery"/);
  assert.match(all, /There is no page 3/);
  assert.equal(again.hum.archive.search("celery").length, 0, "nor in an index that was made again");
});

test("[M14] an entity without that right reads nothing and leaves nothing, until a person shares it", async () => {
  const { machine, seen } = play(
    {
      1: [
        say("note", "Mara", "job: baker"),
        say("search", "", "Mara"),
        say("sleep", "1h"),
        say("search", "", "baker Mara"),
      ],
    },
    {},
  );
  const { remembered } = machine.hum.inbox;
  await remembered.tell("Kim", "Mara", "city: Porto");
  const entity = await machine.start("Ask around.", { capabilities: [] });
  await machine.settle();
  assert.deepEqual(
    remembered.facts("Kim").map(({ value }) => value),
    ["Porto"],
  );
  assert.doesNotMatch(seen[1]?.at(-1) ?? "", /city: Porto/);
  await remembered.share("Kim", { with: entity.pid, about: "Mara" });
  await machine.run(2 * 60 * 60_000);
  assert.match(seen[1]?.at(-1) ?? "", /Mara, city: Porto/);
  await remembered.share("Kim", { with: entity.pid, about: "Mara", off: true });
  assert.equal(
    entity.capabilities.some(({ operation }) => operation === "memory.facts"),
    false,
  );
  await assert.rejects(remembered.share("Lin", { with: entity.pid }), /works for Kim/);
});

test("a person writes, puts right and looks at what was once", async () => {
  const { machine } = play({});
  const { remembered } = machine.hum.inbox;
  const [first] = await remembered.tell("Kim", "me", "city: Oslo");
  assert.equal(first?.subject, "Kim");
  await machine.run(60_000);
  await remembered.tell("Kim", "Kim", "city: Porto");
  assert.deepEqual(
    remembered.facts("Kim").map(({ value }) => value),
    ["Porto"],
  );
  assert.deepEqual(
    remembered.facts("Kim", { about: "me", past: true }).map(({ value }) => value),
    ["Porto", "Oslo"],
  );
  const put = await remembered.correct("Kim", first?.id ?? "", { value: "Bergen" });
  assert.equal(put.value, "Bergen");
  await assert.rejects(remembered.correct("Lin", put.id, { value: "x" }), /Nothing is remembered/);
  await assert.rejects(remembered.correct("Kim", put.id, { value: "  " }), /forget it/);
  await assert.rejects(remembered.forget("Kim", { about: "nobody" }), /Nothing is remembered/);
});

test("[M15] the post in which it was told is no part of what a later window is told of before", async () => {
  const seen: string[] = [];
  const machine = createTestMachine({
    programs: ["guide"],
    play(request, index) {
      seen.push(windowOf(request));
      return index === 0 && seen.length === 1 ? say("note", "me", "allergic to: celery") : stop("Noted.");
    },
  });
  await machine.settle();
  const { workplace } = machine;
  const line = await workplace.openDirect("Kim", "guide");
  await workplace.post("Kim", { channel: line.id, text: "I cannot eat celery." });
  await machine.run(1_000);
  const [row] = workplace.remembered("Kim", {});
  assert.deepEqual([row?.subject, row?.value, row?.by, row?.thread], ["Kim", "celery", "guide", line.id]);
  await workplace.post("Kim", { channel: line.id, text: "Hello again." });
  await machine.run(1_000);
  assert.match(seen.at(-1) ?? "", /I cannot eat celery/, "before it is forgotten it is told");
  assert.match(seen.at(-1) ?? "", /What you know from before:\nKim, allergic to: celery/);
  await workplace.forget("Kim", { ids: [row?.id ?? ""] });
  await workplace.post("Kim", { channel: line.id, text: "And once more." });
  await machine.run(1_000);
  assert.doesNotMatch(seen.at(-1) ?? "", /celery/);
  assert.match(seen.at(-1) ?? "", /Hello again/);
});
