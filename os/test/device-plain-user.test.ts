// What only shows to a user without the rights of root: folders and files without permission. As root, this file runs
// itself again as the user nobody.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { undoChanges } from "../src/device/changes.ts";
import { createFiles } from "../src/device/files.ts";
import { probeSandbox } from "../src/device/probe.ts";
import { detectSandbox } from "../src/device/sandbox.ts";
import { createTerminal } from "../src/device/terminal.ts";
import { openRoom, readAll } from "./contract/device.ts";
import { skipWithoutSandbox } from "./fixtures/needs.ts";

const nobody = 65_534;

if (process.getuid?.() === 0) {
  test("as a plain user", { timeout: 120_000 }, () => {
    const child = spawnSync(process.execPath, [import.meta.filename], {
      uid: nobody,
      gid: nobody,
      env: { PATH: process.env.PATH, HOME: "/nonexistent" },
      encoding: "utf8",
    });
    assert.equal(child.status, 0, child.stdout + child.stderr);
  });
} else {
  test("no permission is a result that says so", async () => {
    await using room = await openRoom();
    const { operations } = createFiles({ blobs: room.blobs });
    await chmod(join(room.folder, "a.txt"), 0);
    await chmod(join(room.folder, "sub"), 0o500);
    for (const [name, args] of [
      ["read", { path: "a.txt", from: 1, lines: 1 }],
      ["write", { path: "sub/new.txt", text: "x" }],
      ["remove", { path: "sub/b.txt" }],
    ] as const) {
      const result = await operations[name]!.run(args, room.context());
      assert.equal(result.ok, false);
      assert.match(result.text, /[Pp]ermission/);
    }
    await chmod(join(room.folder, "sub"), 0o700);
  });

  test("what a command changes and then locks is seen, and comes back", async () => {
    await using room = await openRoom();
    const sandbox = await detectSandbox();
    const before = await readAll(room.folder);
    const { operations } = createTerminal({ sandbox, blobs: room.blobs });
    const command =
      "echo x >> sub/b.txt; echo y >> a.txt; mkdir -p in/ner; echo z > in/ner/z; chmod 0 sub a.txt in/ner; chmod 500 in";
    const result = await operations.run!.run({ command, language: "bash" }, room.context());
    assert.equal(result.ok, true, result.text);
    const undone = await undoChanges(result.changes!, room.blobs);
    assert.deepEqual(undone.conflicts, []);
    assert.deepEqual(await readAll(room.folder), before);
  });

  test("removing from a read-only folder comes back", async () => {
    await using room = await openRoom();
    await chmod(join(room.folder, "sub"), 0o500);
    const before = await readAll(room.folder);
    const { operations } = createTerminal({ sandbox: await detectSandbox(), blobs: room.blobs });
    const command = "chmod 700 sub; rm -r sub; echo x > sub";
    const result = await operations.run!.run({ command, language: "bash" }, room.context());
    assert.equal(result.ok, true, result.text);
    assert.deepEqual((await undoChanges(result.changes!, room.blobs)).conflicts, []);
    assert.deepEqual(await readAll(room.folder), before);
    await chmod(join(room.folder, "sub"), 0o700);
  });

  test("every hostile probe is refused for a plain user too", async (context) => {
    const sandbox = await detectSandbox();
    const reason = skipWithoutSandbox(sandbox);
    if (!sandbox) return context.skip(String(reason));
    await writeFile("/dev/null", "");
    const report = await probeSandbox(sandbox);
    assert.deepEqual(
      report.probes.filter((probe) => !probe.refused),
      [],
    );
    assert.deepEqual(
      report.controls.filter((control) => !control.passed),
      [],
    );
  });
}
