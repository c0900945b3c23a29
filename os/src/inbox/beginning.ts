// How every window of a program begins: its rules and its examples. All who work for one program have the same beginning, so
// a model of this machine reads it once (model/seats.ts); at the start of the machine it does so before anybody waits.

import { ownerMark, type Program, pickExamples, withoutUnheld } from "../entity/program.ts";
import { toLabel } from "../memory/label.ts";
import { toMessages } from "../memory/pager.ts";
import { isSmall, type Model } from "../model/model.ts";
import type { Draft, Machine } from "../scheduler/machine.ts";
import { maySayMore } from "../scheduler/next.ts";
import { toHeld, toKinds, toKindsHere, toRules } from "../syscall/rules.ts";

/** What it is made from. */
export interface BeginningParts {
  machine: Machine;
  /** Those to whom work can be given. */
  colleagues(): readonly Pick<Program, "name" | "description" | "tools">[];
}

/** The first pages of a window. */
export function toBeginning(
  { machine, colleagues }: BeginningParts,
  of: { program: Program; owner: string; held: ReturnType<typeof toHeld>; task: string; model: Model },
): Draft[] {
  const { program, owner, held, task, model } = of;
  const operations = machine.broker.operations();
  const rules = toRules(program, machine.form, {
    calls: held,
    known: (name) => operations.get(name) ?? null,
    colleagues: () => colleagues().map((one) => withAccounts(one, operations)),
    // A small model that may say more says too much.
    several: isSmall(model.info) ? [] : held.filter((name) => maySayMore(operations, name)),
  });
  const examples = withoutUnheld(
    pickExamples(program, toKindsHere(toKinds({ task, parent: null }), held)),
    held,
  );
  return [
    { kind: "rules", role: "system", label: toLabel("kernel"), text: rules },
    ...examples.map(
      ({ role, text }): Draft => ({
        ...{ kind: "program", role, label: toLabel("kernel") },
        text: text.replaceAll(ownerMark, owner),
      }),
    ),
  ];
}

/** A process of no entity. */
const nobody = { pid: 0, process: "beginning" };

/** Has a model of this machine read how windows of a program begin; one elsewhere is left alone, and a machine that was stopped too. */
export async function readBeginning(
  parts: BeginningParts,
  of: { program: Program; owner: string; model: Model; signal: AbortSignal },
): Promise<void> {
  const { machine } = parts;
  const { program, owner, model, signal } = of;
  if (!model.info.local || machine.state.halted) return;
  const held = toHeld(program, { task: "", parent: null }, machine.broker.operations().keys());
  const { messages, shared } = toMessages(toBeginning(parts, { program, owner, held, task: "", model }));
  const request = {
    ...{ process: nobody.process, messages, shared, stops: [] },
    ...{ maxTokens: 1, temperature: 0, seed: 1 },
  };
  const job = { pid: nobody.pid, class: "background" as const, nice: 19, model, request, signal };
  for await (const event of machine.scheduler.generate(job)) if (event.type === "end") break;
  machine.scheduler.forget(nobody.pid);
  await model.release(nobody.process);
}

/** What a colleague can do with the accounts of the person, where there are any. */
const accountWords: Record<string, string> = {
  mail: "reads and writes mail",
  calendar: "keeps the calendar",
};

function withAccounts(
  one: Pick<Program, "name" | "description" | "tools">,
  operations: ReadonlyMap<string, unknown>,
): Pick<Program, "name" | "description"> {
  const more = Object.entries(accountWords).flatMap(([device, words]) =>
    one.tools.includes(`${device}.*`) && [...operations.keys()].some((name) => name.startsWith(`${device}.`))
      ? [words]
      : [],
  );
  if (more.length === 0) return one;
  return { name: one.name, description: `${one.description.replace(/\.$/, "")}; ${more.join("; ")}.` };
}
