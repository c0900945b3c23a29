// Ten conversations to be drawn, with what a picture of each must hold and what it may hold.

import { countOf, type SceneText } from "../../os/src/device/canvas/scene.ts";

/** One conversation. */
export interface Talk {
  said: string;
  task: string;
  /** What was said, each as a test of the scene. */
  facts: Record<string, (scene: SceneText) => boolean>;
  /** Animals and things that belong there, named or meant. */
  may: readonly string[];
}

type Kind<F extends "animals" | "things"> = SceneText[F][number]["kind"];
const is =
  <F extends "setting" | "time" | "season" | "weather">(field: F, ...some: SceneText[F][]) =>
  (scene: SceneText) =>
    some.includes(scene[field]);
const animal =
  (kind: Kind<"animals">, least = 1) =>
  (scene: SceneText) =>
    countOf(scene.animals, kind) >= least;
const thing =
  (kind: Kind<"things">, least = 1) =>
  (scene: SceneText) =>
    countOf(scene.things, kind) >= least;
const people = (least: number) => (scene: SceneText) => scene.people.length >= least;
const draw = "Draw what we talked about";

/** The conversations. */
export const talks: readonly Talk[] = [
  {
    said: "Kim: Yesterday we walked along the lake with the children.\nAna: In the evening, when the sun was going down! And the swans came so close.\nKim: Two of them. And our dog was afraid of them.",
    task: draw,
    facts: {
      lake: is("setting", "lake"),
      sunset: is("time", "sunset", "dusk"),
      swans: animal("swan", 2),
      dog: animal("dog"),
      people: people(2),
    },
    may: ["swan", "dog"],
  },
  {
    said: "Kim: I dreamt of a forest in autumn, all in fog.\nAna: Were you alone?\nKim: A fox looked at me, and three deer stood between the firs.",
    task: draw,
    facts: {
      forest: is("setting", "forest"),
      autumn: is("season", "autumn"),
      fog: is("weather", "fog"),
      fox: animal("fox"),
      deer: animal("deer", 3),
    },
    may: ["fox", "deer"],
  },
  {
    said: "Ana: When I was a girl we spent winter in a village in the hills.\nKim: With much snow?\nAna: So much snow! We built a snowman, my brother and I, and in the windows were lanterns.",
    task: "Please draw that",
    facts: {
      village: is("setting", "village"),
      winter: (s) => s.season === "winter" || s.weather === "snow",
      snowman: thing("snowman"),
      lantern: thing("lantern"),
      children: (s) => s.people.some((one) => one.who === "girl" || one.who === "boy"),
    },
    may: ["snowman", "lantern", "house"],
  },
  {
    said: "Kim: On Sunday let us go to the meadow behind the mill.\nAna: With the bicycles! And the kite for Tom.\nKim: I hope that the sun shines. There are cows and a horse there.",
    task: draw,
    facts: {
      meadow: is("setting", "meadow"),
      windmill: thing("windmill"),
      bicycle: thing("bicycle"),
      kite: thing("kite"),
      cow: animal("cow"),
      horse: animal("horse"),
      clear: is("weather", "clear"),
    },
    may: ["windmill", "bicycle", "kite", "cow", "horse"],
  },
  {
    said: "Ana: My grandmother has a garden full of flowers.\nKim: And cats, you said.\nAna: Only one cat, and five hens. She sits on the bench in the morning and reads.",
    task: draw,
    facts: {
      garden: is("setting", "garden"),
      morning: is("time", "morning"),
      flowers: thing("flowers"),
      cat: animal("cat"),
      hens: animal("hen", 5),
      bench: thing("bench"),
      reader: (s) => s.people.some((one) => one.doing === "read" || one.doing === "sit"),
    },
    may: ["flowers", "cat", "hen", "bench", "house"],
  },
  {
    said: "Kim: We camped in the mountains, two tents, and at night we sat around the fire.\nAna: And then the bear!\nKim: It only looked. The stars were bright as never before.",
    task: draw,
    facts: {
      mountains: is("setting", "mountains"),
      night: is("time", "night"),
      tent: thing("tent", 2),
      campfire: thing("campfire"),
      bear: animal("bear"),
      clear: is("weather", "clear"),
      people: people(2),
    },
    may: ["tent", "campfire", "bear"],
  },
  {
    said: "Ana: The lighthouse on that coast is the oldest of the country.\nKim: We saw it in a thunderstorm, the waves went up to the door.\nAna: And nobody was outside.",
    task: draw,
    facts: {
      sea: is("setting", "sea"),
      storm: is("weather", "storm"),
      lighthouse: thing("lighthouse"),
      nobody: (s) => s.people.length === 0,
    },
    may: ["lighthouse"],
  },
  {
    said: "Kim: In spring the cherry trees bloom at the lake.\nAna: I want to row there with you, early, when the sun comes up.\nKim: And we listen to the ducks.",
    task: draw,
    facts: {
      lake: is("setting", "lake"),
      spring: is("season", "spring"),
      dawn: is("time", "dawn", "morning"),
      cherry: (s) => s.trees.includes("cherry"),
      ducks: animal("duck"),
      rowing: (s) => s.people.some((one) => one.doing === "row") || countOf(s.things, "boat") > 0,
    },
    may: ["duck", "boat"],
  },
  {
    said: "Kim: The budget for March is late again.\nAna: I sent the list to the clerk.\nKim: Good. By the way, our office will have a balloon ride over the fields in summer, three balloons at noon!",
    task: "Draw the balloon ride",
    facts: {
      field: is("setting", "meadow"),
      summer: is("season", "summer"),
      noon: is("time", "noon"),
      balloons: thing("balloon", 3),
    },
    may: ["balloon"],
  },
  {
    said: "Ana: It rained the whole week at the sea.\nKim: And then on the last day a rainbow, do you remember?\nAna: Yes! The two boys ran out to the beach at once, and the dog with them. A sailboat stood right under it.",
    task: draw,
    facts: {
      sea: is("setting", "sea"),
      rainbow: is("weather", "rainbow"),
      boys: (s) => s.people.filter((one) => one.who === "boy").length >= 2,
      dog: animal("dog"),
      sailboat: thing("sailboat"),
    },
    may: ["dog", "sailboat"],
  },
];
