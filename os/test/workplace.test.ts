// The workplace: what people write, who hears of it, and what comes back, on a whole machine with a scripted model.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelRequest } from "../src/model/model.ts";
import type { StreamEvent } from "../src/workplace/api.ts";
import {
  createTestMachine,
  type Play,
  say,
  type TestMachine,
  type TestOptions,
  windowOf,
} from "./fixtures/machine.ts";

const programs = ["guide", "clerk", "scout"];

const hasHeard = (request: ModelRequest, text: string) => windowOf(request).includes(text);

async function open(play: Play, more: Partial<TestOptions> = {}): Promise<TestMachine> {
  const machine = createTestMachine({ play, programs, ...more });
  await machine.settle();
  return machine;
}

const texts = (machine: TestMachine, place: { channel: string } | { thread: string }) =>
  machine.workplace.posts(place, {}).posts.map((post) => `${post.from.name}: ${post.text}`);

const finish: Play = () => say("done", "", "It is done.");

test("[W1] a fresh home has its first channels, and they are made once", async () => {
  const machine = await open(finish);
  const names = () => machine.workplace.channels("Ada").map((channel) => channel.id);
  assert.deepEqual(names(), ["general", "work"]);
  const again = machine.crash();
  await again.settle();
  assert.deepEqual(
    again.workplace.channels("Ada").map((channel) => channel.id),
    ["general", "work"],
  );
  assert.equal(again.records().filter((record) => record.type === "channel.created").length, 2);
});

test("[W2] a post that mentions a colleague starts one, who works in its thread and answers there", async () => {
  const machine = await open(finish);
  const { workplace } = machine;
  const post = await workplace.post("Ada", { channel: "general", text: "@clerk Count the names." });
  assert.equal(workplace.thread(post.id).state, "pending");
  await machine.run();
  const [entity] = [...machine.hum.ledger.state.entities.values()];
  assert.deepEqual(
    [entity?.program, entity?.owner, entity?.thread, entity?.task, entity?.class],
    ["clerk", "Ada", post.id, "Count the names.", "interactive"],
  );
  assert.equal(entity?.folder, `/hum/threads/${post.id}`);
  assert.deepEqual(texts(machine, { thread: post.id }), ["clerk: It is done."]);
  const [result] = workplace.posts({ thread: post.id }, {}).posts;
  assert.equal(result?.kind, "result");
  assert.equal(result?.outcome, "done");
  const thread = workplace.thread(post.id);
  assert.deepEqual(
    [thread.state, thread.delegate, thread.replies, thread.title],
    ["complete", "clerk", 1, "Count the names."],
  );
  assert.deepEqual(thread.writers, ["Ada", "clerk"]);
  assert.equal(workplace.channels("Ada")[0]?.posts, 1);
});

test("[W2] words without a mention start nobody", async () => {
  const machine = await open(finish);
  await machine.workplace.post("Ada", {
    channel: "general",
    text: "Good morning, clerk and a@clerk.org",
  });
  await machine.run();
  assert.equal(machine.hum.ledger.state.entities.size, 0);
});

test("[W3] a reply reaches whoever asked, and wakes it", async () => {
  const machine = await open(
    (request, index) => {
      if (index === 0) return say("ask", "Ada", "Which list?");
      if (index === 1) return say("bash", "", "look");
      return say(
        "done",
        "",
        hasHeard(request, "Ada says: The long one.") ? "The long one it is." : "Nothing heard.",
      );
    },
    { terminal: "none" },
  );
  const { workplace } = machine;
  const post = await workplace.post("Ada", { channel: "work", text: "@clerk sort it" });
  await machine.run();
  assert.equal(workplace.thread(post.id).state, "awaitingInput");
  assert.deepEqual(texts(machine, { thread: post.id }), ["clerk: @Ada Which list?"]);
  const [item] = workplace.inbox("Ada");
  assert.deepEqual([item?.kind, item?.needsYou, item?.unread], ["question", true, true]);
  await workplace.post("Ada", { thread: post.id, text: "The long one." });
  await machine.run();
  assert.deepEqual(texts(machine, { thread: post.id }), [
    "clerk: @Ada Which list?",
    "Ada: The long one.",
    "clerk: The long one it is.",
  ]);
  assert.equal(machine.hum.ledger.state.entities.size, 1);
  // What was said in the thread is mail too, until it was seen there.
  assert.equal(machine.hum.inbox.mail("Ada").length, 1);
  await workplace.markSeen("Ada", { places: { [post.id]: workplace.thread(post.id).lastSeq } });
  assert.deepEqual(machine.hum.inbox.mail("Ada"), []);
  assert.equal(workplace.inbox("Ada").find((one) => one.kind === "question")?.needsYou, false);
});

test("[W4] a reply after the end starts the colleague again, with what was said before", async () => {
  const machine = await open((request, _index, pid) =>
    say(
      "done",
      "",
      pid === 1 ? "There are 12." : hasHeard(request, "clerk: There are 12.") ? "12, as I said." : "?",
    ),
  );
  const { workplace } = machine;
  const post = await workplace.post("Ada", { channel: "general", text: "@clerk count" });
  await machine.run();
  await workplace.post("Ada", { thread: post.id, text: "Say it again." });
  await machine.run();
  assert.deepEqual(texts(machine, { thread: post.id }), [
    "clerk: There are 12.",
    "Ada: Say it again.",
    "clerk: 12, as I said.",
  ]);
  assert.equal(machine.hum.ledger.state.entities.get(2)?.folder, `/hum/threads/${post.id}`);
});

test("[W4] what was said before begins alike from turn to turn, so that it is not read anew each time", async () => {
  const windows = new Map<number, string>();
  const machine = await open((request, _index, pid) => {
    const own = request.messages.slice(request.shared).map(({ text }) => text);
    if (!windows.has(pid)) windows.set(pid, own.join("\n"));
    return say("done", "", `Answer ${pid}. ${"It is a long one. ".repeat(40)}`);
  });
  const line = await machine.workplace.openDirect("Ada", "guide");
  for (let turn = 1; turn <= 24; turn++) {
    await machine.workplace.post("Ada", { channel: line.id, text: `Question ${turn}` });
    await machine.run();
  }
  assert.equal(windows.size, 24);
  const befores = [...windows.values()].map((text) => text.split("\n\nThe folder")[0] ?? "");
  const goesOn = befores.filter((text, at) => at > 1 && text.startsWith(befores[at - 1] ?? "-"));
  assert.ok(goesOn.length >= 14, `${goesOn.length} of 22`);
  for (const [at, text] of befores.entries()) {
    // At least the last three turns are there, and never more than there is room for.
    for (let turn = Math.max(1, at - 2); turn <= at; turn++)
      assert.ok(text.includes(`Ada: Question ${turn}\n`), text);
    assert.ok(text.length < 6_500, String(text.length));
  }
});

test("[W5] a direct line is one conversation: its posts stand in it, and its program hears all of them", async () => {
  const machine = await open((_request, _index, pid) => say("done", "", `Answer ${pid}.`));
  const { workplace } = machine;
  const line = await workplace.openDirect("Ada", "guide");
  assert.deepEqual([line.id, line.kind, line.members], ["dm-guide-ada", "direct", ["Ada", "guide"]]);
  assert.equal((await workplace.openDirect("Ada", "guide")).id, line.id);
  await workplace.post("Ada", { channel: line.id, text: "Hello" });
  await machine.run();
  await workplace.post("Ada", { channel: line.id, text: "And now?" });
  await machine.run();
  assert.deepEqual(texts(machine, { channel: line.id }), [
    "Ada: Hello",
    "guide: Answer 1.",
    "Ada: And now?",
    "guide: Answer 2.",
  ]);
  assert.ok(workplace.posts({ channel: line.id }, {}).posts.every((post) => post.thread === null));
  assert.ok(!workplace.channels("Ben").some((channel) => channel.id === line.id));
});

test("[W6] colleagues hand over in the thread: who asked whom, what came of it, in one folder", async () => {
  const machine = await open((_request, index, pid) => {
    if (pid === 2) return say("done", "", "I found 3.");
    return [say("spawn", "clerk", "Find them."), say("wait", "2"), say("done", "", "The clerk found 3.")][
      Math.min(index, 2)
    ] as string;
  });
  const { workplace } = machine;
  const post = await workplace.post("Ada", { channel: "general", text: "@guide find them" });
  await machine.run();
  assert.deepEqual(texts(machine, { thread: post.id }), [
    "Hum: guide asked clerk: Find them.",
    "clerk: I found 3.",
    "guide: The clerk found 3.",
  ]);
  const [guide, clerk] = [...machine.hum.ledger.state.entities.values()];
  assert.equal(clerk?.thread, post.id);
  assert.equal(clerk?.folder, guide?.folder);
  // Only the first of the tree reports to the person.
  assert.deepEqual(
    workplace.inbox("Ada").map((item) => item.text),
    ["The clerk found 3."],
  );
});

test("[W7] [J6] a stop at any moment loses no acknowledged post, and each is answered once", async () => {
  const play: Play = (request, index, pid) =>
    index === 0 && pid === 1
      ? say("ask", "Ada", "Which?")
      : say("done", "", hasHeard(request, "Ada says") ? "Heard." : "Done.");
  for (let write = 1; write < 40; write++) {
    let gone = false;
    const never = new Promise<void>(() => {});
    const first = createTestMachine({
      ...{ play, programs },
      async beforeWrite(count) {
        if (count >= write) gone = true;
        if (gone) await never;
      },
    });
    const acked: string[] = [];
    const work = async ({ workplace, run, settle }: TestMachine, from: string[]) => {
      await settle();
      const post = async (key: string, wish: { channel?: string; thread?: string; text: string }) => {
        const made = await workplace.post("Ada", { ...wish, key });
        acked.push(made.id);
        return made;
      };
      const root = await post("one", { channel: "general", text: "@clerk @scout begin" });
      if (from.length === 0) await run();
      await post("two", { thread: root.id, text: "@clerk the long one" });
      await post("three", { channel: "work", text: "just words" });
      await run();
    };
    work(first, []).catch(() => {});
    for (let i = 0; i < 6; i++) await first.run();
    const second = first.crash({ beforeWrite: async () => {} });
    await second.settle();
    const durable = new Set(second.records().map((record) => record.data.id));
    assert.deepEqual(
      acked.filter((id) => !durable.has(id)),
      [],
      `a post is lost (write ${write})`,
    );
    await second.run();
    await work(second, ["again"]);
    const { state } = second.hum.ledger;
    assert.equal(state.work.pending.size, 0, `something was not answered (write ${write})`);
    const causes = [...state.entities.values()].map((entity) => entity.cause);
    assert.equal(new Set(causes).size, causes.length, `a post started two (write ${write})`);
    const root = second.workplace.posts({ channel: "general" }, {}).posts[0]?.id;
    assert.equal(causes.filter((cause) => cause === `post/${root}/clerk`).length, 1);
    assert.equal(causes.filter((cause) => cause === `post/${root}/scout`).length, 1);
    const reply = second
      .records()
      .filter((record) => record.type === "post.written" && record.data.key === "two");
    assert.equal(reply.length, 1);
    const id = reply[0]?.data.id;
    const answers = second
      .records()
      .filter((record) => record.data.post === id || record.data.cause === `post/${id}/clerk`);
    assert.equal(answers.length, 1, `the reply was answered ${answers.length} times (write ${write})`);
  }
});

test("[W8] what the stream sends is what a fresh look shows, from any place on", async () => {
  const machine = await open((_request, index, pid) => {
    if (pid === 1 && index === 0) return say("spawn", "clerk", "Find them.");
    return say("done", "", "Done.");
  });
  const { workplace } = machine;
  const stop = new AbortController();
  const events: StreamEvent[] = [];
  const from = machine.hum.ledger.state.seq;
  const reading = (async () => {
    for await (const event of workplace.follow("Ada", from, stop.signal)) events.push(event);
  })();
  const post = await workplace.post("Ada", { channel: "general", text: "@guide go" });
  await machine.run();
  await workplace.react("Ben", post.id, { emoji: "👍", on: true });
  await workplace.markSeen("Ada", { places: { general: post.seq } });
  await machine.settle();
  stop.abort();
  await reading;
  const late: StreamEvent[] = [];
  for await (const event of workplace.follow("Ada", from, AbortSignal.timeout(2_000))) {
    late.push(event);
    if (event.type === "caught-up") break;
  }
  for (const stream of [events, late]) {
    const last = new Map(
      stream.flatMap((event) => (event.type === "post" ? [[event.post.id, event.post] as const] : [])),
    );
    const all = [
      ...workplace.posts({ channel: "general" }, {}).posts,
      ...workplace.posts({ thread: post.id }, {}).posts,
    ];
    assert.deepEqual(
      [...last.values()].sort((a, b) => a.seq - b.seq),
      all.sort((a, b) => a.seq - b.seq),
    );
    const threads = stream.flatMap((event) => (event.type === "thread" ? [event.thread] : []));
    assert.deepEqual(threads.at(-1), workplace.thread(post.id));
    const rows = new Map(
      stream.flatMap((event) =>
        event.type === "process" ? [[event.process.pid, event.process] as const] : [],
      ),
    );
    assert.deepEqual(
      [...rows.values()].sort((a, b) => a.pid - b.pid),
      workplace.processes({ ended: true }),
    );
    assert.ok(stream.some((event) => event.type === "seen" && event.upTo === post.seq));
    const seqs = stream.flatMap((event) =>
      "seq" in event && event.type !== "welcome" && event.type !== "caught-up" ? [event.seq] : [],
    );
    if (stream === late)
      assert.deepEqual(
        seqs,
        [...seqs].sort((a, b) => a - b),
      );
  }
  const ahead = [];
  for await (const event of workplace.follow("Ada", 1_000_000, stop.signal)) ahead.push(event.type);
  assert.deepEqual(ahead, ["welcome", "look-again"]);
});

test("[W9] two that only talk to each other come to an end by themselves, and the thread says so", async () => {
  const machine = await open((_request, index, pid) => {
    if (pid === 1 && index === 0) return say("spawn", "clerk", "Talk with guide.");
    return say("say", pid === 1 ? "clerk" : "guide", `Thank you, number ${index}.`);
  });
  const { workplace } = machine;
  const post = await workplace.post("Ada", { channel: "general", text: "@guide talk" });
  await machine.run(24 * 60 * 60_000);
  assert.ok(machine.calls.length < 80, `${machine.calls.length} calls of the model`);
  assert.deepEqual(machine.hum.dispatch.running(), []);
  const said = workplace.posts({ thread: post.id }, { limit: 200 }).posts;
  assert.ok(said.some((one) => one.kind === "status" && /only talked to each other/.test(one.text)));
});

test("[W3] a post that comes while an end is being said is read before the end, and wakes who waits for a colleague", async () => {
  const machine: TestMachine = await open(async (request, index, pid) => {
    if (pid === 2) return index === 0 ? say("sleep", "5h") : say("done", "", "Found.");
    if (index === 0) {
      const [thread] = machine.workplace.threads({});
      await machine.workplace.post("Ada", { thread: thread?.id ?? "", text: "Use the clerk." });
      await machine.settle();
      return say("done", "", "Too early.");
    }
    if (index === 1) return say("spawn", "clerk", "Find them.");
    if (index === 2 || index === 4) return say("wait", "2");
    if (index === 3) return say("note", "", hasHeard(request, "still at work") ? "Ada hurries." : "Nothing.");
    return say("done", "", "All found.");
  });
  const { workplace } = machine;
  const post = await workplace.post("Ada", { channel: "general", text: "@guide begin" });
  await machine.run(60_000);
  await machine.run(60_000);
  assert.equal(machine.hum.inbox.find(1).waiting?.on, "child");
  await workplace.post("Ada", { thread: post.id, text: "How far are you?" });
  await machine.run(60_000);
  assert.equal(machine.hum.inbox.find(1).turn, 5);
  assert.ok(machine.records().some((record) => JSON.stringify(record.data).includes("Note: Ada hurries.")));
  await machine.run(6 * 60 * 60_000);
  assert.deepEqual(texts(machine, { thread: post.id }), [
    "Ada: Use the clerk.",
    "Hum: guide asked clerk: Find them.",
    "Ada: How far are you?",
    "clerk: Found.",
    "guide: All found.",
  ]);
});
