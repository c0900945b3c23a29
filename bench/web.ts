// The page on the real server, measured in a real browser: time until it can be used, bytes of the first load, a channel of
// 100,000 posts (time to open, rows in the document, delay of a key), and what an open tab costs when nothing happens.
//
//   node bench/web.ts [--posts 100000] [--idle 60]
//
// The posts are written into the journal by this script; the server is a process of its own with a played model.

import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, CDPSession, Page } from "playwright-core";
import { ensureBundle, webFolder } from "../os/src/cli/bundle.ts";
import { toEvent } from "../os/src/entity/events.ts";
import { toChannelStream } from "../os/src/entity/work-events.ts";
import { startHum } from "../os/src/start.ts";
import type { PostPage } from "../os/src/workplace/contract.ts";
import { startWorkplace } from "../os/src/workplace/start.ts";
import { openPlayed } from "../web/test/kit/play.ts";
import { openTab, type RealHum, startBrowser, startReal } from "../web/test/kit/real.ts";

const { values } = parseArgs({
  options: { posts: { type: "string", default: "100000" }, idle: { type: "string", default: "60" } },
});
const posts = Number(values.posts);
const idleSeconds = Number(values.idle);

const median = (list: number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
const kilo = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
const ms = (time: number): string => `${time.toFixed(0)} ms`;

/** Writes the posts, as if one person had talked for years. */
async function seed(home: string): Promise<void> {
  const hum = await startHum({ home, openModel: async () => openPlayed({}), run: false });
  await startWorkplace(hum);
  const words = "the list of members was sorted by town and the sums are in the table below".split(" ");
  const batch = 1000;
  for (let from = 0; from < posts; from += batch) {
    const events = Array.from({ length: Math.min(batch, posts - from) }, (_, i) =>
      toEvent("post.written", {
        ...{ id: `seed-${from + i}`, channel: "general", thread: null, by: "Ada", mentions: [], wants: [] },
        text: `Post ${from + i}: ${words.slice(0, 3 + ((from + i) % 12)).join(" ")}.${i % 9 === 0 ? "\n\n- one\n- two with `code`" : ""}`,
        ...{ files: [], key: null },
      }),
    );
    await hum.machine.commit(toChannelStream("general"), events);
  }
  await hum.stop();
}

async function countBytes(page: Page): Promise<{ session: CDPSession; bytes(): number; requests(): number }> {
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  let requests = 0;
  await session.send("Network.enable");
  session.on("Network.loadingFinished", (event) => {
    bytes += event.encodedDataLength;
  });
  session.on("Network.requestWillBeSent", () => requests++);
  return { session, bytes: () => bytes, requests: () => requests };
}

/** From the address to a page that can be used, in a browser that has never seen it. */
async function firstLoads(browser: Browser, hum: RealHum): Promise<{ usable: number; bytes: number }> {
  const usable: number[] = [];
  let bytes = 0;
  for (let run = 0; run < 5; run++) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const count = await countBytes(page);
    const began = performance.now();
    await page.goto(hum.address, { waitUntil: "commit" });
    await page.getByLabel("What would you like done?").waitFor();
    usable.push(performance.now() - began);
    await page.waitForLoadState("networkidle");
    bytes = count.bytes();
    await context.close();
  }
  return { usable: median(usable), bytes };
}

interface Opened {
  open: number;
  jump: number;
  rows: number;
  elements: number;
  key: number;
  keyWorst: number;
}

/** Opens the large channel from the home page and types in it. */
async function openChannel(browser: Browser, hum: RealHum): Promise<Opened> {
  const { page, context } = await openTab(browser, hum.address);
  await page.getByLabel("What would you like done?").waitFor();
  const last = page.getByText(`Post ${posts - 1}:`).first();
  const times: number[] = [];
  for (let run = 0; run < 5; run++) {
    await page.evaluate("location.hash = '/'");
    await page.getByLabel("What would you like done?").waitFor();
    const began = performance.now();
    await page.evaluate("location.hash = '/c/general'");
    await last.waitFor();
    times.push(performance.now() - began);
  }
  // Links to posts far apart, each of which must be read and come into view.
  const { posts: page1 } = await hum.ask<PostPage>("GET", "/channels/general/posts?limit=1");
  const end = page1[0]?.seq ?? 0;
  const jumps: number[] = [];
  for (const part of [0.1, 0.7, 0.3, 0.9, 0.5]) {
    const seq = end - Math.floor(posts * part);
    const began = performance.now();
    await page.evaluate(`location.hash = "/c/general/p/${seq}"`);
    await page.locator("article.post-linked", { hasText: `Post ${posts - 1 - (end - seq)}:` }).waitFor();
    jumps.push(performance.now() - began);
  }
  await page.evaluate("location.hash = '/c/general'");
  await last.waitFor();
  const count = await page.evaluate<{ rows: number; elements: number }>(`({
    rows: document.querySelectorAll("#main [data-index]").length,
    elements: document.querySelectorAll("*").length,
  })`);
  await page.evaluate(`
    window.keys = [];
    document.addEventListener("keydown", (event) => {
      const at = event.timeStamp;
      requestAnimationFrame(() => setTimeout(() => window.keys.push(performance.now() - at), 0));
    }, true);
  `);
  await page.locator("#main textarea, #main [contenteditable=true]").last().click();
  await page.keyboard.type("How long does a key take in a channel as long as this one?", { delay: 40 });
  await page.waitForTimeout(300);
  const keys = await page.evaluate<number[]>("window.keys");
  await context.close();
  return {
    open: median(times),
    jump: median(jumps),
    ...count,
    key: median(keys),
    keyWorst: Math.max(...keys),
  };
}

/** What a tab costs in which nothing happens, after it has come to rest. */
async function idle(browser: Browser, hum: RealHum): Promise<{ cpu: number; requests: number }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(hum.address);
  await page.getByLabel("What would you like done?").waitFor();
  const count = await countBytes(page);
  await count.session.send("Performance.enable");
  const busy = async () => {
    const { metrics } = await count.session.send("Performance.getMetrics");
    return metrics.find((metric) => metric.name === "TaskDuration")?.value ?? 0;
  };
  // The picture moves for twenty seconds, then it rests.
  await page.waitForTimeout(25_000);
  const [cpu, requests] = [await busy(), count.requests()];
  await page.waitForTimeout(idleSeconds * 1000);
  const result = { cpu: ((await busy()) - cpu) / idleSeconds, requests: count.requests() - requests };
  await context.close();
  return result;
}

const home = realpathSync(mkdtempSync(join(tmpdir(), "hum-bench-web-")));
try {
  const began = performance.now();
  await seed(home);
  const seeded = performance.now() - began;
  // A page that has to be built anew is another matter.
  await ensureBundle(webFolder, () => {});
  const started = performance.now();
  const hum = await startReal({ home });
  const up = performance.now() - started;
  const browser = await startBrowser();
  try {
    const first = await firstLoads(browser, hum);
    const channel = await openChannel(browser, hum);
    const rest = await idle(browser, hum);
    console.log(`posts in the channel            ${posts} (written in ${(seeded / 1000).toFixed(1)} s)`);
    console.log(`server up after                 ${ms(up)}`);
    console.log(`time to usable, fresh browser   ${ms(first.usable)} (median of 5)`);
    console.log(`first load                      ${kilo(first.bytes)} over the wire`);
    console.log(`open the channel                ${ms(channel.open)} (median of 5)`);
    console.log(`jump to a linked post           ${ms(channel.jump)} (median of 5)`);
    console.log(`rows in the document            ${channel.rows} (${channel.elements} elements in all)`);
    console.log(`key to next frame               ${ms(channel.key)} median, ${ms(channel.keyWorst)} worst`);
    console.log(
      `open tab at rest                ${(rest.cpu * 100).toFixed(2)} % of one core, ${rest.requests} requests in ${idleSeconds} s`,
    );
  } finally {
    await browser.close();
    await hum.end();
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
