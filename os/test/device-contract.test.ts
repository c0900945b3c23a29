// The contract suite over all devices, the real sandbox among them.

import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after } from "node:test";
import { createCanvas } from "../src/device/canvas/canvas.ts";
import { toSvgFile } from "../src/device/canvas/picture-file.ts";
import { sceneSchema } from "../src/device/canvas/scene.ts";
import { createClock } from "../src/device/clock.ts";
import { createFiles } from "../src/device/files.ts";
import { createHttp } from "../src/device/http.ts";
import { detectSandbox } from "../src/device/sandbox.ts";
import { createTerminal } from "../src/device/terminal.ts";
import { testDevice } from "./contract/device.ts";
import { skipWithoutSandbox } from "./fixtures/needs.ts";

const sandbox = await detectSandbox();
const server = createServer((request, response) => {
  if (request.url === "/slow") return;
  response.writeHead(request.url === "/" ? 200 : 404, { "content-type": "text/plain" }).end("hello\n");
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => {
  server.closeAllConnections();
  server.close();
});
const { port } = server.address() as AddressInfo;
const base = `http://127.0.0.1:${port}`;

testDevice("clock", {
  create: () => createClock({ timeZone: "Europe/Berlin" }),
  cases: [
    { operation: "now", good: {}, bad: [{ zone: "UTC" }], failing: { reason: "the clock cannot fail" } },
  ],
});

testDevice("canvas", {
  create: async ({ blobs, folder }) => {
    await writeFile(join(folder, "there.svg"), toSvgFile(sceneSchema.parse({})));
    return createCanvas({ blobs });
  },
  cases: [
    {
      operation: "draw",
      good: { path: "x/new", setting: "sea", animals: [{ kind: "owl", count: 2 }] },
      bad: [{ setting: "moon" }, { path: "" }, { animals: [{ kind: "owl", count: 0 }] }, { people: "many" }],
      failing: [{ path: "../outside/p" }, { path: "a.txt/p" }],
    },
    {
      operation: "change",
      good: { path: "there.svg", words: "make it night" },
      bad: [{ words: "" }, { path: "there.svg" }, { words: 1 }],
      failing: [
        { path: "none", words: "night" },
        { path: "there", words: "louder" },
      ],
    },
  ],
});

const paths = {
  bad: [{}, { path: 1 }, { path: "" }],
  missing: [{ path: "none.txt" }, { path: "../outside/secret.txt" }],
};
testDevice("files", {
  create: ({ blobs }) => createFiles({ blobs }),
  cases: [
    {
      operation: "list",
      good: {},
      bad: [{ path: 1 }],
      failing: [{ path: "none" }, { path: ".." }, { path: "a.txt" }],
    },
    {
      operation: "read",
      good: { path: "a.txt" },
      bad: [...paths.bad, { path: "a", from: 0 }],
      failing: [...paths.missing, { path: "sub" }],
    },
    {
      operation: "write",
      good: { path: "x/y/new.txt", text: "new\n" },
      bad: [...paths.bad, { path: "a" }, { path: "a", text: "x".repeat(5_000_000) }],
      failing: [
        { path: "sub", text: "" },
        { path: "../outside/new.txt", text: "" },
        { path: "a.txt/b", text: "" },
        { path: `${"n".repeat(300)}`, text: "" },
      ],
    },
    {
      operation: "append",
      good: { path: "a.txt", text: "four\n" },
      bad: [...paths.bad, { path: "a" }],
      failing: [{ path: "sub", text: "" }],
    },
    {
      operation: "mkdir",
      good: { path: "p/q" },
      bad: paths.bad,
      failing: [{ path: "a.txt" }, { path: "a.txt/b" }],
    },
    {
      operation: "remove",
      good: { path: "sub" },
      bad: paths.bad,
      failing: [...paths.missing, { path: "." }],
    },
    {
      operation: "move",
      good: { from: "sub", to: "far/away" },
      bad: [{ from: "a" }, { to: "a" }],
      failing: [
        { from: "none", to: "x" },
        { from: "a.txt", to: "../outside/x" },
        { from: "sub", to: "sub/deeper" },
        { from: "a.txt", to: "sub/b.txt" },
      ],
    },
  ],
});

for (const box of [sandbox, null])
  testDevice(box ? "terminal (sandbox)" : "terminal (plain)", {
    create: ({ blobs }) => createTerminal({ sandbox: box, blobs }),
    skip: box !== null && skipWithoutSandbox(sandbox),
    cases: [
      {
        operation: "run",
        good: { command: "echo x >> a.txt; rm -r sub; mkdir -p k/l; ln -s a.txt k/link; chmod 700 a.txt" },
        bad: [{}, { command: "" }, { command: "x", language: "perl" }],
        failing: [
          { command: "echo partly >> a.txt; exit 3" },
          { command: "import nothing_like_this", language: "python" },
          { command: "nothing-like-this" },
        ],
        slow: { command: "echo begun >> a.txt; sleep 60" },
      },
    ],
  });

testDevice("http", {
  create: () => createHttp(),
  context: { hosts: [`127.0.0.1:${port}`] },
  cases: [
    {
      operation: "get",
      good: { url: `${base}/` },
      bad: [{}, { url: "example" }, { url: "file:///etc/passwd" }, { url: "http://me:secret@example.org/" }],
      failing: [{ url: `${base}/missing` }, { url: "http://127.0.0.1:1/" }, { url: "https://example.org/" }],
      slow: { url: `${base}/slow` },
    },
  ],
});
