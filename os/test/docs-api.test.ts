// The examples of docs/api.md, run as they stand there against a real server.

import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { openTestHouse } from "./fixtures/house-kit.ts";
import { skipWithout } from "./fixtures/needs.ts";

const page = readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);
const hasCurl = spawnSync("curl", ["--version"]).status === 0;

test("every example of the page works", { skip: skipWithout(hasCurl, "no curl") }, async () => {
  await using house = await openTestHouse();
  const home = mkdtempSync(join(tmpdir(), "hum-docs-"));
  symlinkSync(house.home, join(home, ".hum"));
  try {
    assert.equal(blocks.length, 8);
    // A failed request is a failed script, and each answer begins on a line of its own.
    const curl = 'curl() { command curl --fail-with-body --write-out "\\n" "$@"; }';
    const script = ["set -euo pipefail", curl, ...blocks]
      .join("\n")
      .replace("http://127.0.0.1:4186", house.url);
    const env = { ...process.env, HOME: home, PATH: `${join(process.execPath, "..")}:${process.env.PATH}` };
    const { stdout } = await promisify(execFile)("bash", ["-c", script], { env }).catch((error) => {
      throw new Error(`The last answer was: ${String(error.stdout).slice(-600)} ${error.stderr}`);
    });
    assert.match(stdout, /"text":"@worker Write the word hello into hello\.txt"/);
    assert.match(stdout, /"path":"notes\.txt","bytes":12/);
    assert.match(stdout, /"lifted":true/);
    assert.match(stdout, /"type":"kernel\.booted"/);
    assert.match(stdout, /^caught-up \d+$/m);
    assert.match(stdout, /"id":"hum\/worker"/);
    assert.match(stdout, /"content":"Hello\."/);
    assert.match(stdout, /^data: \[DONE\]$/m);
    assert.match(stdout, /"name":"ask_worker"/);
    assert.deepEqual(house.errors, []);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
