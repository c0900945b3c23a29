// The real embedding model: made from its published weights, run in its own process.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HumError } from "../src/error.ts";
import { findHome } from "../src/home.ts";
import { createEmbedder } from "../src/model/embedder.ts";
import { pullEmbedding } from "../src/model/embedding-pull.ts";
import { toMinilmGguf } from "../src/model/minilm.ts";

const folder = mkdtempSync(join(tmpdir(), "hum-embedder-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

test("[M11] the model made here gives the numbers that its authors publish", async (t) => {
  let file: string;
  try {
    file = await pullEmbedding({ home: findHome(), signal: AbortSignal.timeout(8 * 60_000) });
  } catch (error) {
    if (!HumError.is(error, "offline") && !HumError.is(error, "interrupted")) throw error;
    return t.skip(error.message);
  }
  const embedder = createEmbedder(file);
  try {
    const vectors = await embedder.embed([
      "That is a happy person",
      "That is a happy dog",
      "That is a very happy person",
      "Today is a sunny day",
    ]);
    const [person, ...others] = vectors ?? [];
    const near = others.map((other) => cosine(person!, other));
    // The widget of the model's page shows 0.695, 0.943 and 0.257.
    for (const [i, wanted] of [0.695, 0.943, 0.257].entries())
      assert.ok(Math.abs(near[i]! - wanted) < 0.005, `${near[i]} and not ${wanted}`);
    assert.equal(person?.length, 384);
    const long = await embedder.embed(["a word ".repeat(5_000), ""]);
    assert.equal(long?.length, 2, "what is too long is cut, nothing is something");
  } finally {
    await embedder.close();
  }
  assert.equal(await embedder.embed(["closed"]), null);
});

test("[M11] a model file that is not there, or is none, embeds nothing and throws nothing", async () => {
  const missing = createEmbedder(join(folder, "missing.gguf"));
  assert.equal(await missing.embed(["text"]), null);
  assert.deepEqual(await missing.embed([]), []);
  await missing.close();
  const { writeFileSync } = await import("node:fs");
  writeFileSync(join(folder, "none.gguf"), "this is no model");
  const none = createEmbedder(join(folder, "none.gguf"));
  assert.equal(await none.embed(["text"]), null);
  await none.close();
});

test("[M11] weights that lack a tensor are refused with its name", () => {
  const head = Buffer.from(JSON.stringify({ __metadata__: {} }));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(head.length));
  assert.throws(() => toMinilmGguf(Buffer.concat([size, head]), "[PAD]\n"), /no tensor embeddings\.word/);
});
