// Lists the licences of everything in the lock files, by what runs and what only builds and tests.

import { lockFiles, readLicences } from "./lock.ts";

const rows = lockFiles.flatMap(readLicences);
for (const dev of [false, true]) {
  console.log(dev ? "\nonly for building and testing" : "what runs");
  const of = rows.filter((row) => row.dev === dev);
  for (const licence of [...new Set(of.map((row) => row.licence))].sort()) {
    const names = of.filter((row) => row.licence === licence).map((row) => row.name);
    console.log(
      `  ${licence}: ${names.length} (${names.slice(0, 4).join(", ")}${names.length > 4 ? ", …" : ""})`,
    );
  }
}
