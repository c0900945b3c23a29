// The embedded model on a small real one (SmolLM2, 98 MB): the contract, KV states, and the engine's death.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createEmbedded, type EmbeddedOptions } from "../src/model/embedded.ts";
import type { Model } from "../src/model/model.ts";
import { answer, ask, collect, testModel } from "./contract/model.ts";
import { needModel } from "./fixtures/models.ts";

const root = await mkdtemp(join(tmpdir(), "hum-model-"));
const file = await needModel("smollm2-135m");
after(() => rm(root, { recursive: true, force: true }));

let folders = 0;
function open(more: Partial<EmbeddedOptions> = {}): Promise<Model> {
  const kvDir = join(root, `kv${folders++}`);
  return createEmbedded({ id: "smollm2-135m", file, kvDir, contextTokens: 1024, parked: 2, ...more });
}

testModel({ name: "embedded", open });

const rules = `You keep a garden. ${"Each plant has a name, a place and a day of water. ".repeat(12)}`;
const system = { role: "system" as const, text: rules };
const turn = (text: string) => ({ messages: [system, { role: "user" as const, text }] });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("embedded model", () => {
  let model: Model;
  const pids: number[] = [];
  const kvDir = join(root, "shared");
  before(async () => {
    model = await open({ kvDir, parked: 1, onStart: (pid) => pids.push(pid) });
  });
  after(() => model.close());

  test("a grammar binds the answer after its beginning, also across UTF-8 borders", async () => {
    const grammar = 'root ::= "žluťoučký 🐎 and " ("yes" | "no") "!"';
    const { text, end } = await answer(model, ask("g", "Say it.", { grammar, begin: '{"', maxTokens: 60 }));
    assert.match(text, /^žluťoučký 🐎 and (yes|no)!$/u);
    assert.equal(end.reason, "stop");
    const bad = await answer(model, ask("g", "Say it.", { grammar: "root ::= (" }));
    assert.equal(bad.end.failure?.code, "bad-request");
  });

  test("a seed makes chance repeatable", async () => {
    const warm = (seed: number) =>
      answer(model, ask(`s${seed}`, "Tell a story.", { temperature: 1.2, seed }));
    const first = await warm(7);
    assert.equal((await warm(7)).text, first.text);
    assert.notEqual((await warm(8)).text, first.text);
  });

  test("a patient call reads in small steps, to the same answer, and leaves people their states in memory", async () => {
    const kvDir = join(root, "patient");
    const twoSeats = await open({ kvDir, parked: 1 });
    const steps = async (name: string, patient: boolean) => {
      let last = 0;
      let most = 0;
      const said = await answer(twoSeats, ask(name, "", { ...turn("Name a plant."), patient }));
      for (const event of said.events) {
        if (event.type !== "prefill") continue;
        most = Math.max(most, event.done - Math.max(last, event.cached));
        last = event.done;
      }
      return { most, text: said.text };
    };
    const person = await steps("person", false);
    const a = await steps("a", true);
    assert.deepEqual([a.most, person.most, a.text], [16, 32, person.text]);
    // The person's seat is the one that was used least of late; it is kept all the same.
    await steps("b", true);
    const toFile = (process: string) =>
      createHash("sha256").update(`process\0${process}`).digest("hex").slice(0, 24);
    const kept = (await readdir(kvDir)).join();
    assert.ok(kept.includes(toFile("a")) && !kept.includes(toFile("person")), kept);
    await twoSeats.close();
  });

  test("a process that was swapped out goes on as if it had stayed", async () => {
    const twoSeats = await open({ parked: 2 });
    const follow = async (on: Model, other: () => Promise<unknown>) => {
      const first = await answer(on, ask("x", "", turn("Name a plant.")));
      await other();
      const messages = [...turn("Name a plant.").messages, { role: "assistant" as const, text: first.text }];
      return answer(on, ask("x", "", { messages: [...messages, { role: "user", text: "Another." }] }));
    };
    const stayed = await follow(twoSeats, async () => undefined);
    await twoSeats.close();
    // There is one seat more than calls under way: the second one after it needs its seat.
    const swapped = await follow(model, async () => {
      for (const other of ["y", "z"]) await answer(model, ask(other, "", turn("Name a place.")));
    });
    assert.equal(swapped.text, stayed.text);
    assert.deepEqual(swapped.end.usage, stayed.end.usage);
    assert.ok(swapped.end.usage.cached > swapped.end.usage.input * 0.8, JSON.stringify(swapped.end.usage));
  });

  test("a second process of a program finds the shared beginning computed, and answers the same", async () => {
    const other = { ...system, text: `${rules} Be kind.` };
    const say = (process: string) =>
      ask(process, "", { messages: [other, { role: "user", text: `Water me today.` }] });
    const first = await answer(model, say("p1"));
    const second = await answer(model, say("p2"));
    assert.equal(first.end.usage.cached, 0);
    assert.ok(second.end.usage.cached > second.end.usage.input * 0.8, JSON.stringify(second.end.usage));
    assert.equal(second.text, first.text);
  });

  test("a damaged state is refused and computed again", async () => {
    const own = join(root, "damaged");
    const one = await open({ kvDir: own, parked: 1 });
    const first = await answer(one, ask("d", "", turn("Who are you?")));
    await one.close();
    const kept = await readdir(own);
    assert.ok(kept.length >= 2, "the shared state and the process are kept");
    for (const name of kept) {
      const bytes = await readFile(join(own, name));
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(join(own, name), bytes);
    }
    const two = await open({ kvDir: own, parked: 1 });
    const again = await answer(two, ask("d", "", turn("Who are you?")));
    assert.equal(again.text, first.text);
    assert.equal(again.end.usage.cached, 0);
    await two.close();
    const three = await open({ kvDir: own, parked: 1 });
    const found = await answer(three, ask("d", "", turn("Who are you?")));
    assert.equal(found.text, first.text);
    assert.ok(found.end.usage.cached > 0, "a whole state is found after a restart");
    await three.close();
  });

  test("what is not pulled uses no processor time", { skip: process.platform !== "linux" }, async () => {
    const controller = new AbortController();
    const events = model.generate(ask("i", "Count."), controller.signal)[Symbol.asyncIterator]();
    while ((await events.next()).value?.type !== "text");
    const ticks = async () => {
      const fields = (await readFile(`/proc/${pids.at(-1)}/stat`, "utf8")).split(") ")[1]!.split(" ");
      return Number(fields[11]) + Number(fields[12]);
    };
    const idle = async () => {
      const start = await ticks();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return (await ticks()) - start;
    };
    // llama.cpp's threads look out for work a moment longer.
    await idle();
    assert.ok((await idle()) <= 3, "300 ms of rest cost at most 30 ms");
    await events.return?.();
  });

  test("a call waits while all seats are taken, and an abort frees one", async () => {
    const controller = new AbortController();
    const first = model.generate(ask("w1", "Count."), controller.signal)[Symbol.asyncIterator]();
    while ((await first.next()).value?.type !== "text");
    let done = false;
    const second = answer(model, ask("w2", "Count.")).then((result) => {
      done = true;
      return result;
    });
    await model.count(["a question in between is answered"]);
    assert.equal(done, false);
    controller.abort();
    assert.equal((await second).end.failure, undefined);
    assert.equal((await collect({ [Symbol.asyncIterator]: () => first })).end.reason, "aborted");
  });

  test("an engine killed in mid-sentence is a failure, and the next call has a new one", async () => {
    const events = model.generate(ask("k", "Count."), new AbortController().signal)[Symbol.asyncIterator]();
    while ((await events.next()).value?.type !== "text");
    const pid = pids.at(-1)!;
    process.kill(pid, "SIGKILL");
    const { end } = await collect({ [Symbol.asyncIterator]: () => events });
    assert.deepEqual([end.reason, end.failure?.code, end.failure?.retry], ["error", "crashed", true]);
    const next = await answer(model, ask("k", "Count."));
    assert.equal(next.end.failure, undefined);
    assert.notEqual(pids.at(-1), pid);
    assert.equal(isAlive(pid), false);
  });

  test("closing ends the engine, and calls after it are failures", async () => {
    const short = await open({ onStart: (pid) => pids.push(pid) });
    await answer(short, ask("c", "Hi.", { maxTokens: 1 }));
    await short.close();
    assert.equal(isAlive(pids.at(-1)!), false);
    assert.equal((await answer(short, ask("c", "Hi."))).end.failure?.code, "no-model");
  });

  test("an engine dies with its parent", async () => {
    const script = fileURLToPath(new URL("./fixtures/orphan.ts", import.meta.url));
    const parent = spawn(process.execPath, [script, file, join(root, "orphan")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    for await (const piece of parent.stdout) {
      said += piece;
      if (said.includes("loaded")) break;
    }
    const pid = Number.parseInt(said, 10);
    assert.equal(isAlive(pid), true);
    parent.kill("SIGKILL");
    for (let look = 0; isAlive(pid) && look < 100; look++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(isAlive(pid), false);
  });

  test("a file that is missing, foreign or cut is a failure that says what to do", async () => {
    const cut = join(root, "cut.gguf");
    await copyFile(file, cut);
    await writeFile(cut, (await readFile(file)).subarray(0, 40_000_000));
    assert.ok((await stat(cut)).size < (await stat(file)).size);
    for (const bad of [join(root, "none.gguf"), fileURLToPath(import.meta.url), cut]) {
      const broken = await open({ file: bad });
      const { failure } = (await answer(broken, ask("b", "Hi."))).end;
      assert.deepEqual([failure?.code, failure?.retry], ["no-model", false], failure?.message);
      assert.match(failure!.message, /hum model pull/);
      assert.deepEqual(await broken.count(["four"]), [2]);
      await broken.close();
    }
  });
});
