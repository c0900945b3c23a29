// Delegation: pieces of a task go to colleagues, who begin at once; the parent waits for all of them and reads one page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createVirtualClock } from "../src/sim/clock.ts";
import { isDelegated, toLines } from "../src/syscall/delegate.ts";
import { createTestMachine, type Play, say, stop, type TestMachine, windowOf } from "./fixtures/machine.ts";

const tasks = "worker: Count the names.\nworker: Count the towns.\nworker: Sum up the notes.";

/** The first entity delegates and then ends; its children end at once with what they were asked. */
const family: Play = (request, index, pid) => {
  if (pid > 1) return say("done", "", `It was ${/Task: (.*)/.exec(windowOf(request))?.[1]}`);
  return index === 0 ? say("delegate", "", tasks) : say("done", "", "All is there.");
};

const entity = (machine: TestMachine, pid: number) => machine.hum.inbox.find(pid);

test("lines are read as small models write them", () => {
  const names = (text: string) => toLines(text).map(({ name, task }) => [name, task]);
  assert.deepEqual(
    names("clerk: Add up a.csv.\n- scribe: Sum it up.\n2. @coder: Fix it.\n**scout**: Look."),
    [
      ["clerk", "Add up a.csv."],
      ["scribe", "Sum it up."],
      ["coder", "Fix it."],
      ["scout", "Look."],
    ],
  );
  assert.deepEqual(names("clerk: Write these columns:\n  name: the name\nand the town\n\nscribe: Go."), [
    ["clerk", "Write these columns:\nname: the name\nand the town"],
    ["scribe", "Go."],
  ]);
  assert.deepEqual(names("Count the names."), [[null, "Count the names."]]);
  assert.deepEqual(names("See https://example.org/ and 12:30."), [
    [null, "See https://example.org/ and 12:30."],
  ]);
});

test("[E13] all lines begin at once, and the parent waits for all of them without a model call", async () => {
  const machine = createTestMachine({ play: family, model: { slots: 1 } });
  await machine.start("Look at it all.");
  await machine.run();
  assert.deepEqual(machine.calls.filter((pid) => pid === 1).length, 2);
  const trail = machine.records().map((record) => record.type);
  const spawned = trail.flatMap((type, i) => (type === "entity.spawned" ? [i] : []));
  const firstEnd = trail.indexOf("entity.ended");
  assert.equal(spawned.length, 4);
  assert.ok(
    spawned.every((at) => at < firstEnd),
    "all were there before one had ended",
  );
  assert.ok([2, 3, 4].every((pid) => isDelegated(entity(machine, pid))));
  assert.deepEqual(
    [1, 2, 3, 4].map((pid) => entity(machine, pid).outcome?.kind),
    Array(4).fill("done"),
  );
});

test("[E13] each colleague gets an equal part of what is left, and the parent keeps one", async () => {
  const machine = createTestMachine({ play: family });
  await machine.start("Look at it all.", { budget: { tokens: 100_000, deviceCalls: 40, children: 8 } });
  await machine.run();
  const given = [2, 3, 4].map((pid) => entity(machine, pid).given);
  const { tokens } = given[0]!;
  assert.ok(given.every((one) => Math.abs(one.tokens - tokens) <= 1));
  assert.ok(tokens > 24_000 && tokens <= 25_000, String(tokens));
  assert.deepEqual(
    given.map((one) => one.deviceCalls),
    [10, 10, 10],
  );
});

test("[B3] what colleagues have not used goes back at their end, and is used once", async () => {
  const machine = createTestMachine({
    terminal: "none",
    play: (request, index, pid) =>
      pid > 1 && index === 0 ? say("write", `${pid}.txt`, "x") : family(request, pid > 1 ? 0 : index, pid),
  });
  await machine.start("Look at it all.", { budget: { tokens: 100_000, deviceCalls: 40, children: 8 } });
  await machine.run();
  const all = [1, 2, 3, 4].map((pid) => entity(machine, pid));
  const said = machine.records().filter((record) => record.type === "turn.said");
  const tokens = said.reduce((sum, { data }) => {
    const { input, cached, output } = data.usage as { input: number; cached: number; output: number };
    return sum + input - cached + output;
  }, 0);
  assert.equal(all[0]?.used.tokens, tokens);
  assert.equal(all[0]?.used.deviceCalls, 3);
  assert.equal(all[0]?.used.children, 3);
});

test("[E14] what came of each is read once, with the files that it hands over", async () => {
  const machine = createTestMachine({
    play: (request, index, pid) => {
      if (pid === 2 && index === 0) return say("write", "names.txt", "Kim");
      if (pid === 3) return stop("no more");
      return family(request, index, pid);
    },
  });
  await machine.start("Look at it all.");
  await machine.run();
  const last = windowOf(machine.requests.findLast((request) => request.process === "1")!);
  assert.match(last, /worker \(pid 2\) done: It was Count the names\.\nFiles: names\.txt \(new\)/);
  assert.match(last, /worker \(pid 3\) failed: .*no more/);
  assert.match(last, /worker \(pid 4\) done: It was Sum up the notes\./);
  assert.equal(last.match(/pid 2\) done/g)?.length, 1);
  assert.equal(entity(machine, 2).folder, entity(machine, 1).folder);
});

test("[E14] lines that start nobody are said beside the results of the others", async () => {
  const machine = createTestMachine({
    only: ["worker"],
    play: (request, index, pid) =>
      pid === 1 && index === 0
        ? say("delegate", "", "plumber: Fix the tap.\nworker: Count the names.")
        : family(request, index, pid),
  });
  await machine.start("Look at it all.");
  await machine.run();
  const last = windowOf(machine.requests.findLast((request) => request.process === "1")!);
  assert.match(last, /Not given to anybody: "plumber: Fix the tap\."\. There is no program "plumber"/);
  assert.match(last, /pid 2\) done: It was Count the names\./);
});

test("[E14] when no line starts anybody the parent goes on at once and reads why", async () => {
  const machine = createTestMachine({
    only: ["worker"],
    play: (_request, index) =>
      index === 0 ? say("delegate", "", "plumber: Fix the tap.\nJust do it.") : stop("enough"),
  });
  await machine.start("Look at it all.");
  await machine.run();
  assert.match(
    windowOf(machine.requests.at(-1)!),
    /"plumber: Fix the tap\.\nJust do it\."\. There is no program/,
  );
  assert.equal(machine.hum.ledger.state.entities.size, 1);
});

for (const budget of [{ children: 0 }, { tokens: 1_100 }, { deviceCalls: 1 }])
  test(`[E13] nobody is started who could do nothing: ${JSON.stringify(budget)}`, async () => {
    const machine = createTestMachine({ play: inTurnOrStop });
    await machine.start("Look at it all.", { budget });
    await machine.run();
    assert.equal(machine.hum.ledger.state.entities.size, 1);
    assert.match(windowOf(machine.requests.at(-1)!), /do it yourself/);
  });

const inTurnOrStop: Play = (_request, index) => (index === 0 ? say("delegate", "", tasks) : stop("enough"));

test("[E14] what a colleague made from foreign words is no more trusted for its parent", async () => {
  const machine = createTestMachine({
    play: (request, index, pid) => {
      if (pid === 1 && index === 1) return say("write", "all.txt", "It is.");
      return pid === 2 && index === 0 ? say("read", "foreign.txt") : family(request, index, pid);
    },
  });
  const { pid } = await machine.start("Look at it all.");
  await machine.run();
  const woken = machine.records().find((record) => record.type === "entity.woken");
  const [page] = (woken!.data as { pages: { label: { integrity: string; origins: string[] } }[] }).pages;
  assert.equal(pid, 1);
  assert.equal(page?.label.integrity, "untrusted");
  assert.deepEqual(page?.label.origins, ["file:foreign.txt"]);
});

test("[E15] whoever is woken while colleagues are at work says it, and waits for them on", async () => {
  const machine = createTestMachine({
    programs: ["worker"],
    play: (request, index, pid) => {
      if (pid > 1) return index === 0 ? say("sleep", "1h") : family(request, index, pid);
      if (index === 0) return say("delegate", "", tasks);
      return say("done", "", index === 1 ? "They are still at it." : "All is there.");
    },
  });
  const { workplace } = machine;
  await machine.settle();
  const post = await workplace.post("Ada", { channel: "work", text: "@worker Look at it all." });
  await machine.run(60_000);
  await workplace.post("Ada", { thread: post.id, text: "How far are you?" });
  await machine.run(60_000);
  assert.equal(entity(machine, 1).state, "waiting");
  assert.deepEqual(
    [2, 3, 4].map((pid) => entity(machine, pid).state),
    ["waiting", "waiting", "waiting"],
  );
  await machine.run(2 * 60 * 60_000);
  assert.equal(entity(machine, 1).outcome?.text, "All is there.");
  assert.deepEqual(
    [2, 3, 4].map((pid) => entity(machine, pid).outcome?.kind),
    ["done", "done", "done"],
  );
  const said = workplace
    .posts({ thread: post.id }, {})
    .posts.map(({ from, text }) => `${from.name}: ${text}`);
  assert.ok(said.includes("worker: @Ada They are still at it."), said.join("\n"));
});

for (const after of ["call.begun", "entity.spawned", "entity.waiting", "entity.ended"])
  test(`[C5] a delegation that is cut off after ${after} starts each line once, and comes to its end`, async () => {
    const first = createTestMachine({ play: family });
    await first.start("Look at it all.");
    await first.run();
    const rows = first.disk.rows;
    const at = rows.findIndex(
      (row) => row.type === after && !(after === "entity.spawned" && row.stream === "entity/1"),
    );
    assert.ok(at > 0);
    const machine = createTestMachine({
      play: inAnyOrder,
      disk: { rows: rows.slice(0, at + 1), snapshot: null },
    });
    await machine.run();
    assert.equal(machine.hum.ledger.state.entities.size, 4);
    assert.deepEqual(
      [1, 2, 3, 4].map((pid) => entity(machine, pid).outcome?.kind),
      Array(4).fill("done"),
    );
    const last = windowOf(machine.requests.findLast((request) => request.process === "1")!);
    assert.equal(last.match(/\(pid \d\) done/g)?.length, 3);
  });

/** The same after a start in the middle, where numbers of calls begin anew. */
const inAnyOrder: Play = (request, _index, pid) => {
  if (pid > 1) return family(request, 0, pid);
  return family(request, windowOf(request).includes("(pid 2) done") ? 1 : 0, pid);
};

test("[W9] entities that only give each other work come to an end by themselves", async () => {
  let calls = 0;
  const machine = createTestMachine({
    play: (_request, index, pid) => {
      calls += 1;
      return say("delegate", "", `worker: Thank you ${pid}.${index}.`);
    },
  });
  await machine.start("Thank each other.", { budget: { children: 100, tokens: 10_000_000 } });
  await machine.run();
  assert.equal(entity(machine, 1).state, "ended");
  assert.ok([...machine.hum.ledger.state.entities.values()].every((one) => one.state === "ended"));
  assert.ok(calls < 500, `${calls} calls`);
});

test("[W9] thanks of a colleague do not wake whoever waits for its end", async () => {
  const machine = createTestMachine({
    play: (request, index, pid) => {
      if (pid === 2)
        return index < 3 ? say("say", "worker", `Thank you ${index}.`) : say("done", "", "Reviewed.");
      if (index === 0) return say("delegate", "", "worker: Review list.txt.");
      return say("done", "", windowOf(request).includes("Reviewed.") ? "It was reviewed." : "?");
    },
  });
  await machine.start("Have it reviewed.");
  await machine.run();
  assert.equal(entity(machine, 1).outcome?.text, "It was reviewed.");
  assert.equal(machine.calls.filter((pid) => pid === 1).length, 2);
});

for (const shared of [true, false])
  test(`[E16] ${shared ? "those who share a folder change it one after the other" : "others change theirs at once"}`, async () => {
    const clock = createVirtualClock();
    let at = 0;
    let most = 0;
    const machine = createTestMachine({
      clock,
      model: { slots: 4 },
      async wait(part) {
        if (part === 0) at += 1;
        most = Math.max(most, at);
        await clock.sleep(1_000);
        if (part === 1) at -= 1;
      },
      play: (request, index, pid) => {
        if (windowOf(request).includes("Begin."))
          return index === 0 ? say("delegate", "", tasks) : say("done", "", "All.");
        return index === 0 ? say("write", `${pid}.txt`, "x") : say("done", "", "Written.");
      },
    });
    if (shared) await machine.start("Begin.");
    else for (let i = 0; i < 3; i++) await machine.start("Write.");
    await machine.run();
    assert.equal(machine.world.files.size, 3);
    assert.equal(most, shared ? 1 : 3);
    for (const { changed, pid } of machine.hum.ledger.state.entities.values())
      if (pid > 1 && shared) assert.deepEqual(changed, [{ path: `${pid}.txt`, bytes: null, change: "new" }]);
  });

test("[W6] who was asked what, what came of it and the report stand in the thread, with the files", async () => {
  const machine = createTestMachine({
    programs: ["guide", "clerk", "scribe"],
    tools: (name) => (name === "guide" ? ["delegate", "done"] : ["write", "done"]),
    play(_request, index, pid) {
      if (pid > 1)
        return index === 0 ? say("write", `${pid}.txt`, "x") : say("done", "", `${pid}.txt is there.`);
      return index === 0
        ? say("delegate", "", "clerk: Count the names.\nscribe: Sum up the notes.")
        : say("done", "", "Both are there.");
    },
  });
  await machine.settle();
  const { workplace } = machine;
  const post = await workplace.post("Ada", { channel: "work", text: "@guide Have it done." });
  await machine.run();
  const posts = workplace.posts({ thread: post.id }, {}).posts;
  const said = posts.map(({ kind, from, text }) => `${kind} ${from.name}: ${text}`);
  assert.deepEqual(said.slice(0, 2), [
    "status Hum: guide asked clerk: Count the names.",
    "status Hum: guide asked scribe: Sum up the notes.",
  ]);
  assert.deepEqual(said.slice(2, 4).sort(), [
    "result clerk: 2.txt is there.",
    "result scribe: 3.txt is there.",
  ]);
  assert.equal(said.at(-1), "result guide: Both are there.");
  assert.equal(posts[2]?.files.length, 1);
  assert.equal(workplace.thread(post.id).state, "complete");
  assert.ok(machine.world.files.has(`/hum/threads/${post.id}/2.txt`));
});

test("[E13] a colleague reviews the work of another, which is then mended", async () => {
  const machine = createTestMachine({
    terminal: "none",
    play(request, index, pid) {
      if (pid === 2) {
        if (index === 0) return say("read", "total.txt");
        return say("done", "", windowOf(request).includes("11") ? "It is 12, not 11." : "It is right.");
      }
      if (index === 0) return say("write", "total.txt", "11");
      if (index === 1)
        return say("delegate", "", "worker: Add up again, and say whether total.txt is right.");
      if (windowOf(request).includes("It is 12, not 11.") && index === 2)
        return say("write", "total.txt", "12");
      return say("done", "", "total.txt holds the total.");
    },
  });
  await machine.start("Write the total to total.txt.", { folder: "/desk" });
  await machine.run();
  assert.equal(machine.world.files.get("/desk/total.txt"), "12");
  assert.equal(entity(machine, 1).outcome?.kind, "done");
  assert.equal(machine.calls.filter((pid) => pid === 1).length, 4);
});
