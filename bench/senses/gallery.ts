// Twenty pictures of the canvas, to be looked at: other places, seasons, hours and moods. Says how long each took.
//
//   node bench/senses/gallery.ts FOLDER [WORD ...]      only those whose name has one of the words

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { toPng, toSvgFile } from "../../os/src/device/canvas/picture-file.ts";
import { sceneSchema } from "../../os/src/device/canvas/scene.ts";

const scenes: Record<string, unknown> = {
  "fire-at-the-sea": {
    ...{ setting: "sea", time: "sunset", seed: 3 },
    people: [
      { who: "woman", doing: "sit" },
      { who: "man", doing: "sit" },
    ],
    animals: [{ kind: "dog" }],
    things: [{ kind: "campfire" }, { kind: "lighthouse" }, { kind: "sailboat", count: 2 }],
  },
  "deer-in-fog": {
    ...{ setting: "forest", time: "morning", season: "autumn", weather: "fog", mood: "mysterious" },
    ...{ animals: [{ kind: "deer", count: 3 }], frame: "tall", seed: 8 },
  },
  "village-festival": {
    ...{ setting: "village", time: "dusk", season: "summer", mood: "festive", seed: 12 },
    people: [
      { who: "woman", doing: "talk" },
      { who: "man", doing: "talk" },
      { who: "girl", doing: "wave" },
      { who: "boy", doing: "walk" },
    ],
    things: [{ kind: "lantern", count: 5 }, { kind: "table" }],
  },
  "cherry-garden": {
    ...{ setting: "garden", time: "morning", season: "spring", mood: "joyful", trees: ["cherry"], seed: 5 },
    people: [
      { who: "woman", doing: "read" },
      { who: "girl", doing: "reach" },
    ],
    animals: [{ kind: "cat" }, { kind: "butterfly", count: 4 }],
    things: [{ kind: "bench" }],
  },
  "winter-village": {
    ...{ setting: "village", time: "night", season: "winter", weather: "snow", seed: 21 },
    people: [
      { who: "boy", doing: "walk" },
      { who: "girl", doing: "walk" },
    ],
    things: [{ kind: "snowman" }, { kind: "lantern", count: 3 }],
    animals: [{ kind: "dog" }],
  },
  "mountain-lake-noon": {
    ...{ setting: "mountains", time: "noon", season: "summer", seed: 2 },
    people: [{ who: "man", doing: "row" }],
    animals: [{ kind: "bird", count: 5 }],
    things: [{ kind: "tent" }],
    trees: ["fir"],
  },
  "horses-meadow": {
    ...{ setting: "meadow", time: "afternoon", season: "summer", mood: "joyful", seed: 7 },
    animals: [{ kind: "horse", count: 3 }],
    people: [{ who: "girl", doing: "carry" }],
    things: [{ kind: "fence" }, { kind: "windmill" }],
  },
  "storm-lighthouse": {
    ...{ setting: "sea", time: "dusk", weather: "storm", mood: "melancholy", season: "autumn", seed: 9 },
    things: [{ kind: "lighthouse" }, { kind: "sailboat" }],
    people: [{ who: "woman", doing: "stand" }],
  },
  "owl-night-forest": {
    ...{ setting: "forest", time: "night", season: "summer", mood: "dreamy", seed: 14 },
    animals: [{ kind: "owl", count: 2 }, { kind: "fox" }, { kind: "firefly", count: 9 }],
    things: [{ kind: "tent" }, { kind: "campfire" }],
    people: [
      { who: "man", doing: "sit" },
      { who: "boy", doing: "sit" },
    ],
  },
  "elephants-sunset": {
    ...{ setting: "meadow", time: "sunset", season: "summer", mood: "dreamy", seed: 31, frame: "wide" },
    animals: [
      { kind: "elephant", count: 3 },
      { kind: "bird", count: 6 },
    ],
    trees: ["pine"],
  },
  "rain-in-the-garden": {
    ...{
      setting: "garden",
      time: "afternoon",
      season: "spring",
      weather: "rain",
      mood: "melancholy",
      seed: 17,
    },
    people: [{ who: "woman", doing: "walk" }],
    things: [{ kind: "bicycle" }, { kind: "path" }],
    animals: [{ kind: "cat" }],
  },
  rainbow: {
    ...{ setting: "lake", time: "afternoon", season: "summer", weather: "rainbow", mood: "joyful", seed: 40 },
    people: [
      { who: "girl", doing: "wave" },
      { who: "boy", doing: "stand" },
    ],
    animals: [
      { kind: "swan", count: 2 },
      { kind: "duck", count: 3 },
    ],
  },
  balloons: {
    ...{ setting: "mountains", time: "dawn", season: "summer", mood: "dreamy", seed: 51 },
    things: [{ kind: "balloon", count: 5 }],
    people: [
      { who: "woman", doing: "stand" },
      { who: "man", doing: "stand" },
    ],
  },
  "autumn-birches": {
    ...{
      setting: "lake",
      time: "sunset",
      season: "autumn",
      trees: ["birch", "maple"],
      seed: 63,
      frame: "square",
    },
    animals: [{ kind: "heron" }],
    things: [{ kind: "boat" }],
  },
  "sheep-spring": {
    ...{ setting: "meadow", time: "morning", season: "spring", seed: 77 },
    animals: [{ kind: "sheep", count: 6 }, { kind: "dog" }],
    people: [{ who: "man", doing: "walk" }],
    things: [{ kind: "flowers" }, { kind: "house" }],
  },
  "kite-beach": {
    ...{ setting: "sea", time: "noon", season: "summer", mood: "joyful", seed: 81 },
    people: [
      { who: "boy", doing: "reach" },
      { who: "girl", doing: "walk" },
    ],
    things: [{ kind: "kite" }, { kind: "sailboat", count: 3 }],
  },
  "willow-reader": {
    ...{ setting: "lake", time: "afternoon", season: "spring", trees: ["willow"], view: "close", seed: 90 },
    people: [{ who: "man", doing: "read" }],
    animals: [{ kind: "duck", count: 4 }, { kind: "rabbit" }],
  },
  "bears-river": {
    ...{ setting: "mountains", time: "dawn", season: "autumn", weather: "fog", seed: 95 },
    animals: [{ kind: "bear", count: 2 }],
    trees: ["fir", "pine"],
  },
  "robot-gardener": {
    ...{ setting: "garden", time: "morning", season: "summer", mood: "joyful", view: "close", seed: 101 },
    people: [
      { who: "woman", doing: "kneel" },
      { who: "boy", doing: "pick" },
    ],
    things: [{ kind: "robot" }, { kind: "flowers", count: 5 }],
    animals: [{ kind: "hen", count: 3 }],
  },
  "snowy-cabin": {
    ...{ setting: "mountains", time: "dusk", season: "winter", seed: 110, frame: "square" },
    things: [{ kind: "house" }],
    animals: [{ kind: "fox" }],
    trees: ["fir"],
  },
};

const [folder = "gallery", ...words] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const spent: number[] = [];
for (const [name, scene] of Object.entries(scenes)) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
  const began = performance.now();
  const svg = toSvgFile(sceneSchema.parse({ title: name, ...(scene as object) }));
  const drawn = performance.now() - began;
  const png = await toPng(svg, new AbortController().signal);
  const whole = performance.now() - began;
  spent.push(whole);
  await writeFile(join(folder, `${name}.svg`), svg);
  if (typeof png === "string") throw new Error(png);
  await writeFile(join(folder, `${name}.png`), png);
  console.log(
    `${name.padEnd(22)} drawn ${drawn.toFixed(0)} ms, whole ${whole.toFixed(0)} ms, svg ${svg.length >> 10} kB, png ${png.length >> 10} kB`,
  );
}
spent.sort((a, b) => a - b);
const { user, system } = process.cpuUsage();
const cpu = (user + system) / 1000 / spent.length;
console.log(`CPU ${cpu.toFixed(0)} ms a picture, start included`);
console.log(`median ${spent[spent.length >> 1]?.toFixed(0)} ms, most ${spent.at(-1)?.toFixed(0)} ms`);
