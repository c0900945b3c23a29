// The real server as a child process in a home of its own, and a real browser: for end-to-end tests.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { ensureBundle, webFolder } from "../../../os/src/cli/bundle.ts";
import { skipWithout } from "../../../os/test/fixtures/needs.ts";

/** Where a browser may be. */
const browsers = [
  ...["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"],
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The browser of this machine, null when there is none. */
export const browserPath: string | null =
  process.env.CHROME_PATH ?? browsers.find((path) => existsSync(path)) ?? null;

/** Why these tests do not run here, false when they do. */
export const skipReason: string | false = skipWithout(
  browserPath !== null,
  "no Chromium on this machine (install one, or name it in CHROME_PATH)",
);

/** A server at work. */
export interface RealHum {
  home: string;
  port: number;
  /** The address with the token. */
  address: string;
  child: ChildProcess;
  /** All that it printed. */
  output(): string;
  /** A request with the token. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Lets the long answer go on (kit/play.ts). */
  openGate(): Promise<void>;
  /** As the plug is pulled. */
  kill(): Promise<void>;
  /** The same home and port again. */
  again(): Promise<RealHum>;
  /** Stops it and removes its home. */
  end(): Promise<void>;
}

/** Starts a server in a new home, or in a given one; its model is played, or with `real` the embedded one. */
export async function startReal(
  given: { home?: string; port?: number; real?: boolean } = {},
): Promise<RealHum> {
  await ensureBundle(webFolder, () => {});
  const home = given.home ?? (await realpath(await mkdtemp(join(tmpdir(), "hum-e2e-"))));
  const gate = join(home, "gate");
  const entry = given.real ? "../../../os/src/cli/main.ts" : "hum-child.ts";
  const file = new URL(entry, import.meta.url).pathname;
  const args = [file, "start", "--no-open", "--port", String(given.port ?? 0)];
  const env = {
    ...process.env,
    HUM_HOME: home,
    HUM_USER: "Ada",
    USER: "Ada",
    LOGNAME: "Ada",
    HUM_TEST_GATE: gate,
  };
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const address = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      text += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/.exec(text);
      if (found) resolve(found[0]);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.once("exit", (code) => reject(new Error(`Hum ended with ${code} before it was there:\n${text}`)));
  });
  const port = Number(new URL(address).port);
  const token = new URLSearchParams(new URL(address).hash.slice(1)).get("token") ?? "";
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await gone;
  };
  return {
    ...{ home, port, address, child, kill },
    output: () => text,
    async ask<T>(method: string, path: string, body?: unknown) {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    openGate: () => writeFile(gate, ""),
    async again() {
      await kill();
      return startReal({ ...given, home, port });
    },
    async end() {
      await kill();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Waits until something holds. A minute is far more than anything here takes; then it is said what did not come. */
export async function until(check: () => Promise<boolean>, what = "what was waited for"): Promise<void> {
  for (let looks = 0; looks < 1500; looks++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  throw new Error(`It never came: ${what}`);
}

/** A browser with no profile. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath ?? "",
    args: [
      ...[
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
      ],
      ...["--disable-component-update", "--disable-sync"],
    ],
  });
}

/** A tab of its own, which remembers what went wrong in it and whom it called. */
export interface Tab {
  page: Page;
  context: BrowserContext;
  /** Errors of scripts, and refusals of the policy of the page. */
  errors: string[];
  /** Hosts that were called beside Hum. */
  strangers: string[];
}

/** Opens a tab. */
export async function openTab(
  browser: Browser,
  address: string,
  options: { theme?: "light" | "dark"; width?: number; height?: number } = {},
): Promise<Tab> {
  const context = await browser.newContext({
    locale: "en",
    colorScheme: options.theme ?? "light",
    reducedMotion: "reduce",
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  const strangers: string[] = [];
  const own = new URL(address).host;
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) errors.push(message.text());
  });
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.host !== own) strangers.push(request.url());
  });
  await page.goto(address);
  return { page, context, errors, strangers };
}
