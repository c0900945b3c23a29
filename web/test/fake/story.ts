// The story that the fake workplace begins with: a few channels, a task at work, one that asks, one that failed, and,
// when wanted, a channel with 100,000 posts.

import type { InboxItem, Post } from "../../../os/src/workplace/contract.ts";
import { me, noon, toPost, toProcess, toSeedPost, toThread } from "./seeds.ts";
import { World } from "./world.ts";

/** Makes a world. `many` is the number of posts in the channel "history". */
export function tellStory({ many = 0 } = {}): World {
  const world = new World();
  world.addChannel({ id: "general", name: "general", about: "Whatever concerns all of us" });
  world.addChannel({ id: "accounts", name: "accounts", about: "Invoices, totals, taxes" });
  world.addChannel({ id: "travel", name: "travel-photos", about: "Photos of our trips, sorted by @worker" });
  world.addChannel({ ...{ id: "dm-scribe-ada", name: "scribe", kind: "direct" }, members: [me, "scribe"] });
  let seq = 100;
  const next = (by: number) => {
    seq += by;
    return seq;
  };
  if (many > 0) {
    world.addChannel({ id: "history", name: "history", about: "Everything since the first day" });
    const posts = Array.from({ length: many }, (_, n) =>
      toSeedPost(n, many, { channel: "history", seq: seq + n * 2 }),
    );
    world.fill("history", posts);
    seq += many * 2;
    world.seen.history = posts[Math.max(0, many - 40)]?.seq ?? 0;
  }
  const general = Array.from({ length: 46 }, (_, n) =>
    toSeedPost(n, 46, { channel: "general", seq: next(3) }),
  );
  world.fill("general", general);
  world.seen.general = general[general.length - 5]?.seq ?? 0;
  world.fill(
    "travel",
    Array.from({ length: 12 }, (_, n) => toSeedPost(n + 70, 12, { channel: "travel", seq: next(3) })),
  );
  world.seen.travel = seq;
  tellTask(world, next(10));
  tellQuestion(world, next(40));
  tellFailure(world, next(40));
  tellDirect(world, next(20));
  return world;
}

const bookkeeper = { kind: "entity", name: "bookkeeper", program: "bookkeeper", pid: 41 } as const;
const worker = { kind: "entity", name: "worker", program: "worker", pid: 43 } as const;
const kernel = { kind: "kernel", name: "Hum" } as const;

function append(world: World, place: string, posts: Post[]): void {
  world.fill(place, [...(world.posts.get(place) ?? []), ...posts]);
}

// A task under way that asks for a yes.
function tellTask(world: World, seq: number): void {
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
    title: "bookkeeper asks for a yes",
    text: "http.get: the exchange rate of 9 October",
    seq: seq + 8,
    needsYou: true,
    channel,
    thread: id,
    approval: "a1",
    pid: 41,
  });
}

// A task that asked a question, and one that is done.
function tellQuestion(world: World, seq: number): void {
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
    title: "worker asks",
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
    title: "Make one page out of the three reports",
    text: "One page, 410 words. I kept all numbers.",
    seq: seq + 6,
    channel,
    thread: done,
    pid: 45,
  });
}

function tellFailure(world: World, seq: number): void {
  const channel = "travel";
  const id = "task-zip";
  append(world, channel, [
    toPost({
      id,
      seq,
      channel,
      at: noon - 86_400_000,
      mentions: ["worker"],
      text: "@worker Unpack trip.zip and sort it by country.",
    }),
  ]);
  world.threads.set(
    id,
    toThread({
      ...{ id, channel, title: "Unpack trip.zip and sort it by country", state: "error" },
      ...{ delegate: "worker", pid: 46, writers: [me, "worker"], lastAt: noon - 86_000_000 },
    }),
  );
  append(world, id, [
    toPost({
      id: "tz1",
      seq: seq + 1,
      channel,
      thread: id,
      kind: "result",
      from: { ...worker, pid: 46 },
      integrity: "entity",
      at: noon - 86_000_000,
      text: "The file trip.zip is damaged after 12 MB: nothing was unpacked.",
      outcome: "failed",
      usage: { tokens: 3_010, activeMs: 31_000, deviceCalls: 3 },
    }),
  ]);
  addItem(world, {
    id: "i4",
    kind: "mention",
    title: "Grace mentioned you",
    text: "@Ada can you send the archive again?",
    seq: seq + 2,
    unread: false,
    channel,
    thread: id,
  });
  world.seen.travel = seq;
}

function tellDirect(world: World, seq: number): void {
  const channel = "dm-scribe-ada";
  append(world, channel, [
    toPost({
      id: "d1",
      seq,
      channel,
      at: noon - 7_000_000,
      text: "Please shorten the second paragraph of letter.md.",
    }),
    toPost({
      id: "d2",
      seq: seq + 1,
      channel,
      kind: "result",
      from: { kind: "entity", name: "scribe", program: "scribe", pid: 47 },
      integrity: "entity",
      at: noon - 6_900_000,
      text: "It has 41 words now instead of 96. The tone is the same.",
      files: [{ path: "letter.md", bytes: 1_204, change: "changed" }],
      outcome: "done",
      usage: { tokens: 4_120, activeMs: 40_000, deviceCalls: 2 },
    }),
  ]);
  world.seen[channel] = seq + 1;
  world.seq = Math.max(world.seq, seq + 10);
}

function addItem(
  world: World,
  given: Pick<InboxItem, "id" | "kind" | "title" | "text" | "seq"> & Partial<InboxItem>,
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
    },
    ...given,
  });
}
