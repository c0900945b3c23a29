// Fairness where it is hard: memory that holds few windows, calls of all lengths, pauses between them, and people in
// between. The longer runs are whole days of one slow model (sim/day.ts); bench/minds/fairness.ts lives a thousand of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createShares } from "../src/scheduler/shares.ts";
import { type Day, jain, liveDay } from "../src/sim/day.ts";
import { createLab, createReader, type Lab } from "./fixtures/lab.ts";

const countOf = (tokens: readonly number[], pid: number) => tokens.filter((one) => one === pid).length;

/** Makes a call after the other, with a pause in between. */
async function live(lab: Lab, pid: number, how: { tokens: number; pause?: number; class?: "background" }) {
  for (;;) {
    await lab.call(pid, { tokens: how.tokens, class: how.class ?? "normal" });
    if (how.pause) await lab.clock.sleep(how.pause);
  }
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const partsOf = ({ actors, got }: Day) =>
  actors.filter((actor) => actor.class === "normal").map(({ pid }) => sumOf(got.get(pid)!));

test("[S2] going and coming back costs a process nothing of what it is owed", () => {
  const shares = createShares();
  for (const pid of [1, 2, 3]) shares.come(pid, 1);
  shares.charge(2, 300);
  shares.charge(3, 300);
  const before = shares.timeOf(2) - shares.timeOf(1);
  for (let pause = 0; pause < 20; pause++) {
    shares.go(1);
    shares.come(1, 1);
  }
  assert.ok(Math.abs(shares.timeOf(2) - shares.timeOf(1) - before) < 1e-6);
});

test("[S2] where the memory holds two windows, short calls get as much as long ones", async () => {
  for (const pause of [0, 5]) {
    const lab = createLab({ parked: 2 });
    void live(lab, 1, { tokens: 600 });
    void live(lab, 2, { tokens: 600 });
    void live(lab, 3, { tokens: 16, pause });
    await lab.run(30_000);
    const short = countOf(lab.tokens, 3);
    assert.ok(short > 9_000, `with pauses of ${pause} ms it got ${short} of ${lab.tokens.length} tokens`);
  }
});

test("[S2] a window is kept only for a moment, and whoever waits for it is told for whom", async () => {
  const lab = createLab({ parked: 1 });
  void live(lab, 1, { tokens: 400 });
  await lab.run(1_000);
  void lab.call(2, { tokens: 200 });
  await lab.run(600);
  const jobs = () => lab.scheduler.jobs().map(({ pid, why }) => `${pid} ${why}`);
  let told = "";
  const end = lab.call(2, { tokens: 20 }).then(() => lab.call(2, { tokens: 20 }));
  for (let at = 0; at < 800 && told === ""; at++) {
    await lab.run(1);
    told = jobs().find((line) => /kept a moment for pid 2/.test(line)) ?? "";
  }
  await end;
  await lab.run(100);
  assert.match(told, /^1 the free window of \S+ is kept a moment for pid 2, which has had less/);
  assert.ok(lab.scheduler.jobs().some(({ pid, state }) => pid === 1 && state === "running"));
});

test("[S10] a person is not kept waiting by a class that is owed its part and finds no room", async () => {
  const lab = createLab({ parked: 2 });
  void live(lab, 1, { tokens: 2_000, class: "background" });
  void live(lab, 2, { tokens: 500 });
  void live(lab, 3, { tokens: 500 });
  await lab.run(3_000);
  for (let pid = 4; pid < 8; pid++) void live(lab, pid, { tokens: 30, class: "background" });
  for (let at = 0; at < 20; at++) {
    await lab.run(400 + at);
    const from = lab.tokens.length;
    const asked = lab.call(9, { class: "interactive", tokens: 5 });
    await lab.run(60);
    const waited = lab.tokens.indexOf(9, from) - from;
    assert.ok(waited >= 0 && waited <= 40, `waited for ${waited} tokens`);
    await asked;
  }
});

test("[S10] a person gets a window of less urgent work also while another person is answered", async () => {
  const lab = createLab({ parked: 3 });
  void live(lab, 1, { tokens: 500 });
  void live(lab, 2, { tokens: 500 });
  await lab.run(200);
  void lab.call(3, { class: "interactive", tokens: 2_000 });
  await lab.run(200);
  // All windows are taken again: the first person's, and two of normal work.
  void live(lab, 4, { tokens: 500 });
  const from = lab.tokens.length;
  void lab.call(5, { class: "interactive", tokens: 10 });
  await lab.run(300);
  const waited = lab.tokens.indexOf(5, from) - from;
  assert.ok(waited >= 0 && waited < 100, `waited for ${waited} tokens`);
});

test("[S10] a person does not wait for another one who may come back, where less urgent work could make room for both", async () => {
  const lab = createLab({ parked: 4 });
  for (let pid = 1; pid <= 8; pid++) void live(lab, pid, { tokens: 400, class: "background" });
  await lab.run(2_000);
  const ask = async (pid: number, tokens: number) => {
    const from = lab.tokens.length;
    const asked = lab.call(pid, { class: "interactive", tokens });
    await lab.run(150);
    const waited = lab.tokens.indexOf(pid, from) - from;
    assert.ok(waited >= 0 && waited <= 20, `${pid} waited for ${waited} tokens`);
    await asked;
  };
  await ask(20, 60);
  for (let pid = 21; pid < 27; pid++) {
    await ask(pid, 2);
    await ask(20, 20);
  }
});

test("[S10] one of several windows is kept for people, so that a word from one stops nobody's call", async () => {
  const lab = createLab({ parked: 4 });
  for (let pid = 1; pid <= 6; pid++)
    void live(lab, pid, { tokens: 200, ...(pid > 3 && { class: "background" }) });
  await lab.run(2_000);
  for (let at = 0; at < 10; at++) {
    const from = lab.tokens.length;
    const asked = lab.call(9, { class: "interactive", tokens: 5 });
    await lab.run(100);
    await asked;
    assert.ok(lab.tokens.indexOf(9, from) - from <= 20);
    await lab.run(300);
  }
  const person = lab.call(9, { class: "interactive", tokens: 400 });
  await lab.run(50);
  const least = lab.scheduler.jobs().filter(({ why }) => /kept for people|slot of/.test(why));
  assert.ok(least.length > 0);
  await lab.run(400);
  await person;
  // What is stopped at all is stopped so that the class that is passed over gets its part.
  assert.ok(lab.restarts.length <= 3, `${lab.restarts.length} calls were begun again`);
});

test("[S10] while a person's words are read, less urgent calls stand still in the other slots too", async () => {
  const reading = { evaluated: 0, begun: 0 };
  const lab = createLab({ model: (clock) => createReader(clock, reading, { slots: 3, parked: 6 }) });
  void lab.call(1, { tokens: 5_000 });
  void lab.call(2, { class: "background", tokens: 5_000 });
  await lab.run(200);
  const from = lab.tokens.length;
  // Forty steps of reading.
  const asked = lab.call(3, { class: "interactive", tokens: 50, shared: "What a person says. ".repeat(256) });
  await lab.run(300);
  await asked;
  const before = lab.tokens.indexOf(3, from) - from;
  assert.ok(before >= 0 && before <= 12, `${before} tokens of others came before the first word`);
  const while3 = lab.tokens.slice(from + before, lab.tokens.lastIndexOf(3));
  assert.ok(countOf(while3, 1) > 20, "beside its words they go on");
});

test("[S2] a simulated day: equals get the same, and nobody starves", async () => {
  for (const [seed, pauses] of [[10], [39], [121], [121, true]] as [number, boolean?][]) {
    const day = await liveDay({ seed, hours: 12, pauses: pauses ?? false });
    const index = jain(partsOf(day));
    assert.ok(index >= 0.98, `Jain ${index.toFixed(4)} with seed ${seed}`);
    assert.ok(day.longest.normal < 600_000 && day.longest.background < 3_000_000);
    const waits = day.waits.toSorted((a, b) => a - b);
    assert.ok(waits[Math.floor(waits.length / 2)]! < 2_000, "half of the words of people are heard at once");
  }
});
