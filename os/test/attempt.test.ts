// A task done more than once: what is compared, what counts, what is left, and what a stop in between changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HumError } from "../src/error.ts";
import type { ScriptedAnswer } from "../src/model/scripted.ts";
import { toWriteFailure } from "../src/sim/faults.ts";
import {
  createTestMachine,
  inTurn,
  type Play,
  say,
  stop,
  type TestMachine,
  windowOf,
} from "./fixtures/machine.ts";

const tools = ["read", "write", "list", "now", "say", "note", "done", "fail"];
const task = "Count the names and write the number to sum.txt";
const home = "/hum/homes/1-worker";

/** A machine whose program may do a task so many times. */
function create(play: Play, more: Partial<Parameters<typeof createTestMachine>[0]> = {}): TestMachine {
  return createTestMachine({
    play,
    past: true,
    program: { tools, redundancy: 3 },
    model: { attempts: 5 },
    ...more,
  });
}

/** The turns of an attempt that writes a number and is done. */
const writing = (number: string, answer = "Written."): ScriptedAnswer[] => [
  say("write", "sum.txt", number),
  say("done", "", answer),
];

/** A machine at the task that stands still behind a record: the write is durable, and nobody hears of it any more. */
async function stopAfter(at: number, play: (machine: () => TestMachine) => Play): Promise<TestMachine> {
  const machine: TestMachine = create(
    play(() => machine),
    {
      async beforeWrite() {
        if (machine.disk.rows.length >= at) await new Promise(() => {});
      },
    },
  );
  await machine.start(task);
  await machine.run();
  return machine;
}

const outcomeOf = (machine: TestMachine) => machine.hum.inbox.find(1).outcome;
const ended = (machine: TestMachine) => machine.trail(1).filter((type) => type === "attempt.ended").length;

test("[R1] only what can be taken back is done more than once", async () => {
  const once = async (more: Parameters<typeof create>[1], text = task) => {
    const machine = create(inTurn(...writing("1")), more);
    return (await machine.start(text)).redundancy;
  };
  assert.equal(await once({}), 3);
  assert.equal(await once({ model: { attempts: 2 } }), 2, "as often as the model needs it");
  assert.equal(await once({ model: {} }), 1);
  assert.equal(await once({ past: false }), 1);
  for (const tool of ["get", "bash", "spawn", "ask", "sleep", "http.get"])
    assert.equal(await once({ program: { tools: [...tools, tool], redundancy: 3 } }), 1, tool);
  assert.equal(await once({}, "Write a Python script sum.py that adds numbers."), 1);
  assert.equal(await once({}, "Fix sum.py so that test_sum.py passes."), 1);
});

test("[R1] where others are at work nothing is taken back", async () => {
  const folder = { folder: "/shared" };
  const machine = create(inTurn(...writing("1", "One."), ...writing("2", "Two.")));
  const first = await machine.start(task, folder);
  await machine.hum.inbox.pause(first.pid, "Kim");
  const second = await machine.start(task, { folder: "/shared/part" });
  assert.deepEqual([first.redundancy, second.redundancy], [3, 1]);
  await machine.hum.inbox.pause(second.pid, "Kim");
  await machine.hum.inbox.resume(first.pid, "Kim");
  await machine.run();
  assert.deepEqual(outcomeOf(machine), { kind: "done", text: "One.", votes: { for: 1, of: 1 } });
  assert.equal(machine.world.files.get("/shared/sum.txt"), "1");
});

test("[R2] an attempt begins with the files and the window of the first, and with other chance", async () => {
  const seen: (string | undefined)[] = [];
  const answers = [...writing("1"), ...writing("2"), ...writing("2")];
  const machine: TestMachine = create((_request, index) => {
    seen.push(machine.world.files.get(`${home}/sum.txt`));
    return answers[index] as ScriptedAnswer;
  });
  machine.world.files.set(`${home}/names.txt`, "Ada");
  await machine.start(task);
  await machine.run();
  assert.deepEqual(seen, [undefined, "1", undefined, "2", undefined, "2"]);
  const [first, , second] = machine.requests;
  assert.deepEqual(second?.messages, first?.messages);
  assert.equal(first?.temperature, 0);
  assert.ok(second!.temperature > 0 && second?.seed !== first?.seed);
});

test("[R3] two attempts with the same result end the task with it", async () => {
  const machine = create(inTurn(...writing("12"), ...writing("13"), ...writing("13.0\n", "It is written.")));
  await machine.start(task);
  await machine.run();
  assert.deepEqual(outcomeOf(machine), { kind: "done", text: "It is written.", votes: { for: 2, of: 3 } });
  assert.equal(machine.world.files.get(`${home}/sum.txt`), "13.0\n");
});

test("[R3] without two that are the same the first result counts", async () => {
  const machine = create(inTurn(...writing("1", "One."), ...writing("2", "Two."), ...writing("3", "Three.")));
  await machine.start(task);
  await machine.run();
  assert.deepEqual(outcomeOf(machine), { kind: "done", text: "One.", votes: { for: 1, of: 3 } });
  assert.equal(machine.world.files.get(`${home}/sum.txt`), "1");
});

test("[R3] an answer is compared where the person wants to be told", async () => {
  const play = inTurn(
    say("now"),
    say("done", "", "Ada has 12."),
    say("now"),
    say("done", "", "It is Ada: 12."),
  );
  const machine = create(play);
  await machine.start("Who has the most names, and how many? Tell me.");
  await machine.run();
  assert.deepEqual(outcomeOf(machine)?.votes, { for: 2, of: 2 });
  const other = inTurn(say("now"), say("done", "", "Ada, 12."), say("now"), say("done", "", "Ben, 12."));
  const second = create(other, { program: { tools, redundancy: 2 } });
  await second.start("Who has the most names, and how many? Tell me.");
  await second.run();
  assert.deepEqual(outcomeOf(second), { kind: "done", text: "Ada, 12.", votes: { for: 1, of: 2 } });
});

test("[R3] a doubtful result counts only where there is no better one", async () => {
  const nothing = [say("now"), say("done", "", "Deleted.")];
  const machine = create(
    inTurn(...nothing, ...nothing, say("write", "a.txt", "x"), say("done", "", "It is gone.")),
  );
  await machine.start("Delete the extra copies.");
  await machine.run();
  assert.deepEqual(outcomeOf(machine), { kind: "done", text: "It is gone.", votes: { for: 1, of: 3 } });
  const other = create((request, index, pid) => inTurn(...nothing)(request, index % 2, pid));
  await other.start("Delete the extra copies.");
  await other.run();
  assert.deepEqual(outcomeOf(other), { kind: "done", text: "Deleted.", votes: { for: 3, of: 3 } });
});

test("[R4] what stands at the end is the work of one attempt, and the journal knows how to take it back", async () => {
  const play = inTurn(
    say("write", "old.txt", "changed"),
    ...writing("1"),
    say("write", "more.txt", "x"),
    ...writing("2"),
    ...writing("3"),
  );
  const machine = create(play);
  machine.world.files.set(`${home}/old.txt`, "before");
  await machine.start(task);
  await machine.run();
  const { files } = machine.world;
  assert.deepEqual(Object.fromEntries(files), { [`${home}/old.txt`]: "changed", [`${home}/sum.txt`]: "1" });
  const last = machine.records().findLast((record) => record.type === "files.changed");
  assert.deepEqual(last?.data.changes, [
    { path: `${home}/old.txt`, kind: "file", before: "before", after: "changed" },
    { path: `${home}/sum.txt`, kind: "file", before: null, after: "1" },
  ]);
});

test("[R5] what it says is sent at the end, once, and only that of the attempt that counts", async () => {
  const telling = (number: string) => [say("say", "Anna", `There are ${number}.`), say("done", "", "Told.")];
  const play = inTurn(say("now"), ...telling("3"), say("now"), ...telling("4"), say("now"), ...telling("4"));
  const machine = create(play);
  let early = 0;
  machine.hum.ledger.listen((record) => {
    if (record.type === "message.drafted") early += machine.hum.inbox.mail("anna").length;
  });
  await machine.start("Tell Anna how many names there are.");
  await machine.run();
  assert.equal(early, 0);
  assert.deepEqual(
    machine.hum.inbox.mail("anna").map((mail) => mail.text),
    ["There are 4."],
  );
  assert.deepEqual(outcomeOf(machine)?.votes, { for: 2, of: 3 });
});

test("[R6] a kill -9 after any record changes nothing of what comes of it", async () => {
  const plays = [
    [...writing("1", "One."), ...writing("2", "Two."), ...writing("3", "Three.")],
    [...writing("1", "One."), ...writing("2", "Two."), ...writing("2", "Two.")],
  ];
  for (const answers of plays) {
    // What is said depends on how many attempts have ended, so that a turn that is taken again says the same.
    const play = (machine: () => TestMachine): Play => {
      return () => {
        const entity = machine().hum.inbox.find(1);
        const at = 2 * entity.attempts.length;
        const wrote = machine().world.files.has(`${home}/sum.txt`);
        return answers[at + (wrote ? 1 : 0)] as ScriptedAnswer;
      };
    };
    let whole: TestMachine;
    whole = create(play(() => whole));
    await whole.start(task);
    await whole.run();
    const total = whole.disk.rows.length;
    assert.ok(total > 10);
    for (let at = 2; at < total; at++) {
      const before = await stopAfter(at, play);
      let machine: TestMachine;
      machine = before.crash({ play: play(() => machine), beforeWrite: async () => {} });
      await machine.run();
      assert.deepEqual(outcomeOf(machine), outcomeOf(whole), `stopped after record ${at}`);
      assert.deepEqual(
        Object.fromEntries(machine.world.files),
        Object.fromEntries(whole.world.files),
        `at ${at}`,
      );
    }
  }
});

test("[R7] an attempt that fails, is not believed or goes in circles is over, and counts as none", async () => {
  const read = say("read", "none.txt");
  const play = inTurn(
    say("write", "other.txt", "x"),
    say("done", "", "Written."),
    ...[read, read, read],
    ...writing("3", "Three."),
  );
  const machine = create(play);
  await machine.start(task);
  await machine.run();
  assert.deepEqual(outcomeOf(machine), { kind: "done", text: "Three.", votes: { for: 1, of: 3 } });
  assert.deepEqual(Object.fromEntries(machine.world.files), { [`${home}/sum.txt`]: "3" });
  assert.match(
    windowOf(machine.requests[2]!),
    /taken back, because it was not done:\n- There is no file sum\.txt/,
  );
  assert.doesNotMatch(windowOf(machine.requests.at(-1)!), /taken back/, "nothing was plainly missing");
});

test("[R7] when none was believed the task fails, and nothing is left", async () => {
  const play = inTurn(say("write", "a.txt", "x"), say("now"), say("fail", "", "It is too hard."));
  const machine = create((request, index, pid) => play(request, index % 3, pid));
  await machine.start(task);
  await machine.run();
  assert.deepEqual(outcomeOf(machine), { kind: "failed", text: "It is too hard." });
  assert.equal(ended(machine), 3);
  assert.equal(machine.world.files.size, 0);
});

test("[R7] who only forgot to tell somebody is told so and goes on", async () => {
  const play = inTurn(
    say("now"),
    say("done", "", "Told."),
    say("say", "Anna", "It is 9."),
    say("done", "", "Told."),
  );
  const machine = create((request, index, pid) => play(request, index % 4, pid));
  await machine.start("Tell Anna what time it is.");
  await machine.run();
  assert.match(windowOf(machine.requests[2]!), /Nothing was said to Anna/);
  assert.deepEqual(outcomeOf(machine)?.votes, { for: 2, of: 2 });
  assert.equal(machine.hum.inbox.mail("anna").length, 1);
});

test("[R8] one that only repeats itself while nothing is missing is done", async () => {
  const write = say("write", "sum.txt", "12");
  const machine = createTestMachine({ play: inTurn(write) });
  await machine.start(task);
  await machine.run();
  assert.equal(outcomeOf(machine)?.kind, "done");
  assert.equal(machine.calls.length, 3);
  const missing = createTestMachine({ play: inTurn(say("write", "other.txt", "12")) });
  await missing.start(task);
  await missing.run();
  assert.equal(outcomeOf(missing)?.kind, "failed");
});

test("[R9] what came before a person's words is no comparison", async () => {
  const answers = [...writing("1"), ...writing("1"), ...writing("1")];
  const machine: TestMachine = create(async (_request, index) => {
    if (index === 2) await machine.hum.inbox.say(1, { from: "Kim", text: "Only those of Oslo." });
    return answers[index] as ScriptedAnswer;
  });
  await machine.start(task);
  await machine.run();
  assert.equal(machine.calls.length, 6, "the first attempt did not know of it");
  assert.deepEqual(outcomeOf(machine)?.votes, { for: 2, of: 2 });
  assert.match(windowOf(machine.requests[4]!), /Only those of Oslo/);
});

test("[R7] a model that breaks off leaves the result that there was", async () => {
  const machine = create(inTurn(...writing("1", "One."), stop("no more")));
  await machine.start(task);
  await machine.run();
  assert.deepEqual(outcomeOf(machine), { kind: "done", text: "One.", votes: { for: 1, of: 3 } });
  assert.ok(!machine.errors.some((error) => !HumError.is(error)));
});

test("[R3] [R5] in a thread the result says how many came to it, and each message stands there once", async () => {
  const telling = (answer: string) => [
    say("now"),
    say("say", "Kim", "There are 4."),
    say("done", "", answer),
  ];
  const play = inTurn(...telling("Told."), ...telling("It is told."));
  const machine = create(play, { programs: ["guide"] });
  await machine.settle();
  const post = await machine.workplace.post("Kim", {
    channel: "general",
    text: "@guide tell Kim how many there are",
  });
  await machine.run();
  const { posts } = machine.workplace.posts({ thread: post.id }, {});
  assert.deepEqual(
    posts.map(({ kind, text, votes }) => [kind, text, votes]),
    [
      ["text", "@Kim There are 4.", undefined],
      ["result", "It is told.", { for: 2, of: 2 }],
    ],
  );
});

test("[R4] [R6] what was being brought back at a kill is taken back when a person's words come before the next end", async () => {
  const result = (number: string, file: string, answer: string): ScriptedAnswer[] => [
    say("write", file, number),
    say("write", "sum.txt", number),
    say("done", "", answer),
  ];
  const answers = [
    ...result("1", "one.txt", "One."),
    ...result("2", "two.txt", "Two."),
    ...result("3", "three.txt", "Three."),
  ];
  const play = (machine: () => TestMachine): Play => {
    return (request) => {
      const { attempts, pages } = machine().hum.inbox.find(1);
      const words = request.messages.slice(-1)[0]?.text ?? "";
      const heard = windowOf(request).includes("Begin again");
      const step = pages.filter((page) => page.resident && page.kind === "results").length;
      if (heard)
        return words.includes("Wrote sum.txt") ? say("done", "", "Nine.") : say("write", "sum.txt", "9");
      return answers[3 * attempts.length + Math.min(step, 2)] as ScriptedAnswer;
    };
  };
  let whole: TestMachine;
  whole = create(play(() => whole));
  await whole.start(task);
  await whole.run();
  assert.deepEqual(Object.keys(Object.fromEntries(whole.world.files)), [
    `${home}/one.txt`,
    `${home}/sum.txt`,
  ]);
  const total = whole.disk.rows.length;
  for (let at = 2; at < total; at++) {
    const before = await stopAfter(at, play);
    let machine: TestMachine;
    // Nothing can be written until the words have come.
    let full = true;
    machine = before.crash({
      play: play(() => machine),
      beforeWrite: async () => {
        if (full) throw toWriteFailure();
      },
    });
    await machine.run(1);
    full = false;
    void machine.hum.inbox.say(1, { from: "Kim", text: "Begin again, please." });
    await machine.settle();
    const heard = machine;
    machine = heard.crash({ play: play(() => machine), beforeWrite: async () => {} });
    await machine.run();
    assert.equal(outcomeOf(machine)?.text, "Nine.", `stopped after record ${at}`);
    assert.deepEqual(Object.fromEntries(machine.world.files), { [`${home}/sum.txt`]: "9" }, `at ${at}`);
  }
});
