// Builds the page of the workplace into web/dist. With `--if-possible` (what `npm ci` runs) a page that cannot be built is
// told and no error: everything else of Hum works without it, and `hum start` builds it when it is needed.

import { buildBundle, lookAtBundle, webFolder } from "../os/src/cli/bundle.ts";
import { toMessage } from "../os/src/error.ts";

const ifPossible = process.argv.includes("--if-possible");

try {
  const state = lookAtBundle(webFolder);
  if (state === "no-app") console.log("There is no page to build yet: web/index.html is missing.");
  else if (!ifPossible || state !== "built") await buildBundle(webFolder);
} catch (error) {
  console.error(toMessage(error));
  if (!ifPossible) process.exitCode = 1;
}
