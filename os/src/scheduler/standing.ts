// How an entity stands before the devices: what it may do, where it works, and how far its words are trusted.

import type { DeviceContext } from "../device/device.ts";
import type { Authority } from "../device/policy.ts";
import type { Entity } from "../entity/entity.ts";
import { joinLabels, type Label, toLabel } from "../memory/label.ts";
import type { Machine } from "./machine.ts";

/** What an entity may do, for the broker. */
export function authorityOf(entity: Entity, label: Label): Authority {
  return { capabilities: entity.capabilities, shares: entity.shares, label };
}

/** The context of a device call of an entity. */
export function contextOf(
  machine: Machine,
  entity: Entity,
  call: { id: string; signal: AbortSignal },
): DeviceContext {
  const { pid, folder, home, shares } = entity;
  return { pid, key: call.id, folder, home, shares, now: () => machine.now(), signal: call.signal };
}

/** The label of an entity's whole window: everything it says is made from all of it. */
export function windowLabel(entity: Entity): Label {
  return entity.pages.reduce<Label>(
    (joined, page) => (page.resident ? joinLabels(joined, page.label) : joined),
    toLabel("entity"),
  );
}
