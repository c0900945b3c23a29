// Opens the page in the person's browser, where there is one to open: a terminal that somebody looks at, a display, and
// no CI. The address holds the token, and the arguments of a process can be read by every user of a machine; so the
// browser is given a file of the home that only its owner may read and that leads on to the address.

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { makePrivate } from "../home.ts";
import type { Io } from "./io.ts";

/** Whether a browser can be opened for the person at this terminal. */
export function canOpen(io: Io): boolean {
  if (!io.screen || io.env.CI || io.env.SSH_CONNECTION) return false;
  if (process.platform === "darwin" || process.platform === "win32") return true;
  return Boolean(io.env.DISPLAY || io.env.WAYLAND_DISPLAY);
}

/** Opens an address; nothing happens where that fails, because the address stands on the screen. */
export function openBrowser(address: string, at: { home: string; env: NodeJS.ProcessEnv }): void {
  const file = join(at.home, "open.html");
  makePrivate(file);
  writeFileSync(
    file,
    `<!doctype html><meta charset="utf-8"><title>Hum</title><meta http-equiv="refresh" content="0; url=${address}">\n`,
  );
  const [program, ...args] = toCommand(pathToFileURL(file).href, at.env.BROWSER);
  const child = spawn(program as string, args, { stdio: "ignore", detached: true, env: at.env });
  child.on("error", () => {});
  child.unref();
}

function toCommand(address: string, browser: string | undefined): string[] {
  if (browser) return [browser, address];
  if (process.platform === "darwin") return ["open", address];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", address];
  return ["xdg-open", address];
}
