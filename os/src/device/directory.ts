// What the kernel itself knows of whom and what: people and colleagues of this workplace, and the folders that a person
// gave to the entity. A value from here needs no other voucher, whoever says it. Nothing that an entity or a stranger says
// ever enters it.

import { isAbsolute, normalize, resolve } from "node:path";
import type { Entity } from "../entity/entity.ts";
import type { State } from "../entity/state.ts";
import type { Sources } from "./trace.ts";

/** The directory as one entity may use it. */
export function toDirectory(state: State, entity: Entity): NonNullable<Sources["vouches"]> {
  return (sink, value) => {
    if (sink === "who") return isKnown(state, value);
    if (sink !== "what" && sink !== "data") return false;
    if (value.includes("\0")) return false;
    const path = isAbsolute(value) ? normalize(value) : resolve(entity.folder, value);
    return entity.shares.some(
      (share) =>
        (sink === "data" || share.write) && (path === share.path || path.startsWith(`${share.path}/`)),
    );
  };
}

function isKnown(state: State, value: string): boolean {
  const name = value.trim().toLowerCase();
  return (
    state.work.people.has(name) ||
    [...state.entities.values()].some((one) => one.owner.toLowerCase() === name)
  );
}
