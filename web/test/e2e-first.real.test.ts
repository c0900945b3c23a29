// From the first visit to a finished task, with nothing played: the real server, browser, sandbox and embedded model.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { tryModel } from "../../os/test/fixtures/models.ts";
import { openTab, skipReason, startBrowser, startReal } from "./kit/real.ts";

const minutes = 15;
const table = readFileSync(new URL("../../examples/desk/sales.csv", import.meta.url));

test("a table is given to the clerk in a channel, and its total comes back with a file", {
  skip: skipReason,
  timeout: (minutes + 5) * 60_000,
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
    await page
      .locator("#main input[type=file]")
      .setInputFiles([{ name: "sales.csv", mimeType: "text/csv", buffer: table }]);
    await page.getByRole("list", { name: "Attached files" }).getByText("sales.csv").waitFor();
    const composer = page.locator("#main textarea");
    await composer.fill(
      "@clerk Please add up the amounts in sales.csv, write the total to total.txt and tell me.",
    );
    await composer.press("Enter");
    const post = page.locator("#main article.post", { hasText: "add up the amounts" });
    await post.getByRole("button", { name: /Done/ }).waitFor({ timeout: minutes * 60_000 });
    await post.getByRole("button", { name: /Done/ }).click();
    await page
      .locator("aside.pane")
      .getByText(/1[,.]?263\.24/)
      .first()
      .waitFor();
    const thread = /\/t\/([^/?]+)/.exec(page.url())?.[1] ?? "";
    const files = await hum.ask<{ path: string }[]>("GET", `/threads/${thread}/files`);
    assert.ok(files.some((file) => file.path === "total.txt"));
    assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  } finally {
    await browser.close();
    await hum.end();
  }
});
