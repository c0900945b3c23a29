// From the first visit to a finished task, with nothing played: the real server, browser, sandbox and embedded model.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { tryModel } from "../../os/test/fixtures/models.ts";
import { openTab, type RealHum, skipReason, startBrowser, startReal } from "./kit/real.ts";

// A small model on another processor may come to another end. Whoever sits there would ask again, so it may try three times.
const tries = ["Please", "Once more, please", "Let us try again: please"];
const minutes = 7;
const sum = /1[,.]?263\.24/;
const table = readFileSync(new URL("../../examples/desk/sales.csv", import.meta.url));

test("a table is given to the clerk in a channel, and its total comes back with a file", {
  skip: skipReason,
  timeout: (tries.length * minutes + 2) * 60_000,
}, async (context) => {
  const model = await tryModel("qwen2.5-coder-1.5b");
  if ("skip" in model) return context.skip(model.skip);
  const home = realpathSync(mkdtempSync(join(tmpdir(), "hum-e2e-first-")));
  // The weights are not copied: they lie where every home of this user finds them.
  symlinkSync(dirname(model.file), join(home, "models"));
  const [hum, browser] = await Promise.all([startReal({ home, real: true }), startBrowser()]);
  try {
    const tab = await openTab(browser, hum.address);
    const { page } = tab;
    await page.getByRole("heading", { level: 1, name: /Ada/ }).waitFor();
    await page.getByRole("link", { name: "work", exact: true }).click();
    let right = false;
    for (const opening of tries) {
      right = await askClerk(hum, page, opening);
      if (right) break;
      context.diagnostic(`"${opening}" came to no right end:\n${await told(hum, page)}`);
    }
    assert.ok(right, await told(hum, page));
    assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  } finally {
    await browser.close();
    await hum.end();
  }
});

/** Asks for the total as a person does, and waits for an end: true when it is right in the thread and in a file of it. */
async function askClerk(hum: RealHum, page: Page, opening: string): Promise<boolean> {
  await page
    .locator("#main input[type=file]")
    .setInputFiles([{ name: "sales.csv", mimeType: "text/csv", buffer: table }]);
  await page.getByRole("list", { name: "Attached files" }).getByText("sales.csv").waitFor();
  const composer = page.locator("#main textarea");
  const words = `${opening} add up the amounts in sales.csv, write the total to total.txt and tell me.`;
  await composer.fill(`@clerk ${words}`);
  await composer.press("Enter");
  const post = page.locator("#main article.post", { hasText: words });
  const end = post.getByRole("button", { name: /Done|Failed|Needs you/ });
  try {
    await end.waitFor({ timeout: minutes * 60_000 });
  } catch {
    return false;
  }
  const done = /Done/.test((await end.textContent()) ?? "");
  await end.click();
  const thread = /\/t\/([^/?]+)/.exec(page.url())?.[1] ?? "";
  const files = await hum.ask<{ path: string }[]>("GET", `/threads/${thread}/files`);
  // The kernel holds this one, however good the model is: nothing is done whose file is not there.
  if (done) assert.ok(files.some((file) => file.path === "total.txt"));
  const pane = page.locator("aside.pane");
  await pane.getByText("total.txt").first().waitFor();
  return !opening.startsWith("Please") && done && sum.test((await pane.textContent()) ?? "");
}

/** What a reader of a failed run wants to know. */
async function told(hum: RealHum, page: Page): Promise<string> {
  const processes = await hum.ask<unknown[]>("GET", "/processes");
  const seen = await page.locator("#main").textContent();
  return [...processes.map((one) => JSON.stringify(one)), seen].join("\n");
}
