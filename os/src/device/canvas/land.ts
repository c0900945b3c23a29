// The land of a picture, as those see it who put something on it.

import type { Cast, Group } from "./cast.ts";
import type { Fold } from "./paint/meadow.ts";
import type { Stage } from "./paint/stage.ts";
import type { SceneText } from "./scene.ts";

/** What is to be put on the land. */
export interface Population {
  scene: SceneText;
  stage: Stage;
  /** The stage of the ground, whose grass may be sand. */
  ground: Stage;
  folds: readonly Fold[];
  cast: Cast;
  /** The side of the great tree. */
  side: -1 | 1;
  /** y of the far shore, null without water. */
  shore: number | null;
}

/** A fold, from the far shore (0) to your feet. */
export type Level = 0 | 1 | 2;

/** Where a group may be. */
export interface Slot {
  level: Level;
  /** Middle of the group, as a part of the width. */
  x: number;
  y: number;
  h: number;
}

/** A place where a group stands: its middle, its feet, its half width. */
export interface Spot {
  slot: Slot;
  x: number;
  y: number;
  half: number;
  group: Group;
}

/** A part of the width, counted from the side of the great tree. */
export function across({ stage, side }: Population, t: number): number {
  return stage.width * (side < 0 ? t : 1 - t);
}
