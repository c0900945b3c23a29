// Pages of others in the same real browser, which know the address and even the token: whatever way a page can send a
// request, it changes nothing and reads nothing. The pages come from another port, another name, a name that was made to point
// here (DNS rebinding), and from a sandboxed frame without an origin.

import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import type { WorkLook } from "../../os/src/workplace/api.ts";
import { browserPath, type RealHum, skipReason, startReal } from "./kit/real.ts";

let hum: RealHum;
let browser: Browser;
let server: Server;
let token: string;
const pages = new Map<string, Page>();

const origins = ["port", "name", "rebound", "sandbox"] as const;
type Origin = (typeof origins)[number];

before(async () => {
  if (skipReason) return;
  hum = await startReal();
  token = new URLSearchParams(new URL(hum.address).hash.slice(1)).get("token") ?? "";
  server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><title>foreign</title><body></body>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  browser = await chromium.launch({
    executablePath: browserPath ?? "",
    args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP *.evil.test 127.0.0.1"],
  });
  for (const origin of origins) pages.set(origin, await openForeign(origin));
});

after(async () => {
  await browser?.close();
  server?.close();
  await hum?.end();
});

/** A page of a stranger. */
async function openForeign(origin: Origin): Promise<Page> {
  const { port } = server.address() as AddressInfo;
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(15_000);
  if (origin === "port") await page.goto(`http://127.0.0.1:${port}/`);
  if (origin === "name") await page.goto(`http://www.evil.test:${port}/`);
  if (origin === "rebound") {
    // The page was served before its name began to point here: its origin has the very port of Hum.
    const address = `http://www.evil.test:${hum.port}/page`;
    await page.route(address, (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><title>rebound</title><body></body>" }),
    );
    await page.goto(address);
  }
  if (origin === "sandbox") {
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.setContent('<iframe sandbox="allow-scripts allow-forms" srcdoc="<body></body>"></iframe>');
  }
  return page;
}

/** Runs a script in a page of a stranger; what it could read, "" for nothing. */
async function attack(origin: Origin, script: string): Promise<string> {
  const page = pages.get(origin) as Page;
  // The frame itself, and not one that a form before has made in it and that may be on its way out.
  const frame = origin === "sandbox" ? page.mainFrame().childFrames()[0] : page.mainFrame();
  assert.ok(frame, `${origin} has its frame`);
  const text = `(async (at, token) => { ${script} })(${JSON.stringify(`${base(origin)}`)}, ${JSON.stringify(token)}).catch(() => "")`;
  return String((await frame.evaluate(text)) ?? "");
}

// A rebound page speaks to its own name, which now leads here.
const base = (origin: Origin): string =>
  `http://${origin === "rebound" ? "www.evil.test" : "127.0.0.1"}:${hum.port}`;

/** What could have been changed. */
async function state(): Promise<string> {
  const look = await hum.ask<WorkLook>("GET", "/look");
  const { channels, threads, processes, halted, triggers, programs, approvals } = look;
  const posts = await hum.ask<{ posts: unknown[] }>("GET", "/channels/general/posts");
  return JSON.stringify({
    channels,
    threads,
    processes,
    halted,
    triggers,
    programs: programs.length,
    approvals,
    posts,
  });
}

async function assertHarmless(origin: Origin, script: string): Promise<void> {
  const before = await state();
  const read = await attack(origin, script);
  assert.equal(read, "", `${origin} read: ${read.slice(0, 200)}`);
  assert.equal(await state(), before);
}

const targets: [string, string][] = [
  ["/api/v1/channels", '{"name":"owned"}'],
  ["/api/v1/channels/general/posts", '{"text":"owned"}'],
  ["/api/v1/processes", '{"task":"owned"}'],
  ["/api/v1/halt", "{}"],
  ["/v1/chat/completions", '{"model":"worker","messages":[{"role":"user","content":"owned"}]}'],
  ["/mcp", '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'],
];

/** Ways in which a page sends something. */
const ways: [string, (path: string, body: string) => string][] = [
  [
    "fetch with the token",
    (path, body) =>
      `const r = await fetch(at + "${path}", {method: "POST", body: ${JSON.stringify(body)}, headers: {authorization: "Bearer " + token, "content-type": "application/json"}}); return r.ok ? await r.text() : "";`,
  ],
  [
    "fetch without asking, as plain text",
    (path, body) =>
      `const r = await fetch(at + "${path}", {method: "POST", mode: "no-cors", credentials: "include", body: ${JSON.stringify(body)}}); return r.ok ? await r.text() : "";`,
  ],
  [
    "a form",
    (path, body) => `
      const frame = document.createElement("iframe"); frame.name = "out"; document.body.append(frame);
      const form = document.createElement("form");
      Object.assign(form, {method: "post", enctype: "text/plain", action: at + "${path}", target: "out"});
      const field = document.createElement("input"); field.name = ${JSON.stringify(body.slice(0, -1))}; field.value = "}"; form.append(field);
      document.body.append(form);
      const sent = new Promise((done) => { frame.onload = done; setTimeout(done, 1500); });
      form.submit(); await sent;
      let text = ""; try { text = frame.contentDocument.body.innerText; } catch {}
      frame.remove(); form.remove();
      return /owned|tools|halted|result/.test(text) ? text : "";`,
  ],
  [
    "a beacon",
    (path, body) =>
      `navigator.sendBeacon(at + "${path}", ${JSON.stringify(body)}); await new Promise((d) => setTimeout(d, 150)); return "";`,
  ],
];

test("the same from Hum's own page reads and changes: the attacks below are no empty ones", {
  skip: skipReason,
}, async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(hum.address);
  const before = await state();
  const text = `(async (at, token) => { ${ways[0]?.[1]("/api/v1/channels", '{"name":"own"}')} })("http://127.0.0.1:${hum.port}", ${JSON.stringify(token)})`;
  assert.match(String(await page.evaluate(text)), /"name":"own"/);
  assert.notEqual(await state(), before);
});

for (const origin of origins)
  describe(`a page of another ${origin}`, { skip: skipReason }, () => {
    for (const [path, body] of targets)
      for (const [way, script] of ways)
        test(`${way} to ${path} changes and reads nothing`, () => assertHarmless(origin, script(path, body)));

    for (const method of ["PUT", "PATCH", "DELETE"])
      test(`${method} with the token changes nothing`, () =>
        assertHarmless(
          origin,
          `const r = await fetch(at + "/api/v1/programs/worker", {method: "${method}", body: '{"text":"owned"}', headers: {authorization: "Bearer " + token, "content-type": "application/json"}}); return r.ok ? await r.text() : "";`,
        ));

    for (const path of ["/api/v1/look", "/api/v1/journal", "/openapi.json", "/v1/models", "/"])
      test(`${path} cannot be read`, () =>
        assertHarmless(
          origin,
          `const r = await fetch(at + "${path}", {headers: {authorization: "Bearer " + token}}); return r.ok ? await r.text() : "";`,
        ));

    for (const [name, first] of [
      ["with the token", "JSON.stringify({token, since: 0})"],
      ["with the token in its address", '""'],
    ] as const)
      test(`the stream stays shut, ${name}`, () =>
        assertHarmless(
          origin,
          `return await new Promise((done) => {
            const s = new WebSocket(at.replace("http", "ws") + "/api/v1/stream?token=" + token);
            s.onopen = () => s.send(${first}); s.onmessage = (m) => done(String(m.data));
            s.onerror = s.onclose = () => done(""); setTimeout(() => done(""), 3000);
          });`,
        ));

    test("it cannot be framed, loaded as a script, a style, a picture or an event source", () =>
      assertHarmless(
        origin,
        `const made = [["iframe", "src", "/"], ["script", "src", "/api/v1/look"], ["link", "href", "/api/v1/look"], ["img", "src", "/favicon.svg"], ["object", "data", "/"]].map(([tag, name, path]) => {
          const one = document.createElement(tag); if (tag === "link") one.rel = "stylesheet"; one[name] = at + path;
          return new Promise((done) => { one.onload = () => done(tag === "iframe" || tag === "object" ? "" : tag); one.onerror = () => done(""); setTimeout(() => done(""), 1500); document.body.append(one); });
        });
        const source = new Promise((done) => { const s = new EventSource(at + "/api/v1/stream"); s.onmessage = (m) => done(m.data); s.onerror = () => { s.close(); done(""); }; });
        const all = await Promise.all([...made, source]);
        const frames = [...document.querySelectorAll("iframe, object")].map((one) => { try { return one.contentDocument?.title === "Hum" ? "framed" : ""; } catch { return ""; } });
        for (const one of document.querySelectorAll("iframe, object, link, script, img")) one.remove();
        return [...all, ...frames].join("");`,
      ));
  });
