// Bodies of requests: none, and one that comes in pieces without a length.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openTestHouse } from "./fixtures/house-kit.ts";

const program = "---\nname: biller\ndescription: Writes invoices.\nextends: worker\n---\n- Write.\n";

test("a request without a body and without a length is served", async () => {
  await using house = await openTestHouse();
  assert.equal((await house.ask("PUT", "/api/v1/programs/biller", { text: program })).status, 200);
  const gone = await house.ask("DELETE", "/api/v1/programs/biller");
  assert.ok(gone.status < 300, gone.text);
  assert.equal((await house.ask("DELETE", "/api/v1/programs/biller")).status, 404);
});

test("a body that comes in pieces is read whole, and only up to the limit", async () => {
  await using house = await openTestHouse();
  const send = (pieces: number) =>
    fetch(`${house.url}/api/v1/programs/check`, {
      method: "POST",
      headers: { authorization: `Bearer ${house.token}`, "content-type": "application/json" },
      body: new ReadableStream({
        async start(controller) {
          controller.enqueue(Buffer.from('{"text": "'));
          for (let i = 0; i < pieces; i++) controller.enqueue(Buffer.alloc(64 * 1024, "x"));
          controller.enqueue(Buffer.from('"}'));
          controller.close();
        },
      }),
      ...({ duplex: "half" } as object),
    });
  const small = await send(1);
  assert.equal(small.status, 200, await small.text());
  assert.equal((await send(40)).status, 413);
});
