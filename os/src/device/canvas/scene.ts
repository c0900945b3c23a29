// A scene: what is to be seen on a picture, in plain words of a fixed set, so that a small model can write one and a person
// can change one. Everything has a default; the painter (compose.ts) makes the rest of a picture from the seed.

import { z } from "zod";

/** Where it is. */
export const settings = ["lake", "sea", "meadow", "forest", "mountains", "village", "garden"] as const;
/** When it is. */
export const times = ["dawn", "morning", "noon", "afternoon", "sunset", "dusk", "night"] as const;
/** The seasons. */
export const seasons = ["spring", "summer", "autumn", "winter"] as const;
/** The weather. */
export const weathers = ["clear", "cloudy", "rain", "storm", "snow", "fog", "rainbow"] as const;
/** The mood: it tints the light and brings its own small things. */
export const moods = ["calm", "joyful", "festive", "dreamy", "melancholy", "mysterious"] as const;
/** Who is there. */
export const whos = ["woman", "man", "girl", "boy"] as const;
/** What they do. */
export const doings = [
  ...(["stand", "walk", "sit", "read", "talk", "wave", "carry", "pick", "kneel"] as const),
  ...(["reach", "row", "work"] as const),
] as const;
/** The animals. */
export const animalKinds = [
  ...(["cat", "dog", "rabbit", "fox", "deer", "fawn", "sheep", "cow", "horse", "bear"] as const),
  ...(["elephant", "hen", "owl", "crane", "heron", "duck", "swan", "bird", "butterfly", "firefly"] as const),
] as const;
/** The things. */
export const thingKinds = [
  ...(["house", "boat", "sailboat", "lantern", "campfire", "bench", "table", "tent", "lighthouse"] as const),
  ...(["windmill", "kite", "balloon", "bicycle", "fence", "flowers", "path", "snowman", "robot"] as const),
] as const;
/** The trees. */
export const treeKinds = [
  ...(["broad", "maple", "cherry", "pine", "fir", "birch", "poplar", "willow"] as const),
] as const;

const count = z.number().int().min(1).max(9);

/** The schema of a scene. */
export const sceneSchema = z.strictObject({
  title: z.string().max(120).default(""),
  setting: z.enum(settings).default("lake"),
  time: z.enum(times).default("morning"),
  season: z.enum(seasons).default("summer"),
  weather: z.enum(weathers).default("clear"),
  mood: z.enum(moods).default("calm"),
  people: z
    .array(z.strictObject({ who: z.enum(whos), doing: z.enum(doings).default("stand") }))
    .max(9)
    .default([]),
  animals: z
    .array(z.strictObject({ kind: z.enum(animalKinds), count: count.default(1) }))
    .max(8)
    .default([]),
  things: z
    .array(z.strictObject({ kind: z.enum(thingKinds), count: count.default(1) }))
    .max(8)
    .default([]),
  trees: z.array(z.enum(treeKinds)).max(4).default([]),
  focus: z.enum(["left", "middle", "right"]).default("middle"),
  view: z.enum(["wide", "close"]).default("wide"),
  frame: z.enum(["wide", "square", "tall"]).default("wide"),
  seed: z.number().int().min(0).max(999_999).default(1),
});

/** What is to be seen on a picture. */
export type SceneText = z.infer<typeof sceneSchema>;

/** A thing or an animal with its number. */
export type Counted<K extends string> = { kind: K; count: number };

/** One kind of the list `animals`. */
export type AnimalKind = (typeof animalKinds)[number];
/** One kind of the list `things`. */
export type ThingKind = (typeof thingKinds)[number];
/** What somebody does. */
export type Doing = (typeof doings)[number];
/** Somebody of the list `people`. */
export type Somebody = SceneText["people"][number];

/** How many of a kind a scene has. */
export function countOf<K extends string>(list: readonly Counted<K>[], kind: K): number {
  return list.reduce((sum, one) => sum + (one.kind === kind ? one.count : 0), 0);
}
