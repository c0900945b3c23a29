// `note`: without a name a note in the entity's own window, with one what is remembered of a person or a project, for good.
// The model writes who and what; when it holds, what it takes the place of and where it comes from is the kernel's.

import type { Entity } from "../entity/entity.ts";
import { toEvent } from "../entity/events.ts";
import { factsAbout, factsCapability } from "../entity/knowledge.ts";
import { type Fact, findKnown, holds, toFactLine, toTold } from "../memory/fact.ts";
import { isUntrusted } from "../memory/label.ts";
import type { Handler } from "./kernel.ts";

/** Facts of one subject that are named when something is added to them. */
const shownFacts = 8;

/** Keeps a note. */
export const note: Handler = ({ about = "", text = "" }, { entity, id, doors, label }) => {
  const plain = { next: "go-on" as const, ok: true, text, label, notes: true };
  if (about.trim() === "") return plain;
  if (!entity.capabilities.some(({ operation }) => operation === factsCapability))
    return { ...plain, text: `(about ${about}, in this window only)\n${text}` };
  // Of several attempts at a task only one counts, and what is remembered cannot be taken back by itself.
  if (entity.redundancy > 1) return { ...plain, text: `(about ${about}, for this task only)\n${text}` };
  const { knowledge } = doors.state;
  const at = doors.now();
  const facts = toTold(about, text, { owner: entity.owner, at }).map<Fact>((told, i) => ({
    ...told,
    ...{ id: `${id}-${i + 1}`, owner: entity.owner, until: null, label, at },
    ...{ source: toSource(entity), post: toPost(entity), by: entity.name },
  }));
  const [first] = facts;
  if (!first) return plain;
  const before = factsAbout(knowledge, first).filter((fact) => holds(fact, null));
  const events = facts
    .filter((fact) => !findKnown(before, fact))
    .map(({ until: _until, at: _at, ...fact }) => toEvent("fact.told", { pid: entity.pid, ...fact }));
  // What strangers said comes back when it is looked for, with its label; here it would be read by itself.
  const others = before.filter((fact) => !isUntrusted(fact.label)).slice(-shownFacts);
  const known = others.length === 0 ? "" : `\nKnown before:\n${others.map(toFactLine).join("\n")}`;
  return { ...plain, text: `about ${first.subject}, remembered:\n${text}${known}`, events };
};

// Where it was heard: the last words of others in the window.
function toSource(entity: Entity): Fact["source"] {
  const page = entity.pages.findLast(
    ({ kind, role, resident }) =>
      resident && role === "user" && (kind === "dialogue" || kind === "task" || kind === "results"),
  );
  return page ? { pid: entity.pid, page: page.id } : null;
}

// The post that it answers to: the last one it heard, else the one that started it.
function toPost({ heard, cause }: Entity): string | null {
  const [kind, post] = (cause ?? "").split("/");
  return heard.at(-1) ?? (kind === "post" ? (post ?? null) : null);
}
