// A machine without devices and without a server, on a real SQLite journal and archive, with a scripted model at 0 ms: for
// benches of what the kernel itself costs.

import { join } from "node:path";
import { assemble, type Hum } from "../../os/src/boot.ts";
import { openSqliteJournal } from "../../os/src/journal/sqlite.ts";
import { openArchive } from "../../os/src/memory/archive.ts";
import type { ModelRequest } from "../../os/src/model/model.ts";
import { createScripted } from "../../os/src/model/scripted.ts";
import { afterRunning } from "../../os/src/scheduler/after.ts";

/** What the model answers to a request, the `index`-th of its entity in this process. */
export type Answer = (request: ModelRequest, index: number) => string;

/** The words of a call of the kernel, as a model writes them. */
export const callOf = (name: "sleep" | "fail", body: string): string =>
  name === "sleep" ? `\n\`\`\`sleep ${body}\n\`\`\`` : `\n\`\`\`fail\n${body}\n\`\`\``;

const program = {
  ...{ name: "worker", description: "a bench", tools: ["sleep" as const, "fail" as const], model: null },
  ...{ budget: { tokens: 1e9, deviceCalls: 1e9, activeMs: 1e12 }, instructions: "Do it.", example: [] },
};

/** Opens and starts the machine of a home. */
export function openBare(home: string, answer: Answer): Hum {
  const model = createScripted(answer, { slots: 4, parked: 16, contextTokens: 8_192 });
  const hum = assemble({
    home,
    journal: openSqliteJournal({ file: join(home, "journal.db"), now: Date.now }),
    archive: openArchive(join(home, "archive.db")),
    devices: [],
    openModel: async () => model,
    now: Date.now,
    after: afterRunning,
    program: () => program,
    onError: (pid, error) => console.error(pid, error),
  });
  hum.dispatch.start();
  return hum;
}

/** CPU of this process in milliseconds while `work` goes on. */
export async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Resolves when an entity has ended, without looking again and again. */
export function ended(hum: Hum, pid: number): Promise<void> {
  return new Promise((resolve) => {
    hum.ledger.listen((record) => {
      if (record.type === "entity.ended" && record.data.pid === pid) resolve();
    });
  });
}

/** Bytes on the heap after a collection. */
export function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** Resolves after so many milliseconds. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
