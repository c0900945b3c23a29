// The home page on the real server: the first visit, a wish that becomes work, an approval and a question answered in
// place, what you were writing after the plug was pulled, and two browsers that see the same.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { PostPage, ProcessRow } from "../../os/src/workplace/contract.ts";
import { saveTester } from "./kit/play.ts";
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

const wish = (page: Page) => page.getByLabel("What would you like done?");
const row = (pid: number) => hum.ask<ProcessRow>("GET", `/processes/${pid}`);

test("the first visit: a greeting, a picture, and nothing of the token in the address", {
  skip: skipReason,
}, async () => {
  const tab = await openTab(browser, hum.address);
  await tab.page.getByRole("heading", { level: 1, name: /Good .*, Ada\./ }).waitFor();
  await tab.page.getByRole("img", { name: /A painted landscape/ }).waitFor();
  assert.doesNotMatch(tab.page.url(), /token/);
  assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  await tab.context.close();
});

test("a wish becomes work in a direct line, once, and is finished", { skip: skipReason }, async () => {
  const tab = await openTab(browser, hum.address);
  await wish(tab.page).fill("Please tell me something");
  await wish(tab.page).press("Enter");
  await tab.page.waitForURL(/#\/c\/dm-/);
  const channel = /#\/c\/([^/?]+)/.exec(tab.page.url())?.[1] ?? "";
  await until(async () => {
    const { posts } = await hum.ask<PostPage>("GET", `/channels/${channel}/posts`);
    return posts.some((post) => post.text === "I heard: Please tell me something");
  }, "the answer");
  const { posts } = await hum.ask<PostPage>("GET", `/channels/${channel}/posts`);
  assert.equal(posts.filter((post) => post.text === "Please tell me something").length, 1);
  // What is read where it comes is not new, and the next words are written without a click.
  await until(
    async () => (await tab.page.locator(".sidebar .unread-dot").count()) === 0,
    "the answer that is in view is seen",
  );
  const line = tab.page.getByLabel("Write to guide");
  await until(() => line.evaluate((one) => one === document.activeElement), "the caret");
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("what needs you is answered where it stands", { skip: skipReason }, async () => {
  await saveTester(hum);
  const start = (task: string) => hum.ask<ProcessRow>("POST", "/processes", { task, program: "tester" });
  const fetching = await start("fetch the page");
  await hum.ask("POST", "/channels/general/posts", { text: "@tester question" });
  const tab = await openTab(browser, hum.address);
  await tab.page.getByRole("heading", { name: "2 things need you" }).waitFor();
  await tab.page.getByLabel("Your answer").fill("the longer one");
  await tab.page.getByRole("button", { name: "Answer" }).click();
  await tab.page.getByRole("heading", { name: "One thing needs you" }).waitFor();
  const focused = () => tab.page.evaluate(() => document.activeElement?.tagName ?? "");
  await until(async () => (await focused()) === "H2", "the focus on what is left");
  await tab.page.getByText("http://127.0.0.1:9/page?from=hum").first().waitFor();
  await tab.page.getByRole("button", { name: "Do not allow" }).click();
  await until(async () => (await tab.page.getByRole("heading", { name: /need.? you/ }).count()) === 0);
  await until(async () => (await focused()) === "TEXTAREA", "the focus where the next wish is written");
  await until(async () => (await row(fetching.pid)).ended);
  await tab.page
    .getByText(/tester finished/)
    .first()
    .waitFor();
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("what you were writing is there after the plug was pulled, and the page goes on by itself", {
  skip: skipReason,
}, async () => {
  const tab = await openTab(browser, hum.address);
  const other = await openTab(browser, hum.address);
  await wish(tab.page).pressSequentially("Please say that nothing was ");
  await hum.kill();
  await wish(tab.page).pressSequentially("lost");
  hum = await hum.again();
  await wish(tab.page).press("Enter");
  await tab.page.waitForURL(/#\/c\/dm-/);
  await other.page.evaluate(() => {
    location.hash = "/";
  });
  // Both tabs, one of which only looked on, show what happened since, without a reload.
  await other.page
    .getByText(/finished.*nothing was lost/)
    .first()
    .waitFor();
  await tab.page.evaluate(() => {
    location.hash = "/";
  });
  await tab.page
    .getByText(/finished.*nothing was lost/)
    .first()
    .waitFor();
  assert.equal(await wish(tab.page).inputValue(), "");
  const rows = await hum.ask<ProcessRow[]>("GET", "/processes?ended=true");
  assert.equal(rows.filter((one) => one.task.includes("nothing was lost")).length, 1);
  await Promise.all([tab.context.close(), other.context.close()]);
});
