// The state as text, so that a start does not read the whole journal (J12), and back.

import type { Entity } from "./entity.ts";
import type { Approval, Mail } from "./events.ts";
import { fromKnowledgeJson, toKnowledgeJson } from "./knowledge.ts";
import { createRegister } from "./register.ts";
import type { State } from "./state.ts";
import { fromWorkJson, toWorkJson } from "./work.ts";

/** The state as text for a snapshot. */
export function toSnapshotText({ register: _register, ...state }: State): string {
  return JSON.stringify({
    ...state,
    entities: [...state.entities.values()],
    approvals: [...state.approvals.values()],
    mail: [...state.mail.values()],
    spent: [...state.spent],
    lengths: [...state.lengths],
    work: toWorkJson(state.work),
    knowledge: toKnowledgeJson(state.knowledge),
  });
}

/** The state of a snapshot's text. Throws when the text is not one. */
export function fromSnapshotText(text: string): State {
  const raw = JSON.parse(text) as Omit<
    State,
    "entities" | "approvals" | "mail" | "spent" | "lengths" | "work" | "register" | "knowledge"
  > & {
    entities: Entity[];
    approvals: Approval[];
    mail: Mail[];
    spent: [string, number][];
    lengths: [string, number][];
    work: object;
    knowledge: object;
  };
  const entities = new Map(raw.entities.map((entity) => [entity.pid, entity]));
  return {
    ...raw,
    entities,
    register: createRegister(entities, raw.approvals),
    approvals: new Map(raw.approvals.map((approval) => [approval.id, approval])),
    mail: new Map(raw.mail.map((mail) => [mail.id, mail])),
    spent: new Map(raw.spent),
    lengths: new Map(raw.lengths),
    work: fromWorkJson(raw.work),
    knowledge: fromKnowledgeJson(raw.knowledge),
  };
}
