// The web: what may be reached, down to the address; redirects, sizes, times, packing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { isPublic } from "../src/device/address.ts";
import type { DeviceContext } from "../src/device/device.ts";
import { createHttp, type HttpOptions } from "../src/device/http.ts";
import { serve } from "./fixtures/serve.ts";

function get(url: string, hosts: string[], options: HttpOptions = {}) {
  const context: DeviceContext = {
    pid: 1,
    key: "k",
    folder: "/",
    home: "/",
    shares: [],
    hosts,
    now: () => 0,
    signal: new AbortController().signal,
  };
  return createHttp(options).operations.get!.run({ url }, context);
}

test("addresses that are not public, in every notation", () => {
  const closed =
    "127.0.0.1 127.9.9.9 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 224.0.0.1 " +
    "255.255.255.255 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12::1 ff02::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 " +
    "::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: localhost 1.2.3";
  for (const address of closed.split(" ")) assert.equal(isPublic(address), false, address);
  for (const address of ["1.1.1.1", "172.32.0.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"])
    assert.equal(isPublic(address), true, address);
});

test("a private address is refused whatever its notation, unless that host:port is granted", async () => {
  await using server = await serve((_request, response) => response.end("inside"));
  const { port } = server;
  for (const url of [
    `http://127.0.0.1:${port}/`,
    `http://2130706433:${port}/`,
    `http://0x7f.1:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
  ]) {
    const result = await get(url, ["*", `*:${port}`]);
    assert.equal(result.ok, false, url);
    assert.match(result.text, /not on the public internet/, result.text);
  }
  const granted = await get(`http://127.0.0.1:${port}/`, [`127.0.0.1:${port}`]);
  assert.equal(granted.text, "[200 OK, unknown type]\ninside");
  assert.deepEqual(granted.label, { integrity: "untrusted", origins: ["host:127.0.0.1"], readers: null });
});

test("a name that points inside is refused; the address that was checked is the one that is used", async () => {
  await using server = await serve((_request, response) => response.end("inside"));
  const { port } = server;
  const hosts = [`*:${port}`];
  const inside = await get(`http://rebind.test:${port}/`, hosts, { resolve: async () => ["127.0.0.1"] });
  assert.match(inside.text, /rebind\.test:\d+ is at 127\.0\.0\.1, which is not on the public internet/);
  const mixed = await get(`http://rebind.test:${port}/`, hosts, {
    resolve: async () => ["1.1.1.1", "10.0.0.1"],
  });
  assert.match(mixed.text, /is at 10\.0\.0\.1/);
  let asked = 0;
  const named = await get(`http://named.test:${port}/`, [`named.test:${port}`], {
    resolve: async () => {
      asked += 1;
      return ["127.0.0.1"];
    },
  });
  assert.equal(named.ok, true, named.text);
  assert.equal(asked, 1);
  const none = await get("http://nothing.test/", ["nothing.test"], { resolve: async () => [] });
  assert.match(none.text, /has no address/);
});

test("redirects: three at most, each checked again", async () => {
  await using other = await serve((_request, response) => response.end("other"));
  await using server = await serve((request, response) => {
    const { pathname } = new URL(request.url!, "http://x");
    const targets: Record<string, string> = {
      "/other": `${other.base}/`,
      "/file": "file:///etc/passwd",
      "/3": "/2",
      "/2": "/1",
      "/1": "/end",
      "/4": "/3",
      "/loop": "/loop",
    };
    const location = targets[pathname];
    if (location) response.writeHead(302, { location }).end();
    else response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<p>end</p>");
  });
  const hosts = [`127.0.0.1:${server.port}`];
  assert.equal((await get(`${server.base}/3`, hosts)).text, "[200 OK, text/html]\n<p>end</p>");
  assert.match((await get(`${server.base}/4`, hosts)).text, /more than 3 redirects/);
  assert.match((await get(`${server.base}/loop`, hosts)).text, /more than 3 redirects/);
  assert.match((await get(`${server.base}/other`, hosts)).text, /leads to .* is not granted/);
  assert.match((await get(`${server.base}/file`, hosts)).text, /file: addresses cannot be read/);
  assert.match((await get(`${server.base}/other`, [...hosts, `127.0.0.1:${other.port}`])).text, /other/);
});

test("bytes and time are limited, also after unpacking", async () => {
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, "a"));
  await using server = await serve((request, response) => {
    if (request.url === "/bomb")
      response.writeHead(200, { "content-encoding": "gzip", "content-type": "text/plain" }).end(bomb);
    else if (request.url === "/damaged")
      response.writeHead(200, { "content-encoding": "gzip" }).end("not packed");
    else if (request.url === "/endless") {
      const timer = setInterval(() => response.write("x".repeat(10_000)), 1);
      response.on("close", () => clearInterval(timer));
    } else if (request.url === "/binary") response.end(Buffer.from("89504e470d0a1a0a00", "hex"));
    else if (request.url === "/latin")
      response
        .writeHead(200, { "content-type": "text/plain; charset=iso-8859-1" })
        .end(Buffer.from("Grüße", "latin1"));
    else if (request.url === "/drop") request.socket.destroy();
  });
  const hosts = [`127.0.0.1:${server.port}`];
  const limits = { bytes: 100_000, ms: 400 };
  for (const path of ["/bomb", "/endless"]) {
    const result = await get(server.base + path, hosts, { limits });
    assert.equal(result.ok, true, result.text.slice(0, 200));
    assert.ok(result.text.length < 100_200);
    assert.match(result.text, /\[cut after 100 kB\]$/);
  }
  assert.match((await get(`${server.base}/silent`, hosts, { limits })).text, /no answer within 0\.4 s/);
  assert.equal((await get(`${server.base}/drop`, hosts)).ok, false);
  assert.equal((await get(`${server.base}/damaged`, hosts)).ok, false);
  assert.match((await get(`${server.base}/binary`, hosts)).text, /binary data, 9 B, PNG image/);
  assert.match((await get(`${server.base}/latin`, hosts)).text, /Grüße/);
});

test("[W27] what a request sent is told, for each hop, also when it failed, and nothing where nothing was sent", async () => {
  const heads: number[] = [];
  await using server = await serve((request, response) => {
    const lines = [
      `GET ${request.url} HTTP/1.1`,
      ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    ];
    heads.push(Buffer.byteLength(lines.filter((line) => !line.startsWith("connection:")).join("\r\n")) + 4);
    if (request.url === "/a") response.writeHead(302, { location: "/b?secret=1" }).end();
    else request.socket.destroy();
  });
  const host = `127.0.0.1:${server.port}`;
  const result = await get(`${server.base}/a`, [host]);
  assert.equal(result.ok, false);
  assert.deepEqual(
    result.egress,
    heads.map((bytes) => ({ host, bytes })),
  );
  assert.equal(heads.length, 2);
  assert.equal((await get(`${server.base}/a`, [])).egress, undefined);
});
