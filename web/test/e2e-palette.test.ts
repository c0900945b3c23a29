// The palette and the dialogs of the page on the real server: places, people and threads are found by keyboard, a task is
// given, a channel is made, and all keys can be looked up.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { Channel, PostPage, Thread } from "../../os/src/workplace/contract.ts";
import { violations } from "./kit/axe.ts";
import { saveTester } from "./kit/play.ts";
import { openTab, type RealHum, skipReason, startBrowser, startReal, type Tab, until } from "./kit/real.ts";

let hum: RealHum;
let browser: Browser;

before(async () => {
  if (skipReason) return;
  [hum, browser] = await Promise.all([startReal(), startBrowser()]);
  await saveTester(hum);
});

after(async () => {
  await browser?.close();
  await hum?.end();
});

async function open(): Promise<Tab> {
  const tab = await openTab(browser, hum.address);
  await tab.page.getByRole("heading", { level: 1 }).first().waitFor();
  return tab;
}

const isClean = async ({ page }: Tab) => assert.deepEqual(await violations(page), []);

test("what is typed at once after asking for the palette is looked for, and not written where one was writing", {
  skip: skipReason,
}, async () => {
  const tab = await open();
  const { page } = tab;
  await page.evaluate(() => {
    location.hash = "/c/general";
  });
  const line = page.getByLabel("Write in #general");
  await line.fill("half a sentence ");
  // All in one go, before the code of the palette can be there.
  await page.evaluate(() => {
    const press = (key: string, more: KeyboardEventInit = {}) =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
      );
    press("k", { ctrlKey: true });
    for (const key of "workx") press(key);
    press("Backspace");
    press("Enter");
  });
  const field = page.getByRole("combobox", { name: "Find a place" });
  await field.waitFor();
  await until(async () => (await field.inputValue()) === "work", "the words that were typed early");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/c\/work$/);
  const { posts } = await hum.ask<PostPage>("GET", "/channels/general/posts");
  assert.ok(!posts.some((post) => post.text.includes("half a sentence")), "nothing was sent");
  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
  await page.getByLabel("Write in #work").fill("The keys are mine again");
  await tab.context.close();
});

test("places, people and threads are found and gone to by keyboard", { skip: skipReason }, async () => {
  const post = await hum.ask<{ id: string }>("POST", "/channels/general/posts", {
    text: "@tester make a list",
  });
  await until(async () => (await hum.ask<Thread>("GET", `/threads/${post.id}`)).state === "complete");
  const tab = await open();
  const { page } = tab;
  const find = async (words: string) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill(words);
    await page.getByRole("option").first().waitFor();
  };
  await page.keyboard.press("Control+k");
  await page.getByRole("listbox").waitFor();
  await isClean(tab);
  await page.keyboard.press("Escape");
  await find("work");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/c\/work$/);
  await find("make list");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`#/c/work/t/${post.id}`));
  await find("tester");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/c\/dm-tester-/);
  await find("process");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/processes$/);
  // What is nowhere a name is looked for in the posts.
  await find("list.txt");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/search\?q=list\.txt/);
  await page.locator(".search-row").first().waitFor();
  assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  await tab.context.close();
});

test("a task is given with its colleague and place, once; what was being written outlives a reload", {
  skip: skipReason,
}, async () => {
  const tab = await open();
  const { page } = tab;
  await page.keyboard.press("n");
  const words = page.getByRole("dialog").getByLabel("What would you like done?");
  await words.fill("make a list of the trip");
  await isClean(tab);
  await page.reload();
  await page.getByRole("button", { name: "New task" }).first().click();
  assert.equal(await words.inputValue(), "make a list of the trip");
  await page.getByLabel("Who does it").selectOption("tester");
  await page.getByLabel("Where").selectOption({ label: "#work" });
  await words.press("Control+Enter");
  await page.waitForURL(/#\/c\/work\/t\//);
  const id = /\/t\/([^/?]+)/.exec(page.url())?.[1] ?? "";
  await until(async () => (await hum.ask<Thread>("GET", `/threads/${id}`)).state === "complete");
  const { posts } = await hum.ask<PostPage>("GET", "/channels/work/posts");
  assert.deepEqual(
    posts.map((post) => post.text),
    ["@tester make a list of the trip"],
  );
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New task" }).first().click();
  assert.equal(await words.inputValue(), "");
  assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  await tab.context.close();
});

test("a channel is made, a name that is taken is said to be, and the keys are shown", {
  skip: skipReason,
}, async () => {
  const tab = await open();
  const { page } = tab;
  await page.getByRole("button", { name: "New channel" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("general");
  await dialog.getByText(/There is a channel “general” already/).waitFor();
  assert.equal(await dialog.getByRole("button", { name: "Make the channel" }).isDisabled(), true);
  await dialog.getByLabel("Name").fill("!!!");
  await dialog.getByRole("button", { name: "Make the channel" }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByLabel("Name").fill("Travel photos");
  await dialog.getByLabel("What it is for").fill("Photos of our trips");
  await isClean(tab);
  await dialog.getByRole("button", { name: "Make the channel" }).click();
  await page.waitForURL(/#\/c\/travel-photos/);
  const channels = await hum.ask<Channel[]>("GET", "/channels");
  assert.equal(channels.find((one) => one.id === "travel-photos")?.about, "Photos of our trips");
  await page.locator("#main").focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Put away or resolve").waitFor();
  await isClean(tab);
  assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  await tab.context.close();
});
