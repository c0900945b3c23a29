// The words of which life.ts makes a life: kinds of facts with how they are told and asked for, ties, events, and talk about
// other things. The wording of a question is never that of the sentence that answers it.

/** A kind of fact: its values, how it is told and how it is asked for. */
export interface Kind {
  values: readonly string[];
  /** NAME, VALUE and, where it is told of, THEY. */
  told: readonly string[];
  asked: (name: string) => string;
  changes: boolean;
}

/** What can be known of a person. NAME and VALUE are filled in. */
export const kinds: Record<string, Kind> = {
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

/** How one person stands to another. */
export const ties = [
  { name: "sister", told: "By the way, OTHER is NAME's sister; I only learned that today.", asked: "sister" },
  {
    name: "landlord",
    told: "The rent goes to OTHER, who owns the house that NAME lives in.",
    asked: "landlord",
  },
  { name: "boss", told: "NAME has to report to OTHER at work.", asked: "boss" },
  { name: "neighbour", told: "OTHER lives next door to NAME, they share a hedge.", asked: "neighbour" },
] as const;

/** What happened once. */
export const events = [
  { told: "NAME got married in the little church by the lake.", asked: "NAME's wedding" },
  { told: "NAME's first marathon: four hours and a bit, and proud of it.", asked: "NAME's marathon" },
  { told: "NAME handed in the doctoral thesis at last.", asked: "NAME's thesis" },
  { told: "There was a burglary at NAME's place, they took the silver.", asked: "the break-in at NAME's" },
  { told: "NAME and the others opened their shop with a brass band.", asked: "the opening of NAME's shop" },
  { told: "NAME came back from three weeks of walking in Iceland.", asked: "NAME's hike in Iceland" },
] as const;

/** Talk about other things: as many different words as the facts have. */
export const chatter = {
  things: [
    "the heating",
    "the soup with lemon",
    "the letter to the insurance",
    "my back",
    "the film about glaciers",
    "the cellar",
    "the printer",
    "the last bus",
    "the shopping list",
    "the party upstairs",
    "my passport",
    "the new bakery",
    "the parcel",
    "the tax form",
    "the blue curtains",
    "the password of the router",
    "the essay on lighthouses",
    "the broken zip",
    "the recipe for dumplings",
    "the appointment on Tuesday",
    "the museum ticket",
    "the smoke alarm",
    "the tomato plants",
    "the bicycle pump",
    "the podcast on volcanoes",
    "the spare key",
    "the library book",
    "the playlist for the drive",
  ],
  says: [
    "THING makes me nervous, and I do not know why.",
    "Could you remind me of THING before the weekend?",
    "THING turned out better than I had feared.",
    "I spent the whole morning on THING and got nowhere.",
    "What would you do about THING in my place?",
    "THING is cheaper than last year, imagine.",
    "Nobody told me that THING would take so long.",
    "Let us come back to THING another time.",
    "I had a dream about THING, of all things.",
    "THING needs a second look, it is not quite right.",
    "After lunch I want to deal with THING for good.",
    "They keep asking me about THING at every meeting.",
  ],
} as const;

/** Sentences that speak of the same things and tell nothing. */
export const nearly = [
  "NAME keeps saying that VALUE would be lovely, but nothing will come of it.",
  "I read about VALUE and had to think of NAME, no idea why.",
  "NAME would never go for VALUE, I am sure.",
] as const;

/** What the other side says. */
export const replies = [
  "That sounds like a lot at once. Shall I note anything down?",
  "I see. What would you like to do about it?",
  "Thank you for telling me. Let me know how it goes on.",
  "All right. I can help with the next step whenever you want.",
  "Good to know. Is there something that you need from me today?",
] as const;

/** Who it is all about. */
export const names = [
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
