// Lighthouse on each screen of the page, on the real server with a played model, in Debian's Chromium. Lighthouse is no
// dependency of the repository: install it in a folder of its own and name that.
//
//   (in a folder outside) npm init -y && npm i --save-exact lighthouse@13.5.0
//   node bench/lighthouse.ts THAT_FOLDER [--mobile]

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";
import { chromium } from "playwright-core";
import { saveTester } from "../web/test/kit/play.ts";
import { browserPath, startReal, until } from "../web/test/kit/real.ts";

const { values, positionals } = parseArgs({
  options: { mobile: { type: "boolean", default: false } },
  allowPositionals: true,
});
const [folder] = positionals;
if (!folder) throw new Error("Name the folder in which lighthouse is installed.");
const program = resolve(folder, "node_modules/lighthouse/cli/index.js");

interface Report {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; title: string; numericValue?: number }>;
}

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

const hum = await startReal();
const scratch = mkdtempSync(join(tmpdir(), "hum-lighthouse-"));
const port = await freePort();
const context = await chromium.launchPersistentContext(join(scratch, "profile"), {
  executablePath: browserPath ?? "",
  args: ["--no-sandbox", "--disable-gpu", `--remote-debugging-port=${port}`],
});
try {
  await saveTester(hum);
  const write = (text: string) => hum.ask<{ id: string }>("POST", "/channels/general/posts", { text });
  const listing = await write("@tester make a list");
  const asking = await write("@tester fetch a page");
  await write("Some words with **weight** and `code`:\n\n- one\n- two");
  const isIn = async (thread: string, wanted: string) =>
    (await hum.ask<{ state: string }>("GET", `/threads/${thread}`).catch(() => null))?.state === wanted;
  await until(async () => (await isIn(listing.id, "complete")) && isIn(asking.id, "awaitingInput"));
  const page = await context.newPage();
  await page.goto(hum.address);
  await page.locator("#main").waitFor();
  const paths = [
    ...["/", "/inbox", "/threads", "/search?q=the", "/c/general", `/c/general/t/${listing.id}`],
    ...[`/c/general/t/${asking.id}`, "/approvals", "/processes", "/processes/1", "/programs", "/recurring"],
    ...["/machine", "/settings"],
  ];
  console.log(
    "screen | accessibility | best practices | performance | first paint, ms | shift | what is missing",
  );
  for (const path of paths) {
    const file = join(scratch, "report.json");
    const args = [
      ...[program, `http://127.0.0.1:${hum.port}/#${path}`, `--port=${port}`, "--disable-storage-reset"],
      ...[
        "--only-categories=accessibility,best-practices,performance",
        "--output=json",
        `--output-path=${file}`,
      ],
      ...["--quiet", "--max-wait-for-load=60000", ...(values.mobile ? [] : ["--preset=desktop"])],
    ];
    await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
    const report = JSON.parse(readFileSync(file, "utf8")) as Report;
    const score = (name: string) => Math.round((report.categories[name]?.score ?? 0) * 100);
    const missing = ["accessibility", "best-practices"].flatMap((name) =>
      (report.categories[name]?.auditRefs ?? [])
        .filter(({ id, weight }) => weight > 0 && (report.audits[id]?.score ?? 1) < 1)
        .map(({ id }) => id),
    );
    const number = (name: string) => report.audits[name]?.numericValue ?? Number.NaN;
    console.log(
      [
        ...[
          path.replace(/t\/.*/, "t/…"),
          score("accessibility"),
          score("best-practices"),
          score("performance"),
        ],
        ...[number("first-contentful-paint").toFixed(0), number("cumulative-layout-shift").toFixed(3)],
        missing.join(" "),
      ].join(" | "),
    );
  }
} finally {
  await context.close();
  await hum.end();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
