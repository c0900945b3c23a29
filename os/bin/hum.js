#!/usr/bin/env node
// Starts Hum under the Node that the repository pins (the npm package `node`), whatever Node this file is run by. Plain
// JavaScript without new syntax, so that an old Node can read it.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

function findNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    const name = process.platform === "win32" ? "node.exe" : "node";
    const path = join(folder, "bin", name);
    if (existsSync(path)) return path;
  } catch {
    // Not installed: the Node at hand may do.
  }
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  process.stderr.write(
    `hum: Node 24 is needed and this is ${process.versions.node}. Run \`npm ci\` in the folder of Hum.\n`,
  );
  return process.exit(2);
}

const child = spawn(findNode(), ["--disable-warning=ExperimentalWarning", main, ...process.argv.slice(2)], {
  stdio: "inherit",
});
// Hum tells the same signal twice in a moment (from the terminal and from here) from two.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  process.stderr.write(`hum: ${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(name);
  process.kill(process.pid, signal);
});
