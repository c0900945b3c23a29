// The first pages of an entity's window: the rules of its program with the calls it holds, and its task with what its
// folder holds. The rules are the same for every entity of a program, so that their KV state is computed once.

import type { Effect } from "../device/device.ts";
import { covers } from "../entity/authority.ts";
import type { Program, TaskKind } from "../entity/program.ts";
import { HumError } from "../error.ts";
import { isDelegated } from "./delegate.ts";
import { isMending, isProgram, toExpectations } from "./expect.ts";
import type { Explained, Form } from "./form.ts";
import { asksToAct, isLook } from "./looking.ts";
import { type CallName, type DeviceCallName, isSyscall, shapeOf, syscallNames } from "./names.ts";

/**
 * The calls of a program, checked; `operations` are those that there are, for tools such as `files.*`. Throws
 * `bad-input` for a name that is no call.
 */
export function toCalls(program: Program, operations: Iterable<string> = []): CallName[] {
  const unknown = program.tools.find((tool) => !isSyscall(tool) && !tool.includes("."));
  if (unknown)
    throw new HumError(
      "bad-input",
      `The program ${program.name} wants "${unknown}", which is no system call. There are: ${syscallNames.join(", ")}.`,
    );
  const calls = syscallNames.filter((name) => program.tools.includes(name));
  const named = program.tools.filter((tool): tool is DeviceCallName => tool.includes("."));
  const known = named.some((tool) => tool.endsWith(".*")) ? [...operations] : [];
  const meant = named.flatMap((tool) =>
    tool.endsWith(".*") ? known.filter((name) => name.startsWith(tool.slice(0, -1))) : [tool],
  );
  return [...calls, ...new Set(meant as DeviceCallName[])];
}

/**
 * The calls that an entity holds for its task: those of its program, without the ones that the program wants only for
 * tasks that speak of something else (a person to tell, a program to write, mail …) or that are not there. A small model that can send messages will send them,
 * and one that can write results by hand will not compute them.
 */
export function toHeld(program: Program, entity: Standing, operations: Iterable<string> = []): CallName[] {
  const kinds = toKinds(entity);
  const known = new Set(operations);
  const said = [entity.task, ...(entity.words ?? [])].join("\n");
  return toCalls(program, known).filter((name) => {
    const when = Object.entries(program.onlyWhen ?? {}).find(([tool]) => covers(tool, name))?.[1];
    if (when === undefined) return true;
    return (
      kinds.has(when) && (isSyscall(name) || (known.has(name) && (isLook(name) || asksToAct(said, when))))
    );
  });
}

/** What the kinds of a task depend on. */
interface Standing {
  task: string;
  parent: number | null;
  cause?: string | null;
  /** What people said to it, the task among it. */
  words?: readonly string[];
}

/**
 * What a task is about: a person to tell, a program to write. A child can always tell its parent something, unless that
 * one waits for its end anyway.
 */
export function toKinds({ task, parent, cause = null }: Standing): ReadonlySet<TaskKind> {
  const expected = toExpectations(task);
  const kinds = new Set<TaskKind>();
  if ((parent !== null && !isDelegated({ cause })) || expected.social) kinds.add("person");
  if (expected.files.some((file) => isProgram(file)) || isMending(task)) kinds.add("program");
  for (const [kind, words] of speaking) if (words.test(task)) kinds.add(kind);
  return kinds;
}

/** Words by which a task speaks of an account of the person, or of the web. */
const speaking: readonly [TaskKind, RegExp][] = [
  ["mail", /\b(?:e-?mails?|mails?|mailbox(?:es)?|inbox|newsletters?)\b|邮件|邮箱/i],
  [
    "calendar",
    /\b(?:calendars?|agenda|appointments?|meetings?|(?:re)?schedule|invit\w+)\b|\b(?:am|are) (?:I|we) (?:free|busy|available)\b|\bI am (?:free|busy|available)\b|日历|日程|会议/i,
  ],
  ["web", /\bhttps?:\/\/|\bwww\.|网页/i],
];

/** The devices behind what a task may be about. */
const behind: Partial<Record<TaskKind, string>> = {
  mail: "mail.*",
  calendar: "calendar.*",
  web: "browser.*",
};

/** The kinds of a task for which the entity has what it takes. */
export function toKindsHere(kinds: ReadonlySet<TaskKind>, held: readonly CallName[]): ReadonlySet<TaskKind> {
  const isHere = (kind: TaskKind) => {
    const device = behind[kind];
    return device === undefined || held.some((name) => covers(device, name));
  };
  return new Set([...kinds].filter(isHere));
}

/**
 * Who does a task for which no program is named: the worker, or the clerk where the task speaks of mail or a calendar that
 * is there.
 */
export function toUsualProgram(task: string, operations: Iterable<string>): "worker" | "clerk" {
  const known = [...operations];
  const kinds = toKinds({ task, parent: null });
  const isThere = (kind: "mail" | "calendar") =>
    kinds.has(kind) && known.some((name) => name.startsWith(`${kind}.`));
  return isThere("mail") || isThere("calendar") ? "clerk" : "worker";
}

/** Kernel calls that an attempt can make and that leave nothing behind; what it says is kept until the end. */
const repeatable: ReadonlySet<CallName> = new Set(["say", "note", "recall", "search", "done", "fail"]);

/**
 * How often a task may be done to compare what it comes to: as often as its program says where every call that it holds
 * can be taken back, else once. A program that is asked for is no result to compare, and a test that is named says more.
 */
export function toRedundancy(
  program: Program,
  { task, held }: { task: string; held: readonly CallName[] },
  operations: ReadonlyMap<string, { effect: Effect; outside?: boolean }>,
): number {
  const { tests } = toExpectations(task);
  if (tests.length > 0 || toKinds({ task, parent: null }).has("program")) return 1;
  const leavesNothing = held.every((name) => {
    const { operation } = shapeOf(name);
    if (operation === null) return repeatable.has(name);
    const { effect, outside = false } = operations.get(operation) ?? {};
    return effect === "none" || (effect === "reversible" && !outside);
  });
  return leavesNothing ? (program.redundancy ?? 1) : 1;
}

/** The rules page. Whoever can give work to others reads who there is. */
export function toRules(
  program: Program,
  form: Form,
  held: {
    calls: readonly CallName[];
    known(name: CallName): Explained | null;
    colleagues(): readonly Pick<Program, "name" | "description">[];
    /** Of these more than one may be said at once. */
    several?: readonly CallName[];
  },
): string {
  const gives = held.calls.includes("delegate") || held.calls.includes("spawn");
  const others = gives ? held.colleagues().filter(({ name }) => name !== program.name) : [];
  const list = others.map(({ name, description }) => `- ${name}: ${description}`).join("\n");
  const team = list === "" ? "" : `\n\nYour colleagues:\n${list}`;
  const more = (form.several ? (held.several ?? []) : []).map((name) => `\n- ${name}`).join("");
  const several =
    more === ""
      ? ""
      : `\n\nAn answer is one block. Of these it may be several, one below the other, so that a person is asked once for all of them:${more}`;
  return `${program.instructions}${team}\n\nThe blocks:\n\n${form.explain(held.calls, held.known)}${several}`;
}

/** Devices for which it matters which day it is: a small model takes it from an example otherwise. */
const dated = ["mail.*", "calendar.*"];

/** The task page: the folder, the day where it matters, the task, and how a program is written when the task wants one. */
export function toTaskText(
  task: string,
  survey: string,
  how: { form: Form; held: readonly CallName[]; today: string },
): string {
  const programs = how.held.includes("write")
    ? toExpectations(task).files.filter((file) => isProgram(file))
    : [];
  const hints = programs.map(
    (path) =>
      `\n\nTo make ${path}:\n${how.form.render({ name: "write", args: { path, text: "(the program)" } })}`,
  );
  const isDated = how.held.some((name) => dated.some((device) => covers(device, name)));
  const day = isDated ? `Today is ${how.today}.\n\n` : "";
  return `The folder you work in holds:\n${survey}\n\n${day}Task: ${task}${hints.join("")}`;
}
