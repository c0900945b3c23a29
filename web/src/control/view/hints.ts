// What is missing on this machine and what to do about it, from what the server tells: the first words of `hum doctor`.

import type { WorkLook } from "../../../../os/src/workplace/api.ts";
import type { Counters } from "../../../../os/src/workplace/contract.ts";

/** One line: a key of words, with a command where there is one. */
export interface Hint {
  key: string;
  good: boolean;
  values?: Record<string, string | number>;
  command?: string;
}

/** The hints, troubles first. */
export function toHints(machine: {
  model: WorkLook["model"] | null;
  models: readonly { id: string; kind: string; used: boolean }[] | null;
  counters: Counters | null;
  halted: boolean;
}): Hint[] {
  const { model, models, counters, halted } = machine;
  const hints: Hint[] = [];
  if (halted) hints.push({ key: "halted", good: false, command: "hum resume --all" });
  if (model?.state === "missing")
    hints.push({
      key: "missing",
      good: false,
      values: { id: model.id },
      command: `hum model pull ${model.id}`,
    });
  else if (model?.state === "ready") hints.push({ key: "ready", good: true, values: { id: model.id } });
  else if (model) hints.push({ key: model.state, good: false, values: { id: model.id } });
  const used = models?.find((one) => one.used);
  if (used && used.kind !== "embedded" && used.kind !== "file" && used.kind !== "scripted")
    hints.push({ key: "remote", good: false, values: { id: used.id } });
  if (counters)
    hints.push(
      counters.egressBytes === 0
        ? { key: "offline", good: true }
        : { key: "egress", good: false, values: { count: counters.egressHosts.length } },
    );
  hints.push({ key: "doctor", good: true, command: "hum doctor" });
  return [...hints].sort((a, b) => Number(a.good) - Number(b.good));
}
