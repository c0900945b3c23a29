// The models of a home, stop texts, beginnings, and KV files without an engine.

import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { HumError } from "../src/error.ts";
import { createBeginFilter } from "../src/model/begin.ts";
import { createCounts } from "../src/model/counts.ts";
import { openKvFolder } from "../src/model/kv-file.ts";
import { createStopFilter } from "../src/model/stops.ts";
import { addModel, findHedge, listModels, openModel, useModel } from "../src/model/store.ts";

const root = await mkdtemp(join(tmpdir(), "hum-store-"));
after(() => rm(root, { recursive: true, force: true }));

test("[S17] a server is asked too where it was named for that, and only a server", async () => {
  const home = join(root, "hedge");
  const server = { provider: "openai-compatible" as const, model: "m", url: "http://127.0.0.1:1/v1" };
  await addModel(home, { ...server, id: "second" });
  const id = await addModel(home, { ...server, id: "first", hedge: "second" });
  assert.deepEqual([await findHedge(home, id), await findHedge(home, "second")], ["second", null]);
  await assert.rejects(addModel(home, { ...server, id: "third", hedge: "nobody" }), /no model nobody/);
  await assert.rejects(
    addModel(home, { ...server, id: "third", hedge: "smollm2-135m" }),
    /smollm2-135m is not a server/,
  );
});

test("models are listed, added, chosen and opened", async () => {
  const home = join(root, "home");
  assert.deepEqual(
    (await listModels(home)).map(({ id, chosen, present }) => [id, chosen, present]),
    [
      ["qwen2.5-coder-1.5b", true, false],
      ["qwen2.5-coder-0.5b", false, false],
      ["smollm2-135m", false, false],
    ],
  );
  const id = await addModel(home, {
    url: "http://127.0.0.1:1/v1",
    model: "big",
    provider: "openai-compatible",
  });
  await useModel(home, id);
  const model = await openModel(home);
  assert.deepEqual([model.info.id, model.info.driver, model.info.local], ["big", "remote", false]);
  assert.equal((await openModel(home, "smollm2-135m")).info.driver, "embedded");
  assert.equal((await listModels(home)).find((listed) => listed.chosen)?.id, "big");
  await assert.rejects(
    openModel(home, "nobody"),
    (error) => HumError.is(error, "not-found") && /smollm2-135m, big/.test(error.message),
  );
  await assert.rejects(useModel(home, "nobody"), (error) => HumError.is(error, "not-found"));
});

test("a small model does a task several times to compare, unless its home says otherwise", async () => {
  const home = join(root, "attempts");
  // Big enough to be no small model, and empty: only its size is looked at.
  const files = { "small.gguf": 64, "large.gguf": 4 * 1024 ** 3 };
  await mkdir(home);
  for (const [name, bytes] of Object.entries(files)) {
    const file = join(root, name);
    const head = Buffer.alloc(64);
    head.write("GGUF", 0, "latin1");
    head.writeUInt32LE(3, 4);
    await writeFile(file, head);
    await truncate(file, bytes);
    await addModel(home, file);
  }
  const attempts = async (id: string, options = {}) => (await openModel(home, id, options)).info.attempts;
  assert.deepEqual([await attempts("small"), await attempts("large")], [5, 1]);
  assert.equal(await attempts("large", { attempts: 2 }), 2);
  const config = join(home, "config.json");
  await writeFile(config, JSON.stringify({ ...JSON.parse(await readFile(config, "utf8")), attempts: 1 }));
  assert.equal(await attempts("small"), 1);
});

test("only a GGUF file can be added, and it stays where it is", async () => {
  const home = join(root, "files");
  const text = join(root, "notes.gguf");
  await writeFile(text, "not a model");
  await assert.rejects(addModel(home, text), /not a GGUF/);
  // An empty but whole head: magic, version 3, no tensors, no pairs.
  const head = Buffer.alloc(24);
  head.write("GGUF");
  head.writeUInt32LE(3, 4);
  const file = join(root, "My-Model.gguf");
  await writeFile(file, head);
  assert.equal(await addModel(home, file), "my-model");
  assert.equal((await listModels(home)).find(({ id }) => id === "my-model")?.where, file);
  await writeFile(join(home, "config.json"), "{");
  await assert.rejects(listModels(home), (error) => HumError.is(error, "damaged"));
});

test("a stop text is found however the answer is cut into pieces", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 30 });
  const stop = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      letters,
      fc.array(stop, { maxLength: 3 }),
      fc.array(fc.nat(4), { maxLength: 40 }),
      (text, stops, sizes) => {
        const filter = createStopFilter(stops);
        let out = "";
        let stopped = false;
        for (let at = 0; at < text.length && !stopped; ) {
          const size = (sizes.shift() ?? 1) + 1;
          const piece = filter.push(text.slice(at, at + size));
          out += piece.text;
          stopped = piece.stopped;
          at += size;
        }
        if (!stopped) out += filter.flush();
        const firsts = stops.map((one) => text.indexOf(one)).filter((at) => at >= 0);
        // Pieces may end with a stop before an earlier, longer one is whole; then the earlier end counts.
        const ends = stops.filter((one) => text.includes(one)).map((one) => text.indexOf(one) + one.length);
        assert.equal(stopped, firsts.length > 0);
        assert.ok(text.startsWith(out));
        if (!stopped) assert.equal(out, text);
        else
          assert.ok(stops.some((one) => text.startsWith(one, out.length)) && out.length < Math.min(...ends));
      },
    ),
    { numRuns: 500 },
  );
});

test("a repeated beginning is taken off, and nothing else", () => {
  const run = (begin: string, pieces: string[]) => {
    const filter = createBeginFilter(begin);
    return pieces.map((piece) => filter.push(piece)).join("") + filter.flush();
  };
  assert.equal(run("So: ", ["So", ": ", "yes"]), "yes");
  assert.equal(run("So: ", ["Sofa"]), "Sofa");
  assert.equal(run("So: ", ["yes"]), "yes");
  assert.equal(run("So: ", [" yes"]), "yes");
  assert.equal(run("So: ", ["So"]), "So");
  assert.equal(run("", ["a", "b"]), "ab");
});

test("counts are asked once for each text, and estimated when nobody answers", async () => {
  const asked: (readonly string[])[] = [];
  const count = createCounts(async (texts) => {
    asked.push(texts);
    return texts.map((text) => text.length);
  });
  assert.deepEqual(await count(["ab", "", "ab", "abc"]), [2, 0, 2, 3]);
  assert.deepEqual(await count(["abc", "d"]), [3, 1]);
  assert.deepEqual(asked, [["ab", "abc"], ["d"]]);
  assert.deepEqual(await createCounts(async () => undefined)(["1234"]), [2]);
});

test("a KV file is loaded only whole, unchanged and by its own model; the folder is bounded", async () => {
  const dir = join(root, "kv");
  const state = Buffer.alloc(5_000, 7);
  let loaded = 0;
  const io = {
    save: (file: string) => writeFile(file, state),
    load: async () => void loaded++,
  };
  const folder = await openKvFolder(dir, "model a", 20_000);
  await folder.save("p", [1, 2, 3], io);
  assert.deepEqual([...(await folder.peek("p"))!], [1, 2, 3]);
  assert.equal(await folder.load("p", io), true);
  assert.equal(await (await openKvFolder(dir, "model b", 20_000)).load("p", io), false);
  const [name] = await readdir(dir);
  const whole = await readFile(join(dir, name!));
  for (const damage of [
    whole.subarray(0, -1),
    whole.subarray(9),
    Buffer.concat([whole.subarray(0, 99), whole.subarray(98)]),
    Buffer.alloc(0),
  ]) {
    await writeFile(join(dir, name!), damage);
    assert.equal(await folder.load("p", io), false);
    assert.equal(await folder.peek("p"), undefined, "it is gone");
  }
  for (let at = 0; at < 8; at++) await folder.save(`p${at}`, [at], io);
  await folder.settled();
  assert.equal((await readdir(dir)).length, 3);
  await folder.remove("p7");
  assert.equal(await folder.peek("p7"), undefined);
  await appendFile(join(dir, (await readdir(dir))[0]!), "x");
  assert.equal(loaded, 1);
});
