// "What Hum remembers" in the browser on the real server: looked at, added to, put right with the keyboard, forgotten; what an
// entity wrote down shows where it was told.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { FactRow } from "../../os/src/inbox/remembered.ts";
import { violations } from "./kit/axe.ts";
import { openTab, type RealHum, skipReason, startBrowser, startReal, until } from "./kit/real.ts";

let hum: RealHum;
let browser: Browser;

before(async () => {
  if (skipReason) return;
  [hum, browser] = await Promise.all([startReal(), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await hum?.end();
});

const rows = () => hum.ask<FactRow[]>("GET", "/memory?past=true");

test("what is remembered is added, put right and forgotten", { skip: skipReason }, async () => {
  const tab = await openTab(browser, hum.address);
  const { page } = tab;
  await page.locator("#main").waitFor();
  await page.evaluate(() => {
    location.hash = "/memory";
  });
  await page.getByText("Nothing is remembered yet").waitFor();
  await page.getByRole("button", { name: "Add something" }).click();
  await page.getByLabel("Who or what it is about").fill("Mara");
  await page.getByLabel("What is so").fill("lives in: Utrecht since 2026-01-05\nbirthday: 3 May");
  await page.getByRole("button", { name: "Save" }).click();
  const card = page.locator(".mem-subject", { hasText: "Mara" });
  await card.getByText("Utrecht").waitFor();
  assert.match((await card.textContent()) ?? "", /since Jan 5, 2026/);

  await hum.ask("POST", "/memory", { about: "mara", text: "lives in: Porto" });
  await hum.ask("POST", "/memory", { about: "lighthouse", text: "The lamp is old." });
  await page.reload();
  await page.locator(".mem-subject", { hasText: "Porto" }).waitFor();
  assert.equal(await page.getByText("Utrecht").count(), 0, "what is over is not shown");
  await page.getByLabel("Also what was so once").check();
  await page.getByText("Utrecht").waitFor();

  const edit = page.getByRole("button", { name: "Edit: birthday: 3 May" });
  await edit.focus();
  await page.keyboard.press("Enter");
  const field = page.getByRole("textbox", { name: "birthday" });
  await until(
    async () => field.evaluate((node) => node === document.activeElement),
    "the field has the focus",
  );
  await page.keyboard.press("Escape");
  await until(async () => edit.evaluate((node) => node === document.activeElement), "the focus is back");
  await page.keyboard.press("Enter");
  await field.fill("4 May");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Edit: birthday: 4 May" }).waitFor();
  assert.deepEqual(await violations(page), []);

  await page.getByLabel("Find in what is remembered").fill("lamp");
  await until(async () => (await page.locator(".mem-subject").count()) === 1);
  await page.getByLabel("Find in what is remembered").fill("");
  await page.getByRole("button", { name: "Forget: lives in: Porto" }).click();
  await page.getByText("the journal on this disk keeps its record").waitFor();
  await page.getByRole("button", { name: "Forget", exact: true }).click();
  await until(async () => !(await rows()).some((row) => row.value === "Porto"));
  assert.equal(
    (await rows()).find((row) => row.value === "Utrecht")?.until,
    null,
    "what it had closed holds again",
  );
  await page.getByRole("button", { name: "Forget all about Mara" }).click();
  await page.getByRole("button", { name: "Forget", exact: true }).click();
  await until(async () => (await page.locator(".mem-subject").count()) === 1, "only the lighthouse is left");
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});
