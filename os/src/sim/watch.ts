// The watch over a simulated run: after each step it reads what became durable and what was done in the world, and says
// which rule of SPEC.md is broken. It trusts nothing but the rows on the disk and the deeds of the world.

import type { Hum } from "../boot.ts";
import type { Entity, Outcome, Pid } from "../entity/entity.ts";
import { toSnapshotText } from "../entity/snapshot.ts";
import { createState, reduce, type State } from "../entity/state.ts";
import { createChain, fromRow } from "../journal/format.ts";
import type { JournalRecord } from "../journal/journal.ts";
import type { MemoryDisk } from "../journal/memory.ts";
import { turnLimits } from "../limits.ts";
import { Broken } from "./broken.ts";
import type { Life } from "./life.ts";
import type { Plan } from "./plan.ts";
import { createAttemptWatch } from "./watch-attempts.ts";
import { createCallWatch } from "./watch-calls.ts";
import { createPostWatch } from "./watch-posts.ts";
import type { World } from "./world.ts";

/** The time of a run: what the clock on the wall shows, and what has passed. */
export interface SimTime {
  wall: number;
  passed: number;
}

/** The watch. */
export interface Watch {
  /** Looks at what a step has brought; answers how many records began something. Without a machine it only reads. */
  step(hum: Hum | null, time: SimTime): number;
  /** A model is called for an entity. */
  call(hum: Hum, pid: Pid): void;
  /** A person uses a verb. */
  verb(hum: Hum, verb: string, pid: Pid | null): void;
  /** The state is the fold over the rows it has seen. */
  replay(hum: Hum): void;
  /** Nothing moves any more: everybody has ended or waits for a person. */
  rest(hum: Life): void;
  /** Ends of tasks that are done more than once. */
  readonly repeated: number;
}

/** Types of records that may stand in a stream behind the end of its entity, because they were on their way. */
const late = new Set([
  ...["call.ended", "entity.ended", "entity.woken", "entity.paused", "entity.resumed", "entity.reniced"],
  ...["approval.answered", "budget.raised", "message.delivered", "files.changed"],
]);

/** Makes the watch of a run. After a disk that has `lied` it begins anew: what is lost was done by nobody it knows. */
export function createWatch(
  plan: Plan,
  disk: MemoryDisk,
  world: World,
  { lied = false }: { lied?: boolean } = {},
): Watch {
  const chain = createChain();
  const calls = createCallWatch(plan, world, lied ? world.deeds.length : 0);
  const posts = createPostWatch();
  const attempts = createAttemptWatch(world, { files: !lied });
  const ends = new Map<Pid, Outcome>();
  const pages = new Map<Pid, Set<number>>();
  const heard = new Set<string>();
  /** Record of the last words that each was told, and how far all was known when its last model call began. */
  const words = new Map<Pid, number>();
  const asked = new Map<Pid, number>();
  const causes = new Set<unknown>();
  const killed = new Set<Pid>();
  /** The watch folds for itself, so that it knows the state at each record. */
  const truth = createState();
  const begun = new Set(["call.begun", "entity.spawned", "kernel.halted", "entity.ended"]);
  /** What the state must be: folded as far as the machine had come when it was last looked at. */
  const told = createState();
  /** Records of the last stop of all, and of the last one that is over; and of each beginning. */
  let lastHalt = 0;
  let haltedAt = 0;
  const spawned = new Map<Pid, number>();
  let seen = 0;
  /** Where every write is quick, so is every waking. */
  const overdue = new Map<Pid, number>();
  const checkSleep = ({ entities }: State, { wall, passed }: SimTime): void => {
    for (const { pid, state, waiting } of entities.values()) {
      const late = state === "waiting" && waiting?.on === "timer" && wall > waiting.until;
      if (!late) overdue.delete(pid);
      else if (!overdue.has(pid)) overdue.set(pid, passed);
      else if (passed > (overdue.get(pid) as number) + lateMs)
        throw new Broken("E6", `entity ${pid} sleeps on, ${wall - waiting.until} ms after its time`);
    }
  };
  const promptly = plan.stuckChance === 0 && plan.faults.full === null && plan.faults.failedWrite === 0;

  // What was asked before the last words cannot have been asked of somebody who had read them.
  const checkRead = (pid: Pid, { kind }: Outcome): void => {
    const known = asked.get(pid);
    if (kind === "done" && known !== undefined && known < (words.get(pid) ?? 0))
      throw new Broken("W3", `entity ${pid} was done and had not read what it was told`);
  };

  const look = (record: JournalRecord): void => {
    const data = record.data as Record<string, unknown> & { pid?: Pid; pages?: { id: number }[] };
    const { pid } = data;
    posts.look(record, truth);
    attempts.look(record, truth);
    if (record.type === "kernel.halted") lastHalt = record.seq;
    if (record.type === "kernel.unhalted") haltedAt = lastHalt;
    if (pid === undefined) return;
    const before = truth.entities.get(pid);
    if (record.type === "entity.spawned") spawned.set(pid, record.seq);
    if (before && record.type === "turn.said") checkTurn(before, (spawned.get(pid) ?? 0) < haltedAt);
    if (record.stream === `entity/${pid}` && ends.has(pid) && !late.has(record.type))
      throw new Broken("E10", `${record.type} of entity ${pid} after its end (record ${record.seq})`);
    if (record.type === "entity.ended" && !ends.has(pid)) checkRead(pid, data.outcome as Outcome);
    if (record.type === "entity.ended" && !ends.has(pid)) ends.set(pid, data.outcome as Outcome);
    if (record.type === "entity.spawned" && data.cause) {
      if (causes.has(data.cause)) throw new Broken("C5", `call ${String(data.cause)} started two children`);
      causes.add(data.cause);
    }
    if (record.type === "message.delivered") {
      // A post may be for several; what an entity says is for one.
      const id = data.sender === undefined ? `${pid} ${String(data.id)}` : String(data.id);
      if (heard.has(id)) throw new Broken("C5", `message ${id} was delivered twice, now to entity ${pid}`);
      heard.add(id);
      words.set(pid, record.seq);
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
    get repeated() {
      return attempts.ends;
    },
    step(hum, time) {
      let beginnings = 0;
      for (; seen < disk.rows.length; seen++) {
        const row = disk.rows[seen]!;
        const problem = chain.check(row);
        if (problem) throw new Broken("J2", problem);
        const record = fromRow(row);
        calls.deeds(killed, record.seq);
        look(record);
        reduce(truth, record);
        if (begun.has(record.type)) beginnings += 1;
        const { pid } = record.data as { pid?: Pid };
        const entity = pid === undefined ? undefined : truth.entities.get(pid);
        if (entity) checkBudget(plan, entity);
        const parent = truth.entities.get(entity?.parent ?? -1);
        if (entity && parent && record.type === "entity.spawned") checkGift(entity, parent);
      }
      calls.deeds(killed, Number.POSITIVE_INFINITY);
      if (!hum) return 0;
      const { state } = hum.ledger;
      calls.settle(state);
      for (const pid of hum.dispatch.running()) {
        const entity = state.entities.get(pid);
        if (entity?.state === "waiting") throw new Broken("S6", `entity ${pid} waits and has a driver`);
      }
      if (promptly) checkSleep(state, time);
      return beginnings;
    },
    call(hum, pid) {
      const { state } = hum.ledger;
      const entity = state.entities.get(pid);
      if (entity?.state !== "ready")
        throw new Broken("S6", `a model call of entity ${pid}, which is ${entity?.state}`);
      if (entity.paused) throw new Broken("S5", `a model call of entity ${pid}, which is paused`);
      if (state.halted) throw new Broken("K2", `a model call of entity ${pid} while all is stopped`);
      if (killed.has(pid)) throw new Broken("K3", `a model call of entity ${pid} after it was killed`);
      asked.set(pid, state.seq);
    },
    verb(hum, verb, pid) {
      const { entities } = hum.ledger.state;
      if (verb === "kill" && pid !== null && entities.has(pid)) killed.add(pid);
      if (verb === "killAll") for (const one of entities.keys()) killed.add(one);
    },
    replay(hum) {
      while (told.seq < hum.ledger.state.seq) reduce(told, fromRow(disk.rows[told.seq]!));
      if (toSnapshotText(told) !== toSnapshotText(hum.ledger.state))
        throw new Broken("J11", `the state at record ${told.seq} is not the fold over the journal`);
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
      posts.rest(state, hum.workplace);
      attempts.rest(state);
      for (const entity of state.entities.values()) {
        if (entity.state === "ended") continue;
        const { waiting } = entity;
        const parent = entity.parent === null ? undefined : state.entities.get(entity.parent);
        if (parent?.state === "ended")
          throw new Broken("K5", `entity ${entity.pid} lives on after its parent ${parent.pid}`);
        const forPerson = waiting !== null && ["message", "approval", "budget"].includes(waiting.on);
        const awaited = waiting?.on === "child" ? (waiting.pids ?? [waiting.pid ?? -1]) : [];
        const works = awaited.some((pid) => (state.entities.get(pid)?.state ?? "ended") !== "ended");
        if (forPerson || entity.paused || state.halted || works) continue;
        throw new Broken(
          "E7",
          `entity ${entity.pid} is ${entity.state} for ${JSON.stringify(waiting)} for ever`,
        );
      }
      for (const pid of hum.dispatch.running())
        if (!state.entities.get(pid)?.paused)
          throw new Broken("S6", `the driver of entity ${pid} does not end`);
    },
  };
}

/** A sleep may end so late (milliseconds) where the clock has jumped. */
const lateMs = 2 * 60_000;

// The state before a turn was said is the state in which it was allowed to begin.
function checkTurn(entity: Entity, stopped: boolean): void {
  const { used, budget, pid } = entity;
  if (used.tokens + turnLimits.outputTokens > budget.tokens)
    throw new Broken(
      "B1",
      `a turn of entity ${pid}, which has used ${used.tokens} of ${budget.tokens} tokens`,
    );
  if (used.deviceCalls >= budget.deviceCalls)
    throw new Broken(
      "B1",
      `a turn of entity ${pid}, which has used all its ${budget.deviceCalls} device calls`,
    );
  if (stopped) throw new Broken("K2", `a turn of entity ${pid}, which lived when all was stopped`);
}

function checkBudget(plan: Plan, entity: Entity): void {
  const { used, budget, pid } = entity;
  if (used.tokens > budget.tokens + plan.contextTokens)
    throw new Broken("B1", `entity ${pid} used ${used.tokens} of ${budget.tokens} tokens`);
  if (used.children > budget.children)
    throw new Broken("B3", `entity ${pid} started ${used.children} of ${budget.children} children`);
}

function checkGift(child: Entity, parent: Entity): void {
  const { tokens } = child.budget;
  // Half of nothing is nothing: a parent that is one call over its budget gives a child no tokens.
  if (tokens > 0 && (tokens > parent.used.tokens || parent.used.tokens > parent.budget.tokens))
    throw new Broken(
      "B3",
      `entity ${parent.pid} gave ${tokens} tokens and has used ${parent.used.tokens} of ${parent.budget.tokens}`,
    );
}
