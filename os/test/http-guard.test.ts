// Who may speak to the server, met as an attacker would: bytes on a socket, a page of another site, another user of the
// machine, a client that is too large or too slow.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { toPolicy } from "../src/workplace/http/guard.ts";
import { until } from "./fixtures/cli-kit.ts";
import { openTab, openTestHouse, sendRaw, type TestHouse } from "./fixtures/house-kit.ts";

let house: TestHouse;
before(async () => {
  house = await openTestHouse();
});
after(async () => {
  await house[Symbol.asyncDispose]();
  assert.deepEqual(house.errors, []);
});

const own = () => `127.0.0.1:${house.port}`;

/** Sends the lines of a request; the status that comes. */
async function status(lines: string[], body = ""): Promise<number> {
  const answer = await sendRaw(house.port, `${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n${body}`);
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}

const look = (more: string[] = [], host = own()): Promise<number> =>
  status(["GET /api/v1/channels HTTP/1.1", `Host: ${host}`, `Authorization: Bearer ${house.token}`, ...more]);

/** Asks for the stream with these lines; the first line of the answer. */
async function upgrade(more: string[], host = own(), path = "/api/v1/stream"): Promise<number> {
  const socket = connect(house.port, "127.0.0.1");
  const lines = [
    ...[`GET ${path} HTTP/1.1`, `Host: ${host}`, "Connection: Upgrade", "Upgrade: websocket"],
    ...["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", ...more],
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  try {
    for await (const data of socket) return Number(/^HTTP\/1\.1 (\d{3})/.exec(String(data))?.[1] ?? 0);
    return 0;
  } finally {
    socket.destroy();
  }
}

describe("the head of a request", () => {
  test("the names of this machine are answered", async () => {
    for (const name of ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
      assert.equal(await look([], `${name}:${house.port}`), 200, name);
  });

  test("a foreign name is refused, though it leads here", async () => {
    const names = [
      ...["evil.example", `evil.example:${house.port}`, `localhost.evil.example:${house.port}`, "127.0.0.1"],
      ...[`127.0.0.1:${house.port + 1}`, `127.0.0.1.:${house.port}`, `0.0.0.0:${house.port}`, ""],
      ...[`127.1:${house.port}`, `2130706433:${house.port}`, `user@127.0.0.1:${house.port}`],
    ];
    for (const name of names) {
      assert.equal(await look([], name), 403, `Host: ${name}`);
      assert.equal(await upgrade([], name), 403, `Host: ${name}, stream`);
    }
  });

  test("two names, no name and a whole address are refused", async () => {
    assert.equal(await look(["Host: evil.example"]), 403);
    assert.equal(await status(["GET / HTTP/1.1"]), 400);
    assert.equal(await status(["GET / HTTP/1.0"]), 403);
    assert.equal(await status(["GET http://evil.example/ HTTP/1.1", `Host: ${own()}`]), 400);
    assert.equal(await status(["OPTIONS * HTTP/1.1", `Host: ${own()}`]), 400);
  });

  test("a page of another origin is refused, also on the stream", async () => {
    const origins = [
      "http://evil.example",
      "null",
      "",
      `https://${own()}`,
      `http://127.0.0.1:${house.port + 1}`,
    ];
    for (const origin of origins) {
      assert.equal(await look([`Origin: ${origin}`]), 403, `Origin: ${origin}`);
      assert.equal(await upgrade([`Origin: ${origin}`]), 403, `Origin: ${origin}, stream`);
    }
    assert.equal(await look([`Origin: http://${own()}`, "Origin: http://evil.example"]), 403);
    assert.equal(await look([`Origin: http://${own()}`]), 200);
    assert.equal(await upgrade([`Origin: http://${own()}`]), 101);
  });

  test("a browser's word that the page is foreign counts; a link to the page itself does not", async () => {
    const navigate = ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"];
    for (const site of ["cross-site", "same-site"]) {
      assert.equal(await look([`Sec-Fetch-Site: ${site}`]), 403, site);
      assert.equal(await upgrade([`Sec-Fetch-Site: ${site}`, ...navigate]), 403, site);
      assert.equal(
        await status(["GET / HTTP/1.1", `Host: ${own()}`, `Sec-Fetch-Site: ${site}`, ...navigate]),
        200,
      );
      const frame = [`Sec-Fetch-Site: ${site}`, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"];
      assert.equal(await status(["GET / HTTP/1.1", `Host: ${own()}`, ...frame]), 403);
      assert.equal(
        await status(["POST / HTTP/1.1", `Host: ${own()}`, `Sec-Fetch-Site: ${site}`, ...navigate]),
        403,
      );
    }
    assert.equal(await look(["Sec-Fetch-Site: same-origin"]), 200);
  });

  test("no answer allows another origin to read it", async () => {
    for (const path of ["/", "/api/v1/channels", "/openapi.json", "/nothing.js"]) {
      const answer = await sendRaw(
        house.port,
        `OPTIONS ${path} HTTP/1.1\r\nHost: ${own()}\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n`,
      );
      assert.doesNotMatch(answer, /access-control-allow/i, path);
    }
  });
});

describe("the token", () => {
  test("every path of the document needs it, by each method", async () => {
    const document = (await house.ask("GET", "/openapi.json")).json as { paths: Record<string, object> };
    const paths = Object.keys(document.paths).map((path) => path.replace(/\{\w+\}/g, "1"));
    assert.ok(paths.length > 40, `${paths.length} paths`);
    for (const path of [...paths, "/api/v1/nothing", "/api/", "/v1/", "/mcp", "/mcp/more"])
      for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        const { status } = await fetch(house.url + path, { method });
        // Twenty are told that it is wrong; then they are only turned away.
        assert.ok(status === 401 || status === 429, `${method} ${path}: ${status}`);
      }
  });

  test("the owner is answered also while somebody guesses", async () => {
    for (let i = 0; i < 25; i++)
      await fetch(`${house.url}/api/v1/channels`, { headers: { authorization: `Bearer guess-${i}` } });
    const turned = await fetch(`${house.url}/api/v1/channels`, { headers: { authorization: "Bearer x" } });
    assert.equal(turned.status, 429);
    assert.ok(Number(turned.headers.get("retry-after")) > 0);
    assert.equal((await house.ask("GET", "/api/v1/channels")).status, 200);
  });

  test("it is taken from the header only", async () => {
    const { token, url } = house;
    const tries: [string, Record<string, string>][] = [
      [`/api/v1/channels?token=${token}`, {}],
      [`/api/v1/channels?access_token=${token}`, {}],
      ["/api/v1/channels", { cookie: `token=${token}` }],
      ["/api/v1/channels", { authorization: `Basic ${Buffer.from(`ada:${token}`).toString("base64")}` }],
      ["/api/v1/channels", { authorization: token }],
      ["/api/v1/channels", { authorization: `Bearer ${token}x` }],
      ["/api/v1/channels", { authorization: `Bearer ${token.slice(0, -1)}` }],
    ];
    for (const [path, headers] of tries) {
      const { status } = await fetch(url + path, { headers });
      assert.ok(status === 401 || status === 429, `${path} ${JSON.stringify(headers)}: ${status}`);
    }
  });

  test("what is open without it tells nothing of the home", async () => {
    for (const path of ["/", "/openapi.json", "/llms.txt", "/c/general"]) {
      const response = await fetch(house.url + path);
      assert.equal(response.status, 200);
      const text = await response.text();
      assert.ok(!text.includes(house.token) && !text.includes(house.home), path);
      assert.equal(response.headers.get("set-cookie"), null);
    }
  });

  test("the stream says nothing before it, and nothing to a wrong one", async () => {
    const { port, token } = house;
    const wrong = openTab(port, { since: 0, token: "x".repeat(43) });
    assert.equal(await wrong.closed, 4401);
    assert.deepEqual(wrong.events, []);
    for (const hello of [
      "",
      "[]",
      "{",
      '{"token":1,"since":0}',
      `{"token":"${token}"}`,
      `{"token":"${token}","since":-1}`,
    ])
      assert.equal(await openTab(port, { since: 0, token, hello }).closed, 4400, hello);
    const silent = openTab(port, { since: 0, token, hello: null });
    assert.equal(await silent.closed, 4408);
    assert.deepEqual(silent.events, []);
    const large = openTab(port, { since: 0, token, hello: `{"token":"${"x".repeat(5_000)}","since":0}` });
    assert.equal(await large.closed, 1009);
    const chatty = openTab(port, { since: 0, token });
    await chatty.sees((event) => event.type === "caught-up");
    chatty.socket.send('{"type":"do"}');
    assert.equal(await chatty.closed, 4413);
    assert.equal(await upgrade([], own(), "/api/v1/other"), 404);
  });
});

describe("other users of the machine", () => {
  test("every file of the home is its owner's alone", () => {
    assert.equal(statSync(house.home).mode & 0o077, 0);
    const open = readdirSync(house.home).filter((name) => {
      const stats = statSync(join(house.home, name));
      return stats.isFile() && (stats.mode & 0o077) !== 0;
    });
    assert.deepEqual(open, []);
    assert.equal(statSync(join(house.home, "token")).mode & 0o777, 0o600);
  });

  const isRoot = process.getuid?.() === 0;
  test("they read nothing there", { skip: !isRoot && "only root can play another user" }, () => {
    for (const name of ["token", "journal.db", "keys.db", "."]) {
      const path = join(house.home, name);
      const { status } = spawnSync("/bin/ls", ["-l", `${path}/`], { uid: 65534, gid: 65534 });
      const read = spawnSync("/bin/cat", [path], { uid: 65534, gid: 65534 });
      assert.notEqual(status, 0, name);
      assert.notEqual(read.status, 0, name);
    }
  });
});

describe("the policy of the page", () => {
  test("every kind of answer carries it, and nothing in it is loose", async () => {
    const policy = toPolicy(own());
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    const kinds: [string, string, RequestInit][] = [
      ["the page", "/", {}],
      ["a file", "/assets/nothing-0.js", {}],
      ["an answer", "/api/v1/channels", { headers: { authorization: `Bearer ${house.token}` } }],
      ["a refusal", "/api/v1/channels", {}],
      ["nothing", "/nothing.png", {}],
      ["another method", "/openapi.json", { method: "POST" }],
      ["a foreign page", "/", { headers: { origin: "http://evil.example" } }],
    ];
    for (const [kind, path, init] of kinds) {
      const { headers } = await fetch(house.url + path, init);
      assert.equal(headers.get("content-security-policy"), policy, kind);
      assert.equal(headers.get("x-content-type-options"), "nosniff", kind);
      assert.equal(headers.get("referrer-policy"), "no-referrer", kind);
      assert.equal(headers.get("x-frame-options"), "DENY", kind);
      assert.equal(headers.get("cross-origin-resource-policy"), "same-origin", kind);
    }
  });
});

describe("paths", () => {
  test("no path of the page leads out of the bundle", async () => {
    const secret = "root:";
    const paths = [
      ...["/../../../../etc/passwd", "/..%2f..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd"],
      ...["/assets/../../../../etc/passwd", "/assets/..\\..\\..\\etc\\passwd", "//etc/passwd", "/etc/passwd"],
      ...[
        "/%00",
        "/assets/%00.js",
        "/%ff%fe",
        "/%",
        "/assets/%2e%2e%2f%2e%2e%2ftoken",
        "/.git/config",
        "/token",
      ],
    ];
    for (const path of paths) {
      const answer = await sendRaw(
        house.port,
        `GET ${path} HTTP/1.1\r\nHost: ${own()}\r\nConnection: close\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 (200|400|404) /, path);
      assert.ok(!answer.includes(secret) && !answer.includes(house.token), path);
    }
  });

  test("no path of a file leads out of the folder of its thread", async () => {
    const post = await house.ask("POST", "/api/v1/channels/general/posts", { text: "@worker hello" });
    const thread = post.json.id as string;
    await until(async () => (await house.ask("GET", `/api/v1/threads/${thread}`)).status === 200);
    const at = (path: string) => `/api/v1/threads/${thread}/files/content?path=${encodeURIComponent(path)}`;
    assert.equal((await house.ask("PUT", at("a/b.txt"), new TextEncoder().encode("inside"))).status, 200);
    assert.equal((await house.ask("GET", at("a/b.txt"))).text, "inside");
    const { folder } = (await house.ask("GET", `/api/v1/threads/${thread}`)).json as { folder: string };
    symlinkSync("/etc/passwd", join(folder, "link"));
    symlinkSync("/etc", join(folder, "etc"));
    mkdirSync(join(folder, "c"));
    writeFileSync(join(folder, "c", "d.txt"), "d");
    const out = [
      ...[
        "../journal.db",
        "../../token",
        "/etc/passwd",
        "a/../../../token",
        "link",
        "etc/passwd",
        "c/../../x",
      ],
      ...[join(house.home, "token"), "a\u0000b", "~/x", "."],
    ];
    for (const path of out) {
      const read = await house.ask("GET", at(path));
      assert.ok(read.status >= 400 && read.status < 500, `GET ${path}: ${read.status}`);
      assert.ok(!read.text.includes("root:") && !read.text.includes(house.token), path);
      if (path === "~/x") continue;
      const write = await house.ask("PUT", at(path), new TextEncoder().encode("out"));
      assert.ok(write.status >= 400 && write.status < 500, `PUT ${path}: ${write.status}`);
    }
  });
});

describe("bodies", () => {
  const post = (more: string[], body = "") =>
    status(
      [
        ...["POST /api/v1/channels HTTP/1.1", `Host: ${own()}`, `Authorization: Bearer ${house.token}`],
        ...more,
      ],
      body,
    );
  const json = "Content-Type: application/json";

  test("one that is too large is refused before it is read, also in pieces", async () => {
    assert.equal(await post([json, "Content-Length: 99999999999"], "{"), 413);
    const piece = `10000\r\n${"x".repeat(0x10000)}\r\n`;
    assert.equal(await post([json, "Transfer-Encoding: chunked"], piece.repeat(20)), 413);
    assert.equal(
      (await house.ask("POST", "/api/v1/channels", { name: "a", about: "x".repeat(1_100_000) })).status,
      413,
    );
  });

  test("one that is no JSON, or of another kind, is refused", async () => {
    assert.equal(await post([json, "Content-Length: 1"], "{"), 400);
    assert.equal(await post(["Content-Type: text/plain", "Content-Length: 2"], "{}"), 415);
    assert.equal(
      await post(["Content-Type: application/x-www-form-urlencoded", "Content-Length: 3"], "a=b"),
      415,
    );
    assert.equal(await post(["Content-Length: 2"], "{}"), 415);
    assert.equal(await post([json, "Content-Length: 2"], "[]"), 400);
    const deep = "[".repeat(200_000);
    assert.equal(await post([json, `Content-Length: ${deep.length}`], deep), 400);
    const proto = '{"name":"x","__proto__":{"admin":true}}';
    assert.equal(await post([json, `Content-Length: ${proto.length}`], proto), 400);
  });

  test("what could be read in two ways is refused", async () => {
    const both = [json, "Content-Length: 2", "Transfer-Encoding: chunked"];
    assert.equal(await post(both, "0\r\n\r\n"), 400);
    assert.equal(await post([json, "Content-Length: 2", "Content-Length: 3"], "{}"), 400);
    assert.equal(await post([json, "Content-Length: -1"], "{}"), 400);
    assert.equal(
      await post([json, "Transfer-Encoding: chunked", "Transfer-Encoding: identity"], "0\r\n\r\n"),
      400,
    );
    assert.equal(await status(["GET / HTTP/1.1", `Host: ${own()}`, `X: ${"x".repeat(70_000)}`]), 431);
  });
});

test("a client that is slow is turned away, and holds up nobody", async () => {
  await using slow = await openTestHouse({ patience: { headMs: 200, wholeMs: 400, lookMs: 50 } });
  const host = `Host: 127.0.0.1:${slow.port}\r\n`;
  const auth = `Authorization: Bearer ${slow.token}\r\n`;
  const begin = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(slow.port, "127.0.0.1");
      let answer = "";
      socket.on("data", (data) => {
        answer += data;
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(answer));
      socket.write(text);
    });
  const half = Array.from({ length: 20 }, () => begin(`GET / HTTP/1.1\r\n${host}`));
  const drip = begin(
    `POST /api/v1/channels HTTP/1.1\r\n${host}${auth}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
  );
  assert.equal((await slow.ask("GET", "/api/v1/channels")).status, 200);
  for (const answer of await Promise.all([...half, drip])) assert.match(answer, /^HTTP\/1\.1 408 /);
});
