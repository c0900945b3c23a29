// What the state keeps of trust: the words of people, capabilities that are taken back, and how far the last words of an
// entity are trusted.

import { joinLabels, type Label, toLabel } from "../memory/label.ts";
import { type Capability, covers } from "./authority.ts";
import type { Entity, Pid } from "./entity.ts";
import type { Events } from "./events.ts";

/** Characters of people's words that are kept for each entity. */
const wordsChars = 64 * 1024;

/** An operation that is taken back is gone for the whole tree: what was passed on was never more than this. */
export function revoke(entities: ReadonlyMap<Pid, Entity>, pid: Pid, operation: string): void {
  const entity = entities.get(pid);
  if (!entity) return;
  const isMeant = (one: Capability) => one.operation === operation || covers(operation, one.operation);
  entity.capabilities = entity.capabilities.filter((one) => !isMeant(one));
  for (const child of entity.children) revoke(entities, child, operation);
}

/**
 * Keeps what a person said; what an entity or a program says is no person's. Of very many words the last are kept: what
 * is not known to be a person's is only asked more often.
 */
export function noteWords(entity: Entity, { sender, pages, text }: Events["message.delivered"]): void {
  if (sender !== undefined || pages.some((page) => page.label.integrity !== "person")) return;
  entity.words.push(text.slice(0, wordsChars));
  while (entity.words.length > 1 && entity.words.reduce((sum, one) => sum + one.length, 0) > wordsChars)
    entity.words.shift();
}

/** The joined label of all that an entity has ever seen, and of its last words. */
export function toEndLabel(entity: Entity, last: Label | undefined): Label {
  const seen = entity.pages.map((page) => page.label);
  return [...(entity.gone ? [entity.gone.label] : []), ...seen, ...(last ? [last] : [])].reduce(
    joinLabels,
    toLabel("entity"),
  );
}
