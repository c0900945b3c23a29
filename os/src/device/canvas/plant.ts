// Trees and houses of a picture, and the way between them.

import { across, type Level, type Population } from "./land.ts";
import type { Chance } from "./paint/chance.ts";
import { createStyle, paintHouse, paintLantern } from "./paint/houses.ts";
import { type Fold, paintWay } from "./paint/meadow.ts";
import type { Shape } from "./paint/shape.ts";
import type { Standing } from "./paint/stage.ts";
import { paintTree, type Species } from "./paint/trees.ts";
import { countOf, type SceneText } from "./scene.ts";

const spires: readonly Species[] = ["fir", "poplar", "willow"];
const mixedTrees: readonly Species[] = ["broad", "birch", "maple", "cherry", "fir", "poplar", "willow"];
const usualTrees: Partial<Record<SceneText["setting"], readonly Species[]>> = {
  mountains: ["fir", "pine"],
  sea: ["pine"],
  forest: ["fir", "birch", "broad", "maple", "fir"],
};

/** Whether a way leads through the picture. */
export function hasWay({ setting, things }: SceneText): boolean {
  return (
    setting === "village" || setting === "garden" || countOf(things, "house") + countOf(things, "path") > 0
  );
}

/** Plants the trees; gives the edge at which the great one stands, 0 or 1. */
export function plantTrees(all: Population, on: Standing[][], chance: Chance): number {
  const { scene, stage, folds, side } = all;
  const { width, height } = stage;
  const [far, mid, near] = folds as [Fold, Fold, Fold];
  const kinds: readonly Species[] = scene.trees;
  const usual = usualTrees[scene.setting] ?? mixedTrees;
  const own = kinds.length > 0 ? kinds : [chance.pick(usual), chance.pick(usual)];
  const at = (t: number) => across(all, t);
  const forest = scene.setting === "forest";
  const sea = scene.setting === "sea" && kinds.length === 0;
  const plant = (
    level: Level,
    fold: Fold,
    how: { x: number; y: number; h: number; fine?: number; lean?: number },
    species?: Species,
  ) =>
    (on[level] as Standing[]).push(
      paintTree(stage, species ?? chance.pick(own), {
        ...how,
        y: fold.ridge(how.x) + how.y,
        depth: fold.depth,
      }),
    );
  const grove = at(chance.between(0.14, 0.3));
  const farCount = forest ? 26 : sea ? 0 : scene.setting === "mountains" ? 13 : 7;
  for (let i = 0; i < farCount; i++) {
    const x = forest ? (width * (i + chance.next())) / farCount : grove + chance.bell() * width * 0.12;
    plant(0, far, {
      x,
      y: chance.between(2, 20),
      h: chance.between(66, 116) * (forest ? 1.35 : 1),
      fine: 0.036,
    });
  }
  if (forest)
    for (const t of [0.02, 0.1, 0.2, 0.8, 0.9, 0.99])
      plant(1, mid, {
        x: width * t + chance.bell() * 20,
        y: chance.between(0, 26),
        h: chance.between(190, 280),
        fine: 0.02,
      });
  else if (!sea) {
    for (let i = 0; i < 2; i++)
      plant(1, mid, {
        x: at(chance.between(0.87, 1.0)),
        y: chance.between(4, 26),
        h: chance.between(120, 175),
      });
  }
  // What stands large before the eye: a crown rather than a spire.
  const great =
    own.find((one) => !spires.includes(one)) ?? (kinds.length > 0 ? (own[0] as Species) : "broad");
  const tall = great === "fir" || great === "birch" || great === "poplar";
  if (!sea)
    plant(
      2,
      near,
      {
        x: at(0.075),
        y: 24,
        h: height * chance.between(tall ? 0.62 : 0.7, tall ? 0.7 : 0.84),
        lean: -side * 0.3,
        fine: tall ? 0.02 : 0.0108,
      },
      great,
    );
  return side < 0 ? 0 : 1;
}

/** Builds the houses; gives the shapes of the way to them. */
export function build(all: Population, on: Standing[][], chance: Chance): Shape[] {
  const { scene, stage, folds } = all;
  const [far, mid] = folds as [Fold, Fold, Fold];
  const asked = countOf(scene.things, "house");
  const count =
    scene.setting === "village"
      ? Math.max(7, asked)
      : scene.setting === "garden"
        ? Math.max(1, asked)
        : asked;
  const at = (t: number) => across(all, t);
  const style = createStyle(stage);
  const centre = at(chance.between(0.64, 0.74));
  const large = count > 0 && count < 3;
  for (let i = 0; i < count; i++) {
    const fold = large ? mid : far;
    const w = large ? chance.between(112, 132) : chance.between(50, 64);
    const spread = large ? 150 : Math.min(52, (stage.width * 0.62) / count);
    const x = Math.max(
      60,
      Math.min(stage.width - 80, centre + (i - (count - 1) / 2) * spread + chance.between(-6, 6)),
    );
    const y = fold.ridge(x) + (large ? 8 : 5 + (i % 3) * 11) + chance.between(0, 4);
    (on[large ? 1 : 0] as Standing[]).push(
      paintHouse(stage, style, {
        x,
        y,
        w,
        depth: fold.depth,
        lit: 2 + chance.below(4),
        flip: chance.maybe(40),
      }),
    );
  }
  if (!hasWay(scene)) return [];
  const target = large
    ? { x: centre - 6, y: mid.ridge(centre) + 10 }
    : { x: centre, y: far.ridge(centre) + 26 };
  const way = paintWay(stage, { from: at(chance.between(0.5, 0.6)), to: target });
  const lanterns = countOf(scene.things, "lantern") + (scene.mood === "festive" ? 5 : 0);
  for (let i = 0; i < Math.min(9, lanterns); i++) {
    const [x, y, w] = way.middle(0.1 + i * 0.075);
    (on[y > mid.ridge(x) + 90 ? 2 : 1] as Standing[]).push(
      paintLantern(stage, {
        x: x + (i % 2 ? 1 : -1) * (w + 12),
        y: y + 2,
        h: 58 * (1 - 0.07 * i),
        depth: 0.02,
      }),
    );
  }
  return way.shapes;
}
