// Runs every test: the hermetic ones, and those on the real embedded model, sandbox and processes. Name files or parts of
// names to run some: `npm test -- journal`. `--fast` leaves out the tests that load a model.

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const fast = process.argv.includes("--fast");

const files = ["os/test", "bench/desk", "bench/mail", "web/test"]
  .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => !(fast && file.endsWith(".real.test.ts")))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();

if (files.length === 0) {
  console.error(`No test file has a name with: ${words.join(", ")}`);
  process.exit(2);
}

// Keys of providers are unset, so that no test can reach a paid service by accident.
const keys = Object.keys(process.env).filter((name) => /_API_KEY$|_TOKEN$/.test(name));
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !keys.includes(name)));
const reporters = ["spec", new URL("skips.ts", import.meta.url).pathname].flatMap((reporter) => [
  `--test-reporter=${reporter}`,
  "--test-reporter-destination=stdout",
]);
const args = [
  ...["--test", "--test-concurrency=2", "--disable-warning=ExperimentalWarning"],
  ...reporters,
  ...files,
];
const child = spawn(process.execPath, args, { stdio: "inherit", env });
child.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
