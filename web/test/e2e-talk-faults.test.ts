// Talking that cannot begin: each trouble is a clear word with what to do, nothing else of the page is lost, and trying again
// works. On the real server; nothing that hears must have been fetched.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium, type Page } from "playwright-core";
import { browserPath, type RealHum, skipReason, startReal } from "./kit/real.ts";

let hum: RealHum;

before(async () => {
  if (skipReason) return;
  hum = await startReal();
});

after(async () => {
  await hum?.end();
});

/** Presses the key in a browser with these flags and permissions. */
async function talk(
  how: { flags?: readonly string[]; permissions?: string[] },
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const browser = await chromium.launch({
    executablePath: browserPath ?? "",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", ...(how.flags ?? [])],
  });
  try {
    const context = await browser.newContext({ locale: "en", permissions: how.permissions ?? [] });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(hum.address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("v");
    await look(page);
    // The page goes on: words can be written, and the trouble can be put away.
    await page
      .getByRole("alert", { name: "Talking with Hum" })
      .getByRole("button", { name: "Close" })
      .click();
    await page.getByRole("alert", { name: "Talking with Hum" }).waitFor({ state: "detached" });
    await page.getByLabel("What would you like done?").fill("Still here");
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
}

test("no microphone: it says so, and that one can write", { skip: skipReason }, async () => {
  await talk({ permissions: ["microphone"] }, async (page) => {
    await page.getByText("There is no microphone").waitFor();
    await page.getByText("You can always write instead.").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("There is no microphone").waitFor();
  });
});

test("permission refused: it says where to allow it", { skip: skipReason }, async () => {
  await talk({ flags: ["--use-fake-device-for-media-stream", "--deny-permission-prompts"] }, async (page) => {
    await page.getByText("The microphone was not allowed").waitFor();
    await page.getByText("Allow it in the settings of the browser").waitFor();
  });
});

test("nothing to hear with yet: it names the command, and the microphone is let go", {
  skip: skipReason,
}, async () => {
  const flags = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];
  await talk({ flags, permissions: ["microphone"] }, async (page) => {
    await page.getByText("Hum cannot hear yet").waitFor();
    await page.getByText("hum senses pull").waitFor();
  });
});
