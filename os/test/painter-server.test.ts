// Pictures by a server: the scene is the order, what comes back is the PNG beside the drawing, and when it fails the picture
// is painted here and the reason is said.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createCanvas } from "../src/device/canvas/canvas.ts";
import { fromSvgFile, toPng } from "../src/device/canvas/picture-file.ts";
import { readSize } from "../src/device/eyes/size.ts";
import { openRoom } from "./contract/device.ts";
import { serve } from "./fixtures/serve.ts";

const never = new AbortController().signal;
const small =
  '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><rect width="8" height="4" fill="red"/></svg>';

interface Order {
  model: string;
  prompt: string;
  size: string;
  response_format?: string;
}

test("a server paints the scene, and the picture can still be changed by words", async () => {
  await using room = await openRoom();
  const png = (await toPng(small, never)) as Buffer;
  const jpeg = await readFile(new URL("fixtures/cup.jpg", import.meta.url));
  const orders: (Order & { path: string; key: string })[] = [];
  let send = png;
  await using server = await serve(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const key = String(request.headers.authorization);
    orders.push({ ...(JSON.parse(body) as Order), path: String(request.url), key });
    response.end(JSON.stringify({ data: [{ b64_json: send.toString("base64") }] }));
  });
  process.env.HUM_TEST_PAINTER = "secret";
  const painter = async () => ({ url: server.url, model: "brush", keyEnv: "HUM_TEST_PAINTER" });
  const { draw, change } = createCanvas({ blobs: room.blobs, painter }).operations;
  const drawn = await draw!.run(
    draw!.args.parse({ title: "Home", setting: "sea", animals: [{ kind: "owl" }], frame: "tall" }),
    room.context(),
  );
  assert.match(
    drawn.text,
    /^Drew picture\.svg and picture\.png, painted by brush\.\nOn it: The sea .*an owl\./,
  );
  const [first] = orders;
  assert.deepEqual(
    [first?.path, first?.model, first?.size, first?.key, first?.response_format],
    ["/v1/images/generations", "brush", "1024x1536", "Bearer secret", "b64_json"],
  );
  assert.match(first?.prompt ?? "", /^"Home"\. The sea .*an owl\. /);
  assert.deepEqual(await readFile(join(room.folder, "picture.png")), png);
  send = jpeg;
  const changed = await change!.run(change!.args.parse({ words: "make it night" }), room.context());
  assert.match(changed.text, /painted by brush/);
  assert.match(orders[1]?.prompt ?? "", /by night/);
  assert.equal(readSize(await readFile(join(room.folder, "picture.png")))?.kind, "PNG");
  const svg = await readFile(join(room.folder, "picture.svg"), "utf8");
  assert.equal((fromSvgFile(svg) as { time: string }).time, "night");
});

test("a server that fails, sends an address, or something else: the picture is painted here, and it is said why", async () => {
  await using room = await openRoom();
  let answer: { status: number; body: string } = { status: 500, body: "out of paint" };
  const asked: string[] = [];
  await using server = await serve((request, response) => {
    asked.push(String(request.url));
    response.statusCode = answer.status;
    response.end(answer.body);
  });
  const painter = async () => ({ url: server.url, model: "brush" });
  const { draw } = createCanvas({ blobs: room.blobs, painter }).operations;
  const run = async () => (await draw!.run(draw!.args.parse({}), room.context())).text;
  assert.match(
    await run(),
    /Drew picture\.svg and picture\.png \(painted here: .*said 500: out of paint\)\./,
  );
  assert.equal(readSize(await readFile(join(room.folder, "picture.png")))?.width, 1600);
  answer = { status: 200, body: JSON.stringify({ data: [{ url: `${server.url}/elsewhere.png` }] }) };
  assert.match(await run(), /only an address, which is not opened/);
  assert.ok(!asked.some((path) => path.includes("elsewhere")));
  answer = { status: 200, body: JSON.stringify({ data: [{ b64_json: "bm9uZQ==" }] }) };
  assert.match(await run(), /is no picture/);
  const bomb = Buffer.from("89504e470d0a1a0a0000000d49484452000186a0000186a0", "hex").toString("base64");
  answer = { status: 200, body: JSON.stringify({ data: [{ b64_json: bomb }] }) };
  assert.match(await run(), /too large/);
});
