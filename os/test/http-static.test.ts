// The files of the page over HTTP: only those on the list, compressed for whoever takes it, kept where the name says so.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { openBundle } from "../src/workplace/http/static.ts";

const bundle = openBundle(new URL("fixtures/bundle", import.meta.url).pathname);
const script = "/assets/page-1a2b3c4d.js";
const bytesOf = async (answer: Response | null) => Buffer.from(await (answer as Response).arrayBuffer());

test("a file with a hash in its name is compressed for whoever takes it, and is the same file", async () => {
  const plain = bundle.get(script);
  assert.equal(plain?.headers.get("content-encoding"), null);
  assert.equal(plain?.headers.get("vary"), "accept-encoding");
  const packed = bundle.get(script, "gzip, deflate, br, zstd");
  assert.equal(packed?.headers.get("content-encoding"), "gzip");
  assert.match(packed?.headers.get("cache-control") ?? "", /immutable/);
  assert.match(packed?.headers.get("content-type") ?? "", /javascript/);
  assert.deepEqual(gunzipSync(await bytesOf(packed)), await bytesOf(plain));
});

test("who refuses compression, or does not speak of it, gets the bytes as they are", () => {
  for (const accepts of ["", "br", "gzip;q=0", "gzip; q=0.0", "identity", "xgzip"])
    assert.equal(bundle.get(script, accepts)?.headers.get("content-encoding"), null, accepts);
  for (const accepts of ["gzip", "br;q=1, gzip;q=0.5", "*", "GZIP"])
    assert.equal(bundle.get(script, accepts)?.headers.get("content-encoding"), "gzip", accepts);
});

test("the page itself is asked for each time, and no path leads out of the folder", () => {
  for (const path of ["/", "/index.html", "/channels/general"]) {
    const answer = bundle.get(path, "gzip");
    assert.equal(answer?.headers.get("cache-control"), "no-store", path);
    assert.equal(answer?.headers.get("content-encoding"), null, path);
  }
  for (const path of ["/../secret.txt", "/assets/../../x.js", "/assets/none.js", "/%2e%2e/x.js"])
    assert.equal(bundle.get(path, "gzip"), null, path);
});
