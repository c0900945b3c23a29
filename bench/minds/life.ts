// A life in conversations, made from a seed: people with attributes that change, told in passing over hundreds of sessions
// between talk about other things; and questions whose answers stand in known places. The same seed gives the same life.
//
// The wording of a question is never that of the sentence that answers it, and each kind of fact is told in several ways.

import { createRandom, type Random } from "../../os/src/sim/random.ts";
import { chatter, events, kinds, names, nearly, replies, ties } from "./life-words.ts";

/** One exchange: what leaves a window as a page. */
export interface Exchange {
  id: number;
  session: number;
  /** Milliseconds since 1970. */
  at: number;
  text: string;
}

/** A question with the exchanges that answer it. */
export interface Question {
  kind: "single" | "hops" | "order" | "changed" | "unknown";
  text: string;
  /** Ids of the exchanges that are needed; none for what was never said. */
  needs: number[];
  /** Words that a right answer has; empty for what was never said. */
  answer: string[];
  /** Exchanges that were right once and are not any more. */
  stale: number[];
}

/** A fact that was told. */
export interface ToldFact {
  name: string;
  /** What of them: a kind of fact, a tie or an event. */
  kind: string;
  value: string;
  exchange: number;
}

/** A life. */
export interface Life {
  exchanges: Exchange[];
  questions: Question[];
  facts: ToldFact[];
}

function toChat(random: Random): string {
  const text = random.pick(chatter.says).replace("THING", random.pick(chatter.things));
  return text[0]!.toUpperCase() + text.slice(1);
}

/** Makes a life of so many sessions. */
export function makeLife(seed: number, sessions = 300): Life {
  const random = createRandom(seed);
  const facts = planFacts(random, sessions);
  const exchanges: Exchange[] = [];
  const start = Date.UTC(2024, 0, 8, 9);
  for (let session = 0; session < sessions; session++) {
    const at = start + session * 2.3 * 86_400_000 + random.below(40_000_000);
    const told = facts.filter((fact) => fact.session === session);
    const turns = Math.max(told.length, 3 + random.below(5));
    const places = shuffle(
      random,
      Array.from({ length: turns }, (_, i) => i),
    ).slice(0, told.length);
    for (let turn = 0; turn < turns; turn++) {
      const fact = told[places.indexOf(turn)];
      const lines = [
        toChat(random),
        ...(fact ? [fact.text] : []),
        ...(random.chance(0.5) ? [toChat(random)] : []),
      ];
      if (!fact && random.chance(0.35)) lines.splice(1, 0, toNearly(random));
      const id = exchanges.length + 1;
      if (fact) fact.exchange = id;
      exchanges.push({
        id,
        session,
        at: at + turn * 60_000,
        text: `${lines.join(" ")}\n${random.pick(replies)}`,
      });
    }
  }
  return { exchanges, questions: toQuestions(random, facts), facts };
}

interface Fact {
  kind: string;
  name: string;
  value: string;
  session: number;
  text: string;
  exchange: number;
}

function shuffle<T>(random: Random, values: T[]): T[] {
  for (let i = values.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [values[i], values[other]] = [values[other]!, values[i]!];
  }
  return values;
}

function toNearly(random: Random): string {
  const { values } = kinds[random.pick(Object.keys(kinds))]!;
  return random.pick(nearly).replaceAll("NAME", random.pick(names)).replaceAll("VALUE", random.pick(values));
}

function planFacts(random: Random, sessions: number): Fact[] {
  const facts: Fact[] = [];
  const tell = (kind: string, name: string, value: string, text: string, session: number) =>
    facts.push({
      kind,
      name,
      value,
      session,
      exchange: 0,
      text: text.replaceAll("NAME", name).replaceAll("VALUE", value).replaceAll("OTHER", value),
    });
  for (const name of names) {
    for (const [key, kind] of Object.entries(kinds)) {
      if (random.chance(0.4)) continue;
      const times = kind.changes && random.chance(0.6) ? 2 + random.below(2) : 1;
      const values = shuffle(random, [...kind.values]).slice(0, times);
      const when = Array.from(values, () => random.below(sessions)).sort((a, b) => a - b);
      for (const [i, value] of values.entries()) tell(key, name, value, random.pick(kind.told), when[i]!);
    }
    for (const tie of ties)
      if (random.chance(0.3)) {
        const other = random.pick(names.filter((one) => one !== name));
        tell(`tie ${tie.name}`, name, other, tie.told, random.below(sessions));
      }
    for (const [i, event] of events.entries())
      if (random.chance(0.35)) tell(`event ${i}`, name, "", event.told, random.below(sessions));
  }
  return facts;
}

function toQuestions(random: Random, facts: readonly Fact[]): Question[] {
  const questions: Question[] = [];
  const of = (name: string, kind: string) =>
    facts.filter((fact) => fact.name === name && fact.kind === kind).sort((a, b) => a.exchange - b.exchange);
  for (const name of names) {
    for (const [key, kind] of Object.entries(kinds)) {
      const told = of(name, key);
      const last = told.at(-1);
      const text = kind.asked(name);
      if (!last) questions.push({ kind: "unknown", text, needs: [], answer: [], stale: [] });
      else
        questions.push({
          ...{
            kind: told.length > 1 ? "changed" : "single",
            text,
            needs: [last.exchange],
            answer: [last.value],
          },
          stale: told.slice(0, -1).map((fact) => fact.exchange),
        });
    }
    for (const tie of ties) {
      const [who] = of(name, `tie ${tie.name}`);
      const keys = who ? Object.keys(kinds).filter((key) => of(who.value, key).length === 1) : [];
      if (!who || keys.length === 0) continue;
      const key = random.pick(keys);
      const what = of(who.value, key)[0]!;
      const text = kinds[key]!.asked(`the ${tie.asked} of ${name}`);
      questions.push({
        kind: "hops",
        text,
        needs: [who.exchange, what.exchange],
        answer: [what.value],
        stale: [],
      });
    }
  }
  const happened = facts.filter((fact) => fact.kind.startsWith("event "));
  const nameOf = (fact: Fact) => events[Number(fact.kind.slice(6))]!.asked.replace("NAME", fact.name);
  for (let i = 0; i < 60 && happened.length > 1; i++) {
    const [a, b] = [random.pick(happened), random.pick(happened)];
    if (a.exchange === b.exchange || a.session === b.session) continue;
    const text = `What came first, ${nameOf(a)} or ${nameOf(b)}?`;
    const earlier = a.exchange < b.exchange ? a : b;
    questions.push({
      kind: "order",
      text,
      needs: [a.exchange, b.exchange],
      answer: [nameOf(earlier)],
      stale: [],
    });
  }
  return questions;
}
