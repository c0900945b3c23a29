// What every painter of a part is given: the size of the picture, its light, its chance, and where the ground lies.

import type { Chance } from "./chance.ts";
import type { Light } from "./light.ts";
import type { Defs, Shape } from "./shape.ts";
import { n } from "./shape.ts";

/** The height of the ground, or of a crest, at x. */
export type Ridge = (x: number) => number;

/** The frame in which parts are painted. y grows downwards; the picture is 600 high and as wide as its place asks. */
export interface Stage {
  width: number;
  height: number;
  horizon: number;
  /** x of the sun or the moon; light falls from there. */
  lightX: number;
  light: Light;
  /** Nothing moves: the wind stands still. */
  still: boolean;
  /** The ground is a beach. */
  sand?: boolean;
  chance: Chance;
  defs: Defs;
}

/** Something that stands on the ground: what is nearer (a larger y) is painted later. */
export interface Standing {
  y: number;
  shapes: Shape[];
}

/** The outline of a ridge from left to right, closed at `bottom`. */
export function below(ridge: Ridge, stage: Stage, bottom: number, step = 6): string {
  let d = `M-20 ${n(bottom)}`;
  for (let x = -20; x <= stage.width + 20; x += step) d += `L${x} ${n(ridge(x))}`;
  return `${d}L${stage.width + 20} ${n(bottom)}Z`;
}

/** Dots as one path: drawn with a round cap, each is a disc as wide as the stroke. */
export function dot(x: number, y: number): string {
  return `M${n(x)} ${n(y)}h0`;
}
