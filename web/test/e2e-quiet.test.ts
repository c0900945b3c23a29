// Do not disturb and the settings of talking on the real server: what is set in the page is kept by the machine, and when it is
// quiet only what waits for a yes stands in the title. The page says that Hum is a program.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import type { ProcessRow } from "../../os/src/workplace/contract.ts";
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

interface Senses {
  speed: number;
  voice: string | null;
  quiet: { on: boolean; hours: { from: string; to: string } | null };
}
const read = () => hum.ask<Senses>("GET", "/senses");

test("[V10] quiet in the page: set with a switch, kept by the machine, and only what waits for a yes is counted", {
  skip: skipReason,
}, async () => {
  await saveTester(hum);
  await hum.ask<ProcessRow>("POST", "/processes", { task: "fetch the page", program: "tester" });
  await hum.ask("POST", "/channels/general/posts", { text: "@tester question" });
  const tab = await openTab(browser, hum.address);
  await tab.page.waitForFunction(() => document.title.startsWith("(2)"));
  await tab.page.evaluate(() => {
    location.hash = "/settings";
  });
  await tab.page.getByRole("switch", { name: "Quiet now" }).click();
  await until(async () => (await read()).quiet.on, "quiet");
  await tab.page.waitForFunction(() => document.title.startsWith("(1)"));
  await tab.page.getByText("It is quiet now.").waitFor();
  await tab.page.getByRole("switch", { name: "Quiet at certain hours" }).click();
  await until(async () => (await read()).quiet.hours?.from === "22:00", "hours");
  await tab.page.getByLabel("to", { exact: true }).fill("06:30");
  await until(async () => (await read()).quiet.hours?.to === "06:30", "other hours");
  await tab.page.getByRole("switch", { name: "Quiet now" }).click();
  await until(async () => !(await read()).quiet.on, "not quiet");
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("voice and speed are set in the page, and it says that Hum is a program", {
  skip: skipReason,
}, async () => {
  const tab = await openTab(browser, hum.address);
  await tab.page.evaluate(() => {
    location.hash = "/settings";
  });
  await tab.page.getByLabel("Voice").selectOption("rms");
  await tab.page.getByLabel("Speed").selectOption("1.2");
  await until(async () => {
    const { voice, speed } = await read();
    return voice === "rms" && speed === 1.2;
  }, "a voice");
  await tab.page.getByText("Hum is a program. It has no feelings").waitFor();
  await tab.page.getByText("does not leave it").waitFor();
  // What sees is not in this home, and the page says how it comes there.
  await tab.page.getByText("fetched once, 44 MB: hum senses pull sight").waitFor();
  assert.deepEqual(tab.errors, []);
  await tab.context.close();
});

test("nothing pretends to be a person: the program that talks, and the card of a talk, in every language", () => {
  const root = join(import.meta.dirname, "..", "..");
  const guide = readFileSync(join(root, "os", "programs", "guide", "PROGRAM.md"), "utf8");
  assert.match(guide, /You are a program, not a person/);
  const words: Record<string, RegExp> = { en: /program/, zh: /程序/ };
  for (const [language, word] of Object.entries(words)) {
    const file = join(root, "web", "src", "i18n", `${language}.json`);
    const texts = JSON.parse(readFileSync(file, "utf8")) as Record<"talk" | "senses", { program: string }>;
    assert.match(texts.talk.program, word);
    assert.match(texts.senses.program, word);
  }
});
