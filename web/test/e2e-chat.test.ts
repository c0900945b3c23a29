// Conversations on the real server in a real browser: a wish in a channel from the first word to the finished task by the
// keyboard alone, two browsers at once, a reload and a pulled plug in the middle, files, and what opens only when wanted.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ProcessRow, Thread } from "../../os/src/workplace/contract.ts";
import { violations } from "./kit/axe.ts";
import { composer, goTo, inPane, reply, rowOf, talkOn } from "./kit/chat.ts";
import { countedLine, countedLines, saveTester } from "./kit/play.ts";
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

test("by the keyboard alone: a colleague is mentioned, works in a thread, and the task is resolved", {
  skip: skipReason,
}, async () => {
  const tab = await openTab(browser, hum.address);
  const { page } = tab;
  await page.getByRole("link", { name: "general" }).press("Enter");
  await composer(page).waitFor();
  await page.keyboard.press("c");
  await until(() => composer(page).evaluate((area) => area === document.activeElement), "the caret");
  await page.keyboard.type("@tes");
  await page.getByRole("option", { name: /^tester/ }).waitFor();
  await page.keyboard.press("Enter");
  assert.equal(await composer(page).inputValue(), "@tester ");
  await page.keyboard.type("make a list");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("of what we need");
  await page.keyboard.press("Enter");
  const mine = rowOf(page, "make a list");
  await mine.getByRole("button", { name: /Done/ }).waitFor();
  assert.equal(await composer(page).inputValue(), "");
  // Esc gives the keys to the posts, k and j walk, Enter opens the thread.
  await page.keyboard.press("Escape");
  await page.keyboard.press("k");
  await page.keyboard.press("j");
  await until(() => mine.evaluate((one) => one === document.activeElement), "the focus on the post");
  await page.keyboard.press("Enter");
  await inPane(page).getByText("The list is in list.txt.").waitFor();
  await inPane(page).getByRole("button", { name: "1 file" }).press("Enter");
  await inPane(page)
    .getByRole("button", { name: /^Save list.txt/ })
    .first()
    .waitFor();
  const id = /\/t\/([^/]+)/.exec(page.url())?.[1] ?? "";
  await inPane(page).locator(".posts-scroll").focus();
  await page.keyboard.press("e");
  await until(async () => (await hum.ask<Thread>("GET", `/threads/${id}`)).resolved, "that it is resolved");
  await page.keyboard.press("Escape");
  await inPane(page).waitFor({ state: "detached" });
  await mine.getByText("Resolved").waitFor();
  assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  await tab.context.close();
});

test("a reply is written with r, and Up changes what was said last", { skip: skipReason }, async () => {
  const name = await newChannel("words");
  await write("What shall we eat?", name);
  const tab = await openChannel(browser, name);
  const { page } = tab;
  await rowOf(page, "What shall we eat?").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("r");
  await until(
    () => reply(page).evaluate((area) => area === document.activeElement),
    "the caret in the thread",
  );
  await page.keyboard.type("Soop");
  await page.keyboard.press("Enter");
  await inPane(page).locator("article.post", { hasText: "Soop" }).waitFor();
  await rowOf(page, "What shall we eat?")
    .getByRole("button", { name: /1 reply/ })
    .waitFor();
  await until(
    async () => (await inPane(page).locator("article.post-pending").count()) === 0,
    "that it has arrived",
  );
  await page.keyboard.press("ArrowUp");
  const edit = inPane(page).getByLabel("Your post", { exact: true });
  await edit.fill("Soup");
  await edit.press("Enter");
  await inPane(page).locator("article.post", { hasText: "Soup" }).getByText("edited").waitFor();
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("two browsers at once see the same at once, and what one has read is read in the other", {
  skip: skipReason,
}, async () => {
  const name = await newChannel("both");
  const [one, two] = await Promise.all([openChannel(browser, name), openChannel(browser, name)]);
  await composer(one.page, "#both").fill("Who brings the cake?");
  await composer(one.page, "#both").press("Enter");
  const there = rowOf(two.page, "Who brings the cake?");
  await there.hover();
  await there.getByRole("button", { name: "Reply in thread" }).click();
  await until(() => reply(two.page).evaluate((area) => area === document.activeElement), "the caret");
  await two.page.keyboard.type("I do.");
  await two.page.keyboard.press("Enter");
  await rowOf(one.page, "Who brings the cake?")
    .getByRole("button", { name: /1 reply/ })
    .click();
  await inPane(one.page).getByText("I do.").waitFor();
  await goTo(one.page, "/");
  await write("And the tea?", name);
  await rowOf(two.page, "And the tea?").waitFor();
  // The second browser has it in view, so it is unread in neither.
  await until(
    async () =>
      (await one.page.getByRole("link", { name: /both/ }).getByText("unread").count()) === 0 &&
      ((await hum.ask<{ seen: Record<string, number> }>("GET", "/look")).seen[name] ?? 0) > 0,
    "that it is read in both",
  );
  assert.deepEqual([one.errors, two.errors], [[], []]);
  await Promise.all([one.context.close(), two.context.close()]);
});

test("the plug is pulled while a colleague writes and a person types: nothing is lost, nothing is doubled", {
  skip: skipReason,
}, async () => {
  const name = await newChannel("plug");
  const tab = await openChannel(browser, name);
  const { page } = tab;
  await composer(page, "#plug").fill("@tester count");
  await composer(page, "#plug").press("Enter");
  await rowOf(page, "count")
    .getByRole("button", { name: /At work/ })
    .click();
  // It writes at this moment, and holds in the middle.
  await inPane(page).locator(".live-words").getByText(countedLine(15), { exact: false }).waitFor();
  await reply(page).pressSequentially("Half of this was typed ");
  await hum.kill();
  await reply(page).pressSequentially("while nobody listened");
  await reply(page).press("Enter");
  const waiting = inPane(page).locator("article.post-pending");
  await waiting.getByText("waits until Hum is reached").waitFor();
  // A reload meanwhile: there is no server, so the page is as it was; what waits stands in this browser.
  await composer(page, "#plug").fill("A draft of something else");
  hum = await hum.again();
  await hum.openGate();
  const id = /\/t\/([^/]+)/.exec(page.url())?.[1] ?? "";
  await waiting.waitFor({ state: "detached" });
  await until(async () => {
    const rows = await hum.ask<ProcessRow[]>("GET", "/processes?ended=true");
    return rows.filter((row) => row.thread === id).every((row) => row.ended);
  }, "the end of the work");
  // A long answer is folded; its first lines are there.
  await inPane(page)
    .locator("article.post", { hasText: countedLine(1) })
    .first()
    .waitFor();
  const { posts } = await postsOf(`threads/${id}`);
  assert.equal(posts.filter((post) => post.text.endsWith("while nobody listened")).length, 1);
  assert.equal(posts.filter((post) => post.text.includes(countedLine(countedLines))).length, 1);
  await page.reload();
  await composer(page, "#plug").waitFor();
  assert.equal(await composer(page, "#plug").inputValue(), "A draft of something else");
  assert.equal(await reply(page).inputValue(), "");
  await inPane(page).getByText("while nobody listened").first().waitFor();
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("a reload in the middle of an answer loses nothing: the words so far are there again", {
  skip: skipReason,
}, async () => {
  await closeGate();
  const name = await newChannel("reload");
  const post = await write("@tester count", name);
  const tab = await openTab(browser, hum.address);
  const { page } = tab;
  await page.locator("#main").waitFor();
  await goTo(page, `/c/${name}/t/${post.id}`);
  await inPane(page).locator(".live").waitFor();
  await reply(page).pressSequentially("What I was about to say");
  await page.reload();
  const words = inPane(page).locator(".live-words");
  for (const line of [1, 15]) await words.getByText(countedLine(line), { exact: false }).waitFor();
  assert.equal(await reply(page).inputValue(), "What I was about to say");
  await hum.openGate();
  await inPane(page)
    .locator("article.post", { hasText: countedLine(1) })
    .waitFor();
  await inPane(page).locator(".live").waitFor({ state: "detached" });
  const { posts } = await postsOf(`threads/${post.id}`);
  assert.equal(posts.filter((one) => one.text.includes(countedLine(countedLines))).length, 1);
  assert.equal(
    await inPane(page)
      .locator("article.post", { hasText: countedLine(1) })
      .count(),
    1,
  );
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("words that were refused come back to be changed, and own words can be deleted", {
  skip: skipReason,
}, async () => {
  const name = await newChannel("refused");
  const tab = await openChannel(browser, name);
  const { page } = tab;
  const posts = "**/channels/refused/posts";
  const error = { code: "denied", message: "You are no member." };
  await page.route(posts, (route) =>
    route.request().method() === "POST" ? route.fulfill({ status: 403, json: { error } }) : route.continue(),
  );
  await composer(page, "#refused").fill("May I say this?");
  await composer(page, "#refused").press("Enter");
  await page.getByText("It was not taken: You are no member.").waitFor();
  await page.getByRole("button", { name: "Edit it" }).click();
  await until(
    async () => (await composer(page, "#refused").inputValue()) === "May I say this?",
    "the words in the composer",
  );
  await page.unroute(posts);
  await composer(page, "#refused").press("Enter");
  const mine = page.locator("#main article.post:not(.post-pending)", { hasText: "May I say this?" });
  await mine.hover();
  await mine.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("This post was deleted.").waitFor();
  assert.deepEqual(
    (await postsOf(`channels/${name}`)).posts.map((one) => one.deleted),
    [true],
  );
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("Enter while a file is on its way: the post goes off with it, and not without it", {
  skip: skipReason,
}, async () => {
  const name = await newChannel("slow");
  const tab = await openChannel(browser, name);
  const { page } = tab;
  const files = (route: URL) => route.pathname.includes("/files");
  const sent = () => postsOf(`channels/${name}`);
  const pick = () =>
    page
      .locator("#main input[type=file]")
      .setInputFiles([{ name: "slow.csv", mimeType: "text/csv", buffer: Buffer.from("a,1") }]);
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.route(files, async (route) => {
    await gate;
    await route.continue();
  });
  await pick();
  await composer(page, "#slow").fill("with its file");
  await composer(page, "#slow").press("Enter");
  await page.getByText("Goes off as soon as its files are there").waitFor();
  assert.equal((await sent()).posts.length, 0);
  open();
  await page.locator("#main article.post:not(.post-pending)", { hasText: "with its file" }).waitFor();
  assert.deepEqual(
    (await sent()).posts.map((post) => post.files.map((file) => file.path)),
    [["slow.csv"]],
  );

  await page.unroute(files);
  await page.route(files, (route) => route.abort());
  await pick();
  await composer(page, "#slow").fill("not without it");
  await composer(page, "#slow").press("Enter");
  await page.getByText("A file did not arrive: try it again or take it off").waitFor();
  assert.equal((await sent()).posts.length, 1);
  await page.unroute(files);
  await page.getByRole("list", { name: "Attached files" }).getByRole("button", { name: "Try again" }).click();
  await page.locator("#main article.post:not(.post-pending)", { hasText: "not without it" }).waitFor();
  assert.equal((await sent()).posts.at(-1)?.files.length, 1);
  await tab.context.close();
});

test("files come with a post, under a name of their own, and are read by the colleague", {
  skip: skipReason,
}, async () => {
  const name = await newChannel("files");
  const tab = await openChannel(browser, name);
  const { page } = tab;
  const file = (text: string) => ({ name: "sales.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  const picker = page.locator("#main input[type=file]");
  await picker.setInputFiles([file("a,1"), file("b,2")]);
  const chips = page.getByRole("list", { name: "Attached files" });
  await chips.getByText("sales-2.csv").waitFor();
  await until(async () => (await page.locator(".file-chip-moving").count()) === 0, "the uploads");
  const held = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["c,3"], "dropped.csv", { type: "text/csv" }));
    return data;
  });
  await page.locator("#main .posts-scroll").dispatchEvent("drop", { dataTransfer: held });
  await chips.getByText("dropped.csv").waitFor();
  await chips.getByRole("button", { name: "Take off dropped.csv" }).click();
  await composer(page, "#files").fill("@tester here they are");
  // What is attached outlives a reload, as the words do.
  await page.reload();
  await chips.getByText("sales-2.csv").waitFor();
  await chips.getByRole("button", { name: "Take off sales-2.csv" }).click();
  await composer(page, "#files").press("Enter");
  await rowOf(page, "here they are").getByText("sales.csv").first().waitFor();
  await until(async () => {
    const { posts } = await postsOf(`channels/${name}`);
    const post = posts.find((one) => one.text.includes("here they are"));
    return post?.files.map((one) => one.path).join() === "sales.csv";
  }, "the post with its file");
  const { posts } = await postsOf(`channels/${name}`);
  const id = posts.find((one) => one.text.includes("here they are"))?.id ?? "";
  const files = await hum.ask<{ path: string }[]>("GET", `/threads/${id}/files`);
  assert.ok(files.some((one) => one.path === "sales.csv"));
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("a screen that is first opened while the server is away appears when it is back", {
  skip: skipReason,
}, async () => {
  const tab = await openTab(browser, hum.address);
  const { page } = tab;
  await page.getByLabel("What would you like done?").waitFor();
  await hum.kill();
  await page.getByRole("link", { name: "general" }).click();
  await page.getByRole("link", { name: "Programs" }).click();
  await page.getByText("Reconnecting").waitFor();
  await page.getByRole("link", { name: "general" }).click();
  hum = await hum.again();
  await composer(page).waitFor();
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("what opens only when it is wanted is accessible too: names, tools, steps, a question for a yes, files", {
  skip: skipReason,
}, async () => {
  const name = await newChannel("opened");
  const asks = await write("@tester fetch a page", name);
  await hum.ask("PUT", `/threads/${asks.id}/files/content?path=notes.txt`, { a: 1 });
  await until(
    async () => (await hum.ask<Thread>("GET", `/threads/${asks.id}`)).state === "awaitingInput",
    "the question",
  );
  for (const theme of ["light", "dark"] as const) {
    const tab = await openTab(browser, hum.address, { theme });
    const { page } = tab;
    await page.locator("#main").waitFor();
    await goTo(page, `/c/${name}/t/${asks.id}`);
    const line = inPane(page).locator(".live-line");
    await line.click();
    await inPane(page).getByRole("link", { name: "All that it does" }).waitFor();
    await inPane(page).getByRole("button", { name: "Look at it" }).click();
    await inPane(page).getByRole("button", { name: "Do not allow" }).waitFor();
    await rowOf(page, "fetch a page").hover();
    await composer(page, "#opened").fill("@");
    await page.getByRole("listbox").waitFor();
    assert.deepEqual(await violations(page), [], theme);
    await composer(page, "#opened").press("Escape");
    await page.mouse.move(2, 400);
    await rowOf(page, "fetch a page").hover();
    await rowOf(page, "fetch a page").getByRole("button", { name: "Reply in thread" }).hover();
    await page.locator(".tooltip", { hasText: "Reply in thread" }).waitFor();
    await page.mouse.move(2, 400);
    await page.locator(".tooltip").waitFor({ state: "detached" });
    await inPane(page).getByRole("button", { name: "More" }).first().click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await inPane(page).getByLabel("Name of the thread").fill(`A page, ${theme}`);
    assert.deepEqual(await violations(page), [], theme);
    await page.keyboard.press("Enter");
    await inPane(page)
      .getByRole("heading", { name: `A page, ${theme}` })
      .waitFor();
    await composer(page, "#opened").fill("");
    await tab.context.close();
  }
});
