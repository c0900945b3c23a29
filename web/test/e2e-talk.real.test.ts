// Talking on the real server with the real senses and a program that answers at once: `hum talk` with a file, and the page
// with a played microphone. What is said and answered stands in the direct line, as if typed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { joinSound, sampleRate } from "../../os/src/device/voice/voice.ts";
import { fromWav, toWav } from "../../os/src/device/voice/wav.ts";
import type { Channel, PostPage } from "../../os/src/workplace/contract.ts";
import { browserPath, type RealHum, skipReason, startReal, until } from "./kit/real.ts";

const senses = join(process.env.HUM_SENSES_HOME ?? join(homedir(), ".hum"), "senses");
const skip = existsSync(join(senses, "whisper-base", "ready.json"))
  ? false
  : "the senses are not here: `hum senses pull`";
const entry = new URL("../../os/src/cli/main.ts", import.meta.url).pathname;

let hum: RealHum;
let folder: string;

before(async () => {
  if (skip) return;
  const home = await mkdtemp(join(tmpdir(), "hum-e2e-talk-"));
  folder = await mkdtemp(join(tmpdir(), "hum-talk-files-"));
  await symlink(senses, join(home, "senses"));
  hum = await startReal({ home });
});

after(async () => {
  await hum?.end();
  if (folder) await rm(folder, { recursive: true, force: true });
});

function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, HUM_HOME: hum.home, HUM_USER: "Ada", USER: "Ada" };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", entry, ...args], { env });
  let [out, err] = ["", ""];
  child.stdout.on("data", (data) => {
    out += data;
  });
  child.stderr.on("data", (data) => {
    err += data;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err })));
}

async function posts(): Promise<string[]> {
  const channels = await hum.ask<Channel[]>("GET", "/channels");
  const line = channels.find((one) => one.id.startsWith("dm-"));
  if (!line) return [];
  const page = await hum.ask<PostPage>("GET", `/channels/${line.id}/posts`);
  return page.posts.filter((post) => post.kind !== "status").map((post) => post.text);
}

test("`hum talk` hears a file, and the answer is another one", { skip, timeout: 300_000 }, async () => {
  const [question, answer] = [join(folder, "question.wav"), join(folder, "answer.wav")];
  assert.equal((await run("senses", "say", "Please tell me something about the summer.", question)).code, 0);
  const talked = await run("talk", "--in", question, "--out", answer);
  assert.equal(talked.code, 0, talked.err);
  assert.match(talked.out, /^you: please tell me something about the summer/im);
  assert.match(talked.out, /^hum: I heard/m);
  assert.ok(fromWav(await readFile(answer)).length > 8_000);
  const [said, told] = await posts();
  assert.match(said ?? "", /about the summer/i);
  assert.match(told ?? "", /^I heard/);
  const none = await run("talk", "--in", join(folder, "none.wav"));
  assert.equal(none.code, 2);
  assert.match(none.err, /cannot be read/);
});

test("in the page: one key, and what is said is written and answered", {
  skip: skip || skipReason,
  timeout: 300_000,
}, async () => {
  const before = (await posts()).length;
  // It is played again and again, with the silence in which a turn ends.
  const sound = fromWav(await readFile(join(folder, "question.wav")));
  const asked = join(folder, "asked.wav");
  await writeFile(asked, toWav(joinSound([sound, new Float32Array(sampleRate * 6)])));
  const browser = await chromium.launch({
    executablePath: browserPath ?? "",
    args: [
      ...["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
      ...["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
      `--use-file-for-fake-audio-capture=${asked}`,
    ],
  });
  try {
    const page = await (await browser.newContext({ locale: "en", permissions: ["microphone"] })).newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) errors.push(message.text());
    });
    await page.goto(hum.address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("v");
    await page.getByRole("region", { name: "Talking with Hum" }).waitFor();
    // The picture of the page leaves the machine to the talk, although a key was touched.
    await page.locator(".landscape[data-moving=false]").waitFor();
    await until(async () => (await posts()).length >= before + 2, "a post and its answer");
    await page.keyboard.press("v");
    await page.getByRole("region", { name: "Talking with Hum" }).waitFor({ state: "detached" });
    await page.locator(".landscape[data-moving=true]").waitFor();
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
});
