// Whoever can only answer and give work to others: what is believed of it, and what it is told.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createScripted } from "../src/model/scripted.ts";
import { startHum } from "../src/start.ts";
import { createTestMachine, type Play, say, type TestMachine, windowOf } from "./fixtures/machine.ts";

const entity = (machine: TestMachine, pid: number) => machine.hum.inbox.find(pid);

// A guide holds no call of a device; its colleagues hold all.
const guided = (play: Play) =>
  createTestMachine({
    tools: (name) => (name === "guide" ? ["note", "delegate", "done", "fail"] : ["write", "done"]),
    play,
  });

const guide = { program: "guide", folder: "/desk" };

test("[E4] whoever only answers is believed, also beside files", async () => {
  const machine = guided(() => say("done", "", "Hello!"));
  machine.world.files.set("/desk/a.txt", "x");
  await machine.start("hello", guide);
  await machine.run();
  assert.equal(machine.calls.length, 1);
  assert.equal(entity(machine, 1).outcome?.text, "Hello!");
});

test("[E4] an answer about a file that nobody has looked at is not believed at once", async () => {
  const machine = guided((_request, index) => say("done", "", index === 0 ? "It is 12." : "It is 13."));
  machine.world.files.set("/desk/a.csv", "x");
  await machine.start("How many rows has a.csv?", guide);
  await machine.run();
  assert.equal(machine.calls.length, 2);
  assert.match(
    windowOf(machine.requests[1]!),
    /the beginning of a\.csv at most: have a colleague look at it/,
  );
});

test("[E4] a wish for how things are written is noted, and nothing has to look like it", async () => {
  const machine = guided((_request, index) =>
    index === 0 ? say("note", "me", "wants dates like: 2026-03-09") : say("done", "", "Noted."),
  );
  await machine.start("I always want dates written like 2026-03-09.", guide);
  await machine.run();
  assert.equal(machine.calls.length, 2);
  assert.equal(entity(machine, 1).outcome?.text, "Noted.");
});

test("[E4] whoever only repeats itself is told what nobody has done yet", async () => {
  const machine = guided((_request, index, pid) => {
    if (pid > 1) return index === 0 ? say("write", "list.md", "socks") : say("done", "", "Written.");
    if (index < 3) return say("note", "me", "wants: a list");
    return index === 3
      ? say("delegate", "", "worker: Write a list to list.md.")
      : say("done", "", "list.md is there.");
  });
  await machine.start("Write a list to list.md.", guide);
  await machine.run();
  assert.match(windowOf(machine.requests[2]!), /You did exactly this before/);
  assert.match(
    windowOf(machine.requests[3]!),
    /Not done yet:\n- There is no file list\.md in the folder.*\nGive these parts of the task to colleagues/,
  );
  assert.equal(entity(machine, 1).outcome?.text, "list.md is there.");
});

test("[E4] what colleagues made counts for the task of whoever asked them", async () => {
  const machine = guided((_request, index, pid) => {
    if (pid > 1) return index === 0 ? say("write", "names.txt", "Kim") : say("done", "", "Written.");
    if (index === 1) return say("delegate", "", "worker: Write the names to names.txt.");
    return say("done", "", "names.txt is there.");
  });
  await machine.start("Write the names to names.txt.", guide);
  await machine.run();
  assert.match(windowOf(machine.requests[1]!), /There is no file names\.txt in the folder/);
  assert.equal(machine.calls.filter((pid) => pid === 1).length, 3);
  assert.equal(entity(machine, 1).outcome?.kind, "done");
});

test("[E13] a part of the task that is in no line is said before anybody begins, once", async () => {
  const task =
    "Please:\n- Add up a.csv in total.txt.\n- Sum up b.txt in two lines in short.txt.\nThen say how it went.";
  const machine = guided((_request, index, pid) => {
    if (pid === 2) return index === 0 ? say("write", "total.txt", "12") : say("done", "", "It is 12.");
    if (pid === 3)
      return index === 0 ? say("write", "short.txt", "One.\nTwo.") : say("done", "", "It is short.");
    if (index === 0) return say("delegate", "", "worker: Add up a.csv in total.txt.");
    if (index === 1)
      return say("delegate", "", "worker: Add up a.csv in total.txt.\nworker: Sum up b.txt in short.txt.");
    return say("done", "", "Both are there.");
  });
  await machine.start(task, guide);
  await machine.run();
  const told = windowOf(machine.requests[1]!);
  assert.match(told, /in none of your lines:\n- Sum up b\.txt in two lines in short\.txt\.\nDelegate again/);
  assert.equal(machine.hum.ledger.state.entities.size, 3);
  assert.equal(entity(machine, 1).outcome?.text, "Both are there.");
});

test("[E4] whoever can only give work to others is told which parts nobody has done, and forgets no result", async () => {
  const task = "- Add up a.csv in total.txt.\n- Sum up b.txt in two lines in short.txt.";
  const machine = guided((request, index, pid) => {
    if (pid === 2) return index === 0 ? say("write", "total.txt", "12") : say("done", "", "It is 12.");
    if (pid === 3) return say("done", "", "I did nothing.");
    if (index === 0) return say("delegate", "", "worker: a.csv, total.txt.\nworker: b.txt, short.txt.");
    assert.match(windowOf(request), /It is 12\./);
    return index < 4 ? say("done", "", `All is there ${index}.`) : say("fail", "", "short.txt is missing.");
  });
  await machine.start(task, guide);
  await machine.run();
  const told = windowOf(machine.requests.findLast((request) => request.process === "1")!);
  assert.match(
    told,
    /There is no file short\.txt in the folder\.\nGive these parts of the task to colleagues/,
  );
  assert.match(told, /with delegate:\n- Sum up b\.txt in two lines in short\.txt\./);
  assert.deepEqual(entity(machine, 1).outcome, { kind: "failed", text: "short.txt is missing." });
});

test("[E4] a report that says nothing of what colleagues made is doubted once", async () => {
  const machine = guided((_request, index, pid) => {
    if (pid > 1)
      return index === 0 ? say("write", `${pid}.txt`, "x") : say("done", "", `${pid}.txt is there.`);
    if (index === 0) return say("delegate", "", "worker: Write 2.txt.\nworker: Write 3.txt.");
    return say("done", "", index === 1 ? "3.txt is there." : "2.txt and 3.txt are there.");
  });
  await machine.start("Write both.", guide);
  await machine.run();
  const told = windowOf(machine.requests.at(-1)!);
  assert.match(told, /You say nothing of 2\.txt: say in one sentence for each what came of it\./);
  assert.equal(entity(machine, 1).outcome?.text, "2.txt and 3.txt are there.");
});

test("[S12] how windows of a program begin is read ahead as they will begin, by a model of this machine, and leaves nothing behind", async () => {
  const machine = guided(() => say("done", "", "Hello!"));
  const signal = new AbortController().signal;
  await machine.hum.spawner.warm({ program: "guide", owner: "Kim" }, signal);
  const [ahead] = machine.requests;
  assert.equal(ahead?.shared, ahead?.messages.length);
  assert.equal(ahead?.maxTokens, 1);
  assert.deepEqual(machine.hum.machine.scheduler.jobs(), []);
  assert.equal(machine.hum.ledger.state.entities.size, 0);
  await machine.start("hello", guide);
  await machine.run();
  const first = machine.requests[1]!;
  assert.equal(first.shared, ahead?.shared);
  assert.deepEqual(first.messages.slice(0, first.shared), ahead?.messages);
});

test("[E4] the examples of a program speak of whoever gives the task, and of nobody in their place", async () => {
  const home = mkdtempSync(join(tmpdir(), "hum-guide-"));
  let window = "";
  const model = createScripted((request) => {
    window = request.messages.map(({ text }) => text).join("\n");
    return "```done\nHello!\n```";
  });
  const hum = await startHum({ home, openModel: async () => model });
  try {
    const { pid } = await hum.inbox.task({ task: "hello", owner: "Ada", program: "guide" });
    while (hum.inbox.find(pid).state !== "ended") await new Promise((resolve) => setTimeout(resolve, 5));
    assert.match(window, /cousin of Ada/);
    assert.match(window, /Note: about Ada, remembered/);
    assert.ok(!window.includes("{owner}"));
  } finally {
    await hum.stop();
    rmSync(home, { recursive: true, force: true });
  }
});
