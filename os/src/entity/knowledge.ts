// What is known of people and projects, as a fold over the journal: it outlives the entities that heard it. What a person
// has forgotten is out of here, and the pages in which it was told are shut: no search, no recall and no window that is
// made later holds them. The journal keeps its records (it is append-only); nothing reads them for an entity any more.

import type { JournalRecord } from "../journal/journal.ts";
import { type Fact, findKnown, settleFact, toKey, unsettleFact } from "../memory/fact.ts";
import { toLabel } from "../memory/label.ts";
import type { Capability } from "./authority.ts";
import type { Entity, Pid } from "./entity.ts";

/** The capability to read what is known; `subject` names of whom, all when it names none. */
export const factsCapability = "memory.facts";

/** A page by whose it is. */
export interface PageName {
  pid: Pid;
  page: number;
}

/** Payload by event type. */
export interface KnowledgeEvents {
  /** A fact without its end: the fold sets that, and those of the facts that it closes. */
  "fact.told": Omit<Fact, "until" | "at"> & { pid?: Pid };
  /** A person puts it right: what they write is theirs. */
  "fact.corrected": {
    id: string;
    relation?: string;
    value?: string;
    by: string;
  };
  /** A person wants it forgotten, with the pages in which it was told and the post. */
  "fact.forgotten": { ids: string[]; shut: PageName[]; posts: string[]; by: string };
}

/** All of it that is state. */
export interface Knowledge {
  facts: Map<string, Fact>;
  /** Facts by whose memory and of whom. */
  subjects: Map<string, Fact[]>;
  /** Pages that nobody sees again, `PID PAGE`. */
  shut: Set<string>;
  /** Posts that no window gets again as what was said before. */
  posts: Set<string>;
}

/** What an empty journal knows. */
export function createKnowledge(): Knowledge {
  return { facts: new Map(), subjects: new Map(), shut: new Set(), posts: new Set() };
}

/** The name of a page in `shut`. */
export const toPageKey = ({ pid, page }: PageName): string => `${pid} ${page}`;

/** Applies one record. */
export function reduceKnowledge(known: Knowledge, record: JournalRecord): void {
  if (record.type === "fact.told") tell(known, record);
  else if (record.type === "fact.corrected") correct(known, record);
  else if (record.type === "fact.forgotten") forget(known, record);
}

function tell(known: Knowledge, record: JournalRecord): void {
  const { pid: _pid, ...told } = record.data as unknown as KnowledgeEvents["fact.told"];
  const fact: Fact = { ...structuredClone(told), until: null, at: record.at };
  if (known.facts.has(fact.id)) return;
  const among = factsAbout(known, fact);
  if (findKnown(among, fact)) return;
  settleFact(among, fact);
  add(known, fact);
}

function add(known: Knowledge, fact: Fact): void {
  known.facts.set(fact.id, fact);
  const key = toSubjectKey(fact);
  known.subjects.set(key, [...(known.subjects.get(key) ?? []), fact]);
}

function correct(known: Knowledge, { data, at }: JournalRecord): void {
  const { id, by, ...to } = data as unknown as KnowledgeEvents["fact.corrected"];
  const fact = known.facts.get(id);
  if (!fact) return;
  const { relation = fact.relation, value = fact.value } = to;
  Object.assign(fact, { relation, value, by, at, label: toLabel("person") });
}

function forget(known: Knowledge, { data }: JournalRecord): void {
  const { ids, shut, posts } = data as unknown as KnowledgeEvents["fact.forgotten"];
  for (const id of ids) {
    const fact = known.facts.get(id);
    if (!fact) continue;
    const left = factsAbout(known, fact).filter((other) => other !== fact);
    unsettleFact(left, fact);
    known.facts.delete(id);
    if (left.length > 0) known.subjects.set(toSubjectKey(fact), left);
    else known.subjects.delete(toSubjectKey(fact));
  }
  for (const name of shut) known.shut.add(toPageKey(name));
  for (const post of posts) known.posts.add(post);
}

const toSubjectKey = ({ owner, subject }: Pick<Fact, "owner" | "subject">): string =>
  `${owner.toLowerCase()}\n${toKey(subject)}`;

/** Facts of one subject in one person's memory, in the order in which they were told. */
export function factsAbout(known: Knowledge, of: Pick<Fact, "owner" | "subject">): readonly Fact[] {
  return known.subjects.get(toSubjectKey(of)) ?? [];
}

/** What an entity may know: facts of its owner, as far as they are shared with it. */
export function factsFor(
  known: Knowledge,
  entity: Pick<Entity, "owner" | "capabilities">,
  now: number,
): Fact[] {
  const grants = entity.capabilities.filter(
    ({ operation, expires }: Capability) => operation === factsCapability && (expires ?? now + 1) > now,
  );
  if (grants.length === 0) return [];
  const all = grants.some(({ args }) => args?.subject === undefined);
  const subjects = new Set(grants.flatMap(({ args }) => args?.subject ?? []).map(toKey));
  return [...known.facts.values()].filter(
    (fact) =>
      fact.owner.toLowerCase() === entity.owner.toLowerCase() && (all || subjects.has(toKey(fact.subject))),
  );
}

/** As JSON, for a snapshot. */
export function toKnowledgeJson({ facts, shut, posts }: Knowledge): object {
  return { facts: [...facts.values()], shut: [...shut], posts: [...posts] };
}

/** What that JSON says. */
export function fromKnowledgeJson(json: object): Knowledge {
  const { facts, shut, posts } = json as { facts: Fact[]; shut: string[]; posts: string[] };
  const known: Knowledge = { ...createKnowledge(), shut: new Set(shut), posts: new Set(posts) };
  for (const fact of facts) add(known, fact);
  return known;
}
