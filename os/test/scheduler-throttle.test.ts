// What a server is asked at once: found by asking, bounded by its rates and by money, and handed on when it cannot.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryJournal } from "../src/journal/memory.ts";
import type { Model, ModelFailure } from "../src/model/model.ts";
import { createScripted } from "../src/model/scripted.ts";
import { spentToday } from "../src/scheduler/spent.ts";
import { createThrottle } from "../src/scheduler/throttle.ts";
import { createVirtualClock } from "../src/sim/clock.ts";
import { createLab, createServer, type Lab } from "./fixtures/lab.ts";

type Server = ReturnType<typeof createServer>;

/** A lab on a server, with so many entities that call again and again. */
function onServer(
  options: Parameters<typeof createServer>[1],
  callers: number,
): { lab: Lab; server: Server } {
  let server: Server | undefined;
  const lab = createLab({
    model: (clock) => {
      server = createServer(clock, options);
      return server;
    },
  });
  const again = async (pid: number): Promise<never> => {
    for (;;) await lab.call(pid);
  };
  for (let pid = 1; pid <= callers; pid++) void again(pid).catch(() => {});
  return { lab, server: server as Server };
}

const usage = (input: number, output: number) => ({ input, cached: 0, output });

test("[S13] how much a server takes is found by asking, and found again when it changes", async () => {
  let most = 12;
  const { lab, server } = onServer({ most: () => most }, 40);
  await lab.run(120_000);
  const early = server.served;
  assert.ok(server.peak >= 11, `it came to ${server.peak} at once, from 4`);
  assert.ok(early > 0.7 * 12 * 118, `${early} answers of at most ${12 * 118}`);
  assert.ok(server.refused < early / 8, `${server.refused} refusals`);
  most = 3;
  await lab.run(60_000);
  const [served, refused] = [server.served, server.refused];
  await lab.run(120_000);
  assert.ok(server.served - served > 0.6 * 3 * 118, `${server.served - served} of at most ${3 * 118}`);
  assert.ok(server.refused - refused < (server.served - served) / 2);
});

test("[S13] calls that are refused together cut once", () => {
  const clock = createVirtualClock(0);
  const info = { ...createServer(clock, { most: () => 1 }).info, slots: 16 };
  const throttle = createThrottle(info, clock.now);
  const calls = Array.from({ length: 16 }, () => throttle.begin(100));
  clock.set(500);
  const failure: ModelFailure = { code: "rate-limited", message: "Slow down.", retry: true };
  for (const call of calls) call.end({ usage: usage(0, 0), failure });
  assert.equal(throttle.limit(), 8);
});

test("[S13] a server that answers late is asked less again, but never less than a person said", async () => {
  const slow = (atWork: number) => (atWork > 8 ? 3_000 : 10);
  const { lab, server } = onServer({ most: () => 1_000, slow }, 40);
  await lab.run(300_000);
  server.peak = 0;
  await lab.run(60_000);
  assert.ok(server.peak <= 16, `${server.peak} at once, although it would take any number`);
  assert.ok(server.peak >= 4);
});

test("[S13] a server that names its rates is never asked more", async () => {
  const info = { rate: { requestsPerMinute: 60, tokensPerMinute: 100_000 } };
  const { lab, server } = onServer({ most: () => 1_000, ms: 10, info }, 20);
  await lab.run(10 * 60_000);
  assert.ok(server.served <= 610 && server.served > 560, `${server.served} calls in ten minutes`);
  assert.equal(server.refused, 0);
  const why = lab.scheduler.jobs().map((job) => job.why);
  assert.ok(
    why.some((line) => /may be asked only so often in a minute; it goes on in 1 s/.test(line)),
    why[0],
  );
});

test("[S13] tokens are counted as they were used, whatever was estimated", () => {
  const clock = createVirtualClock(0);
  const base = createServer(clock, { most: () => 1 }).info;
  const throttle = createThrottle({ ...base, rate: { tokensPerMinute: 6_000 } }, clock.now);
  const call = throttle.begin(1_000);
  assert.equal(throttle.wait(1_000)?.ms, 10_000);
  call.end({ usage: usage(300, 200) });
  assert.equal(throttle.wait(1_000)?.ms, 5_000, "half of it was not needed");
});

test("[B5] money of a day bounds what may be spent, also by calls at once, and the next day there is more", async () => {
  const info = { price: { input: 1_000, output: 5_000 }, spendPerDay: 1 };
  const { lab, server } = onServer({ most: () => 1_000, info }, 6);
  await lab.run(60_000);
  // A call of 100 tokens in and 20 out costs 0.20; at most 0.505 is reserved for each.
  assert.ok(server.served >= 2 && server.served <= 5, `${server.served} calls`);
  const spent = lab.scheduler.spent().get("server") ?? 0;
  assert.ok(spent <= 1 && spent > 0.3, `spent ${spent}`);
  assert.match(
    lab.scheduler.jobs()[0]?.why ?? "",
    /the 1 a day for server are used up .* it goes on in 24 h/,
  );
  const before = server.served;
  await lab.run(24 * 60 * 60_000);
  assert.ok(server.served > before, "a new day");
  assert.ok((lab.scheduler.spent().get("server") ?? 0) <= 1);
});

test("[B5] what was spent before a restart counts", async () => {
  const clock = createVirtualClock(Date.UTC(2026, 4, 1, 23, 0));
  const journal = openMemoryJournal({ disk: { rows: [], snapshot: null }, now: clock.now });
  const said = (model: string) => ({
    type: "turn.said",
    data: { pid: 1, turn: 1, model, usage: usage(1_000, 100), ms: 1, pages: [], bad: null, action: null },
  });
  await journal.append("entity/1", [said("server"), said("other")], 0);
  clock.set(Date.UTC(2026, 4, 2, 1, 0));
  await journal.append("entity/1", [said("server"), said("server"), said("other")], 2);
  const info = { ...createServer(clock, { most: () => 1 }).info, price: { input: 100, output: 1_000 } };
  assert.equal(
    spentToday(journal, info, clock.now()).toFixed(2),
    "0.40",
    "only those of today and of this model",
  );
});

test("[S14] where a server cannot be reached the model that the person named answers, and is said to", async () => {
  const failure: ModelFailure = { code: "unreachable", message: "It is down.", retry: true };
  let down = true;
  const lab = createLab({ answer: () => (down ? failure : "word") });
  const second = createScripted(() => "otherwise", { id: "second" });
  const first = lab.call(1, { fallbacks: [second] });
  await lab.run(10_000);
  const end = await first;
  assert.ok(end.type === "end" && end.reason === "stop");
  assert.match(lab.restarts.at(-1) ?? "", /It is down\. second answers instead\./);
  down = false;
  await lab.run(120_000);
  lab.restarts.length = 0;
  const again = lab.call(1, { fallbacks: [second] });
  await lab.run(10_000);
  const back = await again;
  assert.ok(back.type === "end" && back.reason === "stop");
  assert.deepEqual(lab.restarts, [], "when it is there again it is asked again");
});

test("[S14] used-up money of a day hands the work to the next model", async () => {
  const info = { price: { input: 1_000, output: 5_000 }, spendPerDay: 0.6 };
  let server: Model | undefined;
  const lab = createLab({ model: (clock) => (server = createServer(clock, { most: () => 9, info })) });
  const second = createScripted(() => "otherwise", { id: "second" });
  for (let i = 0; i < 4; i++) {
    const call = lab.call(1, { fallbacks: [second] });
    await lab.run(5_000);
    assert.equal((await call).type, "end");
  }
  assert.ok((server as Server).served >= 1);
  assert.match(lab.restarts.join(), /0\.6 a day for server are used up .* second answers instead/);
});
