// The daemon as its users meet it: a real process, several clients over its socket, and its death.

import assert from "node:assert/strict";
import { access, mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fromLines, openPlace, type Place, until } from "./fixtures/cli-kit.ts";

async function openDaemon(place: Place, env: NodeJS.ProcessEnv = {}) {
  const daemon = place.start(["start"], env);
  await daemon.sees("listens at");
  return daemon;
}

const state = async (place: Place, pid: number): Promise<string | undefined> => {
  const rows = JSON.parse((await place.inside(["ps", "--all", "--json"]).ended).out);
  return rows.find((row: { pid: number }) => row.pid === pid)?.state;
};

const tester = ["--program", "tester"];

test("start, spawn, ps, why, pause, resume, renice, kill and stop through the socket", async () => {
  await using place = await openPlace();
  const daemon = await openDaemon(place);
  const socket = await stat(join(place.home, "hum.sock"));
  assert.equal(socket.mode & 0o777, 0o600);

  const spawned = await place.hum("spawn", "slow work", "--in", place.folder, "--name", "Sue");
  assert.deepEqual([spawned.code, spawned.out], [0, "1\n"]);
  await until(
    () =>
      access(join(place.folder, "begun.txt")).then(
        () => true,
        () => false,
      ),
    "its first file",
  );
  assert.equal(await state(place, 1), "running");
  assert.match((await place.hum("ps")).out, /1 +Sue +running +normal/);
  assert.match((await place.hum("top")).out, /daemon \d+ +1 running/);
  assert.match((await place.hum("why", "1")).out, /bash is at work/);
  assert.equal((await place.hum("undo", "1")).code, 2, "not while it is at work");
  assert.equal(
    (await place.hum("renice", "1", "--class", "background", "--nice", "5")).out,
    "Pid 1 is background, niceness 5 now.\n",
  );
  assert.equal((await place.hum("renice", "1", "--nice", "99")).code, 2);
  assert.equal((await place.hum("pause", "1")).out, "Paused pid 1.\n");
  assert.equal((await place.hum("pause", "1")).code, 2, "it is paused already");
  assert.match((await place.hum("why", "1")).out, /is paused\. `hum resume 1`/);
  assert.equal((await place.hum("resume", "1")).out, "Pid 1 goes on.\n");
  assert.equal((await place.hum("kill", "1")).out, "Ended pid 1.\n");
  assert.equal(await state(place, 1), "killed");
  await until(async () => (await place.inside(["undo", "1"]).ended).code === 0, "the undo");
  await assert.rejects(access(join(place.folder, "begun.txt")));

  assert.equal((await place.hum("stop")).out, "Hum has stopped.\n");
  assert.equal((await daemon.ended).code, 0);
  assert.equal((await place.hum("stop")).out, "Hum does not run.\n");
  await assert.rejects(access(join(place.home, "hum.sock")));
  await assert.rejects(access(join(place.home, "lock")));
});

test("two clients at once: each sees its own task, both see all", async () => {
  await using place = await openPlace();
  const daemon = await openDaemon(place, { HUM_TEST_PACE: "5" });
  const asks = await Promise.all([
    place.hum("ask", "list one", "--in", place.folder),
    place.hum("ask", "hello two"),
    place.hum("ps", "--json"),
    place.hum("log", "--json").then((log) => log.code === 0 || log),
  ]);
  assert.deepEqual([asks[0].code, asks[1].code], [0, 0]);
  assert.match(asks[0].out, /The list is in list\.txt/);
  assert.equal(asks[1].out, "Hello.\n");
  assert.doesNotMatch(asks[1].err, /milk/);
  daemon.child.kill("SIGTERM");
  assert.equal((await daemon.ended).code, 0);
});

test("Ctrl-C in an attached ask pauses its task and leaves the daemon at work", async () => {
  await using place = await openPlace();
  await openDaemon(place);
  const hum = place.start(["ask", "slow work", "--in", place.folder]);
  await until(
    () =>
      access(join(place.folder, "begun.txt")).then(
        () => true,
        () => false,
      ),
    "its first file",
  );
  hum.child.kill("SIGINT");
  const { code, err } = await hum.ended;
  assert.equal(code, 130);
  assert.match(err, /To go on: `hum resume 1`\.$/m);
  assert.equal(await state(place, 1), "paused");
  assert.match((await place.hum("doctor")).out, /ok +daemon +daemon runs/);
});

test("stop while an ask is attached: it says so, exits 130, and the task goes on at the next start", async () => {
  await using place = await openPlace();
  await openDaemon(place, { HUM_TEST_PACE: "400" });
  const hum = place.start(["ask", "list things", "--in", place.folder]);
  await until(async () => (await state(place, 1)) !== undefined, "the entity");
  assert.equal((await place.hum("stop")).code, 0);
  const { code, err } = await hum.ended;
  assert.equal(code, 130, err);
  assert.match(err, /Hum was stopped\. The task is not lost: `hum start` goes on/);
  await openDaemon(place);
  await until(async () => (await state(place, 1)) === "done", "the end of the task");
});

test("ps, kill and stop reach an ask that is its own machine", async () => {
  await using place = await openPlace();
  const first = place.start(["ask", "slow work", "--in", place.folder]);
  await until(
    () =>
      access(join(place.folder, "begun.txt")).then(
        () => true,
        () => false,
      ),
    "its first file",
  );
  assert.match((await place.hum("ps")).out, /1 +worker +running +interactive/);
  assert.match((await place.hum("start")).err, /^hum: A `hum ask` is at work/);
  assert.equal((await place.hum("kill", "1")).code, 0);
  const killed = await first.ended;
  assert.equal(killed.code, 1);
  assert.match(killed.err, /The task was ended: killed by kim/);

  const second = place.start(["ask", "slow again", "--in", place.folder]);
  await until(async () => (await state(place, 2)) === "running", "the second");
  assert.equal((await place.hum("stop")).out, "Hum has stopped.\n");
  assert.equal((await second.ended).code, 130);
});

test("two daemons on one home: the second says who has it and exits 1", async () => {
  await using place = await openPlace();
  const daemon = await openDaemon(place);
  for (const args of [["start"], ["start", "--detach"]]) {
    const { code, err } = await place.hum(...args);
    assert.equal(code, 1);
    assert.match(
      err,
      new RegExp(`^hum: Hum runs already in .* \\(process ${daemon.child.pid}\\)[^\\n]*\\n$`),
    );
  }
  assert.match((await place.hum("ps")).out, /Nothing has run here yet/);
});

test("two daemons started in the same moment: one lives", async () => {
  await using place = await openPlace();
  const both = [place.start(["start"]), place.start(["start"])];
  const first = await Promise.race(both.map((one) => one.ended));
  assert.equal(first.code, 1);
  assert.match(first.err, /Hum runs already/);
  await until(async () => /daemon runs/.test((await place.inside(["doctor"]).ended).out), "the other");
});

test("after kill -9 of the daemon a stale lock and socket are taken over, and the task goes on", async () => {
  await using place = await openPlace();
  const daemon = await openDaemon(place, { HUM_TEST_PACE: "30" });
  await place.hum("spawn", "list things and tell Ada", "--in", place.folder);
  await until(async () => (await state(place, 1)) === "running", "the entity at work");
  daemon.child.kill("SIGKILL");
  await daemon.ended;
  await access(join(place.home, "lock"));
  await access(join(place.home, "hum.sock"));
  assert.match((await place.hum("ps")).out, /No machine runs: `hum start`/);
  assert.equal((await place.hum("stop")).out, "Hum does not run.\n");
  // A verb works with the stale lock too.
  assert.equal((await place.hum("renice", "1", "--nice", "1")).code, 0);

  await openDaemon(place);
  await until(async () => (await state(place, 1)) === "done", "the end of the task");
  assert.equal(JSON.parse((await place.hum("mail", "--json")).out).length, 1);
  assert.match((await place.hum("log", "verify")).out, /whole/);
});

test("a lock of a process that is gone, with garbage in it, is taken over", async () => {
  await using place = await openPlace();
  await writeFile(join(place.home, "lock"), "not a pid\n");
  await writeFile(join(place.home, "hum.sock"), "not a socket");
  assert.equal((await place.hum("ask", "hello")).out, "Hello.\n");
});

test("spawn starts the daemon by itself; start --detach says where it listens", async () => {
  await using place = await openPlace();
  const { code, out, err } = await place.hum("spawn", "hello", "--json");
  assert.equal(code, 0, err);
  assert.deepEqual(JSON.parse(out), { pid: 1, name: "worker" });
  assert.match(err, /Started Hum in the background \(process \d+\)/);
  await until(async () => (await state(place, 1)) === "done", "the end of the task");
  assert.equal((await place.hum("stop")).code, 0);
  const started = await place.hum("start", "--detach");
  assert.equal(started.code, 0, started.err);
  assert.ok(started.out.includes(join(place.home, "hum.sock")));
  assert.equal((await place.hum("stop")).code, 0);
});

test("kill --all ends everything and holds after a restart", async () => {
  await using place = await openPlace();
  const daemon = await openDaemon(place);
  await place.hum("spawn", "slow one", "--in", place.folder);
  await place.hum("spawn", "nap", ...tester);
  assert.match((await place.hum("kill", "--all")).out, /Ended 2 entities/);
  assert.deepEqual([await state(place, 1), await state(place, 2)], ["killed", "killed"]);
  daemon.child.kill("SIGTERM");
  await daemon.ended;
  const again = await openDaemon(place);
  await again.sees("Everything was stopped");
  const { code, err } = await place.hum("spawn", "hello");
  assert.equal(code, 1);
  assert.match(err, /^hum: Everything was stopped with `hum kill --all`/);
  assert.match((await place.hum("resume", "--all")).out, /Work may begin again/);
  assert.equal((await place.hum("spawn", "hello")).code, 0);
});

test("log --follow shows new records until Ctrl-C", async () => {
  await using place = await openPlace();
  await openDaemon(place);
  const follow = place.start(["log", "--follow", "--json"]);
  await follow.sees("kernel.booted");
  await place.hum("ask", "hello");
  await follow.sees("entity.ended");
  follow.child.kill("SIGINT");
  const { code, out } = await follow.ended;
  assert.equal(code, 0);
  const seqs = fromLines(out).map((record) => Number(record.seq));
  assert.deepEqual(
    seqs,
    seqs.map((_, i) => i + 1),
    "each record once, in order",
  );
});

test("a home with a very long path works", {
  skip: process.platform !== "linux" && "only Linux reaches it",
}, async () => {
  await using place = await openPlace();
  const home = join(place.home, "x".repeat(60), "y".repeat(60));
  await mkdir(home, { recursive: true });
  const daemon = place.start(["start"], { HUM_HOME: home });
  await daemon.sees("listens at");
  const { code, out } = await place.start(["ask", "hello"], { HUM_HOME: home }).ended;
  assert.deepEqual([code, out], [0, "Hello.\n"]);
  daemon.child.kill("SIGTERM");
  assert.equal((await daemon.ended).code, 0);
});

test("garbage on the socket ends that connection and nothing else", async () => {
  await using place = await openPlace();
  await openDaemon(place);
  const { connect } = await import("node:net");
  for (const text of [
    "garbage\n",
    '{"id":1,"verb":"constructor","args":[]}\n',
    '{"id":1,"verb":"kill","args":["x"]}\n',
  ]) {
    const socket = connect(join(place.home, "hum.sock"));
    await new Promise((resolve) => {
      socket.on("data", (data) => {
        if (String(data).includes("error")) socket.destroy();
      });
      socket.on("close", resolve);
      socket.write(text);
    });
  }
  assert.equal((await place.hum("ask", "hello")).code, 0);
});
