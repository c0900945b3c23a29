// Mutation testing of the policy: each file that decides about authority, or says why, is changed in one place at a time (Stryker),
// and a change that no test notices is a test that is missing. One file at a time, so that a piece takes some minutes.
//
// In a folder outside the repository: npm init -y && npm i --save-exact @stryker-mutator/core@9.2.0; then here
//   node bench/mutants.ts THAT_FOLDER [FILE ...]        all files, or those whose path holds one of these words

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The policy, and the tests that are to notice a change of each of its files. */
const policy: Record<string, readonly string[]> = {
  "os/src/device/policy.ts": ["policy-judge", "policy", "policy-text", "device-broker"],
  "os/src/device/trace.ts": ["trace", "policy-text", "policy"],
  "os/src/device/content.ts": ["policy-text", "policy"],
  "os/src/device/directory.ts": ["directory", "whole", "mail-everyone"],
  "os/src/device/names.ts": ["names", "directory"],
  "os/src/device/whole.ts": ["whole", "mail-everyone"],
  "os/src/device/attenuate.ts": ["policy", "device-broker"],
  "os/src/device/match.ts": ["match"],
  "os/src/device/broker.ts": ["device-broker", "policy"],
  "os/src/device/address.ts": ["address"],
  "os/src/memory/label.ts": ["label", "policy"],
  "os/src/inbox/plan.ts": ["plan"],
  "os/src/entity/reason.ts": ["reason", "policy-judge", "policy-text"],
  "os/src/entity/authority.ts": ["trust", "device-broker"],
  "os/src/entity/trust.ts": ["trust"],
  "os/src/scheduler/standing.ts": ["standing"],
};

interface Report {
  files: Record<string, { mutants: { status: string; location: { start: { line: number } } }[] }>;
}

const [folder, ...words] = process.argv.slice(2);
if (!folder) {
  console.error("node bench/mutants.ts FOLDER_WITH_STRYKER [FILE ...]");
  process.exit(2);
}
const stryker = join(resolve(folder), "node_modules/@stryker-mutator/core/bin/stryker.js");
const work = join(resolve(folder), "reports");
mkdirSync(work, { recursive: true });

const chosen = Object.keys(policy).filter(
  (file) => words.length === 0 || words.some((word) => file.includes(word)),
);
const all = { killed: 0, mutants: 0 };
for (const file of chosen) {
  const tests = (policy[file] ?? [])
    .map((name) => `os/test/${name}.test.ts`)
    .filter((test) => existsSync(test));
  const name = file.replaceAll("/", "-");
  const report = join(work, `${name}.json`);
  const settings = join(work, `${name}.config.json`);
  const node = resolve("node_modules/node/bin/node");
  writeFileSync(
    settings,
    JSON.stringify({
      testRunner: "command",
      commandRunner: {
        command: `${node} --test --test-isolation=none --disable-warning=ExperimentalWarning ${tests.join(" ")}`,
      },
      mutate: [file],
      reporters: ["json"],
      jsonReporter: { fileName: report },
      concurrency: 2,
      timeoutMS: 30_000,
      disableTypeChecks: false,
      // Types are stripped, never compiled.
      tsconfigFile: "none.json",
      ignorePatterns: ["/web", "/bench", "/docs", "/examples"],
      tempDirName: join(resolve(folder), "copy"),
      allowConsoleColors: false,
    }),
  );
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [stryker, "run", settings], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status} at ${file}:\n${stdout}\n${stderr}`);
  const { mutants } = Object.values((JSON.parse(readFileSync(report, "utf8")) as Report).files)[0] ?? {
    mutants: [],
  };
  const counted = mutants.filter(({ status }) => status !== "Ignored" && status !== "CompileError");
  const killed = counted.filter(({ status }) => status === "Killed" || status === "Timeout").length;
  const lines = counted
    .filter(({ status }) => status !== "Killed" && status !== "Timeout")
    .map(({ location }) => location.start.line);
  all.killed += killed;
  all.mutants += counted.length;
  console.log(
    `${file}: ${killed} of ${counted.length} killed (${((100 * killed) / counted.length).toFixed(1)} %), ` +
      `${Math.round((performance.now() - began) / 1_000)} s; alive in lines ${lines.join(", ") || "none"}`,
  );
}
console.log(`In all ${all.killed} of ${all.mutants} (${((100 * all.killed) / all.mutants).toFixed(1)} %).`);
