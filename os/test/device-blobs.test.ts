// The blob store: whole contents or none, damage is noticed, a crash leaves nothing under a hash.

import assert from "node:assert/strict";
import { chmod, readdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { createBlobs, toHash } from "../src/device/blobs.ts";
import { openRoom } from "./contract/device.ts";

test("contents of any size come back, each kept once", async () => {
  await using room = await openRoom();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
      const hash = await room.blobs.put(bytes);
      assert.equal(hash, toHash(bytes));
      assert.deepEqual(new Uint8Array((await room.blobs.get(hash))!), bytes);
    }),
    { numRuns: 20 },
  );
  const large = Buffer.alloc(3_500_000, "abc\n");
  await writeFile(join(room.folder, "large"), large);
  const hash = await room.blobs.putFile(join(room.folder, "large"));
  assert.equal(hash, toHash(large));
  assert.equal(await room.blobs.put(large), hash);
  assert.deepEqual(await room.blobs.get(hash), large);
  await room.blobs.copyTo(hash, join(room.folder, "copy"), { mode: 0o640, append: "end" });
  assert.deepEqual(await readFile(join(room.folder, "copy")), Buffer.concat([large, Buffer.from("end")]));
  assert.equal((await stat(join(room.folder, "copy"))).mode & 0o777, 0o640);
  assert.deepEqual(await readdir(join(room.blobs.root, "tmp")), []);
  assert.equal((await stat(room.blobs.root)).mode & 0o077, 0);
});

test("what is not there is null or false; what is no hash is wrong use", async () => {
  await using room = await openRoom();
  const absent = "0".repeat(64);
  assert.equal(await room.blobs.get(absent), null);
  assert.equal(await room.blobs.has(absent), false);
  assert.equal(await room.blobs.copyTo(absent, join(room.folder, "x")), false);
  await assert.rejects(room.blobs.get("../../etc/passwd"), { code: "bad-input" });
  await symlink("a.txt", join(room.folder, "link"));
  await assert.rejects(room.blobs.putFile(join(room.folder, "link")));
  await assert.rejects(room.blobs.putFile(room.folder), { code: "bad-input" });
});

test("damage is an error, never a wrong content, and leaves the target alone", async () => {
  await using room = await openRoom();
  const hash = await room.blobs.put("content");
  const path = join(room.blobs.root, hash.slice(0, 2), hash.slice(2));
  await chmod(path, 0o600);
  for (const damage of [() => writeFile(path, "cOntent"), () => truncate(path, 3), () => truncate(path, 0)]) {
    await damage();
    const blobs = await createBlobs(room.home);
    await assert.rejects(blobs.get(hash), { code: "damaged" });
    await assert.rejects(blobs.copyTo(hash, join(room.folder, "a.txt")), { code: "damaged" });
    assert.equal(await readFile(join(room.folder, "a.txt"), "utf8"), "one\ntwo\nthree\n");
    assert.deepEqual((await readdir(room.folder)).sort(), ["a.txt", "sub"]);
  }
});

test("the same content put at once from many sides is kept once", async () => {
  await using room = await openRoom();
  const hashes = await Promise.all(Array.from({ length: 50 }, () => room.blobs.put("same")));
  assert.equal(new Set(hashes).size, 1);
  assert.deepEqual(await readdir(join(room.blobs.root, "tmp")), []);
});
