// Each call of the file system and each call into SQLite fails once, at every place in turn, on real files: contents are
// whole or as before, what was kept is still there, and the work comes to an end, at the latest after a restart.

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { toHash } from "../src/device/blobs.ts";
import { undoChanges } from "../src/device/changes.ts";
import type { DeviceResult } from "../src/device/device.ts";
import { createFiles } from "../src/device/files.ts";
import { openSqliteJournal } from "../src/journal/sqlite.ts";
import { verifyJournal } from "../src/journal/verify.ts";
import { openArchive } from "../src/memory/archive.ts";
import { openKvFolder } from "../src/model/kv-file.ts";
import { openRoom } from "./contract/device.ts";
import { failFiles, failSqlite } from "./fixtures/faulty-disk.ts";
import { createTestMachine, inTurn, say, stop, type TestMachine } from "./fixtures/machine.ts";

const root = mkdtempSync(join(tmpdir(), "hum-nth-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** Every file below, with its content. */
function readAll(folder: string): Record<string, string> {
  const all: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }))
    if (statSync(join(folder, name)).isFile()) all[name] = readFileSync(join(folder, name), "utf8");
  return all;
}

const changes: readonly (readonly [string, Record<string, unknown>])[] = [
  ["write", { path: "a.txt", text: "new\n" }],
  ["write", { path: "deep/er/c.txt", text: "there\n" }],
  ["append", { path: "a.txt", text: "four\n" }],
  ["move", { from: "a.txt", to: "sub/a.txt" }],
  ["remove", { path: "sub" }],
];

for (const [name, args] of changes)
  test(`[C3] every call of the file system fails once in ${name} ${args.path ?? args.from}`, async () => {
    let calls = 0;
    let expected: Record<string, string> = {};
    for (let n = 0; n <= calls; n++) {
      await using room = await openRoom();
      const before = readAll(room.folder);
      const operation = createFiles({ blobs: room.blobs, protect: [room.home] }).operations[name]!;
      const run = async (): Promise<DeviceResult | null> => {
        // The broker makes a result of what a device throws.
        const prepared = await operation.prepare?.(args, room.context()).catch(() => null);
        if (prepared === null) return null;
        return operation.run(args, room.context(), prepared).catch(() => null);
      };
      let result: DeviceResult | null;
      let what: string | null;
      {
        using disk = await failFiles(n, n % 2 === 0 ? "EIO" : "ENOSPC");
        result = await run();
        what = `call ${n}: ${disk.failed}`;
        if (n === 0) {
          calls = disk.calls;
          assert.ok(calls > 3 && result?.ok, JSON.stringify(result));
          expected = readAll(room.folder);
        }
      }
      const now = readAll(room.folder);
      if (result?.ok) assert.deepEqual(now, expected, what);
      // Each content is whole: as it was or as it was to be.
      for (const [path, text] of Object.entries(now))
        assert.ok(text === before[path] || text === expected[path], `${what}: ${path} holds ${text}`);
      for (const path of Object.keys(before))
        if (path in expected) assert.ok(path in now, `${what}: ${path} is lost`);
      // What is said to be changed can be taken back.
      const undone = await undoChanges([...(result?.changes ?? [])], room.blobs);
      // What could not be read again after the act cannot be taken back, and says so.
      if (!/: (open|readdir|lstat|readlink|stat|read) /.test(what))
        assert.deepEqual(undone.conflicts, [], what);
      for (const path of readdirSync(room.blobs.root, { recursive: true, encoding: "utf8" })) {
        const file = join(room.blobs.root, path);
        const [hash] = path.match(/[0-9a-f]{64}$/) ?? [];
        if (hash && statSync(file).isFile() && !path.includes("tmp"))
          assert.equal(toHash(readFileSync(file)), hash, `${what}: blob ${hash}`);
      }
    }
  });

test("[S15] every call of the file system fails once while a KV state is kept and loaded", async () => {
  const state = Buffer.from(Array.from({ length: 3_000 }, (_, i) => i % 251));
  const tokens = [1, 2, 3];
  let calls = 0;
  for (let n = 0; n <= calls; n++) {
    const dir = mkdtempSync(join(root, "kv-"));
    let loaded: Buffer | null = null;
    const io = {
      save: (file: string) => writeFile(file, state),
      async load(file: string) {
        loaded = await readFile(file);
      },
    };
    let ok: boolean;
    {
      using disk = await failFiles(n, n % 2 === 0 ? "EIO" : "ENOSPC");
      const folder = await openKvFolder(dir, "model", 1e9);
      await folder.save("one", tokens, io);
      await folder.peek("one").catch(() => undefined);
      ok = await folder.load("one", io);
      if (n === 0) calls = disk.calls;
    }
    assert.equal(ok || n > 0, true);
    if (loaded) assert.deepEqual((loaded as Buffer).subarray(0, state.length), state, `call ${n}`);
    // Afterwards all is well again, whatever was left.
    const folder = await openKvFolder(dir, "model", 1e9);
    await folder.save("one", tokens, io);
    assert.equal(await folder.load("one", io), true, `call ${n}`);
  }
  assert.ok(calls > 10, String(calls));
});

const story = inTurn(
  say("write", "a.txt", "one"),
  say("note", "", "It is written."),
  say("spawn", "worker", "Help."),
  say("search", "", "written"),
  say("say", "Kim", "Nearly."),
  say("sleep", "10s"),
  stop("the end"),
);

/** A machine on a journal and an archive on disk; what needs real ticks of the loop gets them. */
async function play(home: string, machine: TestMachine): Promise<void> {
  const calm = async () => {
    for (let i = 0; i < 12; i++) await machine.settle();
    await new Promise((resolve) => setTimeout(resolve, 1));
  };
  for (let round = 0; round < 40; round++) {
    await calm();
    const { entities } = machine.hum.ledger.state;
    if (entities.size > 0 && [...entities.values()].every((one) => one.state === "ended")) return;
    if (!machine.clock.advance(machine.clock.now() + 120_000) && round > 3) return;
  }
  assert.ok(home);
}

for (const [kind, errcode] of [
  ["is broken", 10],
  ["is full", 13],
] as const)
  test(`[J11] [C2] every call into SQLite fails once as if the disk ${kind}: all ends, at the latest after a restart`, async (t) => {
    const step = process.env.HUM_TEST_COMPLETE === "1" ? 1 : 9;
    let calls = 1;
    let restarts = 0;
    for (let n = 0; n <= calls; n += n === 0 ? 1 + (errcode % step) : step) {
      const home = mkdtempSync(join(root, "sql-"));
      const open = () => ({
        journal: openSqliteJournal({
          file: join(home, "journal.db"),
          now: () => machine.clock.now(),
          retryMs: 1,
        }),
        archive: openArchive(join(home, "archive.db")),
      });
      let machine: TestMachine = null as unknown as TestMachine;
      const first = createTestMachine({ play: story, ...open(), onError: () => undefined });
      machine = first;
      let what: string;
      {
        using disk = failSqlite(n, errcode);
        await machine.start("Do it.").catch(() => undefined);
        await play(home, machine);
        what = `call ${n} of ${calls}: ${disk.failed}`;
        if (n === 0) calls = disk.calls;
      }
      const left = () =>
        [...machine.hum.ledger.state.entities.values()].filter((entity) => entity.state !== "ended");
      if (machine.hum.ledger.state.entities.size === 0 || left().length > 0) {
        restarts += 1;
        first.hum.ledger.journal.close();
        machine = first.crash({ ...open(), onError: () => undefined });
        if (machine.hum.ledger.state.entities.size === 0) await machine.start("Do it.");
        await play(home, machine);
      }
      assert.deepEqual(
        left().map((entity) => [entity.pid, entity.state, entity.waiting]),
        [],
        what,
      );
      const done = machine.world.deeds.filter((deed) => !deed.undone);
      assert.equal(
        new Set(done.map((deed) => deed.key)).size,
        done.length,
        `${what}: something was done twice`,
      );
      machine.hum.ledger.journal.close();
      assert.deepEqual(verifyJournal(join(home, "journal.db")).problems, [], what);
    }
    t.diagnostic(`${calls} calls, ${restarts} restarts`);
    assert.ok(calls > 60, String(calls));
  });
