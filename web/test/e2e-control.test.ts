// To decide and to stop, from the page, on the real server: approvals by keyboard, pause, resume and kill, and the red
// switch, which holds when the machine starts again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ProcessRow, Thread } from "../../os/src/workplace/contract.ts";
import { violations } from "./kit/axe.ts";
import { saveTester } from "./kit/play.ts";
import { openTab, type RealHum, skipReason, startBrowser, startReal, until } from "./kit/real.ts";

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

const start = (task: string) => hum.ask<ProcessRow>("POST", "/processes", { task, program: "tester" });
const row = (pid: number) => hum.ask<ProcessRow>("GET", `/processes/${pid}`);
const approvals = () => hum.ask<{ id: string; pid: number }[]>("GET", "/approvals");

test("an undo is told, and a file that went with it says why it is not here", {
  skip: skipReason,
}, async () => {
  const post = await hum.ask<{ id: string }>("POST", "/channels/general/posts", {
    text: "@tester make a list",
  });
  await until(async () => (await hum.ask<Thread>("GET", `/threads/${post.id}`)).state === "complete");
  const { pid } = await hum.ask<Thread>("GET", `/threads/${post.id}`);
  const { page, errors, context } = await openTab(browser, hum.address);
  await page.locator("#main").waitFor();
  const go = (to: string) =>
    page.evaluate((path) => {
      location.hash = path;
    }, to);
  await go(`/c/general/t/${post.id}`);
  await page.locator("aside.pane").getByRole("button", { name: "More", exact: true }).first().click();
  await page.getByRole("menuitem", { name: "Show and undo its changes" }).click();
  await page.waitForURL(new RegExp(`#/processes/${pid}`));
  await page.locator("#main").getByText("list.txt").waitFor();
  await page.locator("#main").getByRole("button", { name: "Undo its changes" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo its changes" }).click();
  await page.getByText("What tester changed is as it was before.").waitFor();
  await go(`/c/general/t/${post.id}`);
  await page
    .locator("aside.pane")
    .getByRole("button", { name: /^list.txt/ })
    .click();
  await page.getByRole("dialog").getByText("This file is not here any more").waitFor();
  assert.equal(await page.getByRole("dialog").getByRole("button", { name: "Save a copy" }).count(), 0);
  assert.deepEqual(errors, []);
  await context.close();
});

test("an approval is given and another one refused by keyboard", { skip: skipReason }, async () => {
  for (const [key, word] of [
    ["a", "approved"],
    ["d", "denied"],
  ] as const) {
    const { pid } = await start("fetch the page");
    await until(async () => (await approvals()).some((one) => one.pid === pid));
    const tab = await openTab(browser, `${hum.address}`);
    await tab.page.locator("#main").waitFor();
    await tab.page.evaluate(() => {
      location.hash = "/approvals";
    });
    await tab.page.getByText("http.get").first().waitFor();
    // The question must have been seen for a moment before a key counts, so the key is pressed until it does.
    await until(async () => {
      if ((await approvals()).length > 0) await tab.page.keyboard.press(key);
      return (await approvals()).length === 0;
    });
    await until(async () => (await row(pid)).ended);
    const { records } = await hum.ask<{ records: { type: string; data: Record<string, unknown> }[] }>(
      "GET",
      `/journal?pid=${pid}&limit=500`,
    );
    const answers = records.filter((record) => record.type === "approval.answered");
    assert.equal(answers.length, 1);
    assert.match(JSON.stringify(answers[0]?.data), new RegExp(word));
    assert.deepEqual(tab.errors, []);
    await tab.context.close();
  }
});

test("several effects of one answer are one question, and one yes is for all that it shows", {
  skip: skipReason,
}, async () => {
  const { pid } = await start("read the pages");
  await until(async () => (await approvals()).some((one) => one.pid === pid));
  assert.equal((await approvals()).length, 1);
  const { page, errors, context } = await openTab(browser, hum.address);
  await page.locator("#main").waitFor();
  await page.evaluate(() => {
    location.hash = "/approvals";
  });
  const frame = page.locator("article.ctl-ask");
  await frame.getByText("may these 3 be done?").waitFor();
  for (const [i, name] of ["a", "b", "c"].entries()) {
    await frame.getByRole("heading", { name: `${i + 1} of 3` }).waitFor();
    await frame.getByText(`http://127.0.0.1:9/${name}`).waitFor();
  }
  assert.deepEqual(await violations(page), []);
  await frame.getByRole("button", { name: /^Approve 3/ }).click();
  await until(async () => (await row(pid)).ended);
  const { records } = await hum.ask<{ records: { type: string; data: { name?: string; ok?: boolean } }[] }>(
    "GET",
    `/journal?pid=${pid}&limit=500`,
  );
  const tried = records.filter(({ type, data }) => type === "call.ended" && data.name === "get");
  assert.equal(tried.length, 3);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a colleague is paused, goes on and is stopped from its page", { skip: skipReason }, async () => {
  const { pid } = await start("count far");
  const tab = await openTab(browser, hum.address);
  await tab.page.locator("#main").waitFor();
  await tab.page.evaluate((to) => {
    location.hash = to;
  }, `/processes/${pid}`);
  const press = (name: RegExp) => tab.page.locator("#main").getByRole("button", { name }).first().click();
  await press(/^Pause/);
  await until(async () => (await row(pid)).paused);
  await press(/^(Resume|Go on)/);
  await until(async () => !(await row(pid)).paused);
  await press(/^(Kill|Stop|End)/);
  const confirm = tab.page.getByRole("dialog").getByRole("button", { name: /kill|stop|end/i });
  await confirm.last().click();
  await until(async () => (await row(pid)).ended);
  assert.equal((await row(pid)).outcome?.kind, "killed");
  await tab.context.close();
});

test("the red switch ends all, and holds after a restart", { skip: skipReason }, async () => {
  const { pid } = await start("count far");
  const tab = await openTab(browser, hum.address);
  await tab.page.getByRole("button", { name: "Stop everything" }).first().click();
  await tab.page.getByRole("dialog").getByRole("button", { name: "Stop everything" }).click();
  await tab.page.getByText("Everything is stopped. Nothing starts until you lift it.").first().waitFor();
  assert.equal((await row(pid)).ended, true);
  hum = await hum.again();
  await tab.page.reload();
  await tab.page.getByText("Everything is stopped. Nothing starts until you lift it.").first().waitFor();
  await assert.rejects(start("make a list"), /stopped|halted|lift/i);
  await tab.page.getByRole("button", { name: "Lift the stop" }).first().click();
  await until(async () => !(await hum.ask<{ halted: boolean }>("GET", "/look")).halted);
  const again = await start("hello");
  await until(async () => (await row(again.pid)).ended);
  assert.equal((await row(again.pid)).outcome?.kind, "done");
  await tab.context.close();
});

test("each view of a process, opened by its address, is in its place and accessible", {
  skip: skipReason,
}, async () => {
  const { pid } = await start("report of all");
  await until(async () => (await row(pid)).ended);
  for (const width of [1280, 390]) {
    const tab = await openTab(browser, hum.address, { width });
    const { page } = tab;
    await page.locator("#main").waitFor();
    await page.evaluate((to) => {
      location.hash = to;
    }, `/processes/${pid}`);
    const show = async (name: string, shown: string) => {
      await page.getByRole("tab", { name }).click();
      await page.locator(shown).first().waitFor();
      assert.deepEqual(
        (await violations(page)).map((one) => `${name}: ${one}`),
        [],
      );
    };
    await show("Timeline", ".ctl-bar");
    await show("Flame", ".ctl-flame-block");
    await show("Files", ".ctl-change");
    await show("Why", ".ctl-light");
    await show("Memory", ".ctl-page-row");
    const rows = await page.locator(".ctl-page-row").evaluateAll((found) =>
      found.map((one) => {
        const at = (name: string) => one.querySelector(name)?.getBoundingClientRect();
        const [swatch, id, tag, tokens] = [".ctl-swatch", ".ctl-page-id", ".ctl-tag", ".ctl-page-tokens"].map(
          at,
        );
        const right = (swatch?.right ?? 0) <= (id?.left ?? 0) && (id?.right ?? 0) <= (tokens?.left ?? 0);
        return right && (tag === undefined || tag.left >= (swatch?.left ?? 0));
      }),
    );
    assert.ok(rows.length > 2 && rows.every(Boolean), `the parts of pages are in order: ${rows}`);
    await show("Raw log", ".ctl-record");
    const inside = await page.evaluate(() => {
      const box = document.querySelector(".ctl-log-box")?.getBoundingClientRect();
      const first = document.querySelector(".ctl-record")?.getBoundingClientRect();
      return box !== undefined && first !== undefined && first.top >= box.top && first.left >= box.left;
    });
    assert.ok(inside, "the records are in their box");
    assert.deepEqual(tab.errors, []);
    await tab.context.close();
  }
});
