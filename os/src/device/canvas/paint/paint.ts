// The landscape: from a seed, a moment and a few facts to a picture as data. Pure: the same scene is the same picture, in
// the browser, in a test and on a server. `toSvg` writes it as one text.
//
// The picture lies in four sheets, from back to front, so that what moves never makes the rest be painted again: the sky,
// the clouds, the land, and what is in the air.

import { paintBees, paintFalling, paintTwinkle, paintWorkers } from "./air.ts";
import { createChance } from "./chance.ts";
import { type Mountain, mist, paintFar, paintHills } from "./hills.ts";
import { createLight, type Light, type Moment } from "./light.ts";
import { createFolds } from "./meadow.ts";
import { paintNear } from "./near.ts";
import { countShapes, createDefs, el, type Shape, toText } from "./shape.ts";
import { lamps, paintSky } from "./sky.ts";
import type { Stage } from "./stage.ts";
import { paintWater } from "./water.ts";

/** What has happened, as ids, so that each keeps its place in the picture while others come and go. */
export interface Facts {
  /** Entities at work: birds, or fireflies by night. */
  running: readonly string[];
  /** Tasks that were finished: flowers by the way, and lit windows. */
  done: readonly string[];
  /** What waits for you: lanterns by the way. */
  waiting: readonly string[];
  /** Everything is stopped: the wind stands still. */
  halted: boolean;
}

/** Nothing has happened. */
export const noFacts: Facts = { running: [], done: [], waiting: [], halted: false };

/** What is to be painted. */
export interface Scene {
  seed: string;
  moment: Moment;
  theme: "light" | "dark";
  /** Width by height of its place on the page. */
  aspect: number;
  facts?: Facts;
  /** Prefix of ids, when several pictures stand on one page. */
  prefix?: string;
}

/** A picture: its size in its own units, its definitions and its four sheets. */
export interface Picture {
  width: number;
  height: number;
  defs: Shape[];
  sky: Shape[];
  clouds: Shape[];
  land: Shape[];
  air: Shape[];
  light: Light;
}

/** The height of every picture in its own units. */
export const pictureHeight = 600;

/** Paints a scene. */
export function paint(scene: Scene): Picture {
  const height = pictureHeight;
  const width = Math.round(height * Math.max(0.7, Math.min(3.4, scene.aspect)));
  const light = createLight(scene.moment, scene.theme);
  const chance = createChance(scene.seed);
  const facts = scene.facts ?? noFacts;
  const defs = createDefs(scene.prefix ?? "hl");
  const stage: Stage = {
    width,
    height,
    horizon: height * 0.47,
    light,
    chance,
    defs,
    lightX: 0,
    still: facts.halted,
  };
  const { sun, moon } = lamps(stage);
  stage.lightX = light.altitude > -4 ? sun[0] : moon[0];

  const place = chance.fork("place");
  const kind = place.pick<Mountain>(["cone", "range", "range", "rolling", "islands"]);
  const side = place.pick([-1, 1]) as -1 | 1;
  const sky = paintSky(stage);
  const far = paintFar(stage, kind, side);
  const hills = paintHills(stage, kind === "islands" ? 1 : 2);
  const shore = stage.horizon + 46;
  const water = paintWater(stage, [...far.layers, ...hills.layers], {
    top: shore,
    bottom: height * 0.82,
    calm: stage.still,
  });
  const folds = createFolds(stage, side);
  const near = paintNear(stage, folds, { side, shore, facts });
  return {
    width,
    height,
    light,
    sky: sky.still,
    clouds: sky.clouds,
    land: [...far.shapes, mist(stage, stage.horizon + 12, 64, 0.45), ...hills.shapes, ...water, ...near],
    air: [
      ...paintTwinkle(stage),
      ...paintBees(stage, chance.fork("bees"), height * 0.86),
      ...paintFalling(stage),
      ...paintWorkers(stage, facts.running),
    ],
    defs: defs.shapes,
  };
}

/** How many SVG elements a picture has. */
export function countPicture(picture: Picture): number {
  return countShapes([...picture.defs, ...picture.sky, ...picture.clouds, ...picture.land, ...picture.air]);
}

/** A picture as one SVG text, to keep or to send. */
export function toSvg(scene: Scene): string {
  const { width, height, defs, sky, clouds, land, air } = paint(scene);
  const kids = [el("defs", {}, defs), ...sky, ...clouds, ...land, ...air];
  return toText([
    el(
      "svg",
      { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height },
      kids,
    ),
  ]);
}
