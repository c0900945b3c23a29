// The part of the watch that looks at calls and deeds: each effect at most once, none unapproved, none of the dead.

import type { Pid } from "../entity/entity.ts";
import type { State } from "../entity/state.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { Broken } from "./broken.ts";
import type { Plan } from "./plan.ts";
import type { Deed, World } from "./world.ts";

interface Seen {
  begun: number;
  ended: boolean;
  operation: string | null;
  /** In-doubt approvals that were answered with yes. */
  repeats: number;
}

/** The watch over calls. */
export interface CallWatch {
  look(record: JournalRecord): void;
  /** Looks at the deeds since the last look that were done before record `seq` was durable. */
  deeds(killed: ReadonlySet<Pid>, seq: number): void;
  /** Remembers who has ended and whether all is stopped, for the deeds of the next step. */
  settle(state: State): void;
}

/** Makes the watch over calls; deeds before number `first` are none of its. */
export function createCallWatch(plan: Plan, world: World, first = 0): CallWatch {
  const calls = new Map<string, Seen>();
  const asked = new Map<string, { kind: string; calls: { key: string; what: string }[] }>();
  const approved = new Set<string>();
  const ended = new Set<Pid>();
  /** Those of the last call that was held: its approval is in the same write. */
  let keys: string[] = [];
  let halted = false;
  let seen = first;

  const callOf = (id: string): Seen => {
    const call = calls.get(id) ?? { begun: 0, ended: false, operation: null, repeats: 0 };
    calls.set(id, call);
    return call;
  };

  const checkDeed = (deed: Deed, killed: ReadonlySet<Pid>): void => {
    const { key, pid, operation } = deed;
    const who = `${operation} ${key} of entity ${pid}`;
    if (ended.has(pid)) throw new Broken("K3", `${who} was done after its end`);
    if (killed.has(pid)) throw new Broken("K3", `${who} was done after it was killed`);
    if (halted) throw new Broken("K2", `${who} was done while all is stopped`);
    const call = callOf(key);
    if (call.begun === 0) throw new Broken("J3", `${who} was done before its intent was durable`);
    if (call.ended) throw new Broken("C2", `${who} was done after its result was durable`);
    const standing = world.deeds.filter(
      (other, at) => at >= first && other.key === key && !other.undone,
    ).length;
    if (operation === "files.write") {
      if (standing > 1) throw new Broken("C3", `${who} was done ${standing} times`);
      return;
    }
    if (standing > 1 + call.repeats)
      throw new Broken("C4", `${who} was done ${standing} times and repeated on a yes ${call.repeats} times`);
    const granted = operation === "http.get" && plan.granted && deed.what.startsWith("https://example.org/");
    if (!granted && !approved.has(`${key} ${deed.what}`)) throw new Broken("A1", `${who} was not approved`);
  };

  return {
    look(record) {
      // biome-ignore lint/suspicious/noExplicitAny: payloads of many types are looked into here
      const data = record.data as any;
      if (record.type === "call.begun") {
        const call = callOf(data.call.id);
        if (call.ended) throw new Broken("C2", `call ${data.call.id} was begun after its end`);
        call.begun += 1;
        call.operation = data.call.operation;
        const final = call.operation === "terminal.run" || call.operation === "http.get";
        if (final && call.begun > 1 + call.repeats)
          throw new Broken("C4", `call ${data.call.id} was begun ${call.begun} times by itself`);
      }
      if (record.type === "call.ended") {
        const call = callOf(data.id);
        if (call.ended) throw new Broken("C2", `call ${data.id} ended twice`);
        call.ended = true;
      }
      if (record.type === "call.held") keys = [data.call, ...(data.call.also ?? [])].map((call) => call.id);
      if (record.type === "approval.asked" && data.kind !== "budget") {
        const { kind, payload } = data;
        const shown = kind === "effect" ? (payload.calls ?? [payload.args]) : [payload];
        if (shown.length !== keys.length)
          throw new Broken("A8", `${data.id} shows ${shown.length} calls and is for ${keys.length}`);
        const calls = keys.map((key, i) => ({ key, what: shown[i].command ?? shown[i].url }));
        asked.set(data.id, { kind, calls });
      }
      const ask = record.type === "approval.answered" ? asked.get(data.id) : undefined;
      if (!ask) return;
      // The first answer counts.
      asked.delete(data.id);
      if (data.answer !== "approved") return;
      for (const { key, what } of ask.calls) {
        approved.add(`${key} ${what}`);
        if (ask.kind === "in-doubt") callOf(key).repeats += 1;
      }
    },
    deeds(killed, seq) {
      for (; seen < world.deeds.length && world.deeds[seen]!.seq < seq; seen++)
        checkDeed(world.deeds[seen]!, killed);
    },
    settle(state) {
      halted = state.halted;
      for (const entity of state.entities.values()) if (entity.state === "ended") ended.add(entity.pid);
    },
  };
}
