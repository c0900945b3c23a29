// Where a browser lies that can be started in the sandbox: the program itself and not the script around it, which would read
// settings of the machine.

import { existsSync, realpathSync } from "node:fs";
import { dirname } from "node:path";

/** A browser of this machine. */
export interface BrowserProgram {
  program: string;
  /** The folder that must be seen in the sandbox for it; null where the system folders hold it. */
  folder: string | null;
}

const places = [
  "/usr/lib/chromium/chromium",
  "/usr/lib64/chromium-browser/chromium-browser",
  "/usr/lib/chromium-browser/chromium-browser",
  "/opt/google/chrome/chrome",
  "/opt/chromium.org/chromium/chromium",
];

/** The browser of this machine, null when there is none. */
export function findBrowser(candidates: readonly string[] = places): BrowserProgram | null {
  const found = candidates.find((path) => existsSync(path));
  if (!found) return null;
  const program = realpathSync(found);
  return { program, folder: program.startsWith("/usr/") ? null : dirname(program) };
}
