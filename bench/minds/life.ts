// A life in conversations, made from a seed: people with attributes that change, told in passing over hundreds of sessions
// between talk about other things; and questions whose answers stand in known places. The same seed gives the same life.
//
// The wording of a question is never that of the sentence that answers it, and each kind of fact is told in several ways.

import { createRandom, type Random } from "../../os/src/sim/random.ts";

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

/** A life. */
export interface Life {
  exchanges: Exchange[];
  questions: Question[];
}

interface Kind {
  values: readonly string[];
  /** NAME, VALUE and, where it is told of, THEY. */
  told: readonly string[];
  asked: (name: string) => string;
  changes: boolean;
}

const kinds: Record<string, Kind> = {
  city: {
    values: [
      "Porto",
      "Leipzig",
      "Tromsø",
      "Galway",
      "Utrecht",
      "Bergamo",
      "Kraków",
      "Toulouse",
      "Aarhus",
      "Seville",
    ],
    told: [
      "NAME signed the lease on a flat in VALUE yesterday and moves in right away.",
      "Boxes everywhere: NAME's new address is in VALUE now.",
      "The train to see NAME takes forever, VALUE is just far away from here. It has been home for a month already.",
      "NAME wrote from VALUE, where the family has settled down for good.",
    ],
    asked: (name) => `Where does ${name} live?`,
    changes: true,
  },
  job: {
    values: [
      "welder",
      "paediatrician",
      "bookbinder",
      "air traffic controller",
      "geologist",
      "pastry chef",
      "notary",
      "beekeeper",
    ],
    told: [
      "NAME passed the exam and starts as a VALUE on Monday.",
      "I met NAME in working clothes; being a VALUE seems to suit NAME.",
      "After all those courses NAME earns a living as a VALUE.",
      "They finally took NAME on as a VALUE, with a decent salary.",
    ],
    asked: (name) => `What is ${name}'s profession?`,
    changes: true,
  },
  pet: {
    values: [
      "an old greyhound",
      "two ferrets",
      "a tortoise called Hugo",
      "a one-eyed cat",
      "a parrot that swears",
      "three hens",
    ],
    told: [
      "NAME could not resist at the shelter and went home with VALUE.",
      "Since last week VALUE sleeps on NAME's sofa.",
      "The vet was expensive: NAME has to look after VALUE now.",
    ],
    asked: (name) => `Which animal does ${name} keep at home?`,
    changes: false,
  },
  food: {
    values: ["shellfish", "peanuts", "gluten", "strawberries", "celery", "sesame"],
    told: [
      "We ended up in the emergency room, because NAME's throat swelled from VALUE.",
      "For the party leave out VALUE, NAME gets a rash from it.",
      "The doctor's test says that NAME must stay away from VALUE.",
    ],
    asked: (name) => `What is ${name} allergic to?`,
    changes: false,
  },
  hobby: {
    values: [
      "fencing",
      "repairing clocks",
      "choir singing",
      "bouldering",
      "growing orchids",
      "amateur radio",
    ],
    told: [
      "Every Thursday evening NAME is busy with VALUE.",
      "NAME spends all the spare money on VALUE.",
      "You cannot reach NAME at weekends: it is VALUE from morning to night.",
    ],
    asked: (name) => `How does ${name} like to spend free time?`,
    changes: true,
  },
  car: {
    values: ["a rusty Volvo", "an electric Fiat", "a blue camper van", "a second-hand Skoda", "a cargo bike"],
    told: [
      "NAME picked me up in VALUE, bought from a neighbour.",
      "NAME's way to work is by VALUE these days.",
      "There is VALUE in front of NAME's house, and it is not a guest's.",
    ],
    asked: (name) => `What vehicle does ${name} drive?`,
    changes: true,
  },
  instrument: {
    values: ["the oboe", "the double bass", "the accordion", "the harp", "the trombone"],
    told: [
      "Through the wall I could hear NAME practise VALUE.",
      "NAME carried VALUE up four floors for the rehearsal.",
      "At the wedding NAME gave us a piece on VALUE.",
    ],
    asked: (name) => `Which musical instrument does ${name} play?`,
    changes: false,
  },
  illness: {
    values: ["a broken wrist", "a slipped disc", "shingles", "a torn ligament", "pneumonia"],
    told: [
      "NAME is on sick leave with VALUE.",
      "Poor NAME: the hospital found VALUE.",
      "It will take NAME weeks to get over VALUE.",
    ],
    asked: (name) => `What health problem did ${name} have?`,
    changes: false,
  },
};

const ties = [
  { name: "sister", told: "By the way, OTHER is NAME's sister; I only learned that today.", asked: "sister" },
  {
    name: "landlord",
    told: "The rent goes to OTHER, who owns the house that NAME lives in.",
    asked: "landlord",
  },
  { name: "boss", told: "NAME has to report to OTHER at work.", asked: "boss" },
  { name: "neighbour", told: "OTHER lives next door to NAME, they share a hedge.", asked: "neighbour" },
] as const;

const events = [
  { told: "NAME got married in the little church by the lake.", asked: "NAME's wedding" },
  { told: "NAME's first marathon: four hours and a bit, and proud of it.", asked: "NAME's marathon" },
  { told: "NAME handed in the doctoral thesis at last.", asked: "NAME's thesis" },
  { told: "There was a burglary at NAME's place, they took the silver.", asked: "the break-in at NAME's" },
  { told: "NAME and the others opened their shop with a brass band.", asked: "the opening of NAME's shop" },
  { told: "NAME came back from three weeks of walking in Iceland.", asked: "NAME's hike in Iceland" },
] as const;

const chat = [
  "The heating is making that noise again, like a kettle that never boils.",
  "I tried the soup with more lemon and it was much better.",
  "Could you look over the letter to the insurance once more?",
  "My back hurts from sitting, I should walk more.",
  "The film was too long, but the music was wonderful.",
  "I need a name for the folder where the photographs go.",
  "It rained so hard that the cellar got wet.",
  "What would be a good present for somebody who has everything?",
  "The printer does not print in colour since the update.",
  "I dreamt that I missed the last bus, again.",
  "Let us plan the shopping: flour, eggs, washing powder, light bulbs.",
  "The neighbours' party went on until three.",
  "The article says that glaciers lose a metre a year there.",
  "I have to renew my passport before the summer.",
  "The new bakery closes at noon, which helps nobody.",
] as const;

/** Sentences that speak of the same things and tell nothing. */
const nearly = [
  "NAME keeps saying that VALUE would be lovely, but nothing will come of it.",
  "I read about VALUE and had to think of NAME, no idea why.",
  "NAME would never go for VALUE, I am sure.",
] as const;

const replies = [
  "That sounds like a lot at once. Shall I note anything down?",
  "I see. What would you like to do about it?",
  "Thank you for telling me. Let me know how it goes on.",
  "All right. I can help with the next step whenever you want.",
  "Good to know. Is there something that you need from me today?",
] as const;

const names = [
  "Adaeze",
  "Bertil",
  "Chiara",
  "Dmitri",
  "Elif",
  "Farouk",
  "Greta",
  "Hamid",
  "Ingrid",
  "Joaquim",
  "Katalin",
  "Lorenzo",
  "Maeve",
  "Nuno",
  "Oksana",
  "Pilar",
  "Quentin",
  "Rosalind",
  "Stellan",
  "Tamsin",
  "Ulrich",
  "Vera",
  "Wendell",
  "Yusuf",
] as const;

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
        random.pick(chat),
        ...(fact ? [fact.text] : []),
        ...(random.chance(0.5) ? [random.pick(chat)] : []),
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
  return { exchanges, questions: toQuestions(random, facts) };
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
