// The scheduler with a model whose every token takes one millisecond of virtual time.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelFailure } from "../src/model/model.ts";
import { createLab } from "./fixtures/lab.ts";

const share = (tokens: number[], pid: number) => tokens.filter((one) => one === pid).length / tokens.length;

test("[S1] a higher class goes first and takes the slot at the next token", async () => {
  const lab = createLab();
  void lab.call(1, { class: "background", tokens: 500 });
  await lab.run(20);
  void lab.call(2, { class: "interactive", tokens: 50 });
  void lab.call(3, { class: "normal", tokens: 50 });
  await lab.run();
  const first = lab.tokens.indexOf(2);
  assert.ok(first <= 22, `its first token came at ${first}`);
  assert.deepEqual(new Set(lab.tokens.slice(first, first + 50)), new Set([2]));
  assert.deepEqual(new Set(lab.tokens.slice(first + 50, first + 100)), new Set([3]));
  assert.deepEqual(new Set(lab.tokens.slice(first + 100)), new Set([1]));
  assert.equal(lab.tokens.length, 600, "what gave way went on from the same token");
});

test("[S2] equals share: each gets its part, and none is ahead by more than two quanta", async () => {
  const lab = createLab();
  for (const pid of [1, 2, 3, 4]) void lab.call(pid, { tokens: 1_000 });
  await lab.run(2_000);
  for (const pid of [1, 2, 3, 4]) assert.ok(Math.abs(share(lab.tokens, pid) - 0.25) < 0.04, `pid ${pid}`);
  const counts = new Map<number, number>();
  for (const pid of lab.tokens) {
    counts.set(pid, (counts.get(pid) ?? 0) + 1);
    const all = [1, 2, 3, 4].map((one) => counts.get(one) ?? 0);
    assert.ok(Math.max(...all) - Math.min(...all) <= 2 * 48 + 1);
  }
});

test("[S2] a newcomer starts level: it neither starves nor is starved", async () => {
  const lab = createLab();
  void lab.call(1, { tokens: 3_000 });
  await lab.run(1_000);
  void lab.call(2, { tokens: 3_000 });
  const from = lab.tokens.length;
  await lab.run(1_000);
  const since = lab.tokens.slice(from);
  assert.ok(Math.abs(share(since, 2) - 0.5) < 0.06, `it got ${share(since, 2)}`);
});

test("[S3] each step of niceness is a factor of 1.25", async () => {
  const lab = createLab();
  void lab.call(1, { tokens: 20_000, nice: 0 });
  void lab.call(2, { tokens: 20_000, nice: 3 });
  await lab.run(10_000);
  const ratio = share(lab.tokens, 1) / share(lab.tokens, 2);
  assert.ok(Math.abs(ratio - 1.25 ** 3) < 0.15, `the ratio is ${ratio}`);
});

test("[S3] niceness changes while a call is under way", async () => {
  const lab = createLab();
  void lab.call(1, { tokens: 20_000 });
  void lab.call(2, { tokens: 20_000 });
  await lab.run(1_000);
  lab.scheduler.renice(2, { class: "background", nice: 0 });
  const from = lab.tokens.length;
  await lab.run(1_000);
  assert.ok(share(lab.tokens.slice(from), 1) > 0.94);
});

test("[S4] never more calls at work than slots, never more under way than parked", async () => {
  for (const [slots, parked] of [
    [1, 1],
    [2, 3],
    [8, 8],
  ] as const) {
    const lab = createLab({ slots, parked });
    const calls = Array.from({ length: 40 }, (_, pid) => lab.call(pid + 1, { tokens: 60 }));
    await lab.run();
    const ends = await Promise.all(calls);
    assert.ok(ends.every((end) => end.type === "end" && end.reason === "stop"));
    assert.ok(lab.peak() <= parked, `${lab.peak()} under way with ${parked} parked`);
    assert.ok(lab.now() >= (40 * 60) / slots);
  }
});

test("[S4] a full house makes room for a higher class, and what was stopped is begun again", async () => {
  const lab = createLab({ slots: 1, parked: 1 });
  const low = lab.call(1, { class: "background", tokens: 200 });
  await lab.run(20);
  const high = lab.call(2, { class: "interactive", tokens: 20 });
  await lab.run();
  const [a, b] = await Promise.all([low, high]);
  assert.ok(a.type === "end" && a.reason === "stop" && b.type === "end" && b.reason === "stop");
  assert.deepEqual(new Set(lab.tokens.slice(22, 40)), new Set([2]));
  assert.equal(lab.peak(), 1);
});

test("[S4] paused calls do not fill the house: they make room and are begun again", async () => {
  const lab = createLab({ slots: 1, parked: 2 });
  const paused = [1, 2].map((pid) => lab.call(pid, { tokens: 100 }));
  await lab.run(110);
  for (const pid of [1, 2]) lab.scheduler.hold(pid, true);
  const other = lab.call(3, { tokens: 20 });
  await lab.run();
  assert.equal((await other).type, "end");
  for (const pid of [1, 2]) lab.scheduler.hold(pid, false);
  await lab.run();
  for (const end of await Promise.all(paused)) assert.ok(end.type === "end" && end.reason === "stop");
  assert.ok(lab.peak() <= 2);
});

test("[S5] a held call says nothing and costs the others nothing", async () => {
  const lab = createLab();
  void lab.call(1, { tokens: 100 });
  void lab.call(2, { tokens: 100 });
  await lab.run(10);
  lab.scheduler.hold(1, true);
  await lab.run();
  assert.equal(share(lab.tokens, 2) * lab.tokens.length, 100);
  assert.equal(lab.scheduler.jobs()[0]?.why, "it is paused");
  lab.scheduler.hold(1, false);
  await lab.run();
  assert.equal(lab.tokens.length, 200);
});

test("[S8] a refusal that may pass is tried again after the server's time, with fewer at once", async () => {
  let refused = 0;
  const failure: ModelFailure = {
    code: "rate-limited",
    message: "slow down",
    retry: true,
    retryAfterMs: 700,
  };
  const lab = createLab({ slots: 4, answer: () => (refused++ < 4 ? failure : undefined) });
  const calls = [1, 2, 3, 4].map((pid) => lab.call(pid, { tokens: 10 }));
  await lab.run(600);
  assert.equal(lab.tokens.length, 0);
  await lab.run();
  const ends = await Promise.all(calls);
  assert.ok(ends.every((end) => end.type === "end" && end.reason === "stop"));
});

test("[S8] a refusal that does not pass is tried a bounded number of times", async () => {
  let tries = 0;
  const failure: ModelFailure = { code: "unreachable", message: "down", retry: true };
  const lab = createLab({
    answer() {
      tries += 1;
      return failure;
    },
  });
  const call = lab.call(1);
  await lab.run();
  const end = await call;
  assert.ok(end.type === "end" && end.reason === "error");
  assert.equal(tries, 6);
});

test("[S9] a call that is stopped ends at the next token, also while it waits for its turn", async () => {
  const lab = createLab();
  const stop = new AbortController();
  const running = lab.call(1, { tokens: 1_000, signal: stop.signal });
  const queued = lab.call(2, { tokens: 1_000, signal: stop.signal });
  await lab.run(10);
  stop.abort();
  await lab.run(5);
  const ends = await Promise.all([running, queued]);
  assert.ok(ends.every((end) => end.type === "end" && end.reason === "aborted"));
  assert.ok(lab.tokens.length <= 11);
  assert.deepEqual(lab.scheduler.jobs(), []);
});

test("[S10] with a hog beside it an interactive call waits at most one token", async () => {
  const lab = createLab({ slots: 2 });
  for (let pid = 10; pid < 20; pid++) void lab.call(pid, { class: "background", tokens: 500 });
  for (let i = 0; i < 10; i++) {
    await lab.run(37);
    const from = lab.tokens.length;
    void lab.call(1, { class: "interactive", tokens: 5 });
    await lab.run(20);
    assert.ok(lab.tokens.indexOf(1, from) - from <= 3);
  }
});
