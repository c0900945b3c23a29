// Runs a desk task in Hum itself: the whole machine with its journal, sandbox and embedded model, in a home of its own.

import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { toStream } from "../../os/src/entity/events.ts";
import { createEmbedded } from "../../os/src/model/embedded.ts";
import type { Model } from "../../os/src/model/model.ts";
import { startHum } from "../../os/src/start.ts";
import { fenceForm } from "../../os/src/syscall/fence.ts";
import { jsonForm } from "../../os/src/syscall/json-form.ts";
import type { DeskTask, RunOutcome } from "./task.ts";

/** Makes a runner on one model, loaded once. `HUM_FORM` chooses the form of actions. */
export async function createHum(modelId: string): Promise<{
  run(task: DeskTask, dir: string, signal: AbortSignal): Promise<RunOutcome>;
  close(): Promise<void>;
}> {
  const shared = process.env.HUM_HOME ?? join(homedir(), ".hum");
  // Kept between runs, as it is in a home: the rules of a program are evaluated once.
  const kv = join(tmpdir(), "hum-desk-kv");
  const model = await createEmbedded({
    id: modelId,
    file: join(shared, "models", `${modelId}.gguf`),
    kvDir: kv,
    ...(process.env.HUM_THREADS ? { threads: Number(process.env.HUM_THREADS) } : {}),
  });
  const lent: Model = { ...model, info: model.info, close: async () => {} };
  const form = process.env.HUM_FORM === "json" ? jsonForm : fenceForm;
  return {
    async run(task, dir, signal) {
      const home = mkdtempSync(join(tmpdir(), "hum-desk-"));
      const hum = await startHum({ home, form, openModel: async () => lent });
      const began = Date.now();
      let timedOut = false;
      try {
        const entity = await hum.inbox.task({
          task: task.text,
          owner: "Sam",
          folder: dir,
          class: "interactive",
        });
        for await (const record of hum.ledger.journal.follow(0, signal))
          if (record.type === "entity.ended" || record.type === "approval.asked") break;
        timedOut = entity.state !== "ended";
        if (timedOut) await hum.inbox.kill(entity.pid, "the bench");
        const log = toLog(readRecords(hum, entity.pid));
        const messages = hum.inbox.mail(null).map(({ to, text }) => ({ to, text }));
        const { usage, steps } = log;
        return {
          result: { dir, messages, answer: entity.outcome?.text ?? "" },
          ...{ steps, inputTokens: usage.input, outputTokens: usage.output, ms: Date.now() - began },
          ended: timedOut ? "limit" : entity.outcome?.kind === "done" ? "done" : "error",
          log: log.text,
        };
      } finally {
        await hum.stop();
        rmSync(home, { recursive: true, force: true });
      }
    },
    async close() {
      await model.close();
    },
  };
}

type Records = Iterable<{ type: string; data: Record<string, unknown> }>;

function readRecords(hum: Awaited<ReturnType<typeof startHum>>, pid: number): Records {
  return hum.ledger.journal.read(toStream(pid), 0);
}

function toLog(records: Records): { text: string; usage: { input: number; output: number }; steps: number } {
  const usage = { input: 0, output: 0 };
  let steps = 0;
  let text = "";
  for (const { type, data } of records) {
    for (const page of (data.pages ?? []) as { role: string; text: string; tokens: number }[])
      text += `--- ${type} ${page.role} (${page.tokens} tokens)\n${page.text}\n`;
    if (type === "turn.said") {
      const said = data as { usage: { input: number; cached: number; output: number }; ms: number };
      usage.input += said.usage.input - said.usage.cached;
      usage.output += said.usage.output;
      steps += 1;
      text += `   [${said.ms} ms; input ${said.usage.input}, cached ${said.usage.cached}, output ${said.usage.output}]\n`;
    }
    if (type === "entity.ended" || type === "approval.asked") text += `=== ${type} ${JSON.stringify(data)}\n`;
  }
  return { text, usage, steps };
}
