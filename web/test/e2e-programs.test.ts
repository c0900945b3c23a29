// A program of one's own, written in the browser on the real server: checked as it is typed, saved, tried, changed and
// deleted; it builds on one that came with Hum.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ProcessRow, ProgramInfo } from "../../os/src/workplace/contract.ts";
import { openTab, type RealHum, skipReason, startBrowser, startReal, type Tab, until } from "./kit/real.ts";

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

const text = (base: string, words: string) => `---
name: biller
description: Writes invoices from a list of hours.
extends: ${base}
---
- ${words}
`;

const programs = () => hum.ask<ProgramInfo[]>("GET", "/programs");
const own = async () => (await programs()).find((program) => program.name === "biller");

async function openPrograms(): Promise<Tab> {
  const tab = await openTab(browser, hum.address);
  await tab.page.locator("#main").waitFor();
  await tab.page.evaluate(() => {
    location.hash = "/programs";
  });
  await tab.page.getByRole("heading", { name: "Programs" }).first().waitFor();
  return tab;
}

test("a program that extends another is written, tried, changed and deleted", {
  skip: skipReason,
}, async () => {
  const tab = await openPrograms();
  const { page } = tab;
  const editor = page.locator("textarea.ctl-editor-text");
  const check = page.locator("#program-check");
  await page.getByRole("button", { name: "New program" }).click();
  await until(async () => (await check.textContent()) === "It can be used.", "the template is right");

  await editor.fill(text("nobody", "One invoice for each customer."));
  await until(async () => /extends "nobody", which is no program/.test((await check.textContent()) ?? ""));
  const save = page.getByRole("button", { name: "Save", exact: true });
  assert.equal(await save.isDisabled(), true);

  await editor.fill(text("worker", "One invoice for each customer."));
  await until(async () => (await check.textContent()) === "It can be used.");
  await save.click();
  await until(async () => (await own())?.tools.includes("python") === true, "it has the tools of the worker");
  assert.equal((await own())?.shipped, false);

  await page.getByLabel("Task", { exact: true }).fill("Make the list.");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByText("The list is in list.txt.").waitFor();
  const [row] = (await hum.ask<ProcessRow[]>("GET", "/processes?ended=true")).filter(
    (one) => one.program === "biller",
  );
  assert.equal(row?.outcome?.kind, "done");

  await editor.fill(text("worker", "Two invoices for each customer."));
  await until(async () => (await check.textContent()) === "It can be used.");
  await page.keyboard.press("Control+s");
  await until(async () => (await own())?.text.includes("Two invoices") === true, "the change was saved");

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await until(async () => (await own()) === undefined, "it was deleted");
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("a copy over a shipped one is one's own until it is deleted", { skip: skipReason }, async () => {
  const tab = await openPrograms();
  const { page } = tab;
  await page
    .locator("nav.ctl-side")
    .getByRole("button", { name: /^scribe/ })
    .click();
  const editor = page.locator("textarea.ctl-editor-text");
  const before = await editor.inputValue();
  await editor.fill(`${before}\nSign each letter.\n`);
  await page.getByRole("button", { name: "Save as my own" }).click();
  const scribe = async () => (await programs()).find((program) => program.name === "scribe");
  await until(async () => (await scribe())?.shipped === false, "it lies over the shipped one");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await until(async () => (await scribe())?.shipped === true, "the shipped one is there again");
  assert.equal((await scribe())?.text, before);
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});
