// `hum ask` with people: approvals, questions, Ctrl-C at every place, and machines that go away in the middle.

import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { openPlace, type Place, until } from "./fixtures/cli-kit.ts";

interface Row {
  pid: number;
  state: string;
  outcome: { kind: string; text: string } | null;
}

const rows = async (place: Place): Promise<Row[]> =>
  JSON.parse((await place.inside(["ps", "--all", "--json"]).ended).out);

const state = async (place: Place, pid = 1): Promise<string | undefined> =>
  (await rows(place)).find((row) => row.pid === pid)?.state;

const tester = ["--program", "tester"];

test("without a terminal an approval ends ask with 3; after the yes the task goes on", async () => {
  await using place = await openPlace();
  const { code, err, out } = await place.hum("ask", "web please", ...tester);
  assert.equal(code, 3);
  assert.equal(out, "");
  const id = /hum approve (\S+)`/.exec(err)?.[1] as string;
  assert.match(id, /^a-1\./);
  assert.match(err, /waits for a yes to http\.get/);

  const listed = await place.hum("approvals");
  assert.match(listed.out, /"url": "http:\/\/127\.0\.0\.1:9\/"/);
  assert.equal(JSON.parse((await place.hum("approvals", "--json")).out)[0].id, id);
  assert.match((await place.hum("why", "1")).out, /waits for a yes to http\.get/);
  assert.match((await place.hum("approve", id)).out, /Approved http\.get of pid 1\..*hum start/);
  assert.equal((await place.hum("approve", id)).code, 2, "answered once");

  const daemon = place.start(["start"]);
  await until(async () => (await state(place)) === "done", "the end of the task");
  daemon.child.kill("SIGTERM");
  assert.equal((await daemon.ended).code, 0);
});

test("a denied approval is told to the entity, which goes on", async () => {
  await using place = await openPlace();
  const { err } = await place.hum("ask", "web please", ...tester);
  const id = /hum deny (\S+)`/.exec(err)?.[1] as string;
  assert.match((await place.hum("deny", id)).out, /Denied http\.get/);
  const daemon = place.start(["start"]);
  await until(async () => (await state(place)) === "done", "the end of the task");
  daemon.child.kill("SIGTERM");
  await daemon.ended;
  assert.match((await place.hum("log", "1")).out, /The answer was no: get was not done/);
});

test("with a terminal the exact payload is shown, and only y is a yes", async () => {
  for (const [typed, expected] of [
    ["y", "approved"],
    ["", "denied"],
    ["what", "denied"],
  ] as const) {
    await using place = await openPlace();
    const hum = place.inside(["ask", "web please", ...tester], { interactive: true });
    await hum.sees("y = once, n = no [n]");
    assert.match(
      hum.err(),
      /pid 1 asks for http\.get \(a-1\.1\)\n {2}\{[\s\S]*"url": "http:\/\/127\.0\.0\.1:9\/"/,
    );
    assert.match(hum.err(), /why it asks: it reaches 127\.0\.0\.1:9/);
    hum.type(typed);
    const { code, out } = await hum.ended;
    assert.deepEqual([code, out], [0, "Tried.\n"]);
    const log = (await place.hum("log", "1")).out;
    assert.match(log, new RegExp(`a-1\\.1 ${expected} by kim`));
  }
});

test("the end of the input is no answer: ask ends with 3 and the task waits on", async () => {
  await using place = await openPlace();
  const hum = place.inside(["ask", "web please", ...tester], { interactive: true });
  await hum.sees("y = once");
  hum.end();
  assert.equal((await hum.ended).code, 3);
  assert.equal(await state(place), "waiting(approval)");
});

test("an answer from another terminal takes the question away", async () => {
  await using place = await openPlace();
  const hum = place.inside(["ask", "web please", ...tester], { interactive: true });
  await hum.sees("y = once");
  assert.match((await place.hum("approve", "a-1.1")).out, /Approved/);
  assert.equal((await hum.ended).code, 0);
});

test("--yes-to-none answers every approval with no", async () => {
  await using place = await openPlace();
  const { code, err } = await place.hum("ask", "web please", "--yes-to-none", ...tester);
  assert.equal(code, 0);
  assert.match(err, /Refused http\.get/);
});

test("an approval of a colleague is asked too", async () => {
  await using place = await openPlace();
  const hum = place.inside(["ask", "parent", ...tester], { interactive: true });
  await hum.sees("pid 2 asks for http.get");
  hum.type("n");
  assert.equal((await hum.ended).code, 0);
});

test("a question is put to the person at the terminal, and the answer wakes the entity", async () => {
  await using place = await openPlace();
  const hum = place.inside(["ask", "question", ...tester], { interactive: true });
  await hum.sees(/asks Kim: Which list\?\n> /);
  hum.type("the second");
  const { code, out } = await hum.ended;
  assert.deepEqual([code, out], [0, "You said the second.\n"]);
  assert.equal((await place.hum("mail")).out, "No unread messages.\n", "the question was answered");
});

test("a question without a terminal ends ask with 3; send answers it", async () => {
  await using place = await openPlace();
  const { code, err } = await place.hum("ask", "question", ...tester);
  assert.equal(code, 3);
  assert.match(err, /asks Kim: Which list\?/);
  assert.match((await place.hum("why", "1")).out, /waits for a message\. It asked Kim: Which list\?/);
  assert.match((await place.hum("send", "1", "the", "first")).out, /Sent to pid 1/);
  const daemon = place.start(["start"]);
  await until(async () => (await state(place)) === "done", "the end of the task");
  assert.equal((await rows(place))[0]!.outcome?.text, "You said the first.");
  daemon.child.kill("SIGINT");
  assert.equal((await daemon.ended).code, 0);
});

test("Ctrl-C while a model is fetched exits 130 and says that it goes on from there", async () => {
  await using place = await openPlace();
  let aborted = false;
  const hum = place.inside(["ask", "hello"], {
    overrides: {
      pull: (_home, _id, { signal, onProgress }) =>
        new Promise((_resolve, reject) => {
          onProgress(5e8, 1e9);
          signal.addEventListener("abort", () => {
            aborted = true;
            reject(new Error("aborted"));
          });
        }),
    },
  });
  await hum.sees("50 %");
  hum.interrupt();
  const { code, err } = await hum.ended;
  assert.equal(code, 130);
  assert.match(err, /hum model pull qwen2\.5-coder-1\.5b` goes on from here/);
  assert.ok(aborted);
});

// Where the task is when the signal comes, and what its entity is after that.
const places = [
  { at: "loading", task: "hello", env: { HUM_TEST_LOAD: "5000" }, sees: /./, before: 700, left: undefined },
  { at: "prefill", task: "read", env: {}, sees: /./, before: 700, left: "paused" },
  { at: "generation", task: "talk", env: { HUM_TEST_PACE: "20" }, sees: /./, before: 900, left: "paused" },
  { at: "a device call", task: "slow", env: {}, sees: "sleep 30", before: 300, left: "paused" },
] as const;

for (const { at, task, env, before, left } of places)
  test(`Ctrl-C at ${at} pauses the task, exits 130 and says how to go on`, async () => {
    await using place = await openPlace();
    const hum = place.start(["ask", task, "--in", place.folder], env);
    const began = performance.now();
    if (at === "loading")
      await until(() =>
        access(join(place.home, "hum.sock")).then(
          () => true,
          () => false,
        ),
      );
    else await until(async () => (await state(place)) !== undefined, "the entity");
    if (at === "a device call")
      await until(() =>
        access(join(place.folder, "begun.txt")).then(
          () => true,
          () => false,
        ),
      );
    await new Promise((resolve) => setTimeout(resolve, before / 4));
    const stopped = performance.now();
    hum.child.kill("SIGINT");
    const { code, err } = await hum.ended;
    assert.equal(code, 130, `${at} after ${stopped - began} ms: ${err}`);
    assert.equal(await state(place), left);
    if (left === undefined) assert.match(err, /Stopped before the task was begun/);
    else
      assert.match(
        err,
        /Paused worker \(pid 1\); nothing is lost\. To go on: `hum resume 1`, then `hum start`\./,
      );
    await assert.rejects(access(join(place.folder, "late.txt")));
  });

test("Ctrl-C at an approval pauses the task too, and the approval waits on", async () => {
  await using place = await openPlace();
  const hum = place.inside(["ask", "web please", ...tester], { interactive: true });
  await hum.sees("y = once");
  hum.interrupt();
  assert.equal((await hum.ended).code, 130);
  assert.equal(await state(place), "paused");
  assert.equal(JSON.parse((await place.hum("approvals", "--json")).out).length, 1);
});

test("a second Ctrl-C exits at once", async () => {
  await using place = await openPlace();
  const hum = place.start(["ask", "read"]);
  await until(async () => (await state(place)) !== undefined, "the entity");
  hum.child.kill("SIGINT");
  await new Promise((resolve) => setTimeout(resolve, 400));
  hum.child.kill("SIGINT");
  assert.equal((await hum.ended).code, 130);
});

test("a paused task goes on after resume, and what it began is not done twice", async () => {
  await using place = await openPlace();
  const hum = place.start(["ask", "list things and tell Ada", "--in", place.folder], { HUM_TEST_PACE: "60" });
  await hum.sees("milk");
  hum.child.kill("SIGINT");
  assert.equal((await hum.ended).code, 130);
  assert.equal(await state(place), "paused");
  assert.match((await place.hum("resume", "1")).out, /as soon as a machine runs/);
  const daemon = place.start(["start"]);
  await daemon.sees("1 unfinished task");
  await until(async () => (await state(place)) === "done", "the end of the task");
  daemon.child.kill("SIGTERM");
  await daemon.ended;
  assert.equal(JSON.parse((await place.hum("mail", "--json")).out).length, 1);
});

test("an ask whose machine was another ask takes its place when that one is done", async () => {
  await using place = await openPlace();
  const first = place.start(["ask", "list things and tell Ada", "--in", place.folder], {
    HUM_TEST_PACE: "30",
  });
  await until(async () => (await state(place)) !== undefined, "the first entity");
  const second = place.start(["ask", "list too", "--in", place.folder], { HUM_TEST_PACE: "120" });
  const one = await first.ended;
  assert.equal(one.code, 0, one.err);
  const two = await second.ended;
  assert.equal(two.code, 0, two.err);
  assert.match(two.out, /The list is in list\.txt/);
});

test("an ask whose machine was killed goes on by itself", async () => {
  await using place = await openPlace();
  const daemon = place.start(["start"], { HUM_TEST_PACE: "40" });
  await daemon.sees("listens at");
  const hum = place.start(["ask", "list things", "--in", place.folder]);
  await hum.sees("milk");
  daemon.child.kill("SIGKILL");
  const { code, err, out } = await hum.ended;
  assert.equal(code, 0, err);
  assert.match(err, /The machine went away; going on here\./);
  assert.match(out, /The list is in list\.txt/);
});

test("ask says when older tasks are unfinished", async () => {
  await using place = await openPlace();
  await place.hum("ask", "question", ...tester);
  const { err, code } = await place.hum("ask", "hello");
  assert.equal(code, 0);
  assert.match(err, /1 older task is unfinished and goes on meanwhile \(pid 1; `hum ps`\)/);
});
