// The list of a conversation on the real server in a real browser: it opens at a linked post, holds few rows, stays where
// one reads and goes along where one stands at the end; and work is held and stopped from its thread.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { Thread } from "../../os/src/workplace/contract.ts";
import { composer, goTo, inPane, talkOn } from "./kit/chat.ts";
import { countedLine, saveTester } from "./kit/play.ts";
import { openTab, type RealHum, skipReason, startBrowser, startReal, until } from "./kit/real.ts";

let hum: RealHum;
let browser: Browser;
const { write, postsOf, newChannel, openChannel, closeGate } = talkOn(() => hum);

before(async () => {
  if (skipReason) return;
  [hum, browser] = await Promise.all([startReal(), startBrowser()]);
  await saveTester(hum);
});

after(async () => {
  await browser?.close();
  await hum?.end();
});

test("a long channel: a link opens at its post, the newest is one step away, and few rows are in the page", {
  skip: skipReason,
}, async () => {
  const name = await newChannel("long");
  const seqs: number[] = [];
  for (let n = 0; n < 180; n++) seqs.push((await write(`Line ${n} of the long talk.`, name)).seq);
  const tab = await openChannel(browser, name);
  const { page } = tab;
  await page.getByText("Line 179 of", { exact: false }).waitFor();
  await goTo(page, `/c/${name}/p/${seqs[20]}`);
  const linked = page.locator("article.post-linked");
  await linked.getByText("Line 20 of").waitFor();
  const box = await linked.boundingBox();
  assert.ok(box && box.y > 100 && box.y < 700, `the linked post is in view, at ${box?.y}`);
  // Up to the first one: older posts are read as one comes near, and none is missing or there twice.
  const list = page.locator("#main .posts-scroll");
  await list.focus();
  await until(async () => {
    await page.keyboard.press("Home");
    return (await page.getByText("The beginning of #long").count()) > 0;
  }, "the beginning");
  const rows = await page.locator("[data-index]").count();
  assert.ok(rows < 150, `${rows} rows`);
  await page.getByRole("button", { name: "To the newest" }).click();
  await page.getByText("Line 179 of", { exact: false }).waitFor();
  await until(
    () => list.evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight < 60),
    "the end",
  );
  // Who reads above is told of what comes below, and is not moved.
  await page.mouse.move(700, 400);
  await page.mouse.wheel(0, -600);
  await page.getByRole("button", { name: "To the newest" }).waitFor();
  const read = page.getByText("Line 170 of", { exact: false });
  const y = async () => Math.round((await read.boundingBox())?.y ?? -1);
  let before = -1;
  await until(async () => {
    const now = await y();
    const rests = now === before && now > 0;
    before = now;
    return rests;
  }, "that it rests");
  await write("@tester say something", name);
  await until(
    async () => (await postsOf(`channels/${name}`)).posts.some((one) => one.text.includes("@tester")),
    "the post",
  );
  await page.getByRole("button", { name: /To the newest|new post/ }).waitFor();
  // Two frames, so that what came is drawn.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await y(), before);
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("words that come do not move who reads above, and carry along who stands at the end", {
  skip: skipReason,
}, async () => {
  await closeGate();
  const name = await newChannel("stream");
  const tab = await openTab(browser, hum.address, { height: 480 });
  const { page } = tab;
  await page.locator("#main").waitFor();
  const post = await write("@tester count", name);
  await goTo(page, `/c/${name}/t/${post.id}`);
  const list = inPane(page).locator(".posts-scroll");
  const place = () =>
    list.evaluate((one) => ({
      top: one.scrollTop,
      left: one.scrollHeight - one.scrollTop - one.clientHeight,
    }));
  // It holds after twenty lines, which are higher than the pane.
  await inPane(page).locator(".live-words").getByText(countedLine(15), { exact: false }).waitFor();
  await until(async () => (await place()).top > 60 && (await place()).left < 60, "the end in view");
  await list.hover();
  await page.mouse.wheel(0, -60);
  await inPane(page).getByRole("button", { name: "To the newest" }).waitFor();
  await page.waitForFunction(
    () => {
      const now = document.querySelector(".pane .posts-scroll")?.scrollTop ?? 0;
      const before = Number(document.body.dataset.top ?? -1);
      document.body.dataset.top = String(now);
      return now === before;
    },
    null,
    { polling: 200 },
  );
  const { top } = await place();
  await hum.openGate();
  await inPane(page)
    .locator("article.post", { hasText: countedLine(1) })
    .waitFor();
  await inPane(page).locator(".live").waitFor({ state: "detached" });
  assert.equal((await place()).top, top, "whoever reads above stays there");
  await inPane(page).getByRole("button", { name: "One new post" }).click();
  await until(async () => (await place()).left < 60, "the end");
  await hum.ask("POST", `/threads/${post.id}/posts`, { text: "and now say something" });
  await inPane(page).locator("article.post", { hasText: "and now say something" }).waitFor();
  await until(async () => (await place()).left < 60, "the end, by itself");
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("work is held, goes on and is stopped from its thread", { skip: skipReason }, async () => {
  await closeGate();
  const name = await newChannel("held");
  const post = await write("@tester count", name);
  const tab = await openTab(browser, hum.address);
  const { page } = tab;
  await page.locator("#main").waitFor();
  await goTo(page, `/c/${name}/t/${post.id}`);
  const line = inPane(page).locator(".live-line");
  await inPane(page).getByRole("button", { name: "Pause the work" }).click();
  await line.getByText("is paused").waitFor();
  await inPane(page).getByRole("button", { name: "Let it go on" }).click();
  await until(async () => (await line.getByText("is paused").count()) === 0, "that it goes on");
  await inPane(page).getByRole("button", { name: "Stop the work" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop", exact: true }).click();
  await line.waitFor({ state: "detached" });
  await inPane(page).locator("article.post", { hasText: "tester was stopped" }).waitFor();
  assert.equal((await hum.ask<Thread>("GET", `/threads/${post.id}`)).state, "error");
  await hum.openGate();
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("the caret comes with c while the posts of a place are still on their way", {
  skip: skipReason,
}, async () => {
  const name = await newChannel("waiting");
  const tab = await openTab(browser, hum.address);
  const { page } = tab;
  await page.locator("#main").waitFor();
  const release: (() => void)[] = [];
  await page.route("**/channels/waiting/posts*", async (route) => {
    await new Promise<void>((resolve) => release.push(resolve));
    await route.continue();
  });
  await goTo(page, `/c/${name}`);
  await composer(page, "#waiting").waitFor();
  await until(async () => release.length > 0, "that posts are asked for");
  await page.keyboard.press("c");
  await page.keyboard.type("I am quick");
  for (const one of release) one();
  assert.equal(await composer(page, "#waiting").inputValue(), "I am quick");
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});
