// "What we talked about": the talk of the last minutes stands in the window of whoever is to draw it, from all places that
// the readers of the answer could read, and from no other; its label comes with it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { meansTalk } from "../src/entity/work.ts";
import { workLimits } from "../src/limits.ts";
import { windowLabel } from "../src/scheduler/standing.ts";
import { createTestMachine, type Play, say, type TestMachine, windowOf } from "./fixtures/machine.ts";

const programs = ["guide", "clerk", "scout"];
const wish = "Draw what we talked about";

async function open(play: Play = () => say("done", "", "It is done.")): Promise<TestMachine> {
  const machine = createTestMachine({ play, programs });
  await machine.settle();
  return machine;
}

/** The window of the entity that was started last. */
const lastWindow = (machine: TestMachine) => {
  const entity = [...machine.hum.ledger.state.entities.values()].at(-1)!;
  return { entity, text: [...machine.hum.ledger.textsOf(entity).values()].join("\n") };
};

test("which words mean a talk", () => {
  for (const text of [
    wish,
    "draw a picture of what we were talking about",
    "Paint what we just said.",
    "Draw our conversation",
    "Make a picture of everything I told you",
    "把我们刚才说的画出来",
  ])
    assert.equal(meansTalk(text), true, text);
  for (const text of [
    "Draw a lake",
    "Add up the bills",
    "Tell Ben that we need milk",
    "Write a chat program",
  ])
    assert.equal(meansTalk(text), false, text);
});

test("[V11] in a direct line it is what the person and all colleagues said in their lines, and nobody else's", async () => {
  const machine = await open();
  const { workplace } = machine;
  const write = async (by: string, program: string, text: string) => {
    const line = await workplace.openDirect(by, program);
    await workplace.post(by, { channel: line.id, text });
    await machine.run();
  };
  await write("Ada", "guide", "We sat at the lake, and two swans came.");
  await write("Ben", "guide", "My secret is a blue whale.");
  await workplace.post("Ada", { channel: "general", text: "The printer is broken." });
  await write("Ada", "clerk", wish);
  const { entity, text } = lastWindow(machine);
  assert.deepEqual([entity.program, entity.owner], ["clerk", "Ada"]);
  assert.match(text, /Ada: We sat at the lake, and two swans came\./);
  assert.doesNotMatch(text, /whale|printer/);
  // Other words see their own line only.
  await write("Ada", "scout", "Look up the opening hours.");
  assert.doesNotMatch(lastWindow(machine).text, /swans/);
});

test("[V11] in a channel it is the channel with its threads; what a person said in a direct line stays there", async () => {
  const machine = await open();
  const { workplace } = machine;
  const line = await workplace.openDirect("Ada", "guide");
  await workplace.post("Ada", { channel: line.id, text: "My secret is a blue whale." });
  await workplace.post("Ada", { channel: "work", text: "The budget is late." });
  const first = await workplace.post("Ben", { channel: "general", text: "Remember the windmill?" });
  await workplace.post("Ada", { thread: first.id, text: "With the three horses before it!" });
  await workplace.post("Ben", { channel: "general", text: `@clerk ${wish}` });
  await machine.run();
  const { text } = lastWindow(machine);
  assert.match(text, /Ben: Remember the windmill\?\nAda: With the three horses before it!/);
  assert.doesNotMatch(text, /whale|budget/);
});

test("what was said long before does not count, and a long talk is bounded", async () => {
  const machine = await open();
  const { workplace } = machine;
  await workplace.post("Ada", { channel: "general", text: "Long ago there was a dragon." });
  await machine.run(workLimits.talkMs + 60_000);
  for (let i = 0; i < workLimits.talkPosts + 20; i++)
    await workplace.post("Ada", { channel: "general", text: `Flower ${i} ${"blooms ".repeat(60)}` });
  await workplace.post("Ada", { channel: "general", text: `@clerk ${wish}` });
  await machine.run();
  const { text } = lastWindow(machine);
  assert.doesNotMatch(text, /dragon|Flower 5 /);
  assert.match(text, new RegExp(`Flower ${workLimits.talkPosts + 19} `));
  assert.ok(text.length < workLimits.contextChars + 6_000, `${text.length}`);
});

test("[L1] [V11] the talk brings the labels of all that was said in it", async () => {
  const play: Play = (request) =>
    windowOf(request).includes("Task: Read") && !windowOf(request).includes("moonlight")
      ? say("read", "/trap.txt")
      : say("done", "", "A moonlight sonata is played.");
  const machine = await open(play);
  machine.world.files.set("/trap.txt", "moonlight");
  const { workplace } = machine;
  await workplace.post("Ada", { channel: "general", text: "@clerk Read /trap.txt." });
  await machine.run();
  await workplace.post("Ada", { channel: "general", text: `@scout ${wish}` });
  await machine.run();
  const { entity, text } = lastWindow(machine);
  assert.equal(entity.program, "scout");
  assert.match(text, /clerk: A moonlight sonata/);
  assert.equal(windowLabel(entity).integrity, "untrusted");
  assert.ok(windowLabel(entity).origins.includes("file:/trap.txt"));
});

test("a colleague to whom the wish is given on has the talk too, with its label; another line has not", async () => {
  // The first and the third are guides; each gives one line to a clerk.
  const play: Play = (_request, index, pid) =>
    index === 0 && pid % 2 === 1
      ? say("delegate", "", pid === 3 ? `clerk: ${wish}.` : "clerk: Count the files.")
      : say("done", "", "Done.");
  const machine = await open(play);
  const { workplace } = machine;
  const line = await workplace.openDirect("Ada", "guide");
  const tell = async (text: string) => {
    await workplace.post("Ada", { channel: line.id, text });
    await machine.run();
    return [...machine.hum.ledger.state.entities.values()].findLast((one) => one.program === "clerk")!;
  };
  const counter = await tell("There are two swans: count the files.");
  assert.doesNotMatch([...machine.hum.ledger.textsOf(counter).values()].join("\n"), /swans/);
  const drawer = await tell(wish);
  assert.notEqual(drawer.pid, counter.pid);
  assert.match([...machine.hum.ledger.textsOf(drawer).values()].join("\n"), /Ada: There are two swans/);
});
