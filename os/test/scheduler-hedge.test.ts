// A call that is made twice: when, by whom it is answered, and what it costs.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Model, ModelInfo } from "../src/model/model.ts";
import { createRemote } from "../src/model/remote.ts";
import { createScheduler } from "../src/scheduler/scheduler.ts";
import type { VirtualClock } from "../src/sim/clock.ts";
import { startChatServer } from "./fixtures/chat-server.ts";
import { createLab } from "./fixtures/lab.ts";

/** A server that takes so long for its first word, and so long for the rest. */
function createTimed(clock: VirtualClock, info: Partial<ModelInfo>, ms: { first: number; rest: number }) {
  const seen = { asked: 0, stopped: 0 };
  const model: Model = {
    info: {
      ...{
        id: "a server",
        driver: "remote" as const,
        contextTokens: 10_000,
        slots: 4,
        parked: 4,
        local: false,
      },
      ...info,
    },
    count: async (texts) => texts.map(() => 1),
    async *generate(_request, signal) {
      seen.asked += 1;
      const usage = { input: 100, cached: 0, output: 0 };
      await clock.sleep(ms.first, signal);
      if (signal.aborted) {
        seen.stopped += 1;
        return yield { type: "end", reason: "aborted", usage, ms: 0 };
      }
      yield { type: "prefill", done: 100, total: 100, cached: 0 };
      usage.output = 10;
      yield { type: "text", text: "word", tokens: 10 };
      await clock.sleep(ms.rest, signal);
      yield { type: "end", reason: signal.aborted ? "aborted" : "stop", usage, ms: 0 };
    },
    release: async () => undefined,
    close: async () => undefined,
  };
  return { model, seen, ms };
}

/** Two servers, the first of which has shown how fast it is. */
async function openTwo(second: Partial<ModelInfo> = {}) {
  const lab = createLab();
  const price = { input: 1_000_000, output: 0 };
  const a = createTimed(lab.clock, { id: "a", price }, { first: 100, rest: 50 });
  const b = createTimed(lab.clock, { id: "b", price, ...second }, { first: 100, rest: 50 });
  const call = () => lab.call(1, { model: a.model, hedge: b.model });
  for (let i = 0; i < 20; i++) {
    const end = call();
    await lab.run(1_000);
    await end;
  }
  assert.equal(b.seen.asked, 0, "while it is not known what is late, and while nothing is, one is asked");
  return { lab, a, b, call };
}

test("[S17] a server that is late with its first word is not waited for: the other answers, both are paid", async () => {
  const { lab, a, b, call } = await openTwo();
  a.ms.first = 60_000;
  const before = lab.scheduler.spent().get("a")!;
  const asked = call();
  await lab.run(500);
  const end = await asked;
  assert.ok(end.type === "end" && end.reason === "stop");
  assert.deepEqual([b.seen.asked, a.seen.stopped], [1, 1], "the first one was told to stop");
  assert.match(lab.restarts.join(), /^a was slow\. b answers instead\.$/);
  assert.equal(lab.tokens.filter((pid) => pid === 1).length, 21, "one answer was heard");
  assert.ok(lab.scheduler.spent().get("a")! > before, "what was asked in vain is paid");
  assert.equal(lab.scheduler.spent().get("b"), 100);
  assert.ok(end.usage.input > 100, "and counts for whoever asked");
});

test("[S17] where the first one speaks first after all, the other is stopped and paid", async () => {
  const { lab, a, b, call } = await openTwo();
  a.ms.first = 150;
  b.ms.first = 60_000;
  const asked = call();
  await lab.run(500);
  const end = await asked;
  assert.ok(end.type === "end" && end.reason === "stop");
  assert.deepEqual([b.seen.asked, b.seen.stopped], [1, 1]);
  assert.deepEqual(lab.restarts, []);
  assert.ok(lab.scheduler.spent().get("b")! > 0);
});

test("[S17] who has heard a word is not answered twice, however long the rest takes", async () => {
  const { lab, a, b, call } = await openTwo();
  a.ms.rest = 60_000;
  const asked = call();
  await lab.run(90_000);
  const end = await asked;
  assert.ok(end.type === "end" && end.reason === "stop");
  assert.equal(b.seen.asked, 0);
});

test("[S17] the other server is not asked beyond what it takes, and a model of this machine never", async () => {
  const full = await openTwo({ slots: 1, mostSlots: 1, parked: 1 });
  void full.lab.call(2, { model: full.b.model });
  full.b.ms.first = 60_000;
  full.a.ms.first = 1_000;
  await full.lab.run(120);
  void full.lab.call(3, { model: full.b.model });
  const asked = full.call();
  await full.lab.run(2_000);
  assert.equal((await asked).type, "end");
  assert.equal(full.b.seen.asked, 1);
  const local = await openTwo({ local: true });
  local.a.ms.first = 1_000;
  const other = local.call();
  await local.lab.run(2_000);
  await other;
  assert.equal(local.b.seen.asked, 0);
});

test("[S17] over HTTP: a server that hangs is left, and the other's words are heard", async () => {
  let release = () => {};
  let after: Promise<void> | undefined;
  await using slow = await startChatServer(() => ({
    text: "from the slow one",
    ...(after ? { after } : {}),
  }));
  await using quick = await startChatServer(() => ({ text: "from the quick one" }));
  const open = (id: string, url: string) =>
    createRemote({ id, provider: "openai-compatible", model: "m", url, env: {} });
  const [first, second] = [open("slow", slow.url), open("quick", quick.url)];
  const scheduler = createScheduler({
    now: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        const stop = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener("abort", stop, { once: true });
      }),
  });
  const ask = async () => {
    let text = "";
    const request = {
      ...{ process: "1", messages: [{ role: "user" as const, text: "go" }], shared: 0, stops: [] },
      ...{ maxTokens: 100, temperature: 0, seed: 0 },
    };
    const job = { pid: 1, class: "normal" as const, nice: 0, model: first, hedge: second, request };
    for await (const event of scheduler.generate({ ...job, signal: new AbortController().signal })) {
      if (event.type === "text") text += event.text;
      if (event.type === "restart") text = "";
    }
    return text;
  };
  for (let i = 0; i < 20; i++) assert.equal(await ask(), "from the slow one");
  after = new Promise((resolve) => {
    release = resolve;
  });
  const left = slow.left();
  assert.equal(await ask(), "from the quick one");
  await left;
  assert.deepEqual([slow.bodies.length, quick.bodies.length], [21, 1]);
  release();
  await Promise.all([first.close(), second.close()]);
});
