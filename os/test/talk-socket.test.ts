// The socket of a talk: whoever hangs up while the senses are opened leaves nothing behind.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { WebSocket } from "ws";
import { createTalkSockets, type TalkSocketParts } from "../src/workplace/http/talk-socket.ts";

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

test("who hangs up while the senses are opened leaves no timer behind", async () => {
  let begun = () => {};
  const asked = new Promise<void>((resolve) => {
    begun = resolve;
  });
  let open = (_senses: unknown) => {};
  let looks = 0;
  const before = timers();
  const sockets = createTalkSockets({
    ...{ workplace: {}, tokens: { check: () => "ok" }, by: "Kim", now: Date.now },
    openSenses: () =>
      new Promise((resolve) => {
        open = resolve;
        begun();
      }),
    isQuiet: async () => ++looks > 1,
    onError: () => {},
  } as unknown as TalkSocketParts);
  const server = createServer().on("upgrade", (request, socket, head) =>
    sockets.take(request, socket as never, head),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await once(client, "open");
  client.send(JSON.stringify({ token: "t" }));
  await asked;
  client.close();
  await once(client, "close");
  open({
    settings: { patience: "usual", moment: false, speed: 1 },
    attend: () => ({ hears: () => false, reset() {} }),
  });
  while (looks === 0) await new Promise((resolve) => setImmediate(resolve));
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  sockets.close();
  await new Promise((resolve) => server.close(resolve));
  assert.equal(timers(), before);
});
