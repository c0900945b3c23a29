// Inbox, threads and search on the real server: what needs you is answered where it stands and by keyboard, what is put
// away comes back, a thread is resolved and opened again, a post is found by its words and by the name of its file.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import type { InboxItem, PostPage, Thread } from "../../os/src/workplace/contract.ts";
import { report, saveTester } from "./kit/play.ts";
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

const write = (text: string) => hum.ask<{ id: string }>("POST", "/channels/general/posts", { text });
const thread = (id: string) => hum.ask<Thread>("GET", `/threads/${id}`);
const inbox = () => hum.ask<InboxItem[]>("GET", "/inbox");
const is = (id: string, state: Thread["state"]) =>
  until(async () => (await thread(id)).state === state, state);

async function open(path: string): Promise<Tab> {
  const tab = await openTab(browser, hum.address);
  await tab.page.locator("#main").waitFor();
  await go(tab.page, path);
  return tab;
}

const go = (page: Page, path: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, path);

const group = (page: Page, name: string) => page.getByRole("group", { name, exact: true });
const options = (page: Page, name: string) => group(page, name).getByRole("option");

test("nothing waits: the inbox says so, with a picture", { skip: skipReason }, async () => {
  const tab = await open("/inbox");
  await tab.page.getByText("All clear").waitFor();
  await tab.page.getByRole("img", { name: /landscape/ }).waitFor();
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("a question is answered and an effect refused in the inbox, by keyboard", {
  skip: skipReason,
}, async () => {
  const asks = await write("@tester question");
  const fetches = await write("@tester fetch the page");
  await is(asks.id, "awaitingInput");
  await is(fetches.id, "awaitingInput");
  const tab = await open("/inbox");
  const { page } = tab;
  await options(page, "Needs you").nth(1).waitFor();
  assert.equal(await options(page, "Needs you").count(), 2);
  // All of an effect is seen. A key answers it once it was there for a moment.
  await options(page, "Needs you").filter({ hasText: "asks for a yes" }).click();
  await page.getByRole("listbox").focus();
  await page.getByText("http://127.0.0.1:9/page?from=hum").first().waitFor();
  await until(async () => {
    if ((await hum.ask<unknown[]>("GET", "/approvals")).length > 0) await page.keyboard.press("d");
    return (await hum.ask<unknown[]>("GET", "/approvals")).length === 0;
  }, "the answer");
  await until(async () => (await options(page, "Needs you").count()) === 1);
  await page.getByText("Which of the two lists do you mean?").last().waitFor();
  await page.keyboard.press("r");
  await page.keyboard.type("the longer one");
  await page.keyboard.press("Enter");
  await is(asks.id, "complete");
  await until(async () => (await group(page, "Needs you").count()) === 0);
  const { posts } = await hum.ask<PostPage>("GET", `/threads/${asks.id}/posts`);
  assert.equal(posts.filter((post) => post.text === "the longer one").length, 1);
  assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  await tab.context.close();
});

test("what is put away is resolved and read, and comes back whole", { skip: skipReason }, async () => {
  const { seq } = await hum.ask<{ seq: number }>("GET", "/look");
  await hum.ask("POST", "/inbox/read", { until: seq });
  const post = await write("@tester report please");
  await is(post.id, "complete");
  const tab = await open("/inbox");
  const { page } = tab;
  await options(page, "New").first().waitFor();
  // The whole of it is seen at once: the words, the table, the file.
  await page.getByRole("cell", { name: "1,200.50" }).waitFor();
  await page.getByRole("button", { name: /totals\.csv.*new/ }).click();
  await page.getByRole("dialog").getByRole("cell", { name: "980" }).waitFor();
  await page.keyboard.press("Escape");
  const unread = async () => (await inbox()).filter((item) => item.unread).length;
  await page.getByRole("listbox").focus();
  await page.keyboard.press("e");
  await page.getByText("Put away, and its task is resolved.").waitFor();
  await until(async () => (await thread(post.id)).resolved && (await unread()) === 0);
  await page.getByText("All clear").waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await until(async () => !(await thread(post.id)).resolved && (await unread()) === 1);
  await options(page, "New").first().waitFor();
  // Again, and back by key.
  await page.getByRole("listbox").focus();
  await page.keyboard.press("e");
  await until(async () => (await thread(post.id)).resolved);
  await page.keyboard.press("z");
  await until(async () => !(await thread(post.id)).resolved && (await unread()) === 1);
  // Another browser sees the same, and enter opens the thread beside the list.
  const other = await open("/inbox");
  await options(other.page, "New").first().waitFor();
  await other.page.keyboard.press("Enter");
  await other.page.waitForURL(new RegExp(`#/inbox/t/${post.id}`));
  assert.deepEqual([tab.errors, tab.strangers, other.errors, other.strangers], [[], [], [], []]);
  await Promise.all([tab.context.close(), other.context.close()]);
});

test("threads are filtered, walked, opened, resolved and taken back by keyboard", {
  skip: skipReason,
}, async () => {
  const works = await write("@tester count to the end");
  await until(async () => ["active", "pending"].includes((await thread(works.id)).state));
  const tab = await open("/threads");
  const { page } = tab;
  const rows = page.locator(".threads-row");
  await page.getByRole("link", { name: /count to the end/ }).waitFor();
  await page.keyboard.press("f");
  await page.keyboard.type("report");
  await until(async () => (await rows.count()) === 1);
  await page.keyboard.press("Enter");
  await page.keyboard.press("e");
  await page.getByText(/^Resolved: .*report/).waitFor();
  const [found] = await hum.ask<Thread[]>("GET", "/threads?resolved=true");
  assert.match(found?.title ?? "", /report/);
  await page.keyboard.press("z");
  await until(async () => (await hum.ask<Thread[]>("GET", "/threads?resolved=true")).length === 0);
  await page.getByRole("textbox", { name: /Filter/ }).fill("");
  await until(async () => (await rows.count()) >= 4);
  await page.locator(".ctl-choice-one", { hasText: "At work" }).click();
  await until(async () => (await rows.count()) === 1);
  assert.match(page.url(), /part=active/);
  await rows.first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`#/threads/t/${works.id}`));
  // What ends leaves the list of those at work by itself.
  await hum.ask("POST", `/processes/${(await thread(works.id)).pid}/kill`, {});
  await page.getByText("Nobody is at work").waitFor();
  assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  await tab.context.close();
});

test("a post is found while words are typed, marked, narrowed and opened at its place", {
  skip: skipReason,
}, async () => {
  assert.match(report, /not final/);
  const tab = await open("/search");
  const { page } = tab;
  await page.getByRole("searchbox").pressSequentially("not fina");
  await page.locator("mark", { hasText: "fina" }).first().waitFor();
  assert.equal(await page.locator(".search-row").count(), 1);
  await page.getByRole("searchbox").fill("totals.csv");
  await page.waitForURL(/q=totals\.csv/);
  await page.locator(".search-row", { hasText: "totals.csv" }).first().waitFor();
  await page.getByRole("searchbox").fill("tester");
  await page
    .getByRole("region", { name: "Places and people" })
    .getByRole("button", { name: "tester" })
    .waitFor();
  const all = await page.locator(".search-row").count();
  assert.ok(all > 1);
  await page.getByLabel("Author").selectOption({ index: 1 });
  await until(async () => (await page.locator(".search-row").count()) < all);
  await page.getByRole("searchbox").fill("not final");
  await page.locator("mark", { hasText: "final" }).first().waitFor();
  await page.getByRole("searchbox").press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/search\/t\/[^/]+\/p\/\d+\?q=not%20final/);
  await page.locator(".pane").getByText("The numbers of June are not final.").waitFor();
  await page.reload();
  await page.locator(".pane").getByText("The numbers of June are not final.").waitFor();
  await go(page, "/search");
  await page.getByRole("button", { name: "not final" }).waitFor();
  await page.getByRole("searchbox").fill("nowherewritten");
  await page.getByText(/Nothing has/).waitFor();
  assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  await tab.context.close();
});
