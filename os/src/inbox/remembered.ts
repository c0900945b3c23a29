// What people do with what is remembered of people and projects: look, write, put right, forget, share. Whoever has forgotten
// something finds it nowhere again: not in what is known, not in a search or a recall of the pages in which it was told, not
// in a window. On the disk it stays in the journal, which is append-only; only `hum log` and whoever reads that file see it.

import type { Pid } from "../entity/entity.ts";
import { memoryStream, toEvent, toStream } from "../entity/events.ts";
import { factsAbout, factsCapability, type PageName, toPageKey } from "../entity/knowledge.ts";
import type { Ledger } from "../entity/ledger.ts";
import { workStream } from "../entity/work-events.ts";
import { HumError } from "../error.ts";
import { type Fact, factLimits, findKnown, toKey, toSubject, toTold } from "../memory/fact.ts";
import { isUntrusted, toLabel } from "../memory/label.ts";
import type { NewPage } from "../memory/page.ts";
import type { Machine } from "../scheduler/machine.ts";

/** A fact as people see it. */
export interface FactRow {
  id: string;
  subject: string;
  /** Empty for a remark. */
  relation: string;
  value: string;
  from: number;
  /** Null while it holds. */
  until: number | null;
  /** Who wrote it down, and when. */
  by: string;
  at: number;
  /** The page in which it was told, and the thread. */
  source: PageName | null;
  thread: string | null;
  /** False when strangers had a part in it; then where from. */
  trusted: boolean;
  origins: string[];
}

/** What came of forgetting. */
export interface Forgotten {
  facts: number;
  /** Pages that are found no more. */
  pages: number;
  /** Living entities whose task says it: that stays in their window until they end. */
  still: Pid[];
}

/** The verbs. `by` is the person in whose memory it stands; a wrong id throws `not-found`. */
export interface Remembered {
  /** Facts by subject, the newest of each first; `about` is one subject, and `past` wants what holds no more as well. */
  facts(by: string, which?: { about?: string | undefined; past?: boolean | undefined }): FactRow[];
  /** Writes lines `relation: value` about a subject. */
  tell(by: string, about: string, text: string): Promise<FactRow[]>;
  correct(
    by: string,
    id: string,
    to: { relation?: string | undefined; value?: string | undefined },
  ): Promise<FactRow>;
  /** Forgets these facts, or all about one subject. */
  forget(by: string, which: { ids: readonly string[] } | { about: string }): Promise<Forgotten>;
  /** Lets an entity read what is known, of one subject or of all; `off` takes it back. */
  share(by: string, to: { with: Pid; about?: string | undefined; off?: boolean | undefined }): Promise<void>;
}

/** Makes them. */
export function createRemembered({ machine, ledger }: { machine: Machine; ledger: Ledger }): Remembered {
  const { knowledge, entities } = ledger.state;
  let told = 0;
  const toRow = (fact: Fact): FactRow => {
    const { id, subject, relation, value, from, until, by, at, source } = fact;
    const thread = source === null ? null : (entities.get(source.pid)?.thread ?? null);
    const shown = source !== null && knowledge.shut.has(toPageKey(source)) ? null : source;
    const { origins } = fact.label;
    return {
      ...{ id, subject, relation, value, from, until, by, at, source: shown, thread },
      ...{ trusted: !isUntrusted(fact.label), origins: [...origins] },
    };
  };
  const find = (by: string, id: string): Fact => {
    const fact = knowledge.facts.get(id);
    if (!fact || !isOf(fact.owner, by))
      throw new HumError("not-found", `Nothing is remembered under "${id}".`);
    return fact;
  };
  const pick = (by: string, which: { ids: readonly string[] } | { about: string }): Fact[] => {
    if ("ids" in which) return which.ids.map((id) => find(by, id));
    const all = factsAbout(knowledge, { owner: by, subject: toSubject(which.about, by) });
    if (all.length === 0) throw new HumError("not-found", `Nothing is remembered about "${which.about}".`);
    return [...all];
  };

  return {
    facts(by, { about, past = false } = {}) {
      const all =
        about === undefined
          ? [...knowledge.facts.values()].filter((fact) => isOf(fact.owner, by))
          : factsAbout(knowledge, { owner: by, subject: toSubject(about, by) });
      return all
        .filter((fact) => past || fact.until === null)
        .sort(byOrder)
        .map(toRow);
    },
    async tell(by, about, text) {
      if (about.trim() === "" || text.trim() === "")
        throw new HumError("bad-input", 'Say about whom, and what: hum memory add Kim "birthday: 3 May".');
      const at = machine.now();
      const stamp = `m-${ledger.state.lengths.get(memoryStream) ?? 0}-${++told}`;
      const facts = toTold(about, text, { owner: by, at }).map<Fact>((line, i) => ({
        ...line,
        ...{ id: `${stamp}-${i + 1}`, owner: by, until: null, label: toLabel("person"), at },
        ...{ source: null, post: null, by },
      }));
      const known = facts.map((fact) => findKnown(factsAbout(knowledge, fact), fact));
      const fresh = facts.filter((_, i) => !known[i]);
      await machine.commit(
        memoryStream,
        fresh.map(({ until: _until, at: _at, ...fact }) => toEvent("fact.told", fact)),
      );
      return facts.map((fact, i) => toRow(known[i] ?? knowledge.facts.get(fact.id) ?? fact));
    },
    async correct(by, id, { relation, value }) {
      const fact = find(by, id);
      const to = {
        ...(relation === undefined ? {} : { relation: toShort(relation, "relation") }),
        ...(value === undefined ? {} : { value: toShort(value, "value") }),
      };
      if (to.value === "") throw new HumError("bad-input", "It says nothing then: forget it instead.");
      await machine.commit(memoryStream, [toEvent("fact.corrected", { id: fact.id, ...to, by })]);
      return toRow(find(by, id));
    },
    async forget(by, which) {
      const facts = pick(by, which);
      const told = facts.flatMap((fact) => findPages(ledger, fact));
      const held = [...entities.values()].flatMap((entity) =>
        entity.state !== "ended" && isOf(entity.owner, by) ? findHeld(ledger, entity.pid, facts) : [],
      );
      const pages = [...new Map([...told, ...held].map((name) => [toPageKey(name), name])).values()];
      const posts = [...new Set(facts.flatMap((fact) => fact.post ?? []))];
      const ids = facts.map((fact) => fact.id);
      await machine.commit(memoryStream, [toEvent("fact.forgotten", { ids, shut: pages, posts, by })]);
      const still = new Set<Pid>();
      for (const pid of new Set(pages.map((name) => name.pid))) {
        const entity = entities.get(pid);
        if (!entity || entity.state === "ended") continue;
        const own = pages.filter((name) => name.pid === pid).map((name) => name.page);
        const resident = entity.pages.filter((page) => page.resident && own.includes(page.id));
        if (resident.some((page) => fixed.has(page.kind))) still.add(pid);
        const out = resident.filter((page) => !fixed.has(page.kind)).map((page) => page.id);
        if (out.length > 0)
          await machine.commit(toStream(pid), [
            toEvent("page.evicted", { pid, ids: out, pages: [], why: "person" }),
          ]);
      }
      return { facts: ids.length, pages: pages.length, still: [...still] };
    },
    async share(by, { with: reader, about, off }) {
      const entity = entities.get(reader);
      if (!entity) throw new HumError("not-found", `There is no entity ${reader}.`);
      const subject = about === undefined ? null : toSubject(about, by);
      const grant = `facts-${reader}-${subject === null ? "*" : toKey(subject)}`;
      if (off) {
        if (!entity.capabilities.some((one) => one.grant === grant))
          throw new HumError("not-found", `What is remembered is not shared with pid ${reader} that way.`);
        return machine.commit(workStream, [toEvent("grant.revoked", { id: grant, by })]);
      }
      if (entity.state === "ended")
        throw new HumError("conflict", `${entity.name} (pid ${reader}) has ended.`);
      if (!isOf(entity.owner, by))
        throw new HumError(
          "denied",
          `${entity.name} (pid ${reader}) works for ${entity.owner}, not for you.`,
        );
      const args = subject === null ? {} : { args: { subject: [subject] } };
      const capability = { operation: factsCapability, ...args, grantedBy: by, grant };
      await machine.commit(toStream(reader), [toEvent("capability.granted", { pid: reader, capability })]);
    },
  };
}

// By subject; of each what holds first, and of that the newest.
const byOrder = (a: Fact, b: Fact): number => {
  const [one, other] = [toKey(a.subject), toKey(b.subject)];
  if (one !== other) return one < other ? -1 : 1;
  return Number(a.until !== null) - Number(b.until !== null) || b.from - a.from;
};

const isOf = (owner: string, by: string): boolean => owner.toLowerCase() === by.toLowerCase();

/** Pages that make an entity what it is. */
const fixed: ReadonlySet<string> = new Set(["rules", "program", "task"]);

function toShort(text: string, what: "relation" | "value"): string {
  const short = text.trim().replace(/\s+/g, " ");
  if (short.length > factLimits[what])
    throw new HumError("bad-input", `The ${what} has ${short.length} characters; ${factLimits[what]} fit.`);
  return short;
}

// The pages in which a fact was told: the words that were heard, the call that wrote it down, and the note that it left.
function findPages(ledger: Ledger, { id, source }: Fact): PageName[] {
  const [, pid, turn] = /^(\d+)\.(\d+)-\d+$/.exec(id) ?? [];
  if (source === null || pid === undefined) return source ? [source] : [];
  const found: PageName[] = [source];
  for (const { type, data } of ledger.journal.read(toStream(Number(pid)), 0)) {
    const isCall =
      (type === "turn.said" && data.turn === Number(turn)) ||
      (type === "call.ended" && data.id === `${pid}.${turn}`);
    if (!isCall) continue;
    for (const page of (data as { pages?: NewPage[] }).pages ?? [])
      found.push({ pid: Number(pid), page: page.id });
  }
  return found;
}

// Pages of a window that say it: what was known at its start, what was looked up, what was said.
function findHeld(ledger: Ledger, pid: Pid, facts: readonly Fact[]): PageName[] {
  const entity = ledger.state.entities.get(pid);
  if (!entity) return [];
  const texts = ledger.textsOf(entity);
  return entity.pages
    .filter((page) => page.resident && !(page.kind === "rules" || page.kind === "program"))
    .filter((page) => {
      const text = (texts.get(page.id) ?? "").toLowerCase();
      return facts.some(
        ({ subject, value }) => text.includes(value.toLowerCase()) && text.includes(subject.toLowerCase()),
      );
    })
    .map((page) => ({ pid, page: page.id }));
}
