// What starts by itself: times, files and messages, with their bounds, over stops and starts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { HumError } from "../src/error.ts";
import { triggerLimits } from "../src/limits.ts";
import type { Trigger } from "../src/workplace/contract.ts";
import type { FolderWatch } from "../src/workplace/triggers.ts";
import {
  createTestMachine,
  type Play,
  say,
  type TestMachine,
  type TestOptions,
  windowOf,
} from "./fixtures/machine.ts";

const finish: Play = () => say("done", "", "Done.");
const hour = 60 * 60_000;
const hourly = { kind: "cron", cron: "0 * * * *" } as const;

async function open(play: Play = finish, more: Partial<TestOptions> = {}): Promise<TestMachine> {
  const machine = createTestMachine({ play, programs: ["guide", "clerk"], ...more });
  await machine.settle();
  return machine;
}

const save = ({ workplace }: TestMachine, when: Trigger["when"], more: Partial<Trigger> = {}) =>
  workplace.saveTrigger("Ada", "one", {
    ...{ name: "Look", program: "clerk", task: "Look at it.", channel: "work", enabled: true },
    ...more,
    when,
  });

const starts = (machine: TestMachine) =>
  machine.records().filter((record) => record.type === "trigger.fired").length;

test("[W10] a time that comes opens a thread and starts the program there, each time once", async () => {
  const machine = await open();
  const trigger = await save(machine, hourly);
  assert.equal(new Date(trigger.nextAt ?? 0).getMinutes(), 0);
  await machine.run(3 * hour + 60_000);
  assert.equal(starts(machine), 3);
  const threads = machine.workplace.threads({ channel: "work" });
  assert.deepEqual(
    threads.map((thread) => [thread.title, thread.state, thread.delegate]),
    Array(3).fill(["Look", "complete", "clerk"]),
  );
  const [posted] = machine.workplace.posts({ channel: "work" }, {}).posts;
  assert.deepEqual([posted?.from.kind, posted?.text], ["kernel", "Look: @clerk Look at it."]);
  const [entity] = machine.hum.ledger.state.entities.values();
  assert.deepEqual([entity?.task, entity?.owner, entity?.program], ["Look at it.", "Ada", "clerk"]);
  const [row] = machine.workplace.triggers();
  assert.deepEqual([row?.runs, row?.lastOutcome], [3, "done"]);
});

test("[W11] times that passed while the machine was stopped are made up for once", async () => {
  const machine = await open();
  await save(machine, hourly);
  await machine.run(hour);
  assert.equal(starts(machine), 1);
  const { clock } = machine;
  clock.clear();
  clock.set(clock.now() + 10 * hour);
  const again = machine.crash();
  await again.settle();
  await again.run(1_000);
  assert.equal(starts(again), 2);
  await again.run(hour);
  assert.equal(starts(again), 3);
});

test("[W10] a trigger that is off, or removed, does nothing; what it missed meanwhile is not made up for", async () => {
  const machine = await open();
  await save(machine, hourly, { enabled: false });
  await machine.run(5 * hour);
  await save(machine, hourly);
  await machine.run(1_000);
  assert.equal(starts(machine), 0);
  await machine.workplace.deleteTrigger("Ada", "one");
  await machine.run(5 * hour);
  assert.equal(starts(machine), 0);
});

test("[W12] a post starts what waits for it, also a regular expression; what a trigger began starts nothing", async () => {
  const heard: string[] = [];
  const machine = await open((request) => {
    heard.push(windowOf(request));
    return say("done", "", "An invoice was found.");
  });
  await save(
    machine,
    { kind: "message", channel: "general", contains: "/inv(oice)?\\b/i" },
    { channel: "general" },
  );
  await machine.workplace.post("Ben", { channel: "general", text: "Nothing of interest" });
  await machine.run();
  assert.equal(starts(machine), 0);
  await machine.workplace.post("Ben", { channel: "general", text: "The Invoice of March is here" });
  await machine.run();
  assert.equal(starts(machine), 1, "its own result speaks of an invoice and starts nothing");
  assert.match(heard[0] ?? "", /Ben: The Invoice of March is here/);
  await machine.workplace.post("Ben", { channel: "general", text: "Another invoice" });
  await machine.run();
  assert.equal(starts(machine), 2);
});

test("[W12] [W7] a message that came just before a stop starts its trigger once", async () => {
  for (let write = 6; write < 20; write++) {
    let gone = false;
    const first = await open(finish, {
      async beforeWrite(count) {
        if (count >= write) gone = true;
        if (gone) await new Promise<void>(() => {});
      },
    });
    void (async () => {
      await save(first, { kind: "message", channel: "general", contains: "invoice" });
      await first.workplace.post("Ben", { channel: "general", text: "an invoice" });
    })().catch(() => {});
    for (let i = 0; i < 4; i++) await first.run();
    const posted = first.disk.rows.some((row) => row.type === "post.written");
    const second = first.crash({ beforeWrite: async () => {} });
    await second.settle();
    await second.run();
    assert.equal(starts(second), posted ? 1 : 0, `write ${write}`);
    assert.equal(second.hum.ledger.state.entities.size, posted ? 1 : 0, `write ${write}`);
  }
});

test("[W13] files that change start what watches them, once for many, and not for what it changed itself", async () => {
  const files = new Map<string, number>();
  let tell = () => {};
  const watchFolder: FolderWatch = {
    watch(_folder, call) {
      tell = call;
      return () => {
        tell = () => {};
      };
    },
    list: async () => [...files].map(([path, modifiedAt]) => ({ path, modifiedAt })),
  };
  const tasks: string[] = [];
  const machine: TestMachine = await open(
    (request, index) => {
      if (index === 0) {
        tasks.push(windowOf(request));
        files.set("sum.csv", machine.clock.now());
        tell();
        return say("write", "sum.csv", "1");
      }
      return say("done", "", "Done.");
    },
    { watchFolder },
  );
  await save(machine, { kind: "file", folder: "/data", glob: "*.csv" });
  files.set("old.txt", machine.clock.now() + 5);
  tell();
  await machine.run(hour);
  assert.equal(starts(machine), 0);
  for (const name of ["a.csv", "b.csv"]) {
    files.set(name, machine.clock.now());
    tell();
  }
  await machine.run(hour);
  assert.equal(starts(machine), 1);
  assert.match(tasks[0] ?? "", /Files that changed in \/data: a\.csv, b\.csv/);
  assert.equal(machine.hum.ledger.state.entities.get(1)?.folder, "/data");
  // While the machine is stopped, too.
  files.set("c.csv", machine.clock.now() + 60_000);
  machine.clock.clear();
  machine.clock.set(machine.clock.now() + hour);
  const again = machine.crash();
  await again.settle();
  await again.run(hour);
  assert.equal(starts(again), 2);
});

test("[W14] while its work goes on a trigger does not fire again, and it fires so often in an hour and no oftener", async () => {
  const machine = await open((_request, index, pid) =>
    pid === 1 && index === 0 ? say("sleep", "3h") : say("done", "", "Done."),
  );
  await save(machine, { kind: "message", channel: "general", contains: "go" });
  const post = () => machine.workplace.post("Ben", { channel: "general", text: "go" });
  await post();
  await machine.run(60_000);
  await post();
  await post();
  await machine.run(hour);
  assert.equal(starts(machine), 1);
  await assert.rejects(machine.workplace.runTrigger("Ada", "one"), (error) => HumError.is(error, "conflict"));
  await machine.run(3 * hour);
  assert.equal(starts(machine), 3);
  for (let i = 0; i < triggerLimits.perHour + 5; i++) {
    await post();
    await machine.run(1_000);
  }
  assert.equal(starts(machine), 3 + triggerLimits.perHour - 2);
  await machine.run(2 * hour);
  assert.equal(starts(machine), 3 + triggerLimits.perHour + 5);
});

test("[W10] a wrong trigger is refused with what to do, and a right one can be started by hand", async () => {
  const machine = await open();
  const refused = (when: Trigger["when"], more: Partial<Trigger> = {}) =>
    assert.rejects(save(machine, when, more), (error) => HumError.is(error) && error.message.length > 10);
  await refused({ kind: "cron", cron: "99 * * * *" });
  await refused({ kind: "cron", cron: "* * * * * *" });
  await refused({ kind: "message", channel: "nowhere", contains: "x" });
  await refused({ kind: "message", channel: "general", contains: "/(/" });
  await refused(hourly, { channel: "nowhere" });
  await refused(hourly, { task: " " });
  assert.deepEqual(machine.workplace.triggers(), []);
  await save(machine, hourly, { enabled: false });
  const thread = await machine.workplace.runTrigger("Ben", "one");
  await machine.run(60_000);
  assert.equal(machine.workplace.thread(thread.id).state, "complete");
});

test("[W14] a time waits for work that goes on, but not for a run that waits for a person", async () => {
  const busy = await open((_request, index) =>
    index === 0 ? say("sleep", "150m") : say("done", "", "Done."),
  );
  await save(busy, hourly);
  await busy.run(2 * hour + 60_000);
  assert.equal(starts(busy), 1);
  await busy.run(2 * hour);
  assert.equal(starts(busy), 2, "what came meanwhile is made up for once");
  const asking = await open(() => say("ask", "Ada", "Which?"));
  await save(asking, hourly);
  await asking.run(3 * hour + 60_000);
  assert.equal(starts(asking), 3);
});
