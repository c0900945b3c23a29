// Makes docs/workplace.png and docs/home.jpg from a real run: a person gives a colleague a table in a channel, the colleague
// works in the thread on the embedded model, and the thread and the home page are shown as they stand then. Run it again after the page has changed:
// node scripts/workplace-picture.ts

import { spawn } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findHome } from "../os/src/home.ts";
import { startBrowser } from "../web/test/kit/real.ts";

const wishes = [
  { colleague: "clerk", text: "add up the amounts in sales.csv, write the total to total.txt and tell me" },
];
const minutes = 30;

const home = realpathSync(mkdtempSync(join(tmpdir(), "hum-picture-")));
const models = join(findHome(), "models");
if (existsSync(models)) symlinkSync(models, join(home, "models"));
const entry = new URL("../os/bin/hum.js", import.meta.url).pathname;
const hum = spawn(process.execPath, [entry, "start", "--no-open", "--port", "0"], {
  env: { ...process.env, HUM_HOME: home, HUM_USER: "Ada", USER: "Ada", LOGNAME: "Ada" },
  stdio: ["ignore", "pipe", "inherit"],
});
const browser = await startBrowser();
try {
  let said = "";
  const address = await new Promise<URL>((resolve) =>
    hum.stdout.on("data", (data) => {
      said += data;
      const found = /http:\S+#token=[\w-]{43}/.exec(said);
      if (found) resolve(new URL(found[0]));
    }),
  );
  const authorization = `Bearer ${address.hash.slice("#token=".length)}`;
  const ask = async (method: string, path: string, body?: object | Uint8Array<ArrayBuffer>, key?: string) => {
    const bytes = body instanceof Uint8Array;
    const response = await fetch(`${address.origin}/api/v1${path}`, {
      method,
      headers: {
        authorization,
        ...(body && !bytes ? { "content-type": "application/json" } : {}),
        ...(key ? { "idempotency-key": key } : {}),
      },
      ...(body ? { body: bytes ? body : JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json() as Promise<Record<string, string>>;
  };
  const table = new Uint8Array(readFileSync("examples/desk/sales.csv"));
  let thread = "";
  for (const [i, { colleague, text }] of wishes.entries()) {
    await ask("PUT", `/channels/work/files/content?path=sales.csv&key=wish-${i}`, table);
    const wish = { text: `@${colleague} Please ${text}.`, files: ["sales.csv"] };
    thread = (await ask("POST", "/channels/work/posts", wish, `wish-${i}`)).id ?? "";
    for (const end = Date.now() + minutes * 60_000; Date.now() < end; await sleep(500)) {
      const state = await ask("GET", `/threads/${thread}`).catch(() => null);
      if (state && ["complete", "error", "awaitingInput"].includes(state.state ?? "")) break;
    }
  }
  const context = await browser.newContext({
    locale: "en",
    reducedMotion: "reduce",
    viewport: { width: 1280, height: 760 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(150_000);
  await page.goto(address.href);
  await page.locator("#main").waitFor();
  await page.evaluate(`location.hash = "/c/work/t/${thread}"`);
  await page.locator("aside.pane article").first().waitFor();
  await sleep(1_500);
  writeFileSync("docs/workplace.png", await page.screenshot({ type: "png" }));
  await page.evaluate(`location.hash = "/"`);
  await page.getByLabel("What would you like done?").waitFor();
  // The picture is painted after the words.
  await sleep(5_000);
  writeFileSync("docs/home.jpg", await page.screenshot({ type: "jpeg", quality: 82 }));
  await context.close();
} finally {
  await browser.close();
  const gone = new Promise((resolve) => hum.once("exit", resolve));
  hum.kill("SIGTERM");
  await gone;
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
