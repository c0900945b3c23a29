// Facts with time: what was true of a person or a project, from when to when. An entity writes `note SUBJECT` with lines
// `relation: value`; the kernel gives each line its time, and a newer fact of the same subject and relation closes the
// older one. Both stay: what is so now is the open one, what was so in March the one that held then.
//
//   note Kim
//   lives in: Porto            closes what was known before
//   also likes: fencing        stands beside what was known before
//   birthday: 3 May            ("since …" at the end of a line says from when on)
//   She prefers short lists.   a line without a colon is a remark; remarks close nothing
//
// Rules
//   - A fact closes only facts that are not trusted more than itself: what a stranger's page says never takes the place
//     of what a person said. Both are open then, and both are shown with where they come from.
//   - Order is that of the times, not of the telling: what is told late of an earlier time closes nothing newer.

import { isUntrusted, type Label } from "./label.ts";
import { type Span, toSpan } from "./when.ts";

/** One fact. */
export interface Fact {
  id: string;
  /** The person in whose memory it stands. */
  owner: string;
  subject: string;
  /** Empty for a remark. */
  relation: string;
  value: string;
  /** True when it stands beside others of its relation. */
  also: boolean;
  /** From when on it holds, and until when; null while it holds. */
  from: number;
  until: number | null;
  /** Joined label of what it was made from. */
  label: Label;
  /** The page in which it was told, when an entity heard it. */
  source: { pid: number; page: number } | null;
  /** The post in which it was told, when it was one. */
  post: string | null;
  /** Who wrote it down: an entity or a person. */
  by: string;
  /** When it was written down. */
  at: number;
}

/** A line of a note, before it has a time and a source. */
export interface Told {
  subject: string;
  relation: string;
  value: string;
  also: boolean;
  from: number;
}

/** Longest subject, relation and value, in characters, and most lines of one note. */
export const factLimits = { subject: 80, relation: 60, value: 400, lines: 12 };

/** Ways to speak of the person for whom one works. */
const owners = new Set(
  "me|i|myself|you|user|the user|person|the person|owner|human|the human|我|你|用户".split("|"),
);

const filler = /^(?:the|a|an|is|are|was|has|have|his|her|their|its|my)\s+/;

/** What counts as the same: small letters, no articles, single spaces. */
export function toKey(words: string): string {
  let key = words
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s_-]+/g, " ")
    .replace(/['’]s$/, "")
    .trim();
  for (let before = ""; before !== key; ) {
    before = key;
    key = key.replace(filler, "");
  }
  return key;
}

/** The subject as it is kept: whoever is "me" or "the user" is the owner. */
export function toSubject(words: string, owner: string): string {
  const subject = words
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[:.,]$/, "")
    .slice(0, factLimits.subject);
  return owners.has(subject.toLowerCase()) ? owner : subject;
}

const since =
  /[\s,(]*\b(?:since|from|as of)\s+(.{3,30}?)\)?\.?$|[,，（(]*(?:从|自)(.{2,16}?)(?:起|开始)[)）]?$/i;

/** The lines of a note about a subject, as facts told at `now`. */
export function toTold(about: string, text: string, now: { owner: string; at: number }): Told[] {
  const subject = toSubject(about, now.owner);
  const lines = text
    .split("\n")
    .map((line) => line.replace(/^\s*[-*•]\s*/, "").trim())
    .filter((line) => line !== "");
  return lines.slice(0, factLimits.lines).map((line) => {
    const [, head = "", rest = ""] = /^([^:：]{1,60})[:：]\s*(\S.*)$/su.exec(line) ?? [];
    const isTime = /\d$/.test(head) && /^\d/.test(rest);
    const relation = isTime ? "" : head.trim();
    const also = /^(?:also|\+|还|也)\s*/i.exec(relation)?.[0] ?? "";
    const said = (relation === "" ? line : rest).slice(0, factLimits.value).trim();
    const dated = since.exec(said);
    const span = dated ? toSpan(`since ${dated[1] ?? dated[2] ?? ""}`, now.at) : null;
    const from = span && Number.isFinite(span.from) ? span.from : now.at;
    const value = dated && span ? said.slice(0, dated.index).trim() || said : said;
    return {
      subject,
      relation: relation.slice(also.length),
      value,
      also: also !== "" || relation === "",
      from,
    };
  });
}

/** True when, in one memory, one speaks of the same as the other, so that only one of them can be so at a time. */
const isSameThing = (a: Fact, b: Fact): boolean =>
  toKey(a.subject) === toKey(b.subject) && toKey(a.relation) === toKey(b.relation);

/** The fact that already says this and holds, when there is one. */
export function findKnown(facts: Iterable<Fact>, told: Fact): Fact | null {
  for (const fact of facts)
    if (fact.until === null && isSameThing(fact, told) && toKey(fact.value) === toKey(told.value))
      return fact;
  return null;
}

/**
 * Puts a fact among those that are known: sets its end, and the ends of those that it closes. `among` are the facts of its
 * subject; they are changed in place.
 */
export function settleFact(among: readonly Fact[], fact: Fact): void {
  if (fact.also || fact.relation === "") return;
  const rivals = among.filter((other) => other !== fact && !other.also && isSameThing(other, fact));
  for (const other of rivals) {
    if (isUntrusted(fact.label) && !isUntrusted(other.label)) continue;
    if (other.from <= fact.from && (other.until === null || other.until > fact.from)) other.until = fact.from;
  }
  const later = rivals.filter((other) => other.from > fact.from && !isUntrusted(other.label));
  if (later.length > 0) fact.until = Math.min(...later.map((other) => other.from));
}

/** Takes a fact from among those of its subject: what it alone had closed holds on, up to the next one. */
export function unsettleFact(among: readonly Fact[], fact: Fact): void {
  if (fact.also || fact.relation === "") return;
  const rivals = among.filter((other) => other !== fact && !other.also && isSameThing(other, fact));
  for (const other of rivals) {
    if (other.until !== fact.from) continue;
    const later = rivals.filter(
      (one) => one.from > other.from && (isUntrusted(other.label) || !isUntrusted(one.label)),
    );
    other.until = later.length > 0 ? Math.min(...later.map((one) => one.from)) : null;
  }
}

/** Whether a fact held in a stretch of time, or holds now. */
export function holds(fact: Fact, span: Span | null): boolean {
  if (!span) return fact.until === null;
  return fact.from < span.until && (fact.until ?? Number.POSITIVE_INFINITY) > span.from;
}

const toDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** A fact as an entity reads it. */
export function toFactLine(fact: Fact): string {
  const { subject, relation, value, from, until, source } = fact;
  const time = until === null ? `since ${toDay(from)}` : `${toDay(from)} to ${toDay(until)}, not any more`;
  const where = source === null ? "" : `; page ${source.page} of pid ${source.pid}`;
  const strange = isUntrusted(fact.label) ? "; from strangers' words" : "";
  return `${subject}${relation === "" ? "" : `, ${relation}`}: ${value} (${time}${where}${strange})`;
}

/** Words that say that something is over. */
const former =
  /\b(?:before|former(?:ly)?|previous(?:ly)?|used to|once|earlier|first|originally|old)\b|以前|之前|曾经|原来/i;

/** Words that say nothing about what is asked. */
const empty = new Set(
  "a an the of to in on at for is are was were be been do does did has have had who whom what which where when why how that this it its with and or not by from as his her their he she they you i me my your about into".split(
    " ",
  ),
);

const toStem = (word: string): string =>
  word.length > 3 ? word.replace(/(?:ing|ed|s)$/, "").replace(/e$/, "") : word;
const toStems = (text: string): string[] =>
  (text.toLowerCase().match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => !empty.has(word))
    .map(toStem);

/**
 * Facts that answer to the words, best first: those of subjects that are named, and of them those that speak of the same.
 * A time in the words wants what held then; without one what holds now goes first, and what is over comes only where
 * the words ask for it.
 */
export function rankFacts(
  words: string,
  facts: readonly Fact[],
  { now, limit }: { now: number; limit: number },
): Fact[] {
  const span = toSpan(words, now);
  const asked = new Set(toStems(words));
  const isPast = former.test(words);
  const scored: { fact: Fact; score: number }[] = [];
  for (const fact of facts) {
    if (span ? !holds(fact, span) : fact.until !== null && !isPast) continue;
    const name = toStems(toKey(fact.subject));
    const named = name.length > 0 && name.every((word) => asked.has(word));
    const said = new Set(toStems(`${fact.relation} ${fact.value}`));
    const shared = [...said].filter((word) => asked.has(word) && !name.includes(word)).length;
    if (named || shared > 0)
      scored.push({ fact, score: (named ? 2 : 0) + shared - (fact.until === null ? 0 : 0.5) });
  }
  return scored
    .sort((a, b) => b.score - a.score || b.fact.from - a.fact.from)
    .slice(0, limit)
    .map(({ fact }) => fact);
}
