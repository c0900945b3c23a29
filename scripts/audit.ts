// Looks for known holes in what is installed, and in what is fetched to see: `node scripts/audit.ts`. Asks the registry by
// `npm audit`, for what runs and for what only builds and tests, and says plainly where no answer can be had.
//
// Exit status: 0 nothing known, 1 known holes (listed), 3 nobody answered, so that nothing is known either way.

import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { lockFiles } from "./lock.ts";

interface Audit {
  error?: { code?: string; summary?: string };
  message?: string;
  metadata?: { vulnerabilities: Record<string, number>; dependencies: { total: number } };
  vulnerabilities?: Record<
    string,
    { severity: string; range: string; via: (string | { title: string; url: string })[] }
  >;
}

/** Holes that are known and explained here: name of the package, and why it does not matter. */
const explained: Readonly<Record<string, string>> = {};

function audit(what: string, lock: string | undefined, options: readonly string[]): number {
  const { stdout } = spawnSync("npm", ["audit", "--json", "--package-lock-only", ...options], {
    ...{ encoding: "utf8", cwd: dirname(lock as string) },
  });
  let answer: Audit;
  try {
    answer = JSON.parse(stdout) as Audit;
  } catch {
    answer = { message: "npm gave no answer that can be read" };
  }
  if (!answer.metadata) {
    const why = answer.error?.summary || answer.error?.code || answer.message || "no reason given";
    console.log(`${what}: nobody answered (${why.split("\n")[0]}).`);
    return 3;
  }
  const open = Object.entries(answer.vulnerabilities ?? {}).filter(([name]) => !(name in explained));
  console.log(
    `${what}: ${answer.metadata.dependencies.total} packages, ${open.length} with known holes, ${Object.keys(explained).length} explained.`,
  );
  for (const [name, { severity, range, via }] of open)
    console.log(
      `  ${name} ${range} (${severity}): ${via.map((one) => (typeof one === "string" ? one : `${one.title} ${one.url}`)).join("; ")}`,
    );
  return open.length > 0 ? 1 : 0;
}

const [installed, sight] = lockFiles;
const statuses = [
  audit("What runs", installed, ["--omit=dev"]),
  audit("All", installed, []),
  audit("What sees", sight, []),
];
if (statuses.includes(3))
  console.log(
    "The registry in use has no audit service (mirrors often have none). Run this where npm reaches the public registry;\n" +
      "until then `npm sbom` and `node scripts/licences.ts` list what there is, without saying whether it is sound.",
  );
process.exitCode = Math.max(...statuses);
