// Nothing leads out of the shares: not `..`, not links, not links that are swapped at the last moment.

import assert from "node:assert/strict";
import { mkdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { holdFolder, openAt } from "../src/device/anchor.ts";
import { createFiles } from "../src/device/files.ts";
import { findShare, type Mode, resolveInside } from "../src/device/paths.ts";
import { openRoom, type Room, readAll } from "./contract/device.ts";

const toAsk = (room: Room) => (path: string, mode: Mode, more: object) =>
  resolveInside(path, mode, { folder: room.folder, shares: [{ path: room.folder, write: true }], ...more });

test("paths inside resolve to their real place", async () => {
  await using room = await openRoom();
  const ask = toAsk(room);
  await symlink("sub", join(room.folder, "link"));
  for (const [path, real] of [
    ["a.txt", "a.txt"],
    [".", ""],
    ["~/a.txt", "a.txt"],
    ["~", ""],
    ["./sub//../sub/b.txt", "sub/b.txt"],
    ["link/b.txt", "sub/b.txt"],
    ["link/../a.txt", "a.txt"],
    ["new/deep/file", "new/deep/file"],
    [join(room.folder, "a.txt"), "a.txt"],
    ["...", "..."],
    ["a b\nc", "a b\nc"],
  ] as const)
    assert.deepEqual(await ask(path, "write", {}), {
      ok: true,
      path: join(room.folder, real),
      share: { path: room.folder, write: true },
    });
});

test("paths that lead out are refused, with the folders that may be used", async () => {
  await using room = await openRoom();
  const { folder, outside } = room;
  const ask = toAsk(room);
  await symlink(outside, join(folder, "out"));
  await symlink(join(outside, "secret.txt"), join(folder, "file"));
  await symlink(join(outside, "not-there"), join(folder, "dangling"));
  await symlink("../outside/secret.txt", join(folder, "relative"));
  await symlink("chain2", join(folder, "chain1"));
  await symlink("/etc/passwd", join(folder, "chain2"));
  await symlink("loop", join(folder, "loop"));
  await symlink("/proc/self/root/etc/shadow", join(folder, "proc"));
  const refused = [
    "..",
    "../outside/secret.txt",
    "sub/../../outside/secret.txt",
    "missing/../../outside/secret.txt",
    "out/secret.txt",
    "out/new.txt",
    "file",
    "dangling",
    "relative",
    "chain1",
    "loop",
    "proc",
    "/etc/passwd",
    "/",
    `${folder}-beside/x`,
    `${folder}/../outside/secret.txt`,
    "~/../outside/secret.txt",
    "a.txt\0.png",
    "",
    " ",
  ];
  for (const path of refused)
    for (const mode of ["read", "write"] as const) {
      const found = await ask(path, mode, {});
      assert.equal(found.ok, false, `${mode} ${JSON.stringify(path)}`);
    }
  const found = await ask("/etc/passwd", "read", {});
  assert.ok(!found.ok && found.why.includes(`${folder} (read and write)`), JSON.stringify(found));
  // A link itself may be moved or removed; what it points at is not touched.
  assert.deepEqual((await ask("file", "entry", {})).ok, true);
});

test("the deepest root decides: shares in protected folders, protected folders in shares", async () => {
  const home = "/home/ada/.hum";
  const shares = [
    { path: "/home/ada", write: true },
    { path: `${home}/homes/7`, write: true },
    { path: "/home/ada/photos", write: false },
  ];
  const reach = { shares, protect: [home] };
  assert.equal(findShare("/home/ada/x", reach)?.path, "/home/ada");
  assert.equal(findShare(`${home}/journal.db`, reach), null);
  assert.equal(findShare(home, reach), null);
  assert.equal(findShare(`${home}/homes/7/x`, reach)?.path, `${home}/homes/7`);
  assert.equal(findShare(`${home}/homes/8/x`, reach), null);
  assert.equal(findShare("/home/ada/photos/1.jpg", reach)?.write, false);
  assert.equal(findShare("/home/adam", reach), null);
});

test("a read-only share refuses every change", async () => {
  await using room = await openRoom();
  const files = createFiles({ blobs: room.blobs });
  const context = room.context({ shares: [{ path: room.folder, write: false }] });
  const before = await readAll(room.folder);
  for (const [name, args] of Object.entries({
    write: { path: "a.txt", text: "x" },
    append: { path: "a.txt", text: "x" },
    mkdir: { path: "new" },
    remove: { path: "a.txt" },
    move: { from: "a.txt", to: "b.txt" },
  })) {
    const result = await files.operations[name]!.run(args, context);
    assert.equal(result.ok, false);
    assert.match(result.text, /only read/);
  }
  assert.deepEqual(await readAll(room.folder), before);
});

test("a folder that becomes a link after the check is noticed", async () => {
  await using room = await openRoom();
  const { folder, outside } = room;
  await writeFile(join(outside, "b.txt"), "secret\n");
  const found = await toAsk(room)("sub/b.txt", "read", {});
  assert.ok(found.ok);
  await rename(join(folder, "sub"), join(folder, "moved"));
  await symlink(outside, join(folder, "sub"));
  await assert.rejects(openAt(found.path), /leads elsewhere/);
  await assert.rejects(holdFolder(join(folder, "sub")));
  // A folder that is already held stays what it was.
  await rm(join(folder, "sub"));
  await rename(join(folder, "moved"), join(folder, "sub"));
  await using held = await holdFolder(join(folder, "sub"));
  await rename(join(folder, "sub"), join(folder, "moved"));
  await symlink(outside, join(folder, "sub"));
  assert.equal(await readFile(held.at("b.txt"), "utf8"), "inner\n");
});

test("a link swapped in again and again never leads a write or a read outside", async () => {
  await using room = await openRoom();
  const { folder, outside, blobs } = room;
  const files = createFiles({ blobs });
  const before = await readAll(outside);
  await mkdir(join(folder, "real"));
  await symlink(outside, join(folder, "link"));
  let going = true;
  const swap = (async () => {
    const [sub, real, link] = ["sub", "real", "link"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const quiet = () => {};
    while (going) {
      await rename(sub, real).catch(quiet);
      await symlink(outside, sub).catch(quiet);
      await rm(sub).catch(quiet);
      await rename(real, sub).catch(quiet);
      await rm(link, { force: true });
    }
  })();
  let written = 0;
  for (let i = 0; i < 150; i++) {
    const write = await files.operations.write!.run({ path: "sub/secret.txt", text: `${i}` }, room.context());
    written += Number(write.ok);
    const read = await files.operations.read!.run(
      { path: "sub/secret.txt", from: 1, lines: 10 },
      room.context(),
    );
    assert.ok(!read.text.includes("secret\n"), read.text);
  }
  going = false;
  await swap;
  assert.deepEqual(await readAll(outside), before);
  assert.ok(written > 0, "some writes must have worked, or nothing was tested");
});
