// Delegation: an entity hands out pieces of its task, one line each, to colleagues who begin all at once, and waits for
// all of them without a model call. Then it reads one page with what came of each.
//
//   clerk: Add up the amounts in sales.csv and write the total to total.txt.
//   scribe: Sum up notes.txt in three lines in short.txt.
//
//   - A name is a program, or a colleague by name: then another one of its program.
//   - Each gets an equal part of what is left of the budget, and the parent keeps one such part.
//   - Colleagues work in the folder of the parent: what they hand over are files there.
//   - The cause of a child is the call and its line, so that a repeated call finds the children that it has started.
//   - A line that starts nobody is said, with the reason, beside the results of the others.

import { type Entity, type Pid, toCharge } from "../entity/entity.ts";
import type { Register } from "../entity/register.ts";
import { HumError } from "../error.ts";
import { turnLimits } from "../limits.ts";
import { joinLabels, type Label, toLabel, toUntrusted } from "../memory/label.ts";
import { toExpectations, toPieces } from "./expect.ts";
import type { CallContext, CallOutcome, Handler } from "./kernel.ts";

/** What the page shows of one answer, in characters, and how many files of one colleague. */
const shown = { chars: 1_500, files: 8 };

/** The cause of the child that a line of a call starts. */
export const toLineCause = (call: string, line: number): string => `${call}.${line}`;

/** True for an entity that works on a line of its parent's delegation. */
export const isDelegated = ({ cause }: { cause: string | null }): boolean =>
  cause !== null && /^\d+\.\d+\.\d+$/.test(cause);

/** One line of a delegation; `name` is null where it has none. */
export interface Line {
  name: string | null;
  task: string;
}

const linePattern =
  /^\s*(?:[-*•]\s+|\d+[.)]\s*)?[*_`]*@?([\p{L}\p{N}][\p{L}\p{N}_-]*)[*_`]*\s*:[*_]*\s+(\S.*)$/u;

/** Reads the lines of a delegation. A line that is indented, or has no name, goes on with the task above it. */
export function toLines(text: string): Line[] {
  const lines: Line[] = [];
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const [, name, task] = linePattern.exec(line) ?? [];
    const above = lines.at(-1);
    if (name !== undefined && task !== undefined && !(above && /^\s{2,}/.test(line)))
      lines.push({ name, task: task.trim() });
    else if (above) above.task += `\n${line.trim()}`;
    else lines.push({ name: null, task: line.trim() });
  }
  return lines;
}

/**
 * Why an entity may not delegate now, null when it may. One that can do nothing itself is told once, before anybody
 * begins, which part of its task it has given to nobody.
 */
export function toDenial(
  { entity, doors }: Pick<CallContext, "entity" | "doors">,
  { tasks, acts }: { tasks: string; acts: boolean },
): string | null {
  const family = (pid: Pid) => doors.state.entities.get(pid);
  if (countIdle(entity, family) >= turnLimits.chatter)
    return "You and your colleagues only talk to each other, and nothing is done. Do something yourself, or end.";
  if (countDepth(entity, family) >= turnLimits.delegations)
    return "This was given to you to do it: do it yourself, or say why you cannot.";
  const { used, budget } = entity;
  if (used.children >= budget.children)
    return `You may start no more colleagues (${budget.children}): do it yourself, or end.`;
  const half = (key: "tokens" | "deviceCalls") => Math.floor((budget[key] - used[key]) / 2);
  if (half("tokens") < turnLimits.outputTokens || half("deviceCalls") < 1)
    return "Too little of your budget is left to give a part of it to a colleague: do it yourself, or end.";
  return acts || entity.children.length > 0 || entity.badTurns > 0 ? null : toForgotten(entity.task, tasks);
}

function toForgotten(task: string, tasks: string): string | null {
  const { files, tests } = toExpectations(task);
  const pieces = toPieces(
    task,
    [...files, ...tests].filter((file) => !tasks.includes(file)),
  );
  if (pieces.length === 0) return null;
  const list = pieces.map((piece) => `- ${piece}`).join("\n");
  return `Nobody has begun, because these parts of the task are in none of your lines:\n${list}\nDelegate again: your lines of before, and one more for each of these.`;
}

/** The handler. */
export const delegate: Handler = async ({ tasks = "" }, context): Promise<CallOutcome> => {
  const { entity, id, doors, signal } = context;
  const lines = toLines(tasks);
  const started: Pid[] = [];
  const refused: string[] = [];
  for (const [i, { name, task }] of lines.entries()) {
    if (signal.aborted) break;
    try {
      if (name === null) throw new HumError("bad-input", "It does not begin with the name of a colleague.");
      const request = { program: toProgramName(name, doors.state.register), task };
      const how = { parent: entity.pid, cause: toLineCause(id, i), class: entity.class };
      started.push(await doors.spawn({ ...request, ...how, parts: lines.length - i + 1 }));
    } catch (error) {
      if (!HumError.is(error)) throw error;
      refused.push(`Not given to anybody: "${name === null ? task : `${name}: ${task}`}". ${error.message}`);
    }
  }
  if (started.length === 0) return { next: "refuse", why: refused.join("\n") };
  return { next: "wait", waiting: { on: "child", pid: null, pids: started }, text: refused.join("\n") };
};

// A colleague that has a name of its own stands for its program.
function toProgramName(name: string, register: Register): string {
  return register.named(name).at(-1)?.program ?? name.toLowerCase();
}

// How many delegations stand above an entity.
function countDepth(entity: Entity, family: (pid: Pid) => Entity | undefined): number {
  const parent = entity.parent === null ? undefined : family(entity.parent);
  return parent ? countDepth(parent, family) + (isDelegated(entity) ? 1 : 0) : 0;
}

// Delegations in a row, up to the last, whose colleagues did nothing but answer.
function countIdle(entity: Entity, family: (pid: Pid) => Entity | undefined): number {
  const rounds = new Map<string, boolean>();
  for (const pid of entity.children) {
    const child = family(pid);
    if (!child || !isDelegated(child)) continue;
    const round = (child.cause as string).replace(/\.\d+$/, "");
    rounds.set(round, (rounds.get(round) ?? true) && isIdle(child, family));
  }
  const worked = [...rounds.values()].lastIndexOf(false);
  return rounds.size - 1 - worked;
}

// What a child was given counts as used by its parent: only the rest it has used itself.
function isIdle(entity: Entity, family: (pid: Pid) => Entity | undefined): boolean {
  const children = entity.children.flatMap((pid) => family(pid) ?? []);
  const given = children.reduce((sum, child) => sum + toCharge(child).deviceCalls, 0);
  return entity.used.deviceCalls - given === 0 && children.every((child) => isIdle(child, family));
}

/** Colleagues of a delegation that are still at work. */
export function toAwaited(entity: Entity, family: (pid: Pid) => Entity | undefined): Pid[] {
  return entity.children.filter((pid) => {
    const child = family(pid);
    return child !== undefined && child.state !== "ended" && isDelegated(child);
  });
}

/** How the end of colleagues is told to their parent, with the joined label of all that went into it. */
export function toEndPage(children: readonly Entity[]): { text: string; label: Label } {
  return {
    text: children.map(toEndText).join("\n\n"),
    label: children.reduce((label, child) => joinLabels(label, toEndLabel(child)), toLabel("entity")),
  };
}

function toEndText(child: Entity): string {
  const { kind, text } = child.outcome ?? { kind: "ended", text: "" };
  const files = child.changed
    .slice(-shown.files)
    .map(({ path, change }) => `${path} (${change ?? "changed"})`);
  const handed = files.length > 0 ? `\nFiles: ${files.join(", ")}` : "";
  const cut = text.length > shown.chars ? `${text.slice(0, shown.chars)}…` : text;
  return `${child.name} (pid ${child.pid}) ${kind}: ${cut}${handed}`;
}

/** The label of a colleague's last words. */
function toEndLabel(child: Entity): Label {
  return child.endLabel ?? toUntrusted(`memory:${child.pid}`);
}
