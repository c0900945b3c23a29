// Files: large and strange contents, cut excerpts, and a property: whatever is done can be undone to the last byte.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { diffFolder, restoreFolder, snapshotFolder, undoChanges } from "../src/device/changes.ts";
import type { FileChange } from "../src/device/device.ts";
import { createStatCache } from "../src/device/entry.ts";
import { createFiles } from "../src/device/files.ts";
import { homeReader, toLabel } from "../src/device/label.ts";
import { openRoom, type Room, readAll } from "./contract/device.ts";

const read = (room: Room, args: { path: string; from?: number; lines?: number }) => {
  const { operations } = createFiles({ blobs: room.blobs });
  return operations.read!.run(operations.read!.args.parse(args), room.context());
};

test("a file of 2 GB is read in part only, without holding it", async () => {
  await using room = await openRoom();
  const path = join(room.folder, "big.log");
  const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i + 1} of a large file`).join("\n");
  await writeFile(path, `${lines}\n`);
  await truncate(path, 2 * 1024 ** 3);
  const before = process.memoryUsage().rss;
  const result = await read(room, { path: "big.log", from: 40_000, lines: 3 });
  assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
  assert.match(
    result.text,
    /^line 40000 of a large file\nline 40001 .*\nline 40002 .*\n\[.*go on with from: 40003\]$/,
  );
  // A line of 2 GB of zero bytes: cut, not loaded.
  const tail = await read(room, { path: "big.log", from: 50_001 });
  assert.match(tail.text, /cut/);
  assert.ok(tail.text.length < 100_000);
});

test("every line can be reached by going on", async () => {
  await using room = await openRoom();
  const lines = Array.from({ length: 9_000 }, (_, i) => `${i + 1} ${"x".repeat(i % 60)}`);
  await writeFile(join(room.folder, "long.txt"), lines.join("\n"));
  const seen: string[] = [];
  for (let from = 1; ; ) {
    const result = await read(room, { path: "long.txt", from });
    const next = /\n?\[lines .* go on with from: (\d+)\]$/.exec(result.text);
    seen.push(...(next ? result.text.slice(0, next.index) : result.text).split("\n"));
    if (!next) break;
    assert.ok(Number(next[1]) > from);
    from = Number(next[1]);
  }
  assert.deepEqual(seen, lines);
});

test("binary files are named, texts of other encodings are shown", async () => {
  await using room = await openRoom();
  const put = (name: string, content: Uint8Array | string) => writeFile(join(room.folder, name), content);
  await put("pic", Buffer.from("89504e470d0a1a0a0000000d", "hex"));
  await put("zip", Buffer.from("504b03041400", "hex"));
  await put("noise", Buffer.from([1, 2, 0, 255, 254, 3]));
  await put("old.txt", Buffer.from("Gr\xfc\xdfe\n", "latin1"));
  await put("wide.txt", Buffer.concat([Buffer.from([255, 254]), Buffer.from("Grüße\n", "utf16le")]));
  await put("bom.txt", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from("Grüße\n")]));
  await put("empty", "");
  const texts = await Promise.all(
    ["pic", "zip", "noise", "old.txt", "wide.txt", "bom.txt", "empty"].map(
      async (path) => (await read(room, { path })).text,
    ),
  );
  assert.deepEqual(texts, [
    "binary file, 12 B, PNG image",
    "binary file, 6 B, ZIP archive (also docx, xlsx, pptx, odt, epub, jar)",
    "binary file, 6 B, unknown binary data",
    "Grüße\n[encoding windows-1252]",
    "Grüße\n[encoding utf-16le]",
    "Grüße\n",
    "[the file is empty]",
  ]);
  const beyond = await read(room, { path: "a.txt", from: 9 });
  assert.equal(beyond.text, "[the file has no line 9]");
});

test("a pipe is neither read nor waited for, and is named in a snapshot", async () => {
  await using room = await openRoom();
  execFileSync("mkfifo", [join(room.folder, "pipe")]);
  const result = await read(room, { path: "pipe" });
  assert.equal(result.ok, false);
  const snapshot = await snapshotFolder(room.folder, room.blobs);
  assert.ok(snapshot.ok);
  assert.deepEqual(
    snapshot.manifest.skipped.map((skip) => skip.path),
    [join(room.folder, "pipe")],
  );
});

test("the label of what is read: untrusted with its origin, or what is known better", async () => {
  await using room = await openRoom();
  const plain = await read(room, { path: "a.txt" });
  assert.deepEqual(plain.label, {
    integrity: "untrusted",
    origins: [`file:${join(room.folder, "a.txt")}`],
    readers: [homeReader],
  });
  const files = createFiles({ blobs: room.blobs, labelOf: () => toLabel("entity") });
  const known = await files.operations.read!.run({ path: "a.txt", from: 1, lines: 5 }, room.context());
  assert.equal(known.label.integrity, "entity");
});

test("writing keeps the mode, replaces whole, and leaves no temporary file", async () => {
  await using room = await openRoom();
  const files = createFiles({ blobs: room.blobs });
  await files.operations.write!.run({ path: "sub/b.txt", text: "new" }, room.context());
  assert.equal((await stat(join(room.folder, "sub/b.txt"))).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(join(room.folder, "sub")), ["b.txt"]);
  const same = await files.operations.write!.run({ path: "sub/b.txt", text: "new" }, room.context());
  assert.deepEqual(same.changes, []);
});

test("a list of a large folder is cut with a note", async () => {
  await using room = await openRoom();
  for (let i = 0; i < 230; i++) await writeFile(join(room.folder, "sub", `f${i}`), "x");
  const { operations } = createFiles({ blobs: room.blobs });
  const result = await operations.list!.run({ path: "sub" }, room.context());
  assert.match(result.text, /\[31 more are not shown\]$/);
  assert.match(
    (await operations.list!.run({ path: "." }, room.context())).text,
    /^a\.txt {2}14 B {2}\d{4}-.*\nsub\/$/,
  );
});

test("a folder that is too large is refused before anything is done", async () => {
  await using room = await openRoom();
  const limits = { files: 10, bytes: 1_000 };
  for (let i = 0; i < 20; i++) await writeFile(join(room.folder, "sub", `f${i}`), "x");
  const many = await snapshotFolder(room.folder, room.blobs, { limits });
  assert.match(many.ok ? "" : many.why, /folder too large: .* more than 10 files/);
  const big = await open(join(room.folder, "big"), "w");
  await big.truncate(3 * 1024 ** 3);
  await big.close();
  const { operations } = createFiles({ blobs: room.blobs });
  const removed = await operations.remove!.run({ path: "big" }, room.context());
  assert.match(removed.text, /too large/);
  assert.equal((await stat(join(room.folder, "big"))).size, 3 * 1024 ** 3);
});

test("undo leaves alone what was changed since, unless it must; then the other content is kept", async () => {
  await using room = await openRoom();
  const { folder, blobs } = room;
  const files = createFiles({ blobs });
  const done = await files.operations.write!.run({ path: "a.txt", text: "by the entity" }, room.context());
  await writeFile(join(folder, "a.txt"), "by the person");
  const left = await undoChanges(done.changes!, blobs);
  assert.equal(left.conflicts[0]?.why, "it was changed since");
  assert.equal(await readFile(join(folder, "a.txt"), "utf8"), "by the person");
  const forced = await undoChanges(done.changes!, blobs, { force: true });
  assert.equal(await readFile(join(folder, "a.txt"), "utf8"), "one\ntwo\nthree\n");
  await undoChanges(forced.changes, blobs);
  assert.equal(await readFile(join(folder, "a.txt"), "utf8"), "by the person");
});

test("undo does not follow a folder that became a link", async () => {
  await using room = await openRoom();
  const { folder, outside, blobs } = room;
  const files = createFiles({ blobs });
  const done = await files.operations.write!.run({ path: "sub/secret.txt", text: "x" }, room.context());
  const before = await readAll(outside);
  await rename(join(folder, "sub"), join(folder, "gone"));
  await symlink(outside, join(folder, "sub"));
  const result = await undoChanges(done.changes!, blobs, { force: true });
  assert.equal(result.undone.length, 0);
  assert.deepEqual(await readAll(outside), before);
});

test("a restored folder is as it was; what stood there meanwhile is in the blob store", async () => {
  await using room = await openRoom();
  const { folder, blobs } = room;
  await mkdir(join(folder, "empty"));
  await symlink("a.txt", join(folder, "link"));
  await symlink("/nowhere/at all", join(folder, "broken"));
  const before = await readAll(folder);
  const snapshot = await snapshotFolder(folder, blobs);
  assert.ok(snapshot.ok);
  execFileSync(
    "sh",
    ["-c", "rm -r sub empty link; mkdir link; echo z > link/z; ln -s x sub; chmod 600 a.txt; echo > 'n\nl'"],
    {
      cwd: folder,
    },
  );
  const middle = await readAll(folder);
  const restored = await restoreFolder(snapshot.manifest, blobs);
  assert.deepEqual(await readAll(folder), before);
  await undoChanges(restored.changes, blobs);
  assert.deepEqual(await readAll(folder), middle);
});

test("an unchanged file is not read again; a changed one of the same size is", async () => {
  await using room = await openRoom();
  const { folder } = room;
  let puts = 0;
  const putFile = (path: string) => {
    puts += 1;
    return room.blobs.putFile(path);
  };
  const blobs = { ...room.blobs, putFile };
  const cache = createStatCache();
  const settle = () => new Promise((resolve) => setTimeout(resolve, 80));
  await settle();
  const snapshot = await snapshotFolder(folder, blobs, { cache });
  assert.ok(snapshot.ok);
  assert.equal(puts, 2);
  assert.deepEqual((await diffFolder(snapshot.manifest, blobs, { cache })) satisfies { ok: boolean }, {
    ok: true,
    changes: [],
    manifest: snapshot.manifest,
  });
  assert.equal(puts, 2);
  // Changes in the same millisecond, of the same size, with the time stamp set back.
  for (let i = 0; i < 20; i++) {
    const path = join(folder, "a.txt");
    const { atime, mtime } = await stat(path);
    await writeFile(path, `one\ntwo\nthre${i % 10}\n`);
    await utimes(path, atime, mtime);
    const diff = await diffFolder(snapshot.manifest, blobs, { cache });
    assert.ok(diff.ok);
    const expected = await room.blobs.put(`one\ntwo\nthre${i % 10}\n`);
    assert.equal(diff.changes[0]?.after, expected);
  }
});

test("property: any sequence of operations, undone from the end, is the folder as it was", async () => {
  const name = fc.constantFrom("a.txt", "sub", "sub/b.txt", "x", "x/y", "x/y/z", "sub/c", "d.txt");
  const step = fc.oneof(
    fc.record({ op: fc.constant("write"), path: name, text: fc.string({ maxLength: 8 }) }),
    fc.record({ op: fc.constant("append"), path: name, text: fc.string({ maxLength: 8 }) }),
    fc.record({ op: fc.constant("mkdir"), path: name }),
    fc.record({ op: fc.constant("remove"), path: name }),
    fc.record({ op: fc.constant("move"), from: name, to: name }),
    fc.record({ op: fc.constant("chmod"), path: name, mode: fc.constantFrom(0o600, 0o755, 0o700) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      await using room = await openRoom();
      const files = createFiles({ blobs: room.blobs });
      const before = await readAll(room.folder);
      const changes: FileChange[] = [];
      for (const { op, ...args } of steps) {
        if (op === "chmod") {
          const { path, mode } = args as { path: string; mode: number };
          const snapshot = await snapshotFolder(room.folder, room.blobs);
          await chmod(join(room.folder, path), mode).catch(() => {});
          assert.ok(snapshot.ok);
          const diff = await diffFolder(snapshot.manifest, room.blobs);
          assert.ok(diff.ok);
          changes.push(...diff.changes);
        } else changes.push(...((await files.operations[op]!.run(args, room.context())).changes ?? []));
      }
      const after = await readAll(room.folder);
      const undone = await undoChanges(changes, room.blobs);
      assert.deepEqual(undone.conflicts, []);
      assert.deepEqual(await readAll(room.folder), before);
      await undoChanges(undone.changes, room.blobs);
      assert.deepEqual(await readAll(room.folder), after);
    }),
    { numRuns: 60 },
  );
});
