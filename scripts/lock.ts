// Reads the lock file: every package with its licence, and whether it runs or only builds and tests. Binaries for other
// systems, which the lock file names without a licence, have that of the package they belong to.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The lock files of this repository: of what is installed, and of what `hum senses pull sight` fetches. */
export const lockFiles: readonly string[] = [
  "package-lock.json",
  "os/src/device/senses/sight/package-lock.json",
].map((name) => fileURLToPath(new URL(`../${name}`, import.meta.url)));

/** One package. */
export interface LicenceRow {
  name: string;
  version: string;
  licence: string;
  dev: boolean;
}

interface Entry {
  version?: string;
  license?: string;
  dev?: boolean;
  link?: boolean;
  optional?: boolean;
}

/** The packages of a lock file. */
export function readLicences(file: string): LicenceRow[] {
  const { packages } = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, Entry> };
  return Object.entries(packages)
    .filter(([path, entry]) => path.includes("node_modules/") && !entry.link)
    .map(([path, { version = "", license, dev = false, optional }]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      const family = optional ? name.split("/")[0] : undefined;
      const known = Object.entries(packages).find(
        ([other, entry]) =>
          entry.license && family !== undefined && other.includes(`node_modules/${family}/`),
      );
      return { name, version, dev, licence: license ?? known?.[1].license ?? "unknown" };
    });
}
