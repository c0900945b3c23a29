// Every screen on the real server in a real browser, light and dark, wide and narrow: no accessibility violation, nothing
// wider than the page, no error, nobody else called.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { saveTester } from "./kit/play.ts";
import { openTab, type RealHum, skipReason, startBrowser, startReal, type Tab, until } from "./kit/real.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

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
  await until(async () => {
    const { state } = await hum.ask<{ state: string }>("GET", `/threads/${post.id}`);
    const { approvals } = await hum.ask<{ approvals: unknown[] }>("GET", "/look");
    return state === "complete" && approvals.length > 0;
  });
  paths = [
    ...[
      "/",
      "/approvals",
      "/processes",
      "/processes/1",
      "/programs",
      "/recurring",
      "/machine",
      "/settings",
      "/nowhere",
    ],
  ];
});

after(async () => {
  await browser?.close();
  await hum?.end();
});

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run;
    return (await run()).violations;
  });
  return found.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
  );
}

async function visit(tab: Tab, path: string): Promise<void> {
  await tab.page.evaluate((to) => {
    location.hash = to;
  }, path);
  await tab.page.locator("#main h1, #main h2, #main .empty").first().waitFor();
  await tab.page.waitForFunction(() => document.querySelector("#main .spinner") === null);
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
