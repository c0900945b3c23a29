// What simulated entities say: every call there is, well and badly formed, and a model that fails now and then. Toward
// the end of a run they come to an end.

import type { Entity } from "../entity/entity.ts";
import type { State } from "../entity/state.ts";
import type { ModelFailure, ModelRequest } from "../model/model.ts";
import type { ScriptedAnswer } from "../model/scripted.ts";
import { fenceForm } from "../syscall/fence.ts";
import type { SyscallName } from "../syscall/names.ts";
import type { FaultBook } from "./faults.ts";
import type { Plan } from "./plan.ts";
import type { Random } from "./random.ts";

/** What a mind sees. */
export interface MindView {
  plan: Plan;
  random: Random;
  state(): State;
  /** True when the run is to come to its end. */
  ending(): boolean;
  /** True while the server of the model cannot be reached. */
  apart(): boolean;
  strike: FaultBook["strike"];
}

const weights: Record<Exclude<SyscallName, "python">, number> = {
  write: 6,
  read: 3,
  list: 1,
  now: 1,
  bash: 2,
  get: 2,
  say: 4,
  ask: 1,
  spawn: 3,
  delegate: 2,
  wait: 4,
  sleep: 3,
  note: 1,
  // Its reader is a call of its own, which this mind does not play.
  extract: 0,
  recall: 1,
  search: 1,
  done: 2,
  fail: 1,
};

/** What may be said several times in one answer, or is said so by a model that may not. */
const severalOf: ReadonlySet<SyscallName> = new Set(["get", "bash", "write", "say"]);

/** What one says whose task is done more than once. */
const repeated: typeof weights = {
  ...(Object.fromEntries(Object.keys(weights).map((name) => [name, 0])) as typeof weights),

  write: 4,
  read: 1,
  now: 1,
  say: 1,
  note: 1,
  get: 0.2,
  done: 5,
  fail: 0.3,
};

/** Makes the script of a run's model. */
export function createMind(view: MindView): (request: ModelRequest) => ScriptedAnswer {
  const { plan, random } = view;
  return (request) => {
    const pid = Number(request.process);
    const entity = view.state().entities.get(pid) as Entity;
    if (view.apart()) {
      view.strike("partition");
      return { code: "unreachable", message: "no route to the server", retry: true };
    }
    if (random.chance(plan.modelFails)) {
      const failure = fail(random);
      view.strike(typeof failure === "object" && "text" in failure ? "died-in-a-word" : "refused");
      return failure;
    }
    if (random.chance(plan.malformed)) {
      view.strike("babble");
      return babble(random);
    }
    if (view.ending() && random.chance(0.4)) return { code: "refused", message: "enough", retry: false };
    const child = entity.children.findLast((one) => view.state().entities.get(one)?.state !== "ended");
    if (child !== undefined && random.chance(0.3)) return render("wait", { pid: String(child) });
    const name = random.weigh(entity.redundancy > 1 ? repeated : weights);
    // Now and then several of one kind in one answer.
    const count = severalOf.has(name) && random.chance(0.4) ? 2 + random.below(3) : 1;
    return Array.from({ length: count }, () => render(name, toArgs(name, entity, view))).join("\n");
  };
}

function render(name: SyscallName, args: Record<string, string>): string {
  return fenceForm.render({ name, args }).slice(fenceForm.begin.length);
}

function toArgs(
  name: keyof typeof weights,
  entity: Entity,
  { random, state }: MindView,
): Record<string, string> {
  // Where results are compared some are the same.
  const number = String(random.below(entity.redundancy > 1 ? 2 : 1_000));
  const file = random.below(entity.redundancy > 1 ? 2 : 4);
  const anybody = () => String(random.pick([...state().entities.keys()]));
  const args: Record<keyof typeof weights, () => Record<string, string>> = {
    write: () => ({ path: `${file}.txt`, text: `text ${number}` }),
    read: () => ({ path: `${file}.txt` }),
    list: () => ({ path: "." }),
    now: () => ({}),
    bash: () => ({ command: `stamp ${number}` }),
    get: () => ({ url: random.chance(0.8) ? `https://example.org/${number}` : "nowhere" }),
    say: () => ({ to: random.pick([anybody(), anybody(), "Kim", "nobody"]), text: `word ${number}` }),
    ask: () => ({ to: "Kim", text: `What of ${number}?` }),
    spawn: () => ({ program: "worker", task: `Part ${number}.` }),
    delegate: () => ({ tasks: toTasks(random) }),
    wait: () => ({ pid: String(random.pick([...entity.children, 999])) }),
    sleep: () => ({ time: random.pick(["0.05s", "1s", "3s", "soon"]) }),
    note: () => ({ text: `note ${number}` }),
    extract: () => ({ from: `${file}.txt`, fields: "total: number" }),
    recall: () => ({ page: String(1 + random.below(entity.nextPage + 2)) }),
    search: () => ({ words: `text ${number}` }),
    done: () => ({ answer: `Done ${number}.` }),
    fail: () => ({ why: `It cannot be done ${number}.` }),
  };
  return args[name]();
}

// One to three lines, now and then one that nobody can be given.
function toTasks(random: Random): string {
  return Array.from({ length: 1 + random.below(3) }, () => {
    const task = `Part ${random.below(1_000)}.`;
    return random.chance(0.2) ? random.pick([task, `nobody: ${task}`]) : `clerk: ${task}`;
  }).join("\n");
}

function babble(random: Random): string {
  return random.pick([
    "",
    "I think I should look at the files first.",
    "```fly to the moon\n```",
    "```write\n```",
    "```read a.txt",
    "`".repeat(1 + random.below(8)),
    `\`\`\`bash\n${"x".repeat(random.below(200))}`,
    "```done\n\n```",
    "\u0000\ud83d\ude00```say Kim\n\u2028\n```",
  ]);
}

function fail(random: Random): ScriptedAnswer {
  const failure: ModelFailure = random.pick([
    { code: "rate-limited", message: "slow down", retry: true, retryAfterMs: random.below(500) },
    { code: "unreachable", message: "no answer", retry: true },
    { code: "crashed", message: "it crashed", retry: true },
    { code: "refused", message: "it says no", retry: false },
  ] as ModelFailure[]);
  return random.chance(0.5) ? failure : { text: "```write a.txt\nhalf", failAfter: random.below(4), failure };
}
