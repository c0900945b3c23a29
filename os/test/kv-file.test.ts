// Kept KV states: one that is damaged, cut, of another model or half written is never loaded, and a disk that is full is
// no failure. The engine is played: a state is a file of bytes.

import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openKvFolder, type StateIo } from "../src/model/kv-file.ts";
import { createRandom } from "../src/sim/random.ts";

const root = mkdtempSync(join(tmpdir(), "hum-kv-"));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(root, String(++folders));

const state = Buffer.from(Array.from({ length: 5_000 }, (_, i) => (i * 31) % 251));
const tokens = Array.from({ length: 200 }, (_, i) => i * 3);

/** A sequence whose state is bytes; `loaded` is what it was given. */
function createIo(): StateIo & { loaded: Buffer | null } {
  const io: StateIo & { loaded: Buffer | null } = {
    loaded: null,
    save: (file) => writeFile(file, state),
    async load(file) {
      io.loaded = await readFile(file);
    },
  };
  return io;
}

test("[S15] a state comes back as it was kept, with its tokens, also while its file is being made", async () => {
  const folder = await openKvFolder(newFolder(), "model a", 1e9);
  const io = createIo();
  for (let more = 3; more >= 0; more--) await folder.save("one", [...tokens, ...Array(more).fill(1)], io);
  assert.deepEqual([...((await folder.peek("one")) ?? [])], tokens);
  assert.equal(await folder.load("one", io), true);
  assert.deepEqual(io.loaded?.subarray(0, state.length), state);
  assert.equal(await folder.load("two", io), false, "what was never kept is not there");
});

test("[S15] a state in which any byte is wrong is refused, is gone, and never reaches the engine", async () => {
  const random = createRandom(5);
  for (let round = 0; round < 60; round++) {
    const dir = newFolder();
    const folder = await openKvFolder(dir, "model a", 1e9);
    const io = createIo();
    await folder.save("one", tokens, io);
    await folder.settled();
    const file = join(dir, readdirSync(dir)[0]!);
    const bytes = readFileSync(file);
    if (round % 3 === 0) writeFileSync(file, bytes.subarray(0, random.below(bytes.length)));
    else {
      bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
      writeFileSync(file, bytes);
    }
    assert.equal(await folder.load("one", io), false, `round ${round}`);
    assert.equal(io.loaded, null);
    assert.equal(existsSync(file), false);
  }
});

test("[S15] a state of another model, engine or version is refused, also under the name of this one", async () => {
  const dir = newFolder();
  const before = await openKvFolder(dir, "model a, engine 1", 1e9);
  await before.save("one", tokens, createIo());
  await before.settled();
  const [old] = readdirSync(dir);
  const now = await openKvFolder(dir, "model a, engine 2", 1e9);
  const io = createIo();
  assert.equal(await now.peek("one"), undefined);
  assert.equal(await now.load("one", io), false);
  await now.save("one", tokens, io);
  await now.settled();
  const name = readdirSync(dir).find((file) => file !== old)!;
  renameSync(join(dir, old!), join(dir, name));
  assert.equal(await now.load("one", io), false, "the sum is over the model too");
  assert.equal(io.loaded, null);
});

test("[S15] a disk that is full keeps nothing half, loses nothing that was kept, and is no failure", async () => {
  const dir = newFolder();
  const folder = await openKvFolder(dir, "model a", 1e9);
  await folder.save("one", tokens, createIo());
  await folder.settled();
  const full: StateIo = {
    async save(file) {
      await writeFile(file, state.subarray(0, 1_000));
      throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    },
    load: async () => undefined,
  };
  await folder.save("one", [...tokens, 1, 2, 3], full);
  await folder.settled();
  await folder.save("two", tokens, full);
  await folder.settled();
  assert.equal(readdirSync(dir).length, 1, "no draft is left behind");
  const io = createIo();
  assert.equal(await folder.load("one", io), true, "the state of before is still good: it is a beginning");
  assert.equal(await folder.load("two", io), false);
});

test("[S15] where the folder cannot be made everything is computed", async () => {
  const file = newFolder();
  writeFileSync(file, "in the way");
  const folder = await openKvFolder(join(file, "kv"), "model a", 1e9);
  const io = createIo();
  await folder.save("one", tokens, io);
  await folder.settled();
  assert.equal(await folder.peek("one"), undefined);
  assert.equal(await folder.load("one", io), false);
  await folder.remove("one");
});

test("[S15] the folder is bounded: the state that was used least of late goes first", async () => {
  const dir = newFolder();
  const folder = await openKvFolder(dir, "model a", 20_000);
  const io = createIo();
  const age = (seconds: number) => {
    for (const file of readdirSync(dir))
      if (!aged.has(file)) utimesSync(join(dir, file), new Date(), new Date(Date.now() - seconds * 1_000));
    for (const file of readdirSync(dir)) aged.add(file);
  };
  const aged = new Set<string>();
  for (const [i, name] of ["one", "two", "three"].entries()) {
    await folder.save(name, tokens, io);
    await folder.settled();
    age(100 - i);
  }
  assert.equal(await folder.load("one", io), true);
  await folder.save("four", tokens, io);
  await folder.settled();
  assert.notEqual(await folder.peek("one"), undefined);
  assert.equal(await folder.peek("two"), undefined);
  assert.notEqual(await folder.peek("four"), undefined);
});
