// `hum` as its users meet it: every command once without a daemon, every exit code, and wrong use.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { fromLines, openPlace } from "./fixtures/cli-kit.ts";

test("ask does a task: the answer on standard output, the work on standard error, exit 0", async () => {
  await using place = await openPlace();
  const { code, out, err } = await place.hum("ask", "list", "things", "and tell Ada", "--in", place.folder);
  assert.equal(code, 0, err);
  assert.equal(out, "The list is in list.txt; it has 2 lines.\nto Ada: The list is ready.\n");
  assert.match(err, /printf 'milk/);
  assert.match(err, /\+ list\.txt/);
  assert.equal(await readFile(join(place.folder, "list.txt"), "utf8"), "milk\nbread\n");
  // Nothing is left that another machine would stumble over.
  await assert.rejects(readFile(join(place.home, "lock")));
  await assert.rejects(readFile(join(place.home, "hum.sock")));
});

test("output without a terminal has no control codes, whatever an entity writes to a terminal", async () => {
  await using place = await openPlace();
  const { err } = await place.hum("ask", "evil");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
  assert.doesNotMatch(err, /[\x00-\x08\x0b-\x1f\x7f]/);
});

test("a failed task exits 1 and says why on standard error only", async () => {
  await using place = await openPlace();
  const { code, out, err } = await place.hum("ask", "fail now");
  assert.equal(code, 1);
  assert.equal(out, "");
  assert.match(err, /failed: There is nothing here\./);
});

test("ps, log, mem, why and mail read the journal without a machine", async () => {
  await using place = await openPlace();
  assert.match((await place.hum("ps")).out, /Nothing has run here yet/);
  assert.deepEqual(JSON.parse((await place.hum("ps", "--json")).out), []);
  assert.equal((await place.hum("log")).code, 2);
  await place.hum("ask", "list things and tell Ada", "--in", place.folder);
  const hum = (...args: string[]) => place.inside(args).ended;

  assert.match((await hum("ps")).out, /Nothing is unfinished \(1 ended/);
  const all = await hum("ps", "--all");
  assert.match(all.out, /PID +NAME +STATE +CLASS +TURNS +TOKENS +AGE +TASK/);
  assert.match(all.out, /1 +worker +done +interactive +\d+ +\d+\/200k +\d+s +list things and tell Ada/);
  const [row] = JSON.parse((await hum("ps", "-a", "--json")).out);
  assert.deepEqual([row.pid, row.state, row.task, row.owner], [1, "done", "list things and tell Ada", "kim"]);
  assert.match((await hum("top", "--all")).out, /no machine.*\nPID/);

  const records = fromLines((await hum("log", "1", "--json")).out);
  assert.deepEqual([records[0]!.type, records.at(-1)!.type], ["entity.spawned", "entity.ended"]);
  assert.match((await hum("log", "1")).out, /done: The list is in list\.txt/);
  assert.match((await hum("log")).out, /Hum \S+ started/);
  assert.match((await hum("log", "verify")).out, /The journal is whole: \d+ records/);

  assert.match((await hum("mem", "1")).out, /PAGE +KIND +TOKENS[\s\S]*tokens \(\d+ %\)/);
  assert.equal(JSON.parse((await hum("mem", "1", "--json")).out).pid, 1);
  assert.match((await hum("why", "1")).out, /has ended: done/);
  assert.match((await hum("mail")).out, /worker \(pid 1\) to Ada: The list is ready\./);
  assert.equal(JSON.parse((await hum("mail", "--json")).out).length, 1);
  assert.match((await hum("mail", "--to", "ada", "--read")).out, /The list is ready/);
  assert.equal((await hum("mail")).out, "No unread messages.\n");
});

test("undo takes changes back, undo again does them again, conflicts are left alone", async () => {
  await using place = await openPlace();
  const notes = join(place.folder, "notes.txt");
  await place.hum("ask", "edit", "--in", place.folder);
  assert.equal(await readFile(notes, "utf8"), "one\nmore\n");

  const undone = await place.hum("undo");
  assert.equal(undone.code, 0);
  assert.match(undone.out, /Took back 2 changes of worker \(pid 1\)/);
  assert.equal(await readFile(notes, "utf8"), "one\n");
  await assert.rejects(readFile(join(place.folder, "new.txt")));
  assert.match((await place.hum("undo", "1")).out, /Brought back 2 changes/);
  assert.equal(await readFile(notes, "utf8"), "one\nmore\n");

  await writeFile(notes, "mine\n");
  const conflict = await place.hum("undo", "last");
  assert.equal(conflict.code, 1);
  assert.match(conflict.out, /left alone: .*notes\.txt \(it was changed since\)/);
  assert.equal(await readFile(notes, "utf8"), "mine\n");
  await assert.rejects(readFile(join(place.folder, "new.txt")));
});

test("undo --force takes back what an undo had left alone, and what it overwrites can come back", async () => {
  await using place = await openPlace();
  const notes = join(place.folder, "notes.txt");
  await place.hum("ask", "edit", "--in", place.folder);
  await writeFile(notes, "mine\n");
  assert.equal((await place.inside(["undo"]).ended).code, 1);
  const forced = await place.inside(["undo", "1", "--force", "--json"]).ended;
  assert.equal(forced.code, 0, forced.err);
  assert.deepEqual(JSON.parse(forced.out).conflicts, []);
  assert.equal(await readFile(notes, "utf8"), "one\n");
  await assert.rejects(readFile(join(place.folder, "new.txt")));
  await place.inside(["undo", "1"]).ended;
  assert.equal(await readFile(notes, "utf8"), "mine\n");
});

test("kill --all holds until resume --all", async () => {
  await using place = await openPlace();
  assert.match((await place.hum("kill", "--all")).out, /Ended 0 entities/);
  const refused = await place.hum("ask", "hello");
  assert.equal(refused.code, 1);
  assert.match(refused.err, /^hum: Everything was stopped/m);
  assert.match((await place.hum("resume", "--all")).out, /Work may begin again/);
  assert.equal((await place.hum("resume", "--all")).out, "Nothing is stopped or paused.\n");
  assert.equal((await place.hum("ask", "hello")).code, 0);
});

test("wrong use exits 2 with one line that says what to do", async () => {
  await using place = await openPlace();
  await place.hum("ask", "hello");
  await writeFile(join(place.folder, "file"), "");
  const wrong: [string[], RegExp][] = [
    [["frobnicate"], /unknown command 'frobnicate'\. See `hum --help`/],
    [["kil", "1"], /Did you mean kill\?/],
    [["ps", "--nonsense"], /unknown option '--nonsense'\. See `hum ps --help`/],
    [["ask"], /missing required argument 'task'\. See `hum ask --help`/],
    [["model", "add"], /missing required argument 'file-or-url'\. See `hum model add --help`/],
    [["ask", "  "], /The task is empty/],
    [["ask", "x", "--in", join(place.folder, "none")], /does not exist/],
    [["ask", "x", "--in", join(place.folder, "file")], /is not a folder/],
    [["ask", "x", "--share", "none:rw"], /does not exist/],
    [["ask", "x", "--program", "none"], /There is no program "none"/],
    [["mem", "99"], /There is no entity 99/],
    [["log", "99"], /There is no entity 99/],
    [["why", "99"], /There is no entity 99/],
    [["kill", "99"], /There is no entity 99/],
    [["pause", "99"], /There is no entity 99/],
    [["resume", "99"], /There is no entity 99/],
    [["renice", "99", "--nice", "1"], /There is no entity 99/],
    [["send", "99", "x"], /There is no entity 99/],
    [["undo", "99"], /There is no entity 99/],
    [["undo"], /nothing to undo/],
    [["undo", "1"], /changed no files and no events/],
    [["kill", "1"], /has ended already/],
    [["kill", "x"], /"x" is no pid/],
    [["kill", "-1"], /is no pid/],
    [["kill", "0"], /is no pid/],
    [["kill", "1.5"], /is no pid/],
    [["kill"], /Give a pid or --all/],
    [["kill", "1", "--all"], /Give a pid or --all/],
    [["renice", "1"], /Say what is to change/],
    [["renice", "1", "--class", "loud"], /Allowed choices/],
    [["renice", "1", "--nice", "much"], /whole number/],
    [["send", "1", ""], /The message is empty/],
    [["approve", "a-9"], /No approval a-9 is waiting/],
    [["deny", "a-9"], /No approval a-9 is waiting/],
    [["model", "use", "none"], /There is no model none/],
    [["model", "pull", "none"], /There is no model none/],
    [["model", "add", "none.gguf"], /cannot be added/],
    [["model", "add", "http://127.0.0.1:1/v1"], /--model NAME/],
  ];
  for (const [args, expected] of wrong) {
    const { ended } = place.inside(args);
    const { code, out, err } = await ended;
    const title = `hum ${args.join(" ")}: ${err}`;
    assert.equal(code, 2, title);
    assert.match(err, expected, title);
    assert.match(err, /^hum: [^\n]*\n$/, title);
    assert.equal(out, "", title);
  }
});

test("a task of 1 MB is refused", async () => {
  await using place = await openPlace();
  const hum = place.inside(["ask", "-"]);
  hum.type("x".repeat(1024 * 1024));
  // The end of the input, as of a pipe.
  hum.end();
  const { code, err } = await hum.ended;
  assert.equal(code, 2);
  assert.match(
    err,
    /^hum: The task has 1024 kB, more than the 64 kB that fit\. Put the text in a file[^\n]*\n$/,
  );
});

test("ask - reads the task from standard input", async () => {
  await using place = await openPlace();
  const hum = place.inside(["ask", "-"]);
  hum.type("hello there");
  hum.end();
  assert.deepEqual((await hum.ended).out, "Hello.\n");
});

test("a folder that the person may not use is refused", async () => {
  await using place = await openPlace();
  const closed = join(place.folder, "closed");
  await mkdir(closed, { mode: 0o500 });
  await chmod(place.folder, 0o755);
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;
  const home = join(place.folder, "..", "other-home");
  await mkdir(home, { mode: 0o777 });
  await chmod(home, 0o777);
  await chmod(join(place.folder, ".."), 0o755);
  const hum = fileURLToPath(new URL("fixtures/hum.ts", import.meta.url));
  const { code, err } = await new Promise<{ code: number | null; err: string }>((resolve) => {
    const child = spawn(process.execPath, [hum, "ask", "x", "--in", closed], {
      env: { ...place.env, HUM_HOME: home },
      ...(uid === undefined ? {} : { uid, gid: uid }),
    });
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    child.on("close", (end) => resolve({ code: end, err: text }));
  });
  assert.equal(code, 2, err);
  assert.match(err, /^hum: The folder \S+closed may not be used by you/m);
});

test("help and version are everywhere, with examples", async () => {
  await using place = await openPlace();
  const { out } = await place.inside(["--help"]).ended;
  const names = [...out.matchAll(/^ {2}([a-z]+)[ |]/gm)]
    .map((match) => match[1])
    .filter((name) => name !== "hum");
  for (const name of [
    "ask",
    "ps",
    "top",
    "log",
    "mem",
    "spawn",
    "send",
    "pause",
    "resume",
    "kill",
    "renice",
    "approvals",
    "approve",
    "deny",
    "undo",
    "mail",
    "why",
    "model",
    "doctor",
    "start",
    "stop",
  ])
    assert.ok(names.includes(name), `${name} in ${names}`);
  for (const name of names.filter((one) => one !== "help")) {
    const help = await place.inside([name as string, "--help"]).ended;
    assert.equal(help.code, 0);
    assert.match(help.out, /Examples?:\n {2}(hum|git) /, `examples of ${name}`);
  }
  const version = await place.inside(["--version"]).ended;
  assert.match(version.out, /^\d+\.\d+\.\d+\n$/);
  assert.equal(version.code, 0);
});

test("model ls, use and add; doctor", async () => {
  await using place = await openPlace();
  assert.match(
    (await place.inside(["model", "ls"]).ended).out,
    /\* +qwen2\.5-coder-1\.5b +embedded +not here/,
  );
  assert.match(
    (await place.inside(["model", "use", "smollm2-135m"]).ended).out,
    /not here yet: `hum model pull/,
  );
  const models = JSON.parse((await place.inside(["model", "ls", "--json"]).ended).out);
  assert.equal(models.find((model: { chosen: boolean }) => model.chosen).id, "smollm2-135m");
  const added = await place.inside([
    "model",
    "add",
    "http://127.0.0.1:1/v1",
    "--model",
    "big",
    "--id",
    "mine",
  ]).ended;
  assert.match(added.out, /Added mine/);
  assert.match((await place.inside(["model", "ls"]).ended).out, /mine +remote +ready/);

  const doctor = await place.inside(["doctor"]).ended;
  assert.equal(doctor.code, 1, "no model is here");
  for (const name of ["node", "sandbox", "model", "disk", "journal", "daemon"])
    assert.match(doctor.out, new RegExp(`^(ok|missing) +${name} `, "m"));
  assert.match(doctor.out, /hum model pull smollm2-135m/);
  const json = JSON.parse((await place.inside(["doctor", "--json"]).ended).out);
  assert.equal(json.ok, false);
});

test("log verify and doctor find a changed record and exit 1", async () => {
  await using place = await openPlace();
  await place.hum("ask", "hello");
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(join(place.home, "journal.db"));
  database.exec("UPDATE record SET data = replace(data, 'hello', 'hallo') WHERE type = 'entity.spawned'");
  database.close();
  const { code, out, err } = await place.hum("log", "verify");
  assert.equal(code, 1);
  assert.match(out, /damaged: record \d+ is not what was written/);
  assert.match(err, /^hum: The journal is good up to record \d+/);
  assert.match((await place.hum("doctor")).out, /missing +journal/);
});

test("the launcher works under an old Node and hands the exit code on", async () => {
  await using place = await openPlace();
  const launcher = fileURLToPath(new URL("../bin/hum.js", import.meta.url));
  const launch = (args: string[]) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const child = spawn(process.env.HUM_OLD_NODE ?? process.execPath, [launcher, ...args], {
        env: place.env,
      });
      let out = "";
      let err = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        out += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        err += text;
      });
      child.on("close", (code) => resolve({ code, out, err }));
    });
  assert.deepEqual(await launch(["ps"]), {
    code: 0,
    out: 'Nothing has run here yet. Try `hum ask "…"`.\n',
    err: "",
  });
  assert.equal((await launch(["kill", "7"])).code, 2);
});

test("an unwritable home is one line, not a stack", async () => {
  await using place = await openPlace();
  await rm(place.home, { recursive: true });
  await writeFile(place.home, "a file");
  const { code, err } = await place.hum("ask", "hello");
  assert.equal(code, 1);
  assert.match(err, /^hum: [^\n]*HUM_HOME[^\n]*\n$/);
});
