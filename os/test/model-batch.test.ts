// Several calls in one engine at the same moment, and what may go wrong with one of them (SmolLM2, 98 MB).

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFile, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createEmbedded, type EmbeddedOptions } from "../src/model/embedded.ts";
import type { Model, ModelRequest } from "../src/model/model.ts";
import { createScheduler } from "../src/scheduler/scheduler.ts";
import { answer, ask } from "./contract/model.ts";
import { needModel } from "./fixtures/models.ts";

const root = await mkdtemp(join(tmpdir(), "hum-batch-"));
const file = await needModel("smollm2-135m");
after(() => rm(root, { recursive: true, force: true }));

let folders = 0;
function open(more: Partial<EmbeddedOptions> = {}): Promise<Model> {
  const kvDir = join(root, `kv${folders++}`);
  return createEmbedded({ id: "smollm2-135m", file, kvDir, contextTokens: 1024, ...more });
}

// Which word comes next is not in doubt, so that the last bits of the numbers, which differ with the size of a batch, do not
// matter: a call that says a word of another one has read what is not its own.
const subjects = ["apple", "river", "candle", "seven"];
const about = (subject: string): ModelRequest => {
  const rules = `You say words again. ${"A word that was said is said once more, and nothing else is said. ".repeat(8)}`;
  const messages = [
    { role: "system" as const, text: rules },
    { role: "user" as const, text: `Say ${subject} again and again.` },
  ];
  return ask(subject, "", { messages, begin: `${subject} `.repeat(12).trim(), maxTokens: 16 });
};

describe("calls in one batch", () => {
  let model: Model;
  const pids: number[] = [];
  const alone: string[] = [];
  before(async () => {
    model = await open({ parked: 4, slots: 4, onStart: (pid) => pids.push(pid) });
    for (const subject of subjects) {
      const { text } = await answer(model, about(subject));
      assert.ok(text.startsWith(` ${subject} ${subject} ${subject}`), text);
      alone.push(text);
    }
  });
  after(() => model.close());

  test("[S16] calls pulled at the same moment say what each says alone", async () => {
    for (const subject of subjects) await model.release(subject);
    const together = await Promise.all(subjects.map((subject) => answer(model, about(subject))));
    assert.deepEqual(
      together.map(({ text }) => text),
      alone,
    );
  });

  test("[S16] a call that fails in the middle fails alone: the others of its batch say what they say alone", async () => {
    // The engine trips over this at the first token, in the middle of the batch.
    const stops = [null as unknown as string];
    const [broken, ...others] = await Promise.all([
      answer(model, { ...about(subjects[0]!), process: "broken", stops }),
      ...subjects.slice(1).map((subject) => answer(model, about(subject))),
    ]);
    assert.deepEqual([broken!.end.failure?.code, broken!.end.failure?.retry], ["crashed", true]);
    assert.deepEqual(
      others.map(({ text }) => text),
      alone.slice(1),
    );
    const again = await answer(model, { ...about(subjects[0]!), process: "broken" });
    assert.equal(again.text, alone[0], "what is left of the failure disturbs nobody");
  });

  test("[S8] an engine that dies with calls under way is started again, each is repeated, and nothing is lost", async () => {
    const scheduler = createScheduler({
      now: () => performance.now(),
      sleep: (ms, signal) => sleep(Math.min(ms, 10), undefined, { signal }).catch(() => {}),
    });
    const dying = pids.at(-1)!;
    let killed = false;
    const told = await Promise.all(
      subjects.map(async (subject, at) => {
        let text = "";
        let restarts = 0;
        const request = { ...about(subject), process: String(at) };
        const job = { pid: at + 1, class: "normal" as const, nice: 0, model, request };
        for await (const event of scheduler.generate({ ...job, signal: new AbortController().signal })) {
          if (event.type === "restart") {
            text = "";
            restarts += 1;
          } else if (event.type === "text") text += event.text;
          else if (event.type === "end") assert.equal(event.failure, undefined);
          if (text.length > 12 && !killed) {
            killed = true;
            process.kill(dying, "SIGKILL");
          }
        }
        return { text, restarts };
      }),
    );
    assert.deepEqual(
      told.map(({ text }) => text),
      alone,
    );
    assert.ok(told.reduce((sum, { restarts }) => sum + restarts, 0) >= 1);
    assert.notEqual(pids.at(-1), dying);
  });
});

describe("states that do not fit", () => {
  const rules = about("x").messages[0]!.text;
  const long = ask("long", "", {
    messages: [
      { role: "system", text: rules.repeat(4) },
      { role: "user", text: "Tell." },
    ],
    maxTokens: 8,
  });

  test("[S15] a state longer than the window of now, or of another file of the model, is not used", async () => {
    const kvDir = join(root, "foreign");
    const wide = await open({ kvDir, parked: 1, contextTokens: 1024 });
    const first = await answer(wide, long);
    await wide.close();
    assert.ok(first.end.usage.input > 512);

    const narrow = await open({ kvDir, parked: 1, contextTokens: 512 });
    const short = { ...about("bread"), process: "long" };
    const fresh = await open({ parked: 1, contextTokens: 512 });
    assert.equal((await answer(narrow, short)).text, (await answer(fresh, short)).text);
    await narrow.close();
    await fresh.close();

    const copy = join(root, "copy.gguf");
    await copyFile(file, copy);
    await utimes(copy, new Date(0), new Date(0));
    const other = await open({ kvDir, file: copy, parked: 1, contextTokens: 1024 });
    const computed = await answer(other, long);
    assert.deepEqual([computed.text, computed.end.usage.cached], [first.text, 0]);
    await other.close();
  });

  const canLimit = process.platform === "linux" && hasPrlimit();
  test("[S15] a disk that is full while a process is swapped out: it is computed again, the same", {
    skip: canLimit ? false : "no prlimit here",
  }, async () => {
    const kvDir = join(root, "full");
    let pid = 0;
    let starts = 0;
    const model = await open({
      kvDir,
      parked: 1,
      onStart: (started) => {
        pid = started;
        starts += 1;
      },
    });
    await model.count(["warm"]);
    // No file of the engine may grow beyond 100 kB from now on: to its writer that is a full disk.
    execFileSync("prlimit", ["--pid", String(pid), "--fsize=100000:100000"]);
    const first = await answer(model, about("bread"));
    assert.equal(first.end.failure, undefined);
    // There is one seat more than calls under way: the third one needs the first one's.
    for (const what of ["the sea", "the moon"]) await answer(model, about(what));
    assert.deepEqual(await readdir(kvDir), [], "nothing half is left behind");
    const back = await answer(model, about("bread"));
    assert.deepEqual([back.text, back.end.usage.cached], [first.text, 0]);
    assert.equal(starts, 1, "the engine lives");
    await model.close();
  });
});

function hasPrlimit(): boolean {
  try {
    execFileSync("prlimit", ["--version"]);
    return true;
  } catch {
    return false;
  }
}
