// The tasks of the story that wait for a person: one for a yes, one for an answer; and one that is done.

import type { InboxItem, Post } from "../../../os/src/workplace/contract.ts";
import { me, noon, toPost, toProcess, toThread } from "./seeds.ts";
import type { World } from "./world.ts";

const bookkeeper = { kind: "entity", name: "bookkeeper", program: "bookkeeper", pid: 41 } as const;
/** The worker, as an author. */
export const worker = { kind: "entity", name: "worker", program: "worker", pid: 43 } as const;
const kernel = { kind: "kernel", name: "Hum" } as const;

/** Puts posts behind those that a place has. */
export function append(world: World, place: string, posts: Post[]): void {
  world.fill(place, [...(world.posts.get(place) ?? []), ...posts]);
}

/** A task under way that asks for a yes. */
export function tellTask(world: World, seq: number): void {
  const channel = "accounts";
  const id = "task-totals";
  const root = toPost({
    ...{ id, seq, channel, at: noon - 1_500_000, mentions: ["bookkeeper"] },
    text: "@bookkeeper Compare the invoices of October with the bank statement and tell me what does not match.",
  });
  append(world, channel, [root]);
  world.threads.set(
    id,
    toThread({
      ...{
        id,
        channel,
        title: "Compare the invoices of October with the bank statement",
        state: "awaitingInput",
      },
      ...{
        delegate: "bookkeeper",
        pid: 41,
        folder: "/home/ada/hum/threads/task-totals",
        writers: [me, "bookkeeper"],
      },
    }),
  );
  const reply = (n: number, more: Partial<Post>) =>
    toPost({ id: `tt${n}`, seq: seq + n, channel, thread: id, at: noon - 1_400_000 + n * 130_000, ...more });
  append(world, id, [
    reply(1, { kind: "status", from: kernel, integrity: "kernel", text: "bookkeeper began to work" }),
    reply(2, {
      from: bookkeeper,
      integrity: "entity",
      text: "I read both files: **38 invoices**, **41 payments**.",
    }),
    reply(3, {
      kind: "status",
      from: kernel,
      integrity: "kernel",
      text: "bookkeeper asked worker: find the PDF of invoice 2026-131",
      child: 43,
    }),
    reply(4, { kind: "status", from: kernel, integrity: "kernel", text: "worker handed over 2026-131.pdf" }),
    reply(5, { kind: "status", from: kernel, integrity: "kernel", text: "worker ended" }),
    reply(6, {
      ...{ from: bookkeeper, integrity: "untrusted" },
      text: "Three payments have no invoice:\n\n| date | amount | from |\n|---|---:|---|\n| 3 Oct | 1,190.00 | Lindt & Co |\n| 9 Oct | 249.90 | unknown |\n| 28 Oct | 78.00 | Stadtwerke |\n\nThe second one has the text *“refund see http://refunds.example”*, which I did not open.",
      files: [
        { path: "differences.csv", bytes: 1_840, change: "new" },
        { path: "october/notes.md", bytes: 512, change: "changed" },
      ],
    }),
    reply(7, { text: "Good. Ask the exchange rate of 9 Oct too, please." }),
    reply(8, {
      kind: "approval",
      from: kernel,
      integrity: "kernel",
      text: "bookkeeper asks for a yes to http.get: the exchange rate of 9 October",
      approval: "a1",
      child: 41,
    }),
  ]);
  world.files.set(
    id,
    new Map([
      ["differences.csv", new Uint8Array(1840)],
      ["october/notes.md", new Uint8Array(512)],
      ["invoices.csv", new Uint8Array(48_210)],
    ]),
  );
  world.processes.set(
    41,
    toProcess({
      pid: 41,
      program: "bookkeeper",
      thread: id,
      shown: "waiting(approval)",
      waiting: { on: "approval", id: "a1" },
      why: "It waits for your yes.",
      noProgressMs: null,
    }),
  );
  world.processes.set(
    43,
    toProcess({
      pid: 43,
      parent: 41,
      program: "worker",
      thread: id,
      shown: "done",
      ended: true,
      outcome: { kind: "done", text: "" },
    }),
  );
  world.approvals.set("a1", {
    ...{ id: "a1", pid: 41, kind: "effect", what: "http.get", why: "the exchange rate of 9 October" },
    payload: { url: "https://api.bank.example/rates?day=2026-10-09&pair=CHF-EUR" },
    ...{
      hash: "4be1",
      askedAt: noon - 300_000,
      expiresAt: noon + 84_000_000,
      name: "bookkeeper",
      program: "bookkeeper",
    },
    ...{
      thread: id,
      sources: ["file:statement.csv"],
      diff: null,
      sink: "api.bank.example",
      scopes: ["once", "thread"],
    },
  });
  addItem(world, {
    id: "i1",
    kind: "approval",
    ...{ name: "bookkeeper", place: "http.get" },
    text: "http.get: the exchange rate of 9 October",
    seq: seq + 8,
    needsYou: true,
    channel,
    thread: id,
    approval: "a1",
    pid: 41,
  });
}

/** A task that asked a question, and one that is done. */
export function tellQuestion(world: World, seq: number): void {
  const channel = "general";
  const id = "task-names";
  append(world, channel, [
    toPost({
      id,
      seq,
      channel,
      at: noon - 900_000,
      mentions: ["worker"],
      text: "@worker Rename the photos so that each starts with its date.",
    }),
  ]);
  world.threads.set(
    id,
    toThread({
      ...{
        id,
        channel,
        title: "Rename the photos so that each starts with its date",
        state: "awaitingInput",
      },
      ...{ delegate: "worker", pid: 44, writers: [me, "worker"] },
    }),
  );
  append(world, id, [
    toPost({
      id: "tn1",
      seq: seq + 1,
      channel,
      thread: id,
      kind: "status",
      from: kernel,
      integrity: "kernel",
      at: noon - 880_000,
      text: "worker began to work",
    }),
    toPost({
      id: "tn2",
      seq: seq + 2,
      channel,
      thread: id,
      kind: "question",
      from: { ...worker, pid: 44 },
      integrity: "entity",
      at: noon - 820_000,
      mentions: [me],
      text: "@Ada Four photos have no date inside. Shall I use the date of the file, or leave them as they are?",
    }),
  ]);
  world.processes.set(
    44,
    toProcess({
      pid: 44,
      program: "worker",
      thread: id,
      shown: "waiting(message)",
      waiting: { on: "message", from: me, until: null },
      why: "It waits for your answer.",
      noProgressMs: null,
    }),
  );
  addItem(world, {
    id: "i2",
    kind: "question",
    ...{ name: "worker", place: "Rename the photos so that each starts with its date" },
    text: "Four photos have no date inside. Shall I use the date of the file, or leave them as they are?",
    seq: seq + 2,
    needsYou: true,
    channel,
    thread: id,
    pid: 44,
  });
  const done = "task-report";
  append(world, channel, [
    toPost({
      id: done,
      seq: seq + 5,
      channel,
      at: noon - 700_000,
      from: { kind: "person", name: "Grace" },
      mentions: ["scribe"],
      text: "@scribe Make one page out of the three reports.",
    }),
  ]);
  world.threads.set(
    done,
    toThread({
      ...{
        id: done,
        channel,
        title: "Make one page out of the three reports",
        state: "complete",
        owner: "Grace",
      },
      ...{ delegate: "scribe", pid: 45, writers: ["Grace", "scribe", me] },
    }),
  );
  append(world, done, [
    toPost({
      id: "tr1",
      seq: seq + 6,
      channel,
      thread: done,
      kind: "result",
      from: { kind: "entity", name: "scribe", program: "scribe", pid: 45 },
      integrity: "entity",
      at: noon - 500_000,
      text: "One page, 410 words. I kept all numbers and cut what stood in two of the reports.\n\n- sales rose by **12 %**\n- the new shop opens on *1 December*\n- returns are down to 2.1 %",
      files: [{ path: "one-page.md", bytes: 2_610, change: "new" }],
      outcome: "done",
      usage: { tokens: 18_420, activeMs: 204_000, deviceCalls: 7 },
    }),
    toPost({
      id: "tr2",
      seq: seq + 7,
      channel,
      thread: done,
      at: noon - 400_000,
      text: "Thank you, that is exactly it.",
      reactions: { "🎉": ["Grace"] },
    }),
  ]);
  addItem(world, {
    id: "i3",
    kind: "result",
    ...{ name: "scribe", place: "Make one page out of the three reports" },
    text: "One page, 410 words. I kept all numbers.",
    seq: seq + 6,
    channel,
    thread: done,
    pid: 45,
  });
}

/** Puts a row into the inbox. */
export function addItem(
  world: World,
  given: Pick<InboxItem, "id" | "kind" | "name" | "place" | "text" | "seq"> & Partial<InboxItem>,
): void {
  world.inbox.set(given.id, {
    ...{
      at: noon - 200_000,
      unread: true,
      needsYou: false,
      channel: null,
      thread: null,
      approval: null,
      pid: null,
      title: given.kind === "approval" ? `${given.name}: ${given.place}` : `${given.name} in ${given.place}`,
    },
    ...given,
  });
}
