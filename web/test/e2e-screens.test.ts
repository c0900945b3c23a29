// Every screen on the real server in a real browser, light and dark, wide and narrow: no accessibility violation, nothing
// wider than the page, no error, nobody else called.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { violations } from "./kit/axe.ts";
import { saveTester } from "./kit/play.ts";
import { openTab, type RealHum, skipReason, startBrowser, startReal, type Tab, until } from "./kit/real.ts";

let hum: RealHum;
let browser: Browser;
let paths: string[] = [];

before(async () => {
  if (skipReason) return;
  [hum, browser] = await Promise.all([startReal(), startBrowser()]);
  await saveTester(hum);
  const start = (task: string) => hum.ask<{ pid: number }>("POST", "/processes", { task, program: "tester" });
  await start("make a list");
  await start("fetch a page");
  await start("question");
  const post = await hum.ask<{ id: string }>("POST", "/channels/general/posts", {
    text: "@tester make a list",
  });
  await hum.ask("POST", "/memory", { about: "Mara", text: "lives in: Porto\nShe prefers short lists." });
  const write = (text: string) => hum.ask<{ id: string }>("POST", "/channels/general/posts", { text });
  const [asking, fetching] = [await write("@tester question"), await write("@tester fetch a page")];
  await write("Some words with **weight**, `code` and a list:\n\n- one\n- two");
  const direct = await hum.ask<{ id: string }>("POST", "/direct/tester");
  await hum.ask("POST", `/channels/${direct.id}/posts`, { text: "make a list" });
  const isIn = async (thread: string, wanted: string) =>
    (await hum.ask<{ state: string }>("GET", `/threads/${thread}`)).state === wanted;
  const report = await write("@tester report of **all**: `x`\n\n- one\n- two");
  await until(async () => {
    const { approvals } = await hum.ask<{ approvals: unknown[] }>("GET", "/look");
    const states = await Promise.all([
      ...[isIn(post.id, "complete"), isIn(asking.id, "awaitingInput")],
      ...[isIn(fetching.id, "awaitingInput"), isIn(direct.id, "complete"), isIn(report.id, "complete")],
    ]);
    return states.every(Boolean) && approvals.length > 1;
  });
  paths = [
    ...[
      "/",
      "/inbox",
      "/inbox?part=results",
      `/inbox/t/${report.id}`,
      "/threads",
      `/threads/t/${report.id}?part=done`,
      "/search",
      "/search?q=the",
      "/search?q=nowherewritten",
      "/c/general",
      `/c/general/t/${report.id}`,
      "/approvals",
      "/processes",
      "/processes/1",
      "/memory",
      "/programs",
      "/recurring",
      "/machine",
      "/settings",
      "/nowhere",
    ],
    ...["/c/general", `/c/${direct.id}`, `/c/general/t/${post.id}`, `/c/general/t/${asking.id}`],
    `/c/general/t/${fetching.id}`,
  ];
});

after(async () => {
  await browser?.close();
  await hum?.end();
});

async function visit(tab: Tab, path: string): Promise<void> {
  await tab.page.evaluate((to) => {
    location.hash = to;
  }, path);
  await tab.page.locator("#main h1, #main h2, #main .empty").first().waitFor();
  if (path.includes("/t/")) await tab.page.locator(".pane article").first().waitFor();
  await tab.page.waitForFunction(() => document.querySelector("#main .spinner, .pane .spinner") === null);
}

for (const theme of ["light", "dark"] as const)
  for (const width of [1280, 390])
    test(`every screen is accessible, ${theme}, ${width} wide`, { skip: skipReason }, async () => {
      const tab = await openTab(browser, hum.address, { theme, width, height: 820 });
      await tab.page.locator("#main").waitFor();
      const wrong: string[] = [];
      for (const path of paths) {
        await visit(tab, path);
        wrong.push(...(await violations(tab.page)).map((one) => `${path}: ${one}`));
        const over = await tab.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        if (over > 0) wrong.push(`${path} is ${over} wider than a page of ${width}`);
      }
      assert.deepEqual(wrong, []);
      assert.deepEqual(tab.errors, []);
      assert.deepEqual(tab.strangers, []);
      await tab.context.close();
    });
