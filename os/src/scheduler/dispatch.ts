// Keeps the machine going: every runnable entity has one driver that takes its turns; waiting ones have none and cost
// nothing. It listens to the journal, so whatever makes an entity runnable (a message, an approval, a timer, a child's
// end, a person) wakes it the same way.
//
// Supervision as in OTP: a turn that throws (a bug) is begun again; `restarts` times without a call that came to its end, and the
// entity is paused and its owner told.

import type { Entity, Pid, Waiting } from "../entity/entity.ts";
import { isRunnable } from "../entity/entity.ts";
import { toEvent, toStream } from "../entity/events.ts";
import type { Ledger } from "../entity/ledger.ts";
import { HumError, toMessage } from "../error.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { restartIntensity, wakeAgainMs } from "../limits.ts";
import { toEndPage } from "../syscall/delegate.ts";
import { createAlarm } from "./alarm.ts";
import { isUnheard, tellColleagues } from "./attempt.ts";
import { createLending } from "./inherit.ts";
import { killed, type Machine } from "./machine.ts";
import { runEntity } from "./turn.ts";

/** What the dispatcher needs of the world. */
export interface DispatchOptions {
  /** Calls back once after `ms`; the returned function takes it back. */
  after(ms: number, call: () => void): () => void;
  /** Told of bugs that were survived. */
  onError?(pid: Pid, error: unknown): void;
}

/** The dispatcher. */
export interface Dispatch {
  /** Starts all that is runnable, and the timers. */
  start(): void;
  /** Stops every driver; resolves when none has any effect any more. Open calls stay open. */
  stop(): Promise<void>;
  /** Stops one driver at once, before anything is durable: nothing of its turn counts after this. */
  abort(pid: Pid): void;
  /** Resolves when no entity is runnable and no driver is at work. */
  idle(): Promise<void>;
  /** Entities whose driver is at work. */
  running(): Pid[];
}

interface Driver {
  controller: AbortController;
  done: Promise<void>;
}

/** Makes a dispatcher that is not started yet. */
export function createDispatch(machine: Machine, ledger: Ledger, options: DispatchOptions): Dispatch {
  const { state } = machine;
  const drivers = new Map<Pid, Driver>();
  const alarm = createAlarm<string>();
  const lend = createLending(state, machine.scheduler);
  const idlers = new Set<() => void>();
  /** Entities that get no driver any more: their end is on its way into the journal, or cannot be written. */
  const barred = new Set<Pid>();
  /** What follows from an end and is not durable yet: a parent to be woken, children to be ended. */
  const following = new Set<Promise<void>>();
  /** Waits that are being ended. */
  const told = new WeakSet<Waiting>();
  let started = false;
  let cancelTimer: (() => void) | null = null;
  /** When the timer rings. */
  let timer: number | null = null;

  const checkIdle = () => {
    if (drivers.size > 0 || following.size > 0) return;
    for (const resolve of [...idlers]) resolve();
    idlers.clear();
  };

  const survive = async (entity: Entity, error: unknown): Promise<void> => {
    if (HumError.is(error, "interrupted")) return void barred.add(entity.pid);
    options.onError?.(entity.pid, error);
    const { restarts } = restartIntensity;
    const events = [toEvent("entity.restarted", { pid: entity.pid, why: toMessage(error) })];
    const recent = entity.restarts.length;
    await machine.commit(toStream(entity.pid), events);
    if (recent + 1 < restarts) return;
    const id = `m-${entity.pid}-restarts-${state.seq}`;
    const text = `${entity.name} (pid ${entity.pid}) stopped ${restarts} times in a row and is paused now. The last reason: ${toMessage(error)}. \`hum resume ${entity.pid}\` lets it try again.`;
    await machine.commit(toStream(entity.pid), [
      toEvent("entity.paused", { pid: entity.pid, by: "hum" }),
      toEvent("message.sent", {
        id,
        to: entity.owner,
        from: "hum",
        pid: entity.pid,
        text,
        at: machine.now(),
        told: { what: "failing", name: entity.name, other: String(restarts), words: toMessage(error) },
      }),
    ]);
  };

  const drive = (entity: Entity) => {
    if (!started || barred.has(entity.pid) || drivers.has(entity.pid)) return;
    if (!isRunnable(entity) || state.halted) return;
    const controller = new AbortController();
    const work = async () => {
      try {
        await runEntity(machine, entity, controller.signal);
      } catch (error) {
        if (!controller.signal.aborted)
          await survive(entity, error).catch((again) => {
            barred.add(entity.pid);
            options.onError?.(entity.pid, again);
          });
      } finally {
        drivers.delete(entity.pid);
        if (entity.state !== "ready") ledger.forgetTexts(entity.pid);
        if (entity.state === "ended") forget(entity.pid);
        drive(entity);
        checkIdle();
      }
    };
    const driver: Driver = { controller, done: Promise.resolve() };
    drivers.set(entity.pid, driver);
    driver.done = work();
  };

  // Of one that has ended nothing is kept: it gets no driver any more, because it cannot run.
  const forget = (pid: Pid) => {
    machine.scheduler.forget(pid);
    barred.delete(pid);
  };

  const setTimer = () => {
    const next = started ? alarm.next() : null;
    if (next === timer) return;
    cancelTimer?.();
    cancelTimer = null;
    timer = next;
    if (next === null) return;
    cancelTimer = options.after(Math.max(0, next - machine.now()), () => {
      timer = null;
      void ring().catch((error) => options.onError?.(0, error));
    });
  };

  const abort = (pid: Pid): void => {
    barred.add(pid);
    drivers.get(pid)?.controller.abort(killed);
  };

  const ring = async () => {
    // All at once: they share one write, and the last of thousands is as much on time as the first.
    const woken = alarm.due(machine.now()).map((key) =>
      wake(key).catch((error) => {
        // A waking that could not be written is tried again; the others do not wait for it.
        if (!HumError.is(error, "interrupted")) alarm.set(key, machine.now() + wakeAgainMs);
        options.onError?.(0, error);
      }),
    );
    setTimer();
    await Promise.all(woken);
    setTimer();
  };

  const wake = async (key: string): Promise<void> => {
    const [kind, id] = key.split(":") as [string, string];
    if (kind === "approval") {
      const approval = state.approvals.get(id);
      if (!approval) return;
      const answered = toEvent("approval.answered", { id, pid: approval.pid, answer: "expired", by: "time" });
      return machine.commit(toStream(approval.pid), [answered]);
    }
    const entity = state.entities.get(Number(id));
    if (entity?.state !== "waiting" || (entity.waiting?.on !== "timer" && entity.waiting?.on !== "message"))
      return;
    await machine.commit(toStream(entity.pid), [toEvent("entity.woken", { pid: entity.pid, why: "timer" })]);
  };

  const setAlarms = (entity: Entity) => {
    const until =
      entity.state === "waiting" && (entity.waiting?.on === "timer" || entity.waiting?.on === "message")
        ? entity.waiting.until
        : null;
    if (until === null) alarm.clear(`timer:${entity.pid}`);
    else alarm.set(`timer:${entity.pid}`, until);
  };

  // The end of an entity ends what it started and left running, lets colleagues hear its last words, and wakes a parent that
  // waits for it.
  const onEnd = async (entity: Entity): Promise<void> => {
    for (const pid of entity.children) await endOrphan(state.entities.get(pid), entity);
    await tellColleagues(machine, entity);
    const parent = entity.parent === null ? undefined : state.entities.get(entity.parent);
    if (parent) await tellParent(parent);
    await (await machine.modelOf(entity).catch(() => null))?.release(String(entity.pid));
  };

  const endOrphan = async (child: Entity | undefined, parent: Entity): Promise<void> => {
    if (!child || child.state === "ended" || barred.has(child.pid)) return;
    abort(child.pid);
    const outcome = {
      kind: "killed" as const,
      text: `${parent.name} (pid ${parent.pid}), which had started it, ended`,
    };
    await machine.commit(toStream(child.pid), [toEvent("entity.ended", { pid: child.pid, outcome })]);
  };

  // Several colleagues may end at once: each wait is ended by one of them.
  const tellParent = async (parent: Entity): Promise<void> => {
    const { waiting } = parent;
    const ended = parent.state === "waiting" ? toEnded(parent) : null;
    if (!waiting || !ended || told.has(waiting)) return;
    told.add(waiting);
    try {
      const pages = await machine.toPages(parent, [{ kind: "results", role: "user", ...toEndPage(ended) }]);
      if (parent.waiting !== waiting) return;
      const why = ended.map((child) => `child ${child.pid}`).join(", ");
      await machine.commit(toStream(parent.pid), [toEvent("entity.woken", { pid: parent.pid, why, pages })]);
    } catch (error) {
      told.delete(waiting);
      throw error;
    }
  };

  // The colleagues for whose end an entity waits, when it need not wait any more.
  const toEnded = ({ waiting, children }: Entity): Entity[] | null => {
    if (waiting?.on !== "child") return null;
    const { pid, pids } = waiting;
    const all = children.flatMap((id) => state.entities.get(id) ?? []);
    if (pids) {
      const meant = all.filter((child) => pids.includes(child.pid));
      return meant.every((child) => child.state === "ended") ? meant : null;
    }
    const one = all.find((child) => child.state === "ended" && (pid === null || child.pid === pid));
    return one ? [one] : null;
  };

  const onRecord = (record: JournalRecord) => {
    const { pid } = record.data as { pid?: Pid };
    if (record.type === "kernel.unhalted" || record.type === "kernel.halted") return refresh();
    if (record.type === "approval.asked") {
      const { id, expiresAt } = record.data as { id: string; expiresAt: number };
      alarm.set(`approval:${id}`, expiresAt);
    }
    if (record.type === "approval.answered") alarm.clear(`approval:${(record.data as { id: string }).id}`);
    const entity = pid === undefined ? undefined : state.entities.get(pid);
    if (!entity || !started) return;
    if (record.type === "entity.ended") {
      abort(entity.pid);
      if (!drivers.has(entity.pid)) forget(entity.pid);
      report(entity, onEnd(entity));
    }
    if (record.type === "entity.spawned" || record.type === "entity.waiting") catchUp(entity);
    if (record.type === "entity.paused" || record.type === "entity.resumed")
      machine.scheduler.hold(entity.pid, entity.paused);
    if (record.type === "entity.reniced")
      machine.scheduler.renice(entity.pid, { class: entity.class, nice: entity.nice });
    lend(entity);
    setAlarms(entity);
    setTimer();
    drive(entity);
  };

  const report = (entity: Entity, work: Promise<void>): void => {
    const followed = work
      .catch((error) => options.onError?.(entity.pid, error))
      .finally(() => {
        following.delete(followed);
        checkIdle();
      });
    following.add(followed);
  };

  const refresh = () => {
    for (const entity of state.entities.values()) {
      if (state.halted) drivers.get(entity.pid)?.controller.abort();
      else drive(entity);
    }
  };

  ledger.listen(onRecord);
  return {
    start() {
      started = true;
      for (const approval of state.approvals.values())
        alarm.set(`approval:${approval.id}`, approval.expiresAt);
      for (const entity of state.entities.values()) {
        if (isUnheard(state, entity)) report(entity, onEnd(entity));
        if (entity.state === "ended") continue;
        machine.scheduler.hold(entity.pid, entity.paused);
        lend(entity);
        setAlarms(entity);
        catchUp(entity);
        drive(entity);
      }
      setTimer();
    },
    async stop() {
      started = false;
      setTimer();
      for (const driver of drivers.values()) driver.controller.abort();
      await Promise.all([...drivers.values()].map((driver) => driver.done));
      await Promise.all(following);
    },
    abort,
    idle: () =>
      new Promise((resolve) => {
        idlers.add(resolve);
        queueMicrotask(checkIdle);
      }),
    running: () => [...drivers.keys()],
  };

  // A child may have ended just before its parent began to wait for it, and a parent just before its child began to
  // live; a stop may have come in between.
  function catchUp(entity: Entity): void {
    if (toEnded(entity)) report(entity, tellParent(entity));
    const parent = entity.parent === null ? undefined : state.entities.get(entity.parent);
    if (parent?.state === "ended") report(entity, endOrphan(entity, parent));
  }
}
