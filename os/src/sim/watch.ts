// The watch over a simulated run: after each step it reads what became durable and what was done in the world, and says
// which rule of SPEC.md is broken. It trusts nothing but the rows on the disk and the deeds of the world.

import type { Hum } from "../boot.ts";
import type { Entity, Outcome, Pid } from "../entity/entity.ts";
import { createState, reduce, toSnapshotText } from "../entity/state.ts";
import { createChain, fromRow } from "../journal/format.ts";
import type { JournalRecord } from "../journal/journal.ts";
import type { MemoryDisk } from "../journal/memory.ts";
import { turnLimits } from "../limits.ts";
import { Broken } from "./broken.ts";
import type { Plan } from "./plan.ts";
import { createCallWatch } from "./watch-calls.ts";
import type { World } from "./world.ts";

/** The watch. */
export interface Watch {
  /** Looks at what a step has brought. */
  step(hum: Hum): void;
  /** A model is called for an entity. */
  call(hum: Hum, pid: Pid): void;
  /** A person uses a verb. */
  verb(hum: Hum, verb: string, pid: Pid | null): void;
  /** The state is the fold over the rows it has seen. */
  replay(hum: Hum): void;
  /** Nothing moves any more: everybody has ended or waits for a person. */
  rest(hum: Hum): void;
}

/** Types of records that may stand in a stream behind the end of its entity, because they were on their way. */
const late = new Set([
  ...["call.ended", "entity.ended", "entity.woken", "entity.paused", "entity.resumed", "entity.reniced"],
  ...["approval.answered", "budget.raised", "message.delivered"],
]);

/** Makes the watch of a run. */
export function createWatch(plan: Plan, disk: MemoryDisk, world: World): Watch {
  const chain = createChain();
  const calls = createCallWatch(plan, world);
  const ends = new Map<Pid, Outcome>();
  const pages = new Map<Pid, Set<number>>();
  const heard = new Set<string>();
  const killed = new Set<Pid>();
  let seen = 0;

  const look = (record: JournalRecord): void => {
    const data = record.data as Record<string, unknown> & { pid?: Pid; pages?: { id: number }[] };
    const { pid } = data;
    if (pid === undefined) return;
    if (record.stream === `entity/${pid}` && ends.has(pid) && !late.has(record.type))
      throw new Broken("E10", `${record.type} of entity ${pid} after its end (record ${record.seq})`);
    if (record.type === "entity.ended" && !ends.has(pid)) ends.set(pid, data.outcome as Outcome);
    if (record.type === "message.delivered") {
      const id = `${pid} ${String(data.id)}`;
      if (heard.has(id)) throw new Broken("C5", `message ${id} was delivered twice`);
      heard.add(id);
    }
    const known = pages.get(pid) ?? new Set();
    pages.set(pid, known);
    for (const page of data.pages ?? []) {
      if (known.has(page.id)) throw new Broken("M5", `page ${page.id} of entity ${pid} was made twice`);
      known.add(page.id);
    }
    calls.look(record);
  };

  return {
    step(hum) {
      const { state } = hum.ledger;
      for (; seen < disk.rows.length; seen++) {
        const row = disk.rows[seen]!;
        const problem = chain.check(row);
        if (problem) throw new Broken("J2", problem);
        const record = fromRow(row);
        calls.deeds(killed, record.seq);
        look(record);
        const { pid } = record.data as { pid?: Pid };
        const entity = pid === undefined ? undefined : state.entities.get(pid);
        if (entity) checkBudget(plan, entity, hum);
      }
      calls.deeds(killed, Number.POSITIVE_INFINITY);
      calls.settle(state);
      for (const pid of hum.dispatch.running()) {
        const entity = state.entities.get(pid);
        if (entity?.state === "waiting") throw new Broken("S6", `entity ${pid} waits and has a driver`);
      }
    },
    call(hum, pid) {
      const { state } = hum.ledger;
      const entity = state.entities.get(pid);
      if (entity?.state !== "ready") throw new Broken("S6", `a model call of entity ${pid}, which is ${entity?.state}`);
      if (entity.paused) throw new Broken("S5", `a model call of entity ${pid}, which is paused`);
      if (state.halted) throw new Broken("K2", `a model call of entity ${pid} while all is stopped`);
      if (killed.has(pid)) throw new Broken("K3", `a model call of entity ${pid} after it was killed`);
    },
    verb(hum, verb, pid) {
      const { entities } = hum.ledger.state;
      if (verb === "kill" && pid !== null && entities.has(pid)) killed.add(pid);
      if (verb === "killAll") for (const one of entities.keys()) killed.add(one);
    },
    replay(hum) {
      const state = createState();
      for (const row of disk.rows.slice(0, hum.ledger.state.seq)) reduce(state, fromRow(row));
      if (toSnapshotText(state) !== toSnapshotText(hum.ledger.state))
        throw new Broken("J11", `the state at record ${state.seq} is not the fold over the journal`);
      // What a crash has cut off before it was durable was never said to anybody.
      killed.clear();
      for (const [pid, outcome] of ends) {
        const entity = hum.ledger.state.entities.get(pid);
        if (entity?.outcome && entity.outcome.text !== outcome.text)
          throw new Broken("E10", `entity ${pid} ended twice: ${outcome.text}; ${entity.outcome.text}`);
      }
    },
    rest(hum) {
      const { state } = hum.ledger;
      for (const entity of state.entities.values()) {
        if (entity.state === "ended") continue;
        const { waiting } = entity;
        const parent = entity.parent === null ? undefined : state.entities.get(entity.parent);
        if (parent?.state === "ended")
          throw new Broken("K5", `entity ${entity.pid} lives on after its parent ${parent.pid}`);
        const forPerson = waiting !== null && ["message", "approval", "budget"].includes(waiting.on);
        const child = waiting?.on === "child" ? state.entities.get(waiting.pid ?? -1) : undefined;
        if (forPerson || entity.paused || state.halted || (child && child.state !== "ended")) continue;
        throw new Broken("E7", `entity ${entity.pid} is ${entity.state} for ${JSON.stringify(waiting)} for ever`);
      }
      for (const pid of hum.dispatch.running())
        if (!state.entities.get(pid)?.paused) throw new Broken("S6", `the driver of entity ${pid} does not end`);
    },
  };
}

function checkBudget(plan: Plan, entity: Entity, hum: Hum): void {
  const { used, budget, pid } = entity;
  const oneCall = plan.contextTokens + turnLimits.outputTokens;
  if (used.tokens > budget.tokens + oneCall)
    throw new Broken("B1", `entity ${pid} used ${used.tokens} of ${budget.tokens} tokens`);
  if (used.children > budget.children)
    throw new Broken("B3", `entity ${pid} started ${used.children} of ${budget.children} children`);
  const given = entity.children.reduce((sum, child) => {
    const { tokens } = hum.ledger.state.entities.get(child)?.budget ?? { tokens: 0 };
    return sum + tokens;
  }, 0);
  // A child's budget may have been raised by a person since.
  const raised = entity.children.some((child) => (hum.ledger.state.entities.get(child)?.turn ?? 0) > 0);
  if (!raised && given > used.tokens)
    throw new Broken("B3", `entity ${pid} gave ${given} tokens and has used only ${used.tokens}`);
}
