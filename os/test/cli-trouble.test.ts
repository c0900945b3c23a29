// What is not the person's fault: a full disk, a port that is taken, no network, files that cannot be a table. Each is one
// line that says what happened and what to do.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openPlace } from "./fixtures/cli-kit.ts";

const oneLine = /^hum: [^\n]*\n$/;

/** A disk of so many kilobytes; null where none can be made. */
function mountSmall(kilobytes: number): { path: string; [Symbol.dispose](): void } | null {
  const path = mkdtempSync(join(tmpdir(), "hum-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", path], { stdio: "ignore" });
  } catch {
    rmSync(path, { recursive: true });
    return null;
  }
  return {
    path,
    [Symbol.dispose]() {
      execFileSync("umount", ["-l", path]);
      rmSync(path, { recursive: true });
    },
  };
}

test("a full disk at the start is one line, at whatever file it is met", async (context) => {
  await using place = await openPlace();
  for (const kilobytes of [4, 16, 40, 64, 100, 140]) {
    using disk = mountSmall(kilobytes);
    if (!disk) return context.skip("a small disk can be made by root on Linux only");
    const { code, out, err } = await place.start(["ask", "hello"], { HUM_HOME: join(disk.path, "home") })
      .ended;
    assert.equal(code, 1, `${kilobytes} kB: ${out}${err}`);
    assert.match(
      err,
      /^hum: (The disk is full\. Free some space|\S+ cannot be written \(ENOSPC\)\. Free)[^\n]*\n$/m,
    );
    assert.doesNotMatch(err, /unexpected|damaged|at \S+:\d+/);
  }
});

test("a port that is taken, and one that is none, are one line", async () => {
  await using place = await openPlace();
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as { port: number };
  const named = await place.hum("start", "--no-open", "--port", String(port));
  assert.equal(named.code, 1);
  assert.match(named.err, oneLine);
  assert.match(
    named.err,
    new RegExp(`Port ${port} is taken by another program\\. Choose another with --port`),
  );
  const inEnv = await place.start(["start", "--no-open"], { HUM_PORT: "many" }).ended;
  assert.equal(inEnv.code, 2);
  assert.match(inEnv.err, /^hum: HUM_PORT is "many"; a port is a number from 0 \(any\) to 65535\.\n$/);
  other.close();
});

test("a folder with a file of 2 GB and one that is no text: the task is done", async () => {
  await using place = await openPlace();
  const large = join(place.folder, "large.bin");
  writeFileSync(large, "");
  truncateSync(large, 2 * 1024 ** 3);
  writeFileSync(
    join(place.folder, "noise.csv"),
    Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37) % 256)),
  );
  const { code, out, err } = await place.hum("ask", "hello", "--in", place.folder);
  assert.equal(code, 0, err);
  assert.equal(out, "Hello.\n");
  assert.doesNotMatch(err, /unexpected/);
});

const entry = fileURLToPath(new URL("../bin/hum.js", import.meta.url));
const withoutNetwork = ["unshare", "-n", "--"];
const canCut = spawnSync("unshare", ["-n", "true"]).status === 0;

test("no model and no network is one line that says how to go on", {
  skip: !canCut && "the network can be cut by root on Linux only",
}, async () => {
  await using place = await openPlace();
  const [program = "", ...args] = [...withoutNetwork, process.execPath, entry, "ask", "hello"];
  const { status, stderr, stdout } = spawnSync(program, args, {
    env: { ...process.env, ...place.env },
    cwd: place.folder,
    encoding: "utf8",
  });
  assert.equal(status, 1, stderr);
  assert.equal(stdout, "");
  assert.match(
    stderr.split("\n").at(-2) ?? "",
    /^hum: The model \S+ could not be fetched .*`hum model pull \S+`.*`hum model add FILE`\.$/,
  );
});
