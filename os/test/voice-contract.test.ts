// The contract suite of the senses of speech over their drivers. What must be fetched first is proved where it is here.

import { homedir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { openSenses, type Senses } from "../src/device/senses/open.ts";
import { openFlite } from "../src/device/voice/flite.ts";
import { HumError } from "../src/error.ts";
import { testAttention, testHearing, testSpeech } from "./contract/voice.ts";

let senses: Promise<Senses> | null = null;

/** The senses of this user's home; skips the test when they were never fetched. */
async function open(context: TestContext): Promise<Senses | null> {
  senses ??= openSenses(process.env.HUM_SENSES_HOME ?? join(homedir(), ".hum"));
  try {
    return await senses;
  } catch (error) {
    if (!HumError.is(error, "not-found")) throw error;
    context.skip("the senses are not here: `hum senses pull` fetches them");
    return null;
  }
}

testSpeech("flite", () => openFlite());
testHearing("whisper", async (context) => {
  const all = await open(context);
  return all && { hearing: all.hearing, say: all.speech };
});
testAttention("silero", async (context) => {
  const all = await open(context);
  return all && { attend: all.attend, say: all.speech };
});
