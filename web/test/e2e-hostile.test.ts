// The worst that text can be, in posts, names, titles, questions and results, on every screen that shows it: it is seen as
// text, runs nothing, calls nobody, and widens no page.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ProcessRow, Thread } from "../../os/src/workplace/contract.ts";
import { hostileMark, hostileText, hostileTitle } from "./kit/hostile.ts";
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

for (const [width, theme] of [
  [1280, "light"],
  [390, "dark"],
] as const)
  test(`hostile texts are harmless on a page of ${width}`, { skip: skipReason }, async () => {
    const task = `hostile ${hostileTitle}`;
    const { pid } = await hum.ask<ProcessRow>("POST", "/processes", { task, program: "tester" });
    const asking = await hum.ask<ProcessRow>("POST", "/processes", {
      task: `fetch ${hostileTitle}`,
      program: "tester",
    });
    const post = await hum.ask<{ id: string }>("POST", "/channels/general/posts", {
      text: `@tester hostile ${hostileText}`,
    });
    await hum.ask("PATCH", `/threads/${post.id}`, { title: hostileTitle.slice(0, 100) });
    await hum.ask("POST", "/channels", { name: `x${width}`, about: hostileText.slice(0, 200) });
    await until(async () => {
      const row = await hum.ask<ProcessRow>("GET", `/processes/${pid}`);
      const thread = await hum.ask<Thread>("GET", `/threads/${post.id}`);
      const asks = await hum.ask<{ pid: number }[]>("GET", "/approvals");
      return row.ended && thread.state === "complete" && asks.some((one) => one.pid === asking.pid);
    }, "the work that shows hostile texts");
    const tab = await openTab(browser, hum.address, { width, theme });
    await tab.page.locator("#main").waitFor();
    const paths = [
      ...["/", "/inbox", "/threads", `/search?q=${hostileMark}`, "/c/general", `/c/general/t/${post.id}`],
      ...["/approvals", "/processes", `/processes/${pid}`, "/machine", "/programs"],
    ];
    // Where the texts must be seen, so that no test passes on an empty page.
    const shown = ["/inbox", "/threads", `/search?q=${hostileMark}`, "/c/general", `/c/general/t/${post.id}`];
    const seen: string[] = [];
    for (const path of paths) {
      await tab.page.evaluate((to) => {
        location.hash = to;
      }, path);
      await tab.page.waitForFunction(() => document.querySelector("#main .spinner, .pane .spinner") === null);
      await tab.page
        .waitForFunction(
          (mark) => document.querySelector("#main")?.textContent?.includes(mark),
          hostileMark,
          { timeout: 1500 },
        )
        .catch(() => undefined);
      // Two frames, so that what a screen reads on demand is drawn too.
      await tab.page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      const found = await tab.page.evaluate((mark) => {
        const bad = [
          ...document.querySelectorAll("script, iframe, object, embed, form[action], style"),
        ].filter((one) => !(one instanceof HTMLScriptElement && one.src.startsWith(location.origin)));
        const links = [...document.querySelectorAll("a[href]")].map(
          (link) => link.getAttribute("href") ?? "",
        );
        const images = [...document.querySelectorAll("img")].map((image) => image.src);
        const handlers = [...document.querySelectorAll("*")].filter((one) =>
          [...one.attributes].some((attribute) => attribute.name.startsWith("on")),
        );
        return {
          hacked: (window as unknown as { hacked?: string }).hacked ?? null,
          bad: bad.map((one) => one.outerHTML.slice(0, 120)),
          links: links.filter((href) => !/^(#|https?:|mailto:)/.test(href)),
          images: images.filter((src) => !src.startsWith(location.origin)),
          handlers: handlers.map((one) => one.outerHTML.slice(0, 120)),
          wider: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
          mark: document.body.textContent.includes(mark),
        };
      }, hostileMark);
      if (found.mark) seen.push(path);
      const { mark: _mark, ...harm } = found;
      assert.deepEqual(harm, { hacked: null, bad: [], links: [], images: [], handlers: [], wider: 0 }, path);
    }
    assert.deepEqual(
      shown.filter((path) => !seen.includes(path)),
      [],
      "the texts were seen",
    );
    // In a post: what leads out says where, what cannot be seen is marked, an image is a link and the rest is words.
    await tab.page.evaluate((to) => {
      location.hash = to;
    }, `/c/general/t/${post.id}`);
    const pane = tab.page.locator(".pane");
    for (const button of await pane.getByRole("button", { name: /^Show all/ }).all()) await button.click();
    const body = pane.locator(".post-text").last();
    await body.locator(".post-host", { hasText: "127.0.0.1:9" }).first().waitFor();
    await body.locator(".ctl-mark", { hasText: "RLO" }).first().waitFor();
    await body.locator("a.post-image", { hasText: "pixel" }).waitFor();
    assert.match((await body.textContent()) ?? "", /<script>window\.hacked = "script"<\/script>/);
    const hrefs = await body
      .locator("a")
      .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    assert.deepEqual(hrefs, ["http://127.0.0.1:9/pixel.png?secret=1", "http://127.0.0.1:9/out"]);
    for (const name of ["data", "press", "press too"])
      assert.equal(await body.getByRole("link", { name, exact: true }).count(), 0, name);
    assert.deepEqual(tab.strangers, [], "nobody else was called");
    assert.deepEqual(
      tab.errors.filter((error) => !error.includes("Content Security Policy")),
      [],
    );
    await tab.context.close();
  });
