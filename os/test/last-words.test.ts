// What somebody says while an entity is about to end: it is read, or it comes too late and finds the end.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createTestMachine,
  type Play,
  say,
  type TestMachine,
  type TestOptions,
  windowOf,
} from "./fixtures/machine.ts";

const task = "Count the names and write the number to sum.txt";
const words = "Only those of Oslo.";
const tools = ["read", "write", "list", "now", "say", "note", "done", "fail"];

const repeated: Partial<TestOptions> = {
  program: { tools, redundancy: 2 },
  model: { attempts: 2 },
};

/** What a small model does, and how it ends. */
const ends: Record<string, { play: Play; more?: Partial<TestOptions> }> = {
  "is done": {
    play: (request) =>
      windowOf(request).includes("Wrote sum.txt") ? say("done", "", "4") : say("write", "sum.txt", "4"),
  },
  "is done by repeating itself": { play: () => say("write", "sum.txt", "4") },
  fails: { play: (_request, index) => (index < 3 ? say("list") : say("fail", "", "Too hard.")) },
  "finds no action": { play: () => "I do not know." },
  "comes to nothing twice": {
    play: (_request, index) => (index % 2 === 0 ? say("write", "a.txt", "x") : say("done", "", "Written.")),
    more: repeated,
  },
  "comes to the same twice": {
    play: (_request, index) => (index % 2 === 0 ? say("write", "sum.txt", "4") : say("done", "", "Written.")),
    more: repeated,
  },
};

// All that has begun is on its way to the journal by then.
const soon = async () => {
  for (let hop = 0; hop < 100; hop++) await Promise.resolve();
};

for (const [how, { play, more }] of Object.entries(ends))
  test(`[W3] [R9] one that ${how} has read what was said before its end`, async () => {
    let [before, behind] = [0, 0];
    for (let moment = 1; moment <= 60; moment++) {
      let machine: TestMachine | undefined;
      let looks = 0;
      // A person says something while the machine thinks: it writes, takes back, or counts what the next record will hold.
      const hear = async () => {
        if (!machine?.hum.ledger.state.entities.has(1) || ++looks !== moment) return;
        void machine.hum.inbox.say(1, { from: "Kim", text: words }).catch(() => {});
        await soon();
      };
      machine = createTestMachine({
        ...more,
        play,
        beforeWrite: hear,
        past: (past) => ({
          ...past,
          async undo(changes, how) {
            const undone = await past.undo(changes, how);
            await hear();
            return undone;
          },
        }),
        wrap: (model) => ({
          ...model,
          async count(texts) {
            const counted = await model.count(texts);
            await hear();
            return counted;
          },
        }),
      });
      await machine.start(task);
      await machine.run();
      const types = machine.trail(1);
      assert.ok(types.includes("entity.ended"), `said at moment ${moment}: ${types.at(-1)}`);
      const heard = types.indexOf("message.delivered");
      if (heard === -1 || heard > types.indexOf("entity.ended")) behind += 1;
      else {
        before += 1;
        const read = machine.requests.some((request) => windowOf(request).includes(words));
        assert.ok(read, `said at moment ${moment}: ${types.slice(-6)}`);
      }
    }
    assert.ok(before > 0 && behind > 0, `${before} times in time, ${behind} times too late`);
  });
