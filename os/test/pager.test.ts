// What stays in the window, and that what left is found again.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toEvent, toStream } from "../src/entity/events.ts";
import { toGists } from "../src/memory/gist.ts";
import { toLabel, toUntrusted } from "../src/memory/label.ts";
import type { Page, PageKind } from "../src/memory/page.ts";
import { countWindow, planEviction, readStubLines, toMessages, toStubText } from "../src/memory/pager.ts";
import { toWorth } from "../src/memory/worth.ts";
import { createTestMachine, inTurn, say, stop, windowOf } from "./fixtures/machine.ts";

function toPages(...kinds: [PageKind, number][]): Page[] {
  return kinds.map(([kind, tokens], i) => ({
    ...{ id: i + 1, kind, role: "user" as const, tokens, label: toLabel("kernel"), lastUse: 0 },
    ...{ title: `page ${i + 1}`, resident: true, index: i },
  }));
}

const limits = { contextTokens: 1_000, reserveTokens: 100, evictTo: 0.5 };

test("[M1] nothing leaves while all fits", () => {
  assert.deepEqual(planEviction(toPages(["rules", 300], ["task", 100], ["results", 400]), limits), []);
});

test("[M1] a full window is emptied down to a part of it, results first, the oldest first", () => {
  const pages = toPages(
    ...([
      ["rules", 100],
      ["task", 50],
      ["dialogue", 100],
      ["results", 200],
      ["dialogue", 100],
      ["results", 200],
    ] as [PageKind, number][]),
    ...([
      ["notes", 50],
      ["dialogue", 50],
      ["results", 50],
      ["dialogue", 50],
    ] as [PageKind, number][]),
  );
  const ids = planEviction(pages, limits);
  assert.deepEqual(ids, [4, 6, 3, 5]);
  for (const page of pages) if (ids.includes(page.id)) page.resident = false;
  assert.ok(countWindow(pages) <= 450);
  assert.deepEqual(planEviction(pages, limits), []);
});

test("[M2] rules, program, task and notes never leave, whatever the size", () => {
  const pages = toPages(
    ["rules", 500],
    ["program", 300],
    ["task", 300],
    ["notes", 300],
    ["results", 90],
    ["results", 90],
    ["dialogue", 90],
  );
  const ids = planEviction(pages, limits);
  for (const id of ids) assert.match(pages[id - 1]!.kind, /results|dialogue/);
});

test("[M2] notes that fill more than a third of the room leave, the oldest first, and the work beside them stays", () => {
  const many = Array.from({ length: 60 }, (): [PageKind, number] => ["notes", 12]);
  const pages = toPages(["rules", 100], ["task", 50], ...many, ["dialogue", 50], ["results", 50]);
  const gone = planEviction(pages, limits);
  assert.equal(gone[0], 3, "the oldest");
  assert.deepEqual(
    gone,
    Array.from({ length: gone.length }, (_, at) => 3 + at),
  );
  const left = pages.filter(({ id, kind }) => kind === "notes" && !gone.includes(id));
  assert.equal(left.length, 15);
  const pinned = pages.map((page) => (page.id === 3 ? { ...page, pinned: true } : page));
  assert.ok(!planEviction(pinned, limits).includes(3));
  assert.deepEqual(
    planEviction(toPages(["rules", 100], ...many.slice(0, 20)), limits),
    [],
    "only a full window is emptied",
  );
});

test("[M3] the stub names what left and how it is seen again", () => {
  const pages = toPages(...Array.from({ length: 20 }, (): [PageKind, number] => ["results", 10]));
  const text = toStubText(pages, (id) => `recall ${id}`);
  assert.match(text, /and 8 older pages/);
  assert.match(text, /page 20: page 20/);
  assert.match(text, /recall 20/);
});

test("[M4] rules come first and are counted as shared; neighbours of one role become one message", () => {
  const { messages, shared } = toMessages([
    { kind: "rules", role: "system", text: "r" },
    { kind: "task", role: "user", text: "t" },
    { kind: "dialogue", role: "assistant", text: "a" },
    { kind: "results", role: "user", text: "b" },
    { kind: "results", role: "user", text: "c" },
  ]);
  assert.equal(shared, 1);
  assert.deepEqual(
    messages.map((message) => message.text),
    ["r", "t", "a", "b\n\nc"],
  );
});

test("[M4] the window grows at its end only: each request begins with all of the one before it", async () => {
  const machine = createTestMachine({
    play: (_request, index) => (index < 8 ? say("read", `${index}.txt`) : stop("x")),
  });
  await machine.start();
  await machine.run();
  for (let i = 1; i < machine.requests.length; i++)
    assert.ok(windowOf(machine.requests[i]!).startsWith(windowOf(machine.requests[i - 1]!)));
});

test("[M7] over 200 turns in a window of 8k every planted fact is found again", async () => {
  const facts = new Map(
    [11, 47, 83, 120, 156].map((turn) => [
      turn,
      `The ${["oak", "elm", "ash", "fir", "yew"][turn % 5]} door number ${turn} has code ${turn * 7919}.`,
    ]),
  );
  const asked = [...facts.keys()];
  const machine = createTestMachine({
    model: { contextTokens: 8_192 },
    play(_request, index) {
      if (index < 200) return say("read", `/${index}.txt`);
      const turn = asked[index - 200];
      return turn === undefined ? stop("enough") : say("search", "", `door number ${turn} code`);
    },
  });
  for (let i = 0; i < 200; i++)
    machine.world.files.set(
      `/${i}.txt`,
      `${facts.get(i) ?? ""}\nNotes of day ${i}: ${"the weather was fine and nothing happened ".repeat(6)}`,
    );
  await machine.start("Read everything.", { budget: { tokens: 50_000_000, deviceCalls: 1_000 } });
  await machine.run();
  assert.ok(machine.trail(1).filter((type) => type === "page.evicted").length > 3);
  const largest = Math.max(...machine.requests.map((request) => windowOf(request).length / 4));
  assert.ok(largest <= 8_192, `the window reached ${largest} tokens`);
  for (const [i, turn] of asked.entries()) {
    const window = windowOf(machine.requests[201 + i]!);
    assert.ok(window.includes(String(turn * 7919)), `the fact of turn ${turn} was not found`);
  }
});

test("[M7] a page that left can be recalled by its number, with its label", async () => {
  const machine = createTestMachine({
    model: { contextTokens: 4_096 },
    play(request, index) {
      if (index < 60) return say("read", `/${index}.txt`);
      const stub = /page (\d+): .*secret/.exec(windowOf(request));
      return index === 60 ? say("recall", stub?.[1] ?? "4") : stop("enough");
    },
  });
  machine.world.files.set("/0.txt", "the secret is plum");
  await machine.start("Read.", { budget: { tokens: 50_000_000 } });
  await machine.run();
  const pages = machine
    .records()
    .flatMap(
      (record) => (record.data as { pages?: { text: string; label: { origins: string[] } }[] }).pages ?? [],
    );
  const first = pages.findIndex((page) => page.text === "the secret is plum");
  assert.ok(first >= 0);
  const recalled = pages.findLast((page) => page.text.includes("again:\nthe secret is plum"));
  assert.deepEqual(recalled?.label.origins, ["file:/0.txt"]);
});

test("[M12] what left long ago is on disk only, and is found by its number, with its label", async () => {
  const machine = createTestMachine({ play: inTurn(say("sleep", "365d")) });
  const entity = await machine.start();
  await machine.settle();
  const { ledger } = machine.hum;
  const stream = toStream(entity.pid);
  const foreign = entity.nextPage + 100;
  const start = entity.nextPage;
  for (let round = 0; round < 60; round++) {
    const first = entity.nextPage;
    const pages = Array.from({ length: 10 }, (_, i) => ({
      ...{ id: first + i, kind: "results" as const, role: "user" as const, tokens: 4 },
      label: first + i === foreign ? toUntrusted("host:example.org") : toLabel("kernel"),
      text: `This is page ${first + i}.`,
    }));
    const call = { pid: entity.pid, id: `c${round}`, name: "now", ok: true, pages };
    const gone = { pid: entity.pid, ids: pages.map(({ id }) => id), pages: [], why: "full" as const };
    await ledger.commit(stream, [toEvent("call.ended", call), toEvent("page.evicted", gone)]);
  }
  assert.ok(entity.pages.length < 150, `${entity.pages.length} pages in the table of 600`);
  assert.ok((entity.gone?.count ?? 0) > 450);
  assert.deepEqual(
    entity.gone?.label.origins,
    ["host:example.org"],
    "what they were made from is not forgotten",
  );
  ledger.forgetTexts(entity.pid);
  for (let id = start; id < entity.nextPage; id += 7)
    assert.equal(ledger.pageText(entity.pid, id), `This is page ${id}.`);
  assert.deepEqual(ledger.page(entity.pid, foreign)?.label, toUntrusted("host:example.org"));
  assert.equal(ledger.page(entity.pid, foreign + 12)?.label.integrity, "kernel");
  assert.equal(ledger.pageText(entity.pid, entity.nextPage), null);
  assert.equal(ledger.pageText(entity.pid, 0), null);
});

test("[M1] of one kind those leave first that have least to do with the task, and of those the oldest", () => {
  const pages = toPages(
    ...([
      ["rules", 100],
      ["task", 50],
      ["results", 200],
      ["results", 200],
      ["results", 200],
    ] as [PageKind, number][]),
    ...([
      ["dialogue", 50],
      ["results", 50],
      ["dialogue", 50],
    ] as [PageKind, number][]),
  );
  const texts = [
    "",
    "",
    "$ cat fees.csv\nname,fee",
    "$ cat hours.csv\nname,hours",
    "$ cat trips.csv\nname,km",
  ];
  const worth = toWorth(
    pages.slice(2, 5).map(({ id }) => ({ id, text: texts[id - 1]! })),
    "Add up the fees in fees.csv for Kim.",
  );
  assert.deepEqual([worth.get(3)! > worth.get(4)!, worth.get(4)], [true, 0]);
  assert.deepEqual(planEviction(pages, limits, worth), [4, 5, 3]);
  assert.deepEqual([...toWorth([{ id: 1, text: "anything" }], "Tidy up.").values()], [0]);
});

test("[M3] the line that stands for a page is the sentence of it that says most, and goes on into the next stub", () => {
  const [talk, run, empty] = toGists(
    [
      "That is a long day again, is it not? Mara signed the lease on a flat in Porto. Well, I must go now.",
      "[exit code 0]\n[output]\n[output]\ntotal 4711 of 2026",
      "",
    ],
    ["That is a long day again, is it not?", "Well, I must go now."],
  );
  assert.deepEqual(
    [talk, run, empty],
    ["Mara signed the lease on a flat in Porto.", "total 4711 of 2026", ""],
  );
  assert.ok(toGists(["x".repeat(100_000)])[0]!.length <= 110);
  const pages = toPages(["results", 1], ["dialogue", 1]);
  const form = (id: number) => `recall ${id}`;
  const text = toStubText(pages, form, { lines: new Map([[1, "Mara: Porto."]]) });
  assert.deepEqual(
    [...readStubLines(text)],
    [
      [1, "Mara: Porto."],
      [2, "page 2"],
    ],
  );
});

test("[M3] what leaves a window is told by its best sentence, with the number that brings it back", async () => {
  const machine = createTestMachine({
    model: { contextTokens: 4_096 },
    play: (_request, index) => (index < 60 ? say("read", `/${index}.txt`) : stop("enough")),
  });
  for (let i = 0; i < 60; i++)
    machine.world.files.set(
      `/${i}.txt`,
      `Day ${i}.\n${"The weather was fine and nothing happened. ".repeat(12)}\nThe lighthouse of Skagen opens at ${i + 100}.`,
    );
  await machine.start("Read.", { budget: { tokens: 50_000_000 } });
  await machine.run();
  const stubs = machine.requests.map(windowOf).filter((window) => window.includes("Left this window"));
  assert.match(stubs.at(-1) ?? "", /page \d+: The lighthouse of Skagen opens at 1\d\d/);
});
