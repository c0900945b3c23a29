// Control: what people see of entities and decide about them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HumError } from "../src/error.ts";
import type { StreamEvent } from "../src/workplace/api.ts";
import {
  createTestMachine,
  type Play,
  say,
  type TestMachine,
  type TestOptions,
  windowOf,
} from "./fixtures/machine.ts";

async function open(play: Play, more: Partial<TestOptions> = {}): Promise<TestMachine> {
  const machine = createTestMachine({ play, programs: ["guide", "clerk"], ...more });
  await machine.settle();
  return machine;
}

const rejects = (work: Promise<unknown>, code: "denied" | "conflict" | "bad-input" | "not-found") =>
  assert.rejects(work, (error) => HumError.is(error, code));

const fetching: Play = (_request, index) =>
  index % 2 === 0 ? say("get", "https://example.org/a") : say("done", "", "Fetched.");

test("[W19] a yes for the thread holds for all who work there and come later, and nowhere else", async () => {
  const machine = await open(fetching);
  const { workplace } = machine;
  const post = await workplace.post("Ada", { channel: "general", text: "@clerk fetch" });
  await machine.run();
  const [approval] = await workplace.approvals();
  assert.deepEqual(
    [approval?.what, approval?.sink, approval?.thread],
    ["http.get", "example.org:443", post.id],
  );
  assert.deepEqual([approval?.scopes, approval?.sources], [["once", "thread", "standing"], []]);
  assert.equal(workplace.thread(post.id).state, "awaitingInput");
  assert.ok(workplace.inbox("Ada").some((item) => item.kind === "approval" && item.needsYou));
  await workplace.answer("Ada", approval?.id ?? "", { answer: "approved", scope: "thread" });
  await machine.run();
  assert.equal(workplace.thread(post.id).state, "complete");
  await workplace.post("Ada", { thread: post.id, text: "@clerk again" });
  await machine.run();
  assert.equal(machine.world.deeds.length, 2);
  assert.deepEqual(await workplace.approvals(), []);
  await workplace.post("Ada", { channel: "general", text: "@clerk elsewhere" });
  await machine.run();
  assert.equal(machine.world.deeds.length, 2);
  assert.equal((await workplace.approvals()).length, 1);
});

test("[W19] a standing yes holds for the program from then on, and survives a stop", async () => {
  const machine = await open(fetching);
  const { workplace } = machine;
  await workplace.post("Ada", { channel: "general", text: "@clerk fetch" });
  await machine.run();
  const [approval] = await workplace.approvals();
  await workplace.answer("Ada", approval?.id ?? "", { answer: "approved", scope: "standing" });
  await machine.run();
  const again = machine.crash();
  await again.settle();
  await again.workplace.post("Ada", { channel: "work", text: "@clerk fetch" });
  await again.run();
  assert.equal(again.world.deeds.length, 2);
  await again.workplace.post("Ada", { channel: "work", text: "@guide fetch" });
  await again.run();
  assert.equal(again.world.deeds.length, 2, "another program has to ask");
  const [grant] = again.workplace.grants();
  assert.deepEqual(
    [grant?.scope, grant?.operation, grant?.hosts, grant?.program, grant?.by],
    ["standing", "http.get", ["example.org:443"], "clerk", "Ada"],
  );
  await again.workplace.revokeGrant("Ada", grant?.id ?? "");
  await rejects(again.workplace.revokeGrant("Ada", grant?.id ?? ""), "not-found");
  await again.workplace.post("Ada", { channel: "work", text: "@clerk fetch" });
  await again.run();
  assert.equal(again.world.deeds.length, 2, "what was taken back is asked again");
});

test("[W20] nothing becomes standing that has untrusted sources, and what cannot be undone is asked each time", async () => {
  const untrusted = await open((_request, index) =>
    index === 0
      ? say("get", "https://example.org/a")
      : index === 1
        ? say("get", "https://other.example/b")
        : say("done", "", "Fetched."),
  );
  await untrusted.workplace.post("Ada", { channel: "general", text: "@clerk fetch" });
  await untrusted.run();
  const [first] = await untrusted.workplace.approvals();
  await untrusted.workplace.answer("Ada", first?.id ?? "", { answer: "approved" });
  await untrusted.run();
  const [second] = await untrusted.workplace.approvals();
  assert.deepEqual(second?.sources, ["host:example.org"]);
  assert.deepEqual(second?.scopes, ["once", "thread"]);
  await rejects(
    untrusted.workplace.answer("Ada", second?.id ?? "", { answer: "approved", scope: "standing" }),
    "denied",
  );
  assert.equal((await untrusted.workplace.approvals()).length, 1, "a refused answer is no answer");

  // A colleague that comes later reads what was said, and is as little trusted.
  await untrusted.workplace.answer("Ada", second?.id ?? "", { answer: "denied" });
  await untrusted.run();
  const [thread] = untrusted.workplace.threads({});
  const result = untrusted.workplace.posts({ thread: thread?.id ?? "" }, {}).posts.at(-1);
  assert.deepEqual(
    [result?.kind, result?.integrity, result?.origins],
    ["result", "untrusted", ["host:example.org"]],
  );
  await untrusted.workplace.post("Ada", { thread: thread?.id ?? "", text: "@guide fetch" });
  await untrusted.run();
  const [third] = await untrusted.workplace.approvals();
  assert.deepEqual([third?.program, third?.sources], ["guide", ["host:example.org"]]);

  const final = await open((_request, index) => (index === 0 ? say("bash", "", "rm") : say("done", "", "x")));
  await final.workplace.post("Ada", { channel: "general", text: "@clerk remove" });
  await final.run();
  const [approval] = await final.workplace.approvals();
  assert.deepEqual(approval?.scopes, ["once"]);
  await rejects(
    final.workplace.answer("Ada", approval?.id ?? "", { answer: "approved", scope: "thread" }),
    "denied",
  );
  await final.workplace.answer("Ada", approval?.id ?? "", { answer: "denied" });
  await final.run();
  assert.equal(final.world.deeds.length, 0);
});

test("[M10] a pinned page never leaves the window; an edited one is a new page of the person, and the old one stays", async () => {
  const machine = await open(
    (request, index) => {
      if (index === 0) return say("write", "first.txt", "KEEP THIS IN SIGHT");
      if (index === 1) return say("sleep", "1h");
      if (index < 40) return say("write", `f${index}.txt`, `${"long text ".repeat(60)}${index}`);
      return say(
        "done",
        "",
        windowOf(request).includes("KEEP THIS IN SIGHT") ? "In sight." : "Out of sight.",
      );
    },
    { model: { contextTokens: 4_000 } },
  );
  const { workplace } = machine;
  const { pid } = await workplace.start("Ada", { task: "Write." });
  await machine.run(60_000);
  const first = workplace.pages(pid).find((page) => page.kind === "dialogue");
  assert.ok(first);
  assert.equal((await workplace.changePage("Ada", pid, { id: first.id, pinned: true })).pinned, true);
  await machine.run();
  const entity = machine.hum.inbox.find(pid);
  const evicted = machine
    .records()
    .flatMap((record) => (record.type === "page.evicted" ? (record.data.ids as number[]) : []));
  assert.ok(evicted.length > 0, "the window was never full");
  assert.ok(!evicted.includes(first.id));
  assert.equal(entity.outcome?.text, "In sight.");
});

test("[W21] people see and change a window; rules, program and task stay", async () => {
  const machine = await open((_request, index) =>
    index === 0
      ? say("note", "", "Kim wants short lists.")
      : index === 1
        ? say("sleep", "1h")
        : say("done", "", "x"),
  );
  const { workplace } = machine;
  const { pid } = await workplace.start("Ada", { task: "Write." });
  await machine.run(60_000);
  const pages = workplace.pages(pid);
  const note = pages.find((page) => page.kind === "notes");
  const rules = pages.find((page) => page.kind === "rules");
  assert.ok(note && rules);
  assert.match(workplace.page(pid, note.id).text ?? "", /short lists/);
  const edited = await workplace.changePage("Ada", pid, { id: note.id, text: "Kim wants long lists." });
  assert.deepEqual([edited.integrity, edited.kind, edited.resident], ["entity", "notes", true]);
  assert.equal(workplace.page(pid, note.id).resident, false);
  assert.match(workplace.page(pid, note.id).text ?? "", /short lists/);
  await rejects(workplace.dropPage("Ada", pid, rules.id), "denied");
  await rejects(workplace.changePage("Ada", pid, { id: rules.id, text: "none" }), "denied");
  await workplace.dropPage("Ada", pid, edited.id);
  assert.equal(workplace.page(pid, edited.id).resident, false);
  await rejects(workplace.dropPage("Ada", pid, 999), "not-found");
  await machine.run();
  assert.ok(!windowOf(machine.requests.at(-1) as never).includes("long lists"));
  await rejects(workplace.changePage("Ada", pid, { id: note.id, pinned: true }), "conflict");
  assert.ok(workplace.pages(pid).length >= pages.length, "what was in it can still be read after its end");
});

test("[W22] the timeline of a tree holds each turn, call and wait once, with a beginning and an end", async () => {
  const machine = await open((_request, index, pid) => {
    if (pid === 2) return index === 0 ? say("sleep", "10s") : say("done", "", "Found.");
    return [say("spawn", "clerk", "Find."), say("wait", "2"), "```fly\n```", say("done", "", "Done.")][
      Math.min(index, 3)
    ] as string;
  });
  const { pid } = await machine.workplace.start("Ada", { task: "Go." });
  await machine.run();
  const bars = machine.workplace.timeline(pid, { tree: true });
  const count = (kind: string) => bars.filter((bar) => bar.kind === kind).length;
  const said = machine.records().filter((record) => record.type === "turn.said");
  assert.equal(count("model") + count("refused"), said.length);
  assert.equal(count("wait"), 2);
  assert.equal(count("call"), machine.records().filter((record) => record.type === "call.ended").length);
  for (const bar of bars) assert.ok(bar.to !== null && bar.from <= bar.to, JSON.stringify(bar));
  assert.deepEqual(new Set(bars.map((bar) => bar.pid)), new Set([1, 2]));
  assert.ok(machine.workplace.timeline(pid, {}).every((bar) => bar.pid === 1));
});

test("[W23] the digest says in sentences what was done, what failed and what waits", async () => {
  const machine = await open((_request, index, pid) => {
    if (pid === 1) return index === 0 ? say("write", "a.txt", "1") : say("done", "", "Done.");
    if (pid === 2) return { code: "refused", message: "no", retry: false };
    return say("ask", "Ada", "Which?");
  });
  const { workplace, clock } = machine;
  const since = clock.now() - 1;
  for (const text of ["@clerk count the names", "@clerk fly", "@guide sort it"])
    await workplace.post("Ada", { channel: "general", text });
  await machine.run();
  const digest = workplace.digest("Ada", since);
  assert.deepEqual([digest.needsYou, digest.running, digest.done, digest.failed], [1, 1, 1, 1]);
  const lines = digest.lines.map((line) => line.text);
  assert.ok(lines.includes('clerk finished "count the names" and changed one file.'), lines.join("\n"));
  assert.ok(lines.some((line) => line.startsWith('clerk could not finish "fly":')));
  assert.ok(lines.includes('guide waits for you in "sort it".'));
  assert.deepEqual(
    workplace.digest("Ada", clock.now() + 1).lines.map((line) => line.kind),
    ["asks"],
  );
  assert.deepEqual(workplace.digest("Ben", since).lines, []);
});

test("[W24] more budget is the answer to whoever asked for it", async () => {
  const machine = await open((_request, index) =>
    index < 3 ? say("write", `f${index}`, "1") : say("done", "", "Done."),
  );
  const { workplace } = machine;
  const { pid } = await workplace.start("Ada", { task: "Go.", budget: { deviceCalls: 2 } });
  await machine.run();
  assert.match(workplace.process(pid).shown, /waiting\(budget\)/);
  await rejects(workplace.raiseBudget("Ada", pid, { deviceCalls: -1 }), "bad-input");
  await rejects(workplace.raiseBudget("Ada", pid, {}), "bad-input");
  await workplace.raiseBudget("Ada", pid, { deviceCalls: 5 });
  await machine.run();
  assert.equal(workplace.process(pid).shown, "done");
  assert.deepEqual(machine.hum.ledger.state.approvals.size, 0);
  await rejects(workplace.raiseBudget("Ada", pid, { tokens: 5 }), "conflict");
});

test("[W8] a slow reader of the stream misses no post, and hears what was written in few pieces", async () => {
  const machine = await open((_request, index) =>
    index < 3 ? say("write", `f${index}`, "word ".repeat(300)) : say("done", "", "Done."),
  );
  const { workplace } = machine;
  const events: StreamEvent[] = [];
  const stop = new AbortController();
  const stream = workplace.follow("Ada", machine.hum.ledger.state.seq, stop.signal)[Symbol.asyncIterator]();
  const next = async () => events.push((await stream.next()).value);
  await next();
  await next();
  assert.deepEqual(
    events.map((event) => event.type),
    ["welcome", "caught-up"],
  );
  const waiting = next();
  for (const text of ["@clerk one", "@guide two"]) await workplace.post("Ada", { channel: "general", text });
  await machine.run();
  await waiting;
  while (events.length < 2_000) {
    const got = await Promise.race([
      next().then(() => true),
      machine
        .settle()
        .then(machine.settle)
        .then(() => false),
    ]);
    if (!got) break;
  }
  stop.abort();
  const posts = new Set(events.flatMap((event) => (event.type === "post" ? [event.post.id] : [])));
  const all = workplace.threads({}).flatMap((thread) => workplace.posts({ thread: thread.id }, {}).posts);
  for (const post of all) assert.ok(posts.has(post.id));
  assert.ok(events.length < 700, `${events.length} events`);
});

test("[W25] a task without progress becomes stale by the clock, is told so, and recovers", async () => {
  let release = () => {};
  let released = false;
  const machine = await open(async () => {
    if (!released)
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    return say("done", "", "Done.");
  });
  const { workplace } = machine;
  const events: StreamEvent[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    for await (const event of workplace.follow("Ada", machine.hum.ledger.state.seq, stop.signal))
      events.push(event);
  })();
  const post = await workplace.post("Ada", { channel: "general", text: "@clerk hang" });
  await machine.run(60_000);
  assert.equal(workplace.thread(post.id).state, "pending");
  await machine.run(31 * 60_000);
  assert.equal(workplace.thread(post.id).state, "stale");
  const told = events.flatMap((event) => (event.type === "thread" ? [event.thread.state] : []));
  assert.equal(told.at(-1), "stale");
  assert.ok((workplace.process(1).noProgressMs ?? 0) >= 30 * 60_000);
  released = true;
  release();
  await machine.run(60_000);
  assert.equal(workplace.thread(post.id).state, "complete");
  stop.abort();
  await reading;
});

test("[W26] what people have seen is kept for each of them, and the inbox follows from it", async () => {
  const machine = await open(() => say("done", "", "Done, @Ben."));
  const { workplace } = machine;
  await workplace.post("Ben", { channel: "general", text: "I am here" });
  const post = await workplace.post("Ada", { channel: "general", text: "@clerk go" });
  await machine.run();
  const unread = (by: string) =>
    workplace
      .inbox(by)
      .filter((item) => item.unread)
      .map((item) => item.kind);
  assert.deepEqual([unread("Ada"), unread("Ben")], [["result"], ["result"]]);
  const { lastSeq } = workplace.thread(post.id);
  await workplace.markSeen("ada", { places: { [post.id]: lastSeq } });
  assert.deepEqual([unread("Ada"), unread("Ben")], [[], ["result"]]);
  await workplace.markSeen("Ada", { places: { [post.id]: 1 } });
  assert.equal((await workplace.look("Ada")).seen[post.id], lastSeq, "a mark never goes back");
  await workplace.markSeen("Ben", { ids: [workplace.inbox("Ben")[0]?.id ?? ""] });
  assert.deepEqual(unread("Ben"), []);
  // A row can be made new again, also one that was read with its place, and stays so over a crash.
  const row = workplace.inbox("Ada")[0]?.id ?? "";
  await workplace.markSeen("Ada", { unread: [row] });
  assert.deepEqual([unread("Ada"), unread("Ben")], [["result"], []]);
  await workplace.markSeen("Ada", { places: { [post.id]: lastSeq } });
  assert.deepEqual(unread("Ada"), ["result"], "looking at its place again does not read it");
  const again = machine.crash();
  await again.settle();
  const left = (by: string) => again.workplace.inbox(by).filter((item) => item.unread).length;
  assert.deepEqual([left("Ada"), left("Ben")], [1, 0]);
  await again.workplace.markSeen("Ada", { ids: [row] });
  assert.equal(left("Ada"), 0);
  await again.workplace.markSeen("Ada", { unread: [row] });
  await again.workplace.markSeen("Ada", { until: again.hum.ledger.state.seq });
  assert.equal(left("Ada"), 0, "reading everything reads it too");
});

test("[W27] what leaves the machine is counted, by host: requests, and windows that go to a model elsewhere", async () => {
  const machine = await open(
    (_request, index) => (index === 0 ? say("write", "a", "1") : say("done", "", "x")),
    {
      wrap: (model) => ({ ...model, info: { ...model.info, local: false } }),
    },
  );
  assert.equal(machine.workplace.counters().egressBytes, 0);
  await machine.workplace.start("Ada", { task: "Go." });
  await machine.run();
  const { egressBytes, egressHosts, modelCalls } = machine.workplace.counters();
  assert.equal(modelCalls, 2);
  assert.deepEqual(
    egressHosts.map(({ host, requests }) => [host, requests]),
    [["model scripted", 2]],
  );
  const sent = machine.requests.flatMap((request) =>
    request.messages.map((message) => Buffer.byteLength(message.text)),
  );
  assert.equal(
    egressBytes,
    sent.reduce((sum, bytes) => sum + bytes, 0),
  );
});

test("[W30] what an entity says to somebody unknown reaches whoever gave the task, what it says to a colleague does not", async () => {
  const machine = await open((_request, index, pid) => {
    if (pid === 2) return index === 0 ? say("say", "guide", "I begin.") : say("sleep", "1h");
    return [say("spawn", "clerk", "Help."), say("say", "Zoe", "The list is ready."), say("sleep", "1h")][
      Math.min(index, 2)
    ] as string;
  });
  await machine.workplace.post("Ada", { channel: "general", text: "@guide tell Zoe" });
  await machine.run(60_000);
  assert.deepEqual(
    machine.workplace.inbox("Ada").map((item) => [item.kind, item.text]),
    [["mention", "@Zoe The list is ready."]],
  );
});
