// The contract of every device, as tests. A device's test file calls `testDevice` with one case for each operation;
// a rule may be skipped only with a reason.
//
//   bad arguments are refused by the schema      a failure outside is ok false, never a throw
//   an aborted call ends at once                 changes reported are true: undoing them brings back every byte
//   prepare, run, recover = nothing happened     results are safe as JSON

import assert from "node:assert/strict";
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Blobs, createBlobs } from "../../src/device/blobs.ts";
import { undoChanges } from "../../src/device/changes.ts";
import type { Device, DeviceContext, DeviceResult } from "../../src/device/device.ts";

/** A temporary place: a home, a working folder, a folder outside. */
export interface Room {
  base: string;
  home: string;
  folder: string;
  outside: string;
  blobs: Blobs;
  context(more?: Partial<DeviceContext>): DeviceContext;
  [Symbol.asyncDispose](): Promise<void>;
}

/** One operation: how it succeeds, fails outside, and is called wrongly. */
export interface DeviceCase {
  operation: string;
  /** Arguments that succeed in the room of `fill`. */
  good: Record<string, unknown>;
  /** Arguments that the schema refuses. */
  bad: readonly unknown[];
  /** Arguments that fail because of the world; null with a reason when there are none. */
  failing: readonly Record<string, unknown>[] | { reason: string };
  /** A call that takes long; it is aborted in the middle. */
  slow?: Record<string, unknown>;
}

/** Opens a room with a few files in its folder. */
export async function openRoom(): Promise<Room> {
  const base = await realpath(await mkdtemp(join(tmpdir(), "hum-device-")));
  const [home, folder, outside] = [join(base, "home"), join(base, "folder"), join(base, "outside")];
  for (const path of [home, folder, outside]) await mkdir(path);
  await writeFile(join(folder, "a.txt"), "one\ntwo\nthree\n");
  await mkdir(join(folder, "sub"));
  await writeFile(join(folder, "sub", "b.txt"), "inner\n", { mode: 0o600 });
  await writeFile(join(outside, "secret.txt"), "secret\n");
  const blobs = await createBlobs(home);
  return {
    base,
    home,
    folder,
    outside,
    blobs,
    context: (more = {}) => ({
      pid: 1,
      key: "call-1",
      folder,
      home: join(home, "1"),
      shares: [{ path: folder, write: true }],
      now: () => Date.UTC(2026, 10, 24, 12),
      signal: new AbortController().signal,
      ...more,
    }),
    [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true }),
  };
}

/** Everything below a folder: kind, mode and content of each path, read without any code of Hum. */
export async function readAll(folder: string, at = ""): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const name of (await readdir(join(folder, at))).sort()) {
    const path = join(at, name);
    const stats = await lstat(join(folder, path));
    const mode = (stats.mode & 0o7777).toString(8);
    if (stats.isDirectory()) Object.assign(all, { [path]: `folder ${mode}` }, await readAll(folder, path));
    else if (stats.isSymbolicLink()) all[path] = `link ${await readlink(join(folder, path))}`;
    else if (stats.isFile())
      all[path] = `file ${mode} ${(await readFile(join(folder, path))).toString("base64")}`;
    else all[path] = "special";
  }
  return all;
}

/** Registers the contract tests of one device. */
export function testDevice(
  name: string,
  options: {
    create(room: Room): Device | Promise<Device>;
    cases: readonly DeviceCase[];
    context?: Partial<DeviceContext>;
    skip?: string | false;
  },
): void {
  const skip = options.skip ?? false;
  const open = async () => {
    const room = await openRoom();
    return { room, device: await options.create(room) };
  };

  test(`${name}: every operation has a case`, { skip }, async () => {
    const { room, device } = await open();
    await using _room = room;
    assert.deepEqual(Object.keys(device.operations).sort(), options.cases.map((one) => one.operation).sort());
    for (const operation of Object.values(device.operations)) assert.match(operation.about, /^[A-Z].*\.$/);
  });

  for (const one of options.cases) {
    const title = `${name}.${one.operation}`;

    test(`${title}: bad arguments are refused`, { skip }, async () => {
      const { room, device } = await open();
      await using _room = room;
      const schema = device.operations[one.operation]!.args;
      for (const bad of [...one.bad, null, "text", { ...one.good, surplus: 1 }])
        assert.equal(schema.safeParse(bad).success, false, JSON.stringify(bad));
    });

    test(`${title}: succeeds, and its changes are true`, { skip }, async () => {
      const { room, device } = await open();
      await using _room = room;
      const before = await readAll(room.folder);
      const result = await call(device, one, { ...room.context(options.context) });
      assert.equal(result.ok, true, result.text);
      assert.deepEqual(JSON.parse(JSON.stringify(result)), JSON.parse(JSON.stringify(result)));
      assert.ok(["kernel", "person", "entity", "untrusted"].includes(result.label.integrity));
      const after = await readAll(room.folder);
      const touched = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
        (path) => before[path] !== after[path],
      );
      // Events lie on a server; their undo is proved with it.
      const changes = (result.changes ?? []).filter((change) => change.kind !== "event");
      const reported = new Set(changes.map((change) => change.path));
      assert.deepEqual([...reported].sort(), touched.map((path) => join(room.folder, path)).sort());
      const undone = await undoChanges(changes, room.blobs);
      assert.deepEqual(undone.conflicts, []);
      assert.deepEqual(await readAll(room.folder), before);
      await undoChanges(undone.changes, room.blobs);
      assert.deepEqual(await readAll(room.folder), after, "undoing the undoing");
    });

    test(`${title}: a failure outside is a result`, { skip }, async () => {
      if ("reason" in one.failing) return;
      for (const args of one.failing) {
        const { room, device } = await open();
        await using _room = room;
        const before = await readAll(room.folder);
        const result = await call(device, { ...one, good: args }, room.context(options.context));
        assert.equal(result.ok, false, JSON.stringify(args));
        assert.ok(result.text.length > 0);
        await undoChanges(result.changes ?? [], room.blobs);
        assert.deepEqual(await readAll(room.folder), before);
      }
    });

    test(`${title}: an aborted call ends at once`, { skip }, async () => {
      const { room, device } = await open();
      await using _room = room;
      const before = await readAll(room.folder);
      const operation = device.operations[one.operation]!;
      if (operation.effect !== "none") {
        const result = await call(
          device,
          one,
          room.context({ ...options.context, signal: AbortSignal.abort() }),
        );
        assert.equal(result.ok, false);
        assert.deepEqual(await readAll(room.folder), before);
      }
      if (!one.slow) return;
      const controller = new AbortController();
      const running = call(
        device,
        { ...one, good: one.slow },
        room.context({ ...options.context, signal: controller.signal }),
      );
      await new Promise((resolve) => setTimeout(resolve, 150));
      const stopped = performance.now();
      controller.abort();
      assert.equal((await running).ok, false);
      assert.ok(performance.now() - stopped < 1_500, `took ${performance.now() - stopped} ms`);
    });

    test(`${title}: recover takes it back, and repeating it does not double it`, { skip }, async () => {
      const { room, device } = await open();
      await using _room = room;
      const operation = device.operations[one.operation]!;
      if (!operation.prepare || !operation.recover) return;
      const args = operation.args.parse(one.good);
      const context = room.context(options.context);
      const before = await readAll(room.folder);
      const prepared = JSON.parse(JSON.stringify(await operation.prepare(args, context)));
      await operation.run(args, context, prepared);
      const once = await readAll(room.folder);
      await operation.recover(prepared, context);
      assert.deepEqual(await readAll(room.folder), before, "after recover");
      const repeated = await operation.run(args, context, prepared);
      assert.equal(repeated.ok, true, repeated.text);
      assert.deepEqual(await readAll(room.folder), once, "after the repetition");
    });
  }
}

async function call(device: Device, one: DeviceCase, context: DeviceContext): Promise<DeviceResult> {
  const operation = device.operations[one.operation]!;
  return operation.run(operation.args.parse(one.good), context);
}
