// Numbers of the whole machine: what left it, and how much the models work.

import type { JournalRecord } from "../journal/journal.ts";
import type { Workplace } from "./api.ts";
import { type Room, workOf } from "./room.ts";

const minute = 60_000;

/** Makes the part of the workplace that counts. */
export function createCounters(
  room: Room,
): Pick<Workplace, "counters"> & { take(record: JournalRecord): void } {
  const started = room.machine.now();
  let recent: { at: number; tokens: number }[] = [];
  return {
    take(record) {
      if (record.type !== "turn.said") return;
      const { input, cached, output } = (
        record.data as { usage: { input: number; cached: number; output: number } }
      ).usage;
      recent = recent.filter(({ at }) => at > record.at - minute);
      recent.push({ at: record.at, tokens: input - cached + output });
    },
    counters() {
      const now = room.machine.now();
      const work = workOf(room);
      const egressHosts = [...work.egress].map(([host, sent]) => ({ host, ...sent }));
      return {
        egressBytes: egressHosts.reduce((sum, { bytes }) => sum + bytes, 0),
        egressHosts: egressHosts.sort((a, b) => b.bytes - a.bytes),
        tokensPerMinute: recent
          .filter(({ at }) => at > now - minute)
          .reduce((sum, { tokens }) => sum + tokens, 0),
        modelCalls: work.modelCalls,
        journalSeq: room.ledger.state.seq,
        uptimeMs: now - started,
      };
    },
  };
}
