// The call `extract`: values from a stranger's text, read by a model that holds no call (extract.ts says what a value is).

import { toEvent } from "../entity/events.ts";
import { readingLimits } from "../limits.ts";
import { joinLabels } from "../memory/label.ts";
import { toBits, toFields } from "./extract.ts";
import type { Handler } from "./kernel.ts";

/** Reads values for an entity, within its bits. */
export const extract: Handler = async (
  { from = "", fields: body = "" },
  { entity, id, doors, label, signal },
) => {
  const answer = (ok: boolean, text: string) => ({ next: "go-on" as const, ok, text, label });
  const fields = toFields(body);
  if (typeof fields === "string") return answer(false, fields);
  const { pid, readBits } = entity;
  const bits = fields.reduce((sum, field) => sum + toBits(field), 0);
  if (readBits + bits > readingLimits.bits)
    return answer(
      false,
      `You have taken ${readBits} bits from strangers' texts; ${readingLimits.bits} are the most.`,
    );
  const reading = await doors.readFields(entity, { source: from, fields, id, signal });
  if (!reading.ok) return answer(false, reading.why);
  const lines = fields.map(({ name }, i) => `${name}: ${reading.values[i]}`);
  return {
    ...answer(true, `${from} says:\n${lines.join("\n")}`),
    // The values are the entity's own words, of which the text could choose only so much; who may read them stays.
    label: joinLabels(label, { ...reading.label, integrity: "entity" }),
    events: [
      toEvent("values.read", { pid, bits }),
      toEvent("budget.charged", { pid, used: { tokens: reading.tokens } }),
    ],
  };
};
