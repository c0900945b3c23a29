// The people of a simulated run: they start tasks, answer, and use every verb at the wrong moment. What they may get back
// is an answer or a HumError of a kind that is theirs to cause.

import type { Class } from "../entity/entity.ts";
import { HumError } from "../error.ts";
import { Broken } from "./broken.ts";
import { type FaultBook, isSimulated } from "./faults.ts";
import type { Life } from "./life.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";

/** What people see and whom they tell of trouble. */
export interface PeopleView {
  plan: Plan;
  random: Random;
  /** Chance of the faults, which leaves that of the people as it is. */
  faults: Random;
  hum(): Life;
  /** Told of each verb before it is used. */
  onVerb(verb: string, pid: number | null): void;
  /** Told of an error that no verb may give. */
  onBug(error: unknown): void;
  strike: FaultBook["strike"];
}

const allowed = new Set(["not-found", "conflict", "bad-input", "denied"]);

/** One verb, chosen by chance; false when the person found nothing to do. */
export function actOnce(view: PeopleView): boolean {
  const { random, plan } = view;
  const hum = view.hum();
  const { state } = hum.ledger;
  const pids = [...state.entities.keys()];
  const verb = random.weigh({
    task: 3,
    say: 3,
    approve: 6,
    deny: 2,
    mail: 1,
    kill: 0.6,
    killAll: 0.15,
    unhalt: state.halted ? 3 : 0.05,
    pause: plan.meddling ? 1 : 0,
    resume: plan.meddling ? 2 : 0,
    renice: plan.meddling ? 1 : 0,
    post: plan.posts,
    trigger: plan.posts / 8,
  });
  if (verb === "post") return writePost(view);
  if (verb === "trigger") return saveTrigger(view);
  if (verb === "task") return startTask(view);
  if (verb === "killAll" || verb === "unhalt") return use(view, verb, null, () => hum.inbox[verb]("Kim"));
  if (verb === "mail")
    return use(view, verb, null, () => hum.inbox.read([...state.mail.keys()].slice(0, 3), "Kim"));
  if (verb === "approve" || verb === "deny") {
    const [approval] = [...state.approvals.values()];
    if (!approval) return false;
    const answer = verb === "approve" ? "approved" : "denied";
    if (view.faults.chance(plan.faults.answeredTwice)) {
      view.strike("answered-twice");
      const other = view.faults.chance(0.5) ? "approved" : "denied";
      use(view, verb, approval.pid, () => hum.inbox.answer(approval.id, other, "Eve"));
    }
    return use(view, verb, approval.pid, () => hum.inbox.answer(approval.id, answer, "Kim"));
  }
  if (pids.length === 0) return false;
  const pid = random.pick(pids);
  if (verb === "say")
    return use(view, verb, pid, () => hum.inbox.say(pid, { from: "Kim", text: `do ${random.below(1_000)}` }));
  if (verb === "renice") {
    const to = {
      class: random.pick<Class>(["interactive", "normal", "background"]),
      nice: random.below(7) - 3,
    };
    return use(view, verb, pid, () => hum.inbox.renice(pid, to));
  }
  return use(view, verb, pid, () => hum.inbox[verb](pid, "Kim"));
}

/** Answers an approval in the very moment in which its time is over; false when none waits. */
export function answerTooLate(view: PeopleView, at: number): boolean {
  const hum = view.hum();
  const approval = [...hum.ledger.state.approvals.values()].find((one) => Math.abs(one.expiresAt - at) < 5);
  if (!approval) return false;
  return use(view, "approve", approval.pid, async () => {
    await hum.inbox.answer(approval.id, "approved", "Kim");
    if (at >= approval.expiresAt)
      view.onBug(new Broken("A4", `approval ${approval.id} got a yes after its time`));
  });
}

/** Starts a task. */
export function startTask(view: PeopleView): boolean {
  const { random, plan } = view;
  const budget = random.chance(0.3)
    ? { tokens: 1_000 + random.below(4_000), deviceCalls: 1 + random.below(4), children: random.below(3) }
    : {};
  const hosts = plan.granted ? { hosts: ["example.org"] } : {};
  const task = `Do number ${random.below(1_000)}${random.chance(0.2) ? " and write it to 1.txt" : ""}.`;
  const capabilities = [{ operation: "*", grantedBy: "Kim", ...hosts }];
  const how = random.pick<Class>(["interactive", "normal", "normal", "background"]);
  const program = plan.attempts > 1 && random.chance(0.4) ? "clerk" : "worker";
  const request = {
    ...{ task, program },
    owner: "Kim",
    class: plan.meddling ? how : ("normal" as const),
    budget,
    capabilities,
  };
  return use(view, "task", null, () => view.hum().inbox.task(request));
}

// In a channel or in a thread, to a colleague, to two, or to nobody; in a direct line; now and then the same twice.
function writePost(view: PeopleView): boolean {
  const { random } = view;
  const { workplace, ledger } = view.hum();
  const threads = [...ledger.state.work.threads.keys()];
  const thread = threads.length > 0 && random.chance(0.5) ? random.pick(threads) : null;
  const call = random.pick(["@worker ", "@clerk ", "@worker @clerk ", "@Kim ", ""]);
  const key = random.chance(0.3) ? `key ${random.below(1_000_000)}` : null;
  const wish = {
    text: `${call}do ${random.below(1_000)}`,
    ...(thread === null ? { channel: random.pick(["general", "work"]) } : { thread }),
    ...(key === null ? {} : { key }),
  };
  if (random.chance(0.1)) return use(view, "direct", null, () => workplace.openDirect("Kim", "worker"));
  if (key !== null) {
    view.strike("posted-twice");
    use(view, "post", null, () => workplace.post("Kim", wish));
  }
  return use(view, "post", null, () => workplace.post("Kim", wish));
}

function saveTrigger(view: PeopleView): boolean {
  const { random } = view;
  const { workplace } = view.hum();
  const setting = {
    ...{ name: "Seven", program: "worker", task: "Look at it.", channel: "work" },
    when: { kind: "message" as const, channel: "general", contains: "7" },
    enabled: random.chance(0.8),
  };
  return use(view, "trigger", null, () => workplace.saveTrigger("Kim", "seven", setting));
}

function use(view: PeopleView, verb: string, pid: number | null, call: () => Promise<unknown>): boolean {
  view.onVerb(verb, pid);
  const go = async () => {
    try {
      await call();
    } catch (error) {
      if ((!HumError.is(error) || !allowed.has(error.code)) && !isSimulated(error)) view.onBug(error);
    }
  };
  void go();
  return true;
}
