// What the first visit loads, in a real browser: all that comes before the home page is at rest, compressed as a proxy
// would. A page that grows beyond this is slow on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { type RealHum, skipReason, startBrowser, startReal } from "./kit/real.ts";

const mostBytes = 180_000;

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

test("the first load is small, and comes from this server alone", { skip: skipReason }, async () => {
  const context = await browser.newContext({ locale: "en" });
  const page = await context.newPage();
  const bodies: Promise<{ url: string; bytes: number }>[] = [];
  page.on("response", (response) => {
    const url = response.url();
    bodies.push(
      response
        .body()
        .then((body) => ({ url, bytes: gzipSync(body).length }))
        .catch(() => ({ url, bytes: 0 })),
    );
  });
  await page.goto(hum.address);
  await page.getByLabel("What would you like done?").waitFor();
  await page.waitForLoadState("networkidle");
  const loaded = await Promise.all(bodies);
  const own = new URL(hum.address).origin;
  assert.deepEqual(
    loaded.map(({ url }) => url).filter((url) => !url.startsWith(own) && !url.startsWith("data:")),
    [],
  );
  const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
  const table = loaded
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ url, bytes }) => `${bytes} ${new URL(url).pathname}`)
    .join("\n");
  console.log(`first load: ${(total / 1000).toFixed(0)} kB compressed, ${loaded.length} answers`);
  assert.ok(total > 50_000 && total <= mostBytes, `${total} bytes:\n${table}`);
  await context.close();
});
