// What a model with a price has cost today, from the journal, so that a restart gives no new money.

import type { OpenJournal } from "../journal/journal.ts";
import type { ModelInfo, Usage } from "../model/model.ts";
import { toCost } from "./throttle.ts";

const day = 24 * 60 * 60_000;

/** Money spent on a model since the day of `now` began (UTC). */
export function spentToday(
  journal: Pick<OpenJournal, "read" | "head">,
  info: ModelInfo,
  now: number,
): number {
  const from = Math.floor(now / day) * day;
  const at = (seq: number): number => [...journal.read(null, seq - 1, 1)][0]?.at ?? Number.POSITIVE_INFINITY;
  // Records have one order and their times hardly go back: the first of today is found by halving.
  let low = 1;
  let high = journal.head().seq + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) < from) low = middle + 1;
    else high = middle;
  }
  let sum = 0;
  for (const record of journal.read(null, low - 1)) {
    if (record.type !== "turn.said") continue;
    const { model, usage } = record.data as { model: string; usage: Usage };
    if (model === info.id) sum += toCost(info, usage);
  }
  return sum;
}
