// The contract suite of the senses of speech over their drivers. What must be fetched first is proved where it is here.

import { homedir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { piperVoice } from "../src/device/senses/catalogue.ts";
import { checkSense, isPresent } from "../src/device/senses/install.ts";
import { openSenses, type Senses } from "../src/device/senses/open.ts";
import { openFlite } from "../src/device/voice/flite.ts";
import { openPiper } from "../src/device/voice/piper.ts";
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
const openJoe = async (context: TestContext) => {
  const home = process.env.HUM_SENSES_HOME ?? join(homedir(), ".hum");
  if (await isPresent(home, "piper-joe"))
    return openPiper({ folder: await checkSense(home, "piper-joe"), voice: piperVoice });
  context.skip("this voice is not here: `hum senses pull piper-joe` fetches it");
  return null;
};
testSpeech("piper", openJoe, { varies: true });
testHearing("whisper", async (context) => {
  const all = await open(context);
  return all && { hearing: all.hearing, say: all.speech };
});
testAttention("silero", async (context) => {
  const all = await open(context);
  return all && { attend: all.attend, say: all.speech };
});
