// How an entity stands before the devices: what it may do, where it works, and how far its words are trusted.

import type { CallerContext, Decision } from "../device/broker.ts";
import type { DeviceResult } from "../device/device.ts";
import { toVoucher } from "../device/directory.ts";
import type { Authority } from "../device/policy.ts";
import type { Entity } from "../entity/entity.ts";
import type { State } from "../entity/state.ts";
import { joinLabels, type Label, toLabel } from "../memory/label.ts";
import { type Call, isSyscall, readArguments, shapeOf } from "../syscall/names.ts";
import type { Machine } from "./machine.ts";

/** What an entity may do, for the broker; `label` is that of the words that ask for it. */
export function authorityOf(
  { state, contacts }: Pick<Machine, "state" | "contacts">,
  entity: Entity,
  label: Label,
): Authority {
  const words = wordsOf(state, entity);
  const known = toVoucher(contacts, words);
  const left = (grant: string | undefined, uses: number) => uses - (state.spent.get(grant ?? "") ?? 0);
  return {
    capabilities: entity.capabilities.map((one) =>
      one.uses === undefined ? one : { ...one, uses: left(one.grant, one.uses) },
    ),
    shares: entity.shares,
    label,
    sources: { words, vouches: (sink, value) => isOwner(entity, sink, value) || known(sink, value) },
  };
}

// Whoever gave the task may always be told.
const isOwner = (entity: Entity, sink: string, value: string): boolean =>
  sink === "who" && value.trim().toLowerCase() === entity.owner.toLowerCase();

/** What people wrote to an entity, and to those on whose behalf it works. */
export function wordsOf(state: State, entity: Entity): string[] {
  const parent = entity.parent === null ? undefined : state.entities.get(entity.parent);
  return [...(parent ? wordsOf(state, parent) : []), ...entity.words];
}

/** The context of a device call of an entity. */
export function contextOf(
  machine: Machine,
  entity: Entity,
  call: { id: string; signal: AbortSignal },
): CallerContext {
  const { pid, folder, home, shares } = entity;
  return { pid, key: call.id, folder, home, shares, now: () => machine.now(), signal: call.signal };
}

/** Looks at the folder in which an entity works, by the kernel's own right. */
export async function lookAtFolder(
  { broker }: Pick<Machine, "broker">,
  context: CallerContext,
  args: Record<string, unknown>,
): Promise<DeviceResult> {
  const decision = broker.decide({ pid: context.pid, name: "folder.survey", args }, kernelAuthority);
  if (decision.do === "run") return broker.perform(decision.pass, context);
  return { ok: false, text: decision.why, label: toLabel("kernel") };
}

const kernelAuthority: Authority = {
  capabilities: [{ operation: "folder.survey", grantedBy: "kernel" }],
  shares: [],
  label: toLabel("kernel"),
};

/**
 * All that an entity has seen of what others say, where it looks things up in mail or a calendar: what it tells of them must
 * stand there. Null for others, who may have worked it out.
 */
export function seenBy(machine: Machine, entity: Entity): string | null {
  if (!machine.callsOf(entity).some((name) => /^(?:mail|calendar)\./.test(name))) return null;
  const texts = machine.textsOf(entity);
  const others = entity.pages.filter(({ role, kind }) => role === "user" && kind !== "program");
  return others.map(({ id }) => texts.get(id) ?? "").join("\n");
}

/** What the broker says to a call of a device that was made from a window of this label. */
export function decideCall(
  machine: Pick<Machine, "broker" | "state" | "contacts">,
  entity: Entity,
  { call, label }: { call: Call; label: Label },
): Decision {
  const name = shapeOf(call.name).operation as string;
  return machine.broker.decide(
    { pid: entity.pid, name, args: toOperationArgs(call) },
    authorityOf(machine, entity, label),
  );
}

function toOperationArgs({ name, args }: Call): Record<string, unknown> {
  if (name === "bash" || name === "python") return { command: args.command, language: name };
  if (!isSyscall(name)) return readArguments(args.arguments ?? "{}") ?? {};
  return args;
}

/** The label of an entity's whole window: everything it says is made from all of it. */
export function windowLabel(entity: Entity): Label {
  return entity.pages.reduce<Label>(
    (joined, page) => (page.resident ? joinLabels(joined, page.label) : joined),
    toLabel("entity"),
  );
}
