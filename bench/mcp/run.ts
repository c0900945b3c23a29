// Runs the conformance suite of MCP against Hum in both roles, and prints a table:
//
//   mkdir suite && cd suite && npm init -y && npm i --save-exact @modelcontextprotocol/conformance@0.2.0-alpha.12
//   node bench/mcp/run.ts suite
//
// Scenarios of the client run one after the other: the suite would start all at once, which says more about the machine
// than about the client. Exit 1 when something fails that expected-failures.yaml does not name.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

interface Requirements {
  server: string[];
  client: string[];
  not_scored: { scenario: string; leg: "server" | "client" }[];
}

const suite = resolve(process.argv[2] ?? ".", "node_modules/@modelcontextprotocol/conformance");
const here = fileURLToPath(new URL(".", import.meta.url));
const node = [process.execPath, "--disable-warning=ExperimentalWarning"];
const expected = parse(readFileSync(join(here, "expected-failures.yaml"), "utf8")) as Record<
  string,
  string[]
>;
const revisions = ["2026-07-28", "2025-11-25"];
let wrong = 0;

/** Runs the suite; its whole output. */
async function run(args: readonly string[]): Promise<string> {
  const child = spawn(node[0] as string, [...node.slice(1), join(suite, "dist/index.js"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
  await once(child, "close");
  return out;
}

/** Checks that passed and failed in one scenario. */
async function runOne(
  leg: "server" | "client",
  target: readonly string[],
  scenario: string,
  revision: string,
) {
  const out = await run([leg, ...target, "--scenario", scenario, "--spec-version", revision, "--force"]);
  const [, passed = "0", failed = "1"] = /Passed: (\d+)\/\d+, (\d+) failed/.exec(out) ?? [];
  const ok = Number(failed) === 0 && !out.includes("OVERALL: FAILED");
  return { ok, passed: Number(passed), failed: Number(failed) };
}

const server = spawn(node[0] as string, [...node.slice(1), join(here, "server.ts"), "0"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const [address] = (await once(server.stdout.setEncoding("utf8"), "data")) as [string];
const targets = {
  server: ["--url", address.trim()],
  client: ["--timeout", "120000", "--command", [...node, join(here, "client.ts")].join(" ")],
};

for (const revision of revisions) {
  const required = parse(
    readFileSync(join(suite, "requirements", `${revision}.yaml`), "utf8"),
  ) as Requirements;
  for (const leg of ["server", "client"] as const) {
    const extra = required.not_scored.filter((one) => one.leg === leg).map((one) => one.scenario);
    const sums = { required: 0, extra: 0, passed: 0, failed: 0 };
    for (const scenario of [...required[leg], ...extra]) {
      const result = await runOne(leg, targets[leg], scenario, revision);
      const isRequired = required[leg].includes(scenario);
      if (result.ok) sums[isRequired ? "required" : "extra"] += 1;
      if (isRequired) {
        sums.passed += result.passed;
        sums.failed += result.failed;
      }
      if (result.ok === (expected[leg] ?? []).includes(scenario)) {
        wrong += 1;
        console.log(
          `${revision} ${leg} ${scenario}: ${result.ok ? "passes, and was expected to fail" : "fails"}`,
        );
      }
    }
    console.log(
      `${revision} ${leg}: ${sums.required} of ${required[leg].length} required scenarios (${sums.passed} checks, ${sums.failed} failed), ${sums.extra} of ${extra.length} others`,
    );
  }
}
server.kill();
process.exitCode = wrong > 0 ? 1 : 0;
