// The inbox: where the words and verbs of people enter the machine, from the terminal, the web or a program alike. Each
// verb is one or a few events in the journal; what follows from them is done by those who listen to it.

import { covers } from "../entity/authority.ts";
import type { Told } from "../entity/conversation.ts";
import type { Class, Entity, Pid } from "../entity/entity.ts";
import { classes } from "../entity/entity.ts";
import {
  type Approval,
  type HumEvent,
  kernelStream,
  type Mail,
  toEvent,
  toPersonStream,
  toStream,
} from "../entity/events.ts";
import type { Ledger } from "../entity/ledger.ts";
import { workStream } from "../entity/work-events.ts";
import { HumError } from "../error.ts";
import { type Label, toLabel } from "../memory/label.ts";
import type { Dispatch } from "../scheduler/dispatch.ts";
import type { Machine } from "../scheduler/machine.ts";
import { memoryCapability } from "../syscall/past.ts";
import { createRemembered, type Remembered } from "./remembered.ts";
import { haltedText, type Spawner, type TaskRequest } from "./spawn.ts";

/** The verbs of people. All throw `not-found` for an unknown pid or id, `bad-input` for wrong use. */
export interface Inbox {
  /** Starts an entity on a task. */
  task(request: TaskRequest): Promise<Entity>;
  /** Says something to a living entity. */
  say(to: Pid, message: { from: string; text: string; label?: Label }): Promise<void>;
  pause(pid: Pid, by: string): Promise<void>;
  resume(pid: Pid, by: string): Promise<void>;
  /** Ends an entity and all it started. No token and no device call follows. */
  kill(pid: Pid, by: string): Promise<void>;
  /** Ends all entities, and lets none start until `unhalt`; this survives a restart. */
  killAll(by: string): Promise<number>;
  unhalt(by: string): Promise<void>;
  renice(pid: Pid, to: { class?: Class; nice?: number }): Promise<void>;
  /** Takes an operation back from an entity, and from all that it passed it on to. Throws `not-found` for one not held. */
  revoke(pid: Pid, operation: string, by: string): Promise<void>;
  /** Lets an entity search and recall what another one remembers; `off` takes it back, from all that it passed it on to. */
  shareMemory(share: { of: Pid; with: Pid; by: string; off?: boolean }): Promise<void>;
  /** What is remembered of people and projects. */
  readonly remembered: Remembered;
  /** Starts a second entity with the same window, which goes its own way from here. */
  fork(pid: Pid): Promise<Entity>;
  /** Answers an approval; `more` becomes durable together with the answer. */
  answer(
    id: string,
    answer: "approved" | "denied",
    by: string,
    more?: readonly HumEvent[],
  ): Promise<Approval>;
  /** Unread messages of a person (all people when null). */
  mail(person: string | null): Mail[];
  read(ids: readonly string[], by: string): Promise<void>;
  find(pid: Pid): Entity;
}

/** Makes the inbox of a machine. */
export function createInbox(from: {
  machine: Machine;
  ledger: Ledger;
  dispatch: Dispatch;
  spawner: Spawner;
}): Inbox {
  const { machine, dispatch, spawner } = from;
  const { state } = machine;

  const find = (pid: Pid): Entity => {
    const entity = state.entities.get(pid);
    if (!entity)
      throw new HumError("not-found", `There is no entity ${pid}. \`hum ps --all\` lists those there are.`);
    return entity;
  };
  const findLiving = (pid: Pid): Entity => {
    const entity = find(pid);
    if (entity.state === "ended")
      throw new HumError(
        "conflict",
        `${entity.name} (pid ${pid}) has ended already (${entity.outcome?.kind}).`,
      );
    return entity;
  };
  const end = async (entity: Entity, by: string): Promise<void> => {
    if (entity.state === "ended") return;
    dispatch.abort(entity.pid);
    for (const pid of entity.children) {
      const child = state.entities.get(pid);
      if (child) await end(child, by);
    }
    const ended = toEvent("entity.ended", {
      pid: entity.pid,
      outcome: { kind: "killed", text: `killed by ${by}`, by },
    });
    await machine.commit(toStream(entity.pid), [ended]);
  };
  /** How often everything was stopped since the start: a stop is lifted by whoever has seen it, not by who came before it. */
  let halts = 0;
  /** Messages since the start, because several may come before the first is durable. */
  let said = 0;
  /** Approvals whose answer is on its way into the journal. */
  const answering = new Set<string>();

  return {
    remembered: createRemembered(from),
    find,
    task(request) {
      if (state.halted) throw new HumError("denied", haltedText);
      return spawner.start(request);
    },
    async say(to, { from: sender, text, label = toLabel("person") }) {
      const entity = findLiving(to);
      if (text.trim() === "") throw new HumError("bad-input", "The message is empty.");
      const id = `s-${to}-${state.lengths.get(toStream(to)) ?? 0}-${++said}`;
      const pages = await machine.toPages(entity, [
        { kind: "dialogue", role: "user", label, text: `${sender} says: ${text}` },
      ]);
      await machine.commit(toStream(to), [
        toEvent("message.delivered", { pid: to, id, from: sender, text, pages }),
      ]);
    },
    async pause(pid, by) {
      const entity = findLiving(pid);
      if (entity.paused) throw new HumError("conflict", `${entity.name} (pid ${pid}) is paused already.`);
      machine.scheduler.hold(pid, true);
      await machine.commit(toStream(pid), [toEvent("entity.paused", { pid, by })]);
    },
    async resume(pid, by) {
      const entity = findLiving(pid);
      if (!entity.paused) throw new HumError("conflict", `${entity.name} (pid ${pid}) is not paused.`);
      await machine.commit(toStream(pid), [toEvent("entity.resumed", { pid, by })]);
    },
    kill: async (pid, by) => end(findLiving(pid), by),
    async killAll(by) {
      halts += 1;
      for (const entity of state.register.living()) dispatch.abort(entity.pid);
      await machine.commit(kernelStream, [toEvent("kernel.halted", { by })]);
      // Also those that had begun to start before.
      const all = state.register.living();
      await Promise.all(
        all
          .filter((entity) => entity.parent === null || state.entities.get(entity.parent)?.state === "ended")
          .map((entity) => end(entity, by)),
      );
      return all.length;
    },
    async unhalt(by) {
      if (!state.halted) throw new HumError("conflict", "Nothing is stopped.");
      const halt = halts;
      while (state.halted) {
        if (halts !== halt) throw new HumError("conflict", "Meanwhile everything was stopped again.");
        // Those whose end a crash has cut off are ended now; nothing of before goes on.
        for (const entity of state.register.living()) await end(entity, by);
        await machine.commit(
          kernelStream,
          [toEvent("kernel.unhalted", { by })],
          () => state.halted && halts === halt && state.register.living().length === 0,
        );
      }
    },
    async renice(pid, to) {
      const entity = findLiving(pid);
      const nice = to.nice ?? entity.nice;
      if (!Number.isInteger(nice) || nice < -20 || nice > 19)
        throw new HumError("bad-input", "Niceness is a whole number from -20 (most) to 19 (least).");
      if (to.class && !classes.includes(to.class))
        throw new HumError("bad-input", `The class is one of ${classes.join(", ")}.`);
      await machine.commit(toStream(pid), [
        toEvent("entity.reniced", { pid, class: to.class ?? entity.class, nice }),
      ]);
    },
    async revoke(pid, operation, by) {
      const { name, capabilities } = find(pid);
      const wider = capabilities.find(
        (one) => one.operation !== operation && covers(one.operation, operation),
      );
      if (wider)
        throw new HumError(
          "not-found",
          `${name} (pid ${pid}) holds ${wider.operation}: take that back as a whole.`,
        );
      if (!capabilities.some((one) => covers(operation, one.operation)))
        throw new HumError("not-found", `${name} (pid ${pid}) holds no ${operation}.`);
      await machine.commit(toStream(pid), [toEvent("capability.revoked", { pid, operation, by })]);
    },
    async shareMemory({ of, with: reader, by, off }) {
      find(of);
      const grant = `memory-${of}-${reader}`;
      if (off) {
        if (!find(reader).capabilities.some((one) => one.grant === grant))
          throw new HumError("not-found", `What pid ${of} remembers is not shared with pid ${reader}.`);
        await machine.commit(workStream, [toEvent("grant.revoked", { id: grant, by })]);
        return;
      }
      const { capabilities } = findLiving(reader);
      if (of === reader || capabilities.some((one) => one.grant === grant)) return;
      const capability = { operation: memoryCapability, args: { pid: [String(of)] }, grantedBy: by, grant };
      await machine.commit(toStream(reader), [toEvent("capability.granted", { pid: reader, capability })]);
    },
    async fork(pid) {
      if (state.halted)
        throw new HumError(
          "denied",
          "Everything was stopped with `hum kill --all`. Start again with `hum resume --all`.",
        );
      return spawner.fork(findLiving(pid));
    },
    async answer(id, answer, by, more = []) {
      const approval = state.approvals.get(id);
      if (!approval || answering.has(id))
        throw new HumError(
          "not-found",
          `No approval ${id} is waiting. \`hum approvals\` lists those that are.`,
        );
      if (answer === "approved" && approval.expiresAt <= machine.now())
        throw new HumError("conflict", "The time for a yes is over: it counts as a no.");
      answering.add(id);
      try {
        const answered = toEvent("approval.answered", { id, pid: approval.pid, answer, by });
        await machine.commit(toStream(approval.pid), [
          answered,
          ...(approval.kind === "budget" ? toBudgetEvents(approval, { answer, by }) : []),
          ...more,
        ]);
      } finally {
        answering.delete(id);
      }
      return approval;
    },
    mail: (person) =>
      [...state.mail.values()].filter(
        (mail) => person === null || mail.to.toLowerCase() === person.toLowerCase(),
      ),
    async read(ids, by) {
      const known = ids.filter((id) => state.mail.has(id));
      if (known.length > 0)
        await machine.commit(toPersonStream(by), [toEvent("message.read", { ids: known, by })]);
    },
  };
}

// A yes gives as much again, a no ends the entity; both in one write with the answer.
function toBudgetEvents(
  { pid, payload, why }: Approval,
  { answer, by }: { answer: "approved" | "denied"; by: string },
): HumEvent[] {
  if (answer === "approved")
    return [toEvent("budget.raised", { pid, budget: payload as Record<string, number>, by })];
  const text = `Its budget is used up, and ${by} gave no more (${why}).`;
  const told: Told = { what: "spent", other: by };
  return [toEvent("entity.ended", { pid, outcome: { kind: "failed", text, told } })];
}
