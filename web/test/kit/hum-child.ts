// `hum` with a played model and the built page: what the end-to-end tests and the bench start as a process of its own, so
// that it can be killed.

import { runProcess } from "../../../os/src/cli/process.ts";
import { httpLimits } from "../../../os/src/limits.ts";
import { openPlayed } from "./play.ts";

// For tests that guess tokens on purpose, thousands of times.
if (process.env.HUM_TEST_GUESSES)
  Object.assign(httpLimits, { wrongTokens: Number(process.env.HUM_TEST_GUESSES) });

const bundle = new URL("../../dist", import.meta.url).pathname;
process.removeAllListeners("warning");
await runProcess({ openModel: async () => openPlayed(process.env), bundle });
