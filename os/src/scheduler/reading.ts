// The reader without capabilities: takes a text by the entity's own right, has a model read it that holds no call, and gives
// back what the fields allow (syscall/extract.ts).

import type { Entity } from "../entity/entity.ts";
import { readingLimits } from "../limits.ts";
import { type Field, readValues, toFieldGrammar, toReading } from "../syscall/extract.ts";
import type { Reading } from "../syscall/kernel.ts";
import type { Machine } from "./machine.ts";
import { authorityOf, contextOf, windowLabel } from "./standing.ts";

/** Reads the fields from a file or a page of the web. */
export async function readFields(
  machine: Machine,
  entity: Entity,
  from: { source: string; fields: readonly Field[]; id: string; signal: AbortSignal },
): Promise<Reading> {
  const { source, fields, id, signal } = from;
  const isAddress = /^https?:\/\//i.test(source);
  const decision = machine.broker.decide(
    {
      pid: entity.pid,
      ...(isAddress
        ? { name: "http.get", args: { url: source } }
        : { name: "files.read", args: { path: source } }),
    },
    authorityOf(machine, entity, windowLabel(entity)),
  );
  if (decision.do !== "run") return { ok: false, why: decision.why };
  const found = await machine.broker.perform(decision.pass, contextOf(machine, entity, { id, signal }));
  if (!found.ok) return { ok: false, why: `${source} could not be read.` };
  const { rules, task } = toReading(fields, found.text.slice(0, readingLimits.textChars));
  const model = await machine.modelOf(entity);
  let answer = "";
  let tokens = 0;
  const request = {
    process: `${entity.pid}.reading`,
    messages: [
      { role: "system" as const, text: rules },
      { role: "user" as const, text: task },
    ],
    ...{ shared: 1, grammar: toFieldGrammar(fields), stops: [], maxTokens: readingLimits.outputTokens },
    ...{ temperature: 0, seed: 0 },
  };
  const job = { pid: entity.pid, class: entity.class, nice: entity.nice, model, request, signal };
  for await (const event of machine.scheduler.generate(job)) {
    if (event.type === "text") answer += event.text;
    if (event.type === "restart") answer = "";
    if (event.type !== "end") continue;
    tokens = event.usage.input - event.usage.cached + event.usage.output;
    if (event.reason === "error" || event.reason === "aborted")
      return { ok: false, why: `The text could not be read: ${event.failure?.message ?? "stopped"}` };
  }
  return { ok: true, values: readValues(fields, answer), label: found.label, tokens };
}
