// The workplace of a real home: programs on the disk, files of threads, differences from the blob store, the index on the
// disk, over a clean stop and a second start.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HumError } from "../src/error.ts";
import { undoEntity } from "../src/inbox/undo.ts";
import { createScripted } from "../src/model/scripted.ts";
import { startHum } from "../src/start.ts";
import { startWorkplace } from "../src/workplace/start.ts";
import { diskWatch } from "../src/workplace/watched-folders.ts";
import { call } from "./fixtures/scripts.ts";

const greeter = `---
name: greeter
description: Greets.
tools: [write, read, say, done, fail]
---
Greet whoever asks.
`;

async function open(home: string) {
  const openModel = async () =>
    createScripted((_request, index) =>
      index % 2 === 0
        ? call("write hello.txt", "Hello.\nGood day.")
        : call("done", "The greeting is in hello.txt."),
    );
  const hum = await startHum({ home, openModel });
  const workplace = await startWorkplace(hum);
  return { hum, workplace };
}

async function withHome(work: (home: string) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "hum-work-"));
  try {
    await work(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const rejects = (work: Promise<unknown>, code: "denied" | "bad-input" | "not-found") =>
  assert.rejects(work, (error) => HumError.is(error, code));

test("[W28] programs are saved when they are right, overlay shipped ones, and can be mentioned at once", () =>
  withHome(async (home) => {
    const { hum, workplace } = await open(home);
    assert.equal(workplace.programs().find((program) => program.name === "worker")?.shipped, true);
    await rejects(workplace.saveProgram("Ada", "greeter", "no head"), "bad-input");
    await rejects(workplace.saveProgram("Ada", "other", greeter), "bad-input");
    await rejects(workplace.saveProgram("Ada", "greeter", greeter.replace("[write,", "[fly,")), "bad-input");
    assert.equal(existsSync(join(home, "programs")), false);
    assert.equal(workplace.checkProgram(greeter), null);
    assert.match(workplace.checkProgram("x") ?? "", /YAML head/);
    const saved = await workplace.saveProgram("Ada", "greeter", greeter);
    assert.deepEqual([saved.shipped, saved.wrong, saved.tools.length], [false, null, 5]);
    assert.equal(readFileSync(join(home, "programs/greeter/PROGRAM.md"), "utf8"), greeter);
    const post = await workplace.post("Ada", { channel: "general", text: "@greeter hello" });
    assert.deepEqual(post.mentions, ["greeter"]);
    await hum.dispatch.idle();

    const shipped = workplace.programs().find((program) => program.name === "worker")?.text ?? "";
    await workplace.saveProgram("Ada", "worker", shipped.replace(/^description:.*$/m, "description: Mine."));
    assert.deepEqual(
      workplace
        .programs()
        .filter((program) => program.name === "worker")
        .map((program) => [program.description, program.shipped]),
      [["Mine.", false]],
    );
    await workplace.deleteProgram("Ada", "worker");
    assert.equal(workplace.programs().find((program) => program.name === "worker")?.text, shipped);
    await rejects(workplace.deleteProgram("Ada", "worker"), "denied");
    await rejects(workplace.deleteProgram("Ada", "nobody"), "not-found");

    // What somebody writes there by hand counts at once.
    mkdirSync(join(home, "programs/painter"));
    writeFileSync(join(home, "programs/painter/PROGRAM.md"), greeter.replace("greeter", "painter"));
    assert.deepEqual((await workplace.post("Ada", { channel: "work", text: "@painter hello" })).mentions, [
      "painter",
    ]);
    await hum.dispatch.idle();

    // One wrong file of a person harms no other program.
    writeFileSync(join(home, "programs/greeter/PROGRAM.md"), "broken");
    assert.match(
      workplace.programs().find((program) => program.name === "greeter")?.wrong ?? "",
      /YAML head/,
    );
    assert.equal((await workplace.start("Ada", { task: "Write hello.txt." })).program, "worker");
    await hum.stop();
  }));

test("[W29] a result names the files that changed, each with its difference; an undo shows, and a new start finds all again", () =>
  withHome(async (home) => {
    const first = await open(home);
    await first.workplace.saveProgram("Ada", "greeter", greeter);
    const folder = await first.workplace.folderFor("Ada", { channel: "general", key: "k" });
    writeFileSync(join(folder, "hello.txt"), "Hello.\n");
    const post = await first.workplace.post("Ada", {
      ...{ channel: "general", text: "@greeter write a greeting", files: ["hello.txt"], key: "k" },
    });
    assert.equal(first.workplace.thread(post.id).folder, folder);
    await new Promise<void>((resolve) => {
      first.hum.ledger.listen((record) => record.type === "entity.ended" && resolve());
    });
    const [result] = first.workplace.posts({ thread: post.id }, {}).posts;
    assert.deepEqual(result?.files, [{ path: "hello.txt", bytes: null, change: "changed" }]);
    assert.match(first.hum.inbox.find(1).task, /Files: hello\.txt/);
    const [change] = await first.workplace.changes(1);
    assert.deepEqual([change?.path, change?.change, change?.undone], ["hello.txt", "changed", false]);
    assert.match(change?.diff ?? "", /^ Hello\.\n\+Good day\./m);
    await first.hum.dispatch.idle();
    const past = first.hum.past;
    assert.ok(past);
    await undoEntity({ ...first.hum, past }, { pid: 1, by: "Ada", force: false });
    assert.equal(readFileSync(join(folder, "hello.txt"), "utf8"), "Hello.\n");
    assert.deepEqual(
      (await first.workplace.changes(1)).map((one) => one.undone),
      [true],
    );
    const before = first.workplace.posts({ thread: post.id }, {});
    await first.hum.stop();

    const second = await open(home);
    assert.deepEqual(second.workplace.posts({ thread: post.id }, {}), before);
    const look = await second.workplace.look("Ada");
    assert.deepEqual(
      look.channels.map((channel) => channel.id),
      ["general", "work"],
    );
    assert.equal(look.processes[0]?.shown, "done");
    await second.hum.stop();
  }));

test("[W13] folders of the disk tell of changes, and list files with their times", () =>
  withHome(async (home) => {
    assert.deepEqual(await diskWatch.list(join(home, "missing")), []);
    diskWatch.watch(join(home, "missing"), () => {})();
    const told = new Promise<void>((resolve) => {
      const end = diskWatch.watch(home, () => {
        end();
        resolve();
      });
    });
    writeFileSync(join(home, "a.csv"), "1");
    await told;
    const [file] = await diskWatch.list(home);
    assert.equal(file?.path, "a.csv");
    assert.ok((file?.modifiedAt ?? 0) > 0);
  }));

test("[W7] a machine can stop while a reaction waits for its model; the post is answered after the next start", () =>
  withHome(async (home) => {
    const never = new Promise<never>(() => {});
    const hum = await startHum({ home, openModel: () => never });
    const workplace = await startWorkplace(hum, { onError: assert.ifError });
    const post = await workplace.post("Ada", { channel: "general", text: "@worker hello" });
    assert.equal(workplace.thread(post.id).state, "pending");
    await hum.stop();
    const second = await open(home);
    await new Promise<void>((resolve) => {
      second.hum.ledger.listen((record) => record.type === "entity.ended" && resolve());
    });
    assert.equal(second.workplace.thread(post.id).replies, 1);
    await second.hum.stop();
  }));
