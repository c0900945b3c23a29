// The version of Hum, as it stands in its package.

import { readFileSync } from "node:fs";

/** Version of Hum. */
export const version: string = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;
