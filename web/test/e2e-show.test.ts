// Showing something: the camera and the screen open by a click only, their sign is to be seen while they are on, a frame goes
// to the post by a click only, and whoever ends it, it is let go. Over Chromium's played camera and screen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import { readSize } from "../../os/src/device/eyes/size.ts";
import type { PostPage } from "../../os/src/workplace/contract.ts";
import { violations } from "./kit/axe.ts";
import { composer, goTo } from "./kit/chat.ts";
import { browserPath, openTab, type RealHum, skipReason, startReal, type Tab, until } from "./kit/real.ts";

let hum: RealHum;
let browser: Browser;

const launch = (...more: string[]) =>
  chromium.launch({
    executablePath: browserPath ?? "",
    args: ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", ...more],
  });

before(async () => {
  if (skipReason) return;
  const yes = "--use-fake-ui-for-media-stream";
  [hum, browser] = await Promise.all([
    startReal(),
    launch(yes, "--auto-select-desktop-capture-source=Entire"),
  ]);
});

after(async () => {
  await browser?.close();
  await hum?.end();
});

/** Opens #general, and remembers every stream that the page opened. */
async function open(within = browser): Promise<Tab> {
  const tab = await openTab(within, hum.address);
  const { page } = tab;
  await page.evaluate(() => {
    const media = navigator.mediaDevices;
    const opened: MediaStream[] = [];
    Object.assign(window, { opened });
    for (const name of ["getUserMedia", "getDisplayMedia"] as const) {
      const real = media[name].bind(media);
      media[name] = async (wish) => {
        const stream = await real(wish);
        opened.push(stream);
        return stream;
      };
    }
  });
  await page.locator("#main").waitFor();
  await goTo(page, "/c/general");
  await composer(page).waitFor();
  return tab;
}

/** States of all tracks that were ever opened: "live" while something is captured. */
const tracks = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    (window as unknown as { opened: MediaStream[] }).opened.flatMap((stream) =>
      stream.getTracks().map((track) => `${track.kind} ${track.readyState}`),
    ),
  );

const isOn = (page: Page) =>
  until(
    () => page.locator(".show video").evaluate((one) => (one as HTMLVideoElement).videoWidth > 0),
    "a picture of the camera",
  );

test("a frame of the camera goes to the post by a click, and nothing else is captured", {
  skip: skipReason,
}, async () => {
  const tab = await open();
  const { page } = tab;
  assert.deepEqual(await tracks(page), [], "nothing is captured before a click");
  await page.getByRole("button", { name: "Show something with the camera" }).click();
  await page.getByRole("status").filter({ hasText: "The camera is on" }).waitFor();
  await isOn(page);
  assert.deepEqual(await tracks(page), ["video live"], "no sound is taken");
  assert.equal(await page.locator(".file-chip").count(), 0, "no frame before the click");
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Show this" }).click();
  await page.locator(".file-chip", { hasText: "camera.jpg" }).waitFor();
  await page.getByText("One frame is with the post.").waitFor();
  await page.getByRole("button", { name: "Show this" }).click();
  await page.locator(".file-chip").nth(1).waitFor();
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.locator(".show").waitFor({ state: "detached" });
  assert.deepEqual(await tracks(page), ["video ended"]);
  await until(async () => (await page.locator(".file-chip-moving").count()) === 0, "the upload");
  await composer(page).fill("Look at this");
  await composer(page).press("Enter");
  await page.locator("#main article.post", { hasText: "Look at this" }).waitFor();
  const { posts } = await hum.ask<PostPage>("GET", "/channels/general/posts");
  const post = posts.find((one) => one.text === "Look at this");
  assert.equal(post?.files.length, 2);
  const token = new URL(hum.address).hash.slice("#token=".length);
  const path = encodeURIComponent(post?.files[0]?.path ?? "");
  const answer = await fetch(
    `http://127.0.0.1:${hum.port}/api/v1/threads/${post?.id}/files/content?path=${path}`,
    { headers: { authorization: `Bearer ${token}` } },
  );
  const size = readSize(Buffer.from(await answer.arrayBuffer()));
  assert.equal(size?.kind, "JPEG");
  assert.ok((size?.width ?? 0) >= 320, JSON.stringify(size));
  assert.deepEqual([tab.errors, tab.strangers], [[], []]);
  await tab.context.close();
});

test("the camera goes off with Esc, with the place it stands in, and when the page is hidden", {
  skip: skipReason,
}, async () => {
  const tab = await open();
  const { page } = tab;
  const camera = page.getByRole("button", { name: "Show something with the camera" });
  await camera.click();
  await isOn(page);
  await page.getByRole("button", { name: "Show this" }).press("Escape");
  await page.locator(".show").waitFor({ state: "detached" });
  await camera.click();
  await isOn(page);
  await goTo(page, "/c/work");
  await composer(page, "#work").waitFor();
  await until(async () => !(await tracks(page)).includes("video live"), "the camera is off");
  assert.equal(await page.locator(".show").count(), 0);
  await camera.click();
  await isOn(page);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.getByRole("alert").filter({ hasText: "Camera: ended" }).waitFor();
  assert.deepEqual(await tracks(page), ["video ended", "video ended", "video ended"]);
  await tab.context.close();
});

test("a shared screen that the person ends is let go, and what was taken stays", {
  skip: skipReason,
}, async () => {
  const tab = await open();
  const { page } = tab;
  await page.getByRole("button", { name: "Show your screen" }).click();
  await page.getByRole("status").filter({ hasText: "Your screen is shared with this page" }).waitFor();
  await isOn(page);
  await page.getByRole("button", { name: "Show this" }).click();
  await page.locator(".file-chip", { hasText: "screen.png" }).waitFor();
  // What the browser's own "Stop sharing" does: the track ends from outside.
  await page.evaluate(() => {
    for (const stream of (window as unknown as { opened: MediaStream[] }).opened)
      for (const track of stream.getTracks()) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
  });
  await page.getByRole("alert").filter({ hasText: "Screen: ended" }).waitFor();
  assert.equal(await page.locator(".file-chip").count(), 1);
  await page.getByRole("button", { name: "Try again" }).click();
  await isOn(page);
  assert.deepEqual(await tracks(page), ["video ended", "video live"]);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await until(async () => !(await tracks(page)).includes("video live"), "the screen is let go");
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("a refusal and a missing camera are words that say what to do", { skip: skipReason }, async () => {
  const tab = await open();
  const { page } = tab;
  const fail = (name: string) =>
    page.evaluate((error) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", error));
    }, name);
  const camera = page.getByRole("button", { name: "Show something with the camera" });
  for (const [error, words] of [
    ["NotAllowedError", /Camera: not allowed.*Allow it in the address bar/],
    ["NotFoundError", /Camera: none there.*attach a photo/],
    ["NotReadableError", /Camera: in use.*Close it there/],
  ] as const) {
    await fail(error);
    await camera.click();
    const alert = page.locator(".show[role=alert]");
    await alert.waitFor();
    assert.match((await alert.textContent()) ?? "", words);
    await alert.getByRole("button", { name: "Close" }).click();
  }
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("a browser that asks and is refused opens nothing", { skip: skipReason }, async () => {
  const other = await launch("--deny-permission-prompts");
  try {
    const { page, errors } = await open(other);
    await page.getByRole("button", { name: "Show something with the camera" }).click();
    await page
      .getByRole("alert")
      .filter({ hasText: /Camera: (not allowed|none there)/ })
      .waitFor();
    assert.deepEqual([await tracks(page), errors], [[], []]);
  } finally {
    await other.close();
  }
});
