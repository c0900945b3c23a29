// The story that the fake workplace begins with: a few channels, a task at work, one that asks, one that failed, and,
// when wanted, a channel with 100,000 posts.

import { me, noon, toPost, toSeedPost, toThread } from "./seeds.ts";
import { addItem, append, tellQuestion, tellTask, worker } from "./story-tasks.ts";
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
    ...{ name: "Grace", place: "Unpack trip.zip and sort it by country" },
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
