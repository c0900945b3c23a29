// The web bundle: web/dist, built by Vite from web/src. It is built when it is missing or older than what it is made
// from; a checkout without the app yet has nothing to build, and the server then says so on a plain page.

import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { HumError } from "../error.ts";

/** The workspace of the page. */
export const webFolder: string = fileURLToPath(new URL("../../../web", import.meta.url));

/** The built page of a workspace. */
export const toBundle = (web: string): string => join(web, "dist");

/** Where a bundle stands. */
export type BundleState = "built" | "old" | "missing" | "no-app";

/** Compares the bundle with what it is made from. */
export function lookAtBundle(web: string): BundleState {
  if (!existsSync(join(web, "index.html")) || !existsSync(join(web, "src")))
    return existsSync(join(toBundle(web), "index.html")) ? "built" : "no-app";
  const built = timeOf(join(toBundle(web), "index.html"));
  if (built === null) return "missing";
  const sources = ["index.html", "package.json", "vite.config.ts", "src", "public"];
  return sources.some((name) => newest(join(web, name)) > built) ? "old" : "built";
}

/** Builds the bundle where that is needed. Throws `denied` when it is missing and cannot be built. */
export async function ensureBundle(web: string, tell: (line: string) => void): Promise<void> {
  const state = lookAtBundle(web);
  if (state === "built" || state === "no-app") return;
  tell(state === "missing" ? "Building the page, once …" : "The page has changed: building it anew …");
  const began = performance.now();
  try {
    await buildBundle(web);
  } catch (error) {
    if (state === "missing" || !HumError.is(error)) throw error;
    return tell(`${error.message} The page built before is used.`);
  }
  tell(`The page is built (${((performance.now() - began) / 1_000).toFixed(1)} s).`);
}

/** Builds the bundle. Throws `denied` with what Vite says. */
export async function buildBundle(web: string): Promise<void> {
  const vite = findVite(web);
  if (!vite)
    throw new HumError(
      "denied",
      "The page cannot be built, because Vite is not installed: run `npm ci` in the folder of Hum, or start with --no-web.",
    );
  const child = spawn(process.execPath, [vite, "build", "--logLevel", "warn"], {
    cwd: web,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code === 0) return;
  const why = said.trim().split("\n").slice(0, 3).join(" ");
  throw new HumError("denied", `The page cannot be built: ${why || `Vite ended with ${code}`}.`);
}

function findVite(web: string): string | null {
  try {
    const folder = dirname(createRequire(join(web, "package.json")).resolve("vite/package.json"));
    return join(folder, "bin", "vite.js");
  } catch {
    return null;
  }
}

const timeOf = (path: string): number | null => {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
};

/** Time of the newest file at or below a path. */
function newest(path: string): number {
  const time = timeOf(path) ?? 0;
  if (time === 0 || !statSync(path).isDirectory()) return time;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), time);
}
