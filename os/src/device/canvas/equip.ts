// The things of a picture: beside the first group, on the water, in the air, or where they belong by themselves.

import { across, type Level, type Population, type Spot } from "./land.ts";
import { paintAnimal } from "./paint/animals.ts";
import type { Chance } from "./paint/chance.ts";
import { paintBoat, paintLantern, paintPost } from "./paint/houses.ts";
import { type Fold, flower } from "./paint/meadow.ts";
import { paintPerson, someone } from "./paint/people.ts";
import type { Shape } from "./paint/shape.ts";
import type { Standing } from "./paint/stage.ts";
import {
  paintBalloon,
  paintCampfire,
  paintFence,
  paintKite,
  paintLighthouse,
  paintThing,
  paintWindmill,
} from "./paint/things.ts";
import { hasWay } from "./plant.ts";
import { countOf } from "./scene.ts";

/** Boats, those who row, and what swims. */
export function paintAfloat(all: Population, chance: Chance): Shape[] {
  const { scene, stage, cast, side, shore } = all;
  if (shore === null) return [];
  const at = (t: number) => across(all, t);
  const low = scene.setting === "sea" ? 74 : 26;
  const shapes: Shape[] = [];
  const sails = countOf(scene.things, "sailboat");
  for (let i = 0; i < sails; i++) {
    const w = chance.between(58, 76);
    shapes.push(
      ...paintBoat(stage, {
        x: at(0.3 + 0.2 * i + chance.between(-0.06, 0.06)),
        y: shore + low * chance.between(0.5, 1.1),
        w,
        depth: 0.14,
        sail: true,
      }).shapes,
    );
  }
  const boats = Math.max(countOf(scene.things, "boat"), Math.ceil(cast.rowers / 2));
  let rowers = cast.rowers;
  for (let i = 0; i < boats; i++) {
    const x = at(0.44 + 0.22 * i + chance.between(-0.05, 0.05));
    const y = shore + low + chance.between(2, 12);
    const w = 78;
    for (const dx of [-8, 16]) {
      if (rowers-- <= 0) break;
      shapes.push(
        ...paintPerson(
          stage,
          "row",
          { x: x + dx, y: y + 1, h: 46, depth: 0.1, flip: dx > 0 },
          someone(chance),
        ).shapes.slice(1),
      );
    }
    shapes.push(...paintBoat(stage, { x, y, w, depth: 0.12, sail: false }).shapes);
  }
  const middle = at(chance.between(0.42, 0.62));
  cast.swimming.forEach((kind, i) => {
    const h = kind === "swan" ? 74 : 52;
    shapes.push(
      ...paintAnimal(stage, kind, {
        x: middle + i * h * 0.62,
        y: shore + low + 14 + (i % 2) * 7,
        h,
        depth: 0.1,
        flip: side > 0,
      }).shapes,
    );
  });
  return shapes;
}

const beside = ["campfire", "bench", "table", "bicycle", "robot", "snowman", "tent"] as const;

// The first group, or where it would stand.
function baseOf({ stage, folds }: Population, spots: readonly Spot[]): Omit<Spot, "group"> {
  const x = stage.width * 0.5;
  const slot = { level: 2 as Level, h: 100, x: 0.5, y: 26 };
  return spots[0] ?? { x, y: (folds[2] as Fold).ridge(x) + slot.y, half: 0, slot };
}

/** Puts the things on the land; gives what is in the air. */
export function equip(
  all: Population,
  { on, spots }: { on: Standing[][]; spots: readonly Spot[] },
  chance: Chance,
): Shape[] {
  const base = baseOf(all, spots);
  putBeside(all, { base, layer: on[base.slot.level] as Standing[] }, chance.fork("beside"));
  putUp(all, on);
  putFlowers(all, on[2] as Standing[], chance.fork("flowers"));
  putLanterns(all, on[1] as Standing[]);
  return putAbove(all, base, chance.fork("above"));
}

// In turn to the right and to the left of the group, as long as there is room.
function putBeside(
  { scene, stage, folds }: Population,
  { base, layer }: { base: Omit<Spot, "group">; layer: Standing[] },
  chance: Chance,
): void {
  const { level, h } = base.slot;
  const { depth } = folds[level] as Fold;
  let [right, left] = [base.x + base.half, base.x - base.half];
  const list = beside.flatMap((kind) => Array.from({ length: countOf(scene.things, kind) }, () => kind));
  list.forEach((kind, index) => {
    const large = kind === "tent";
    const long = kind === "bench" || kind === "table" || kind === "bicycle";
    const wide = h * (large ? 0.95 : long ? 0.62 : 0.42);
    const toRight = index % 2 === 0 ? right + wide * 2 < stage.width - 10 : left - wide * 2 < 10;
    const x = toRight ? right + wide : left - wide;
    if (toRight) right += wide * 2;
    else left -= wide * 2;
    const spot = { x, y: base.y + (large ? -16 : chance.between(-6, 4)), h, depth, flip: !toRight };
    if (kind === "campfire") layer.push(...paintCampfire(stage, spot));
    else if (kind === "snowman") layer.push(paintAnimal(stage, "snowman", spot));
    else layer.push(paintThing(stage, kind, spot));
  });
}

// What is built: it has its own place.
function putUp(all: Population, on: Standing[][]): void {
  const { scene, stage, folds, side } = all;
  const [far, mid] = folds as [Fold, Fold, Fold];
  if (countOf(scene.things, "lighthouse") > 0) {
    const x = across(all, 0.9);
    const place = { x, y: far.ridge(x) + 12, h: 62, depth: 0.12, flip: side < 0 };
    (on[0] as Standing[]).push(paintLighthouse(stage, place));
  }
  for (let i = 0; i < Math.min(4, countOf(scene.things, "windmill")); i++) {
    const x = across(all, 0.8 - 0.16 * i);
    const fold = i ? far : mid;
    const place = { x, y: fold.ridge(x) + 10, h: i ? 50 : 84, depth: i ? 0.14 : 0.05 };
    (on[i ? 0 : 1] as Standing[]).push(paintWindmill(stage, place));
  }
  if (countOf(scene.things, "fence") === 0 && scene.setting !== "garden") return;
  const [from, to] = (side < 0 ? [0.56, 0.98] : [0.02, 0.44]).map((t) => stage.width * t) as [number, number];
  const fence = { x: from, y: mid.ridge(from) + 52, h: 62, depth: mid.depth, to, ridge: mid.ridge };
  (on[1] as Standing[]).push(paintFence(stage, fence));
}

function putFlowers({ scene, stage, folds }: Population, layer: Standing[], chance: Chance): void {
  if (stage.light.season.snow > 0.4) return;
  const { ridge } = folds[2] as Fold;
  const count =
    countOf(scene.things, "flowers") * 26 +
    (scene.setting === "garden" ? 46 : 0) +
    (scene.mood === "joyful" && scene.setting !== "sea" ? 14 : 0);
  for (let i = 0; i < Math.min(120, count); i++) {
    const x = stage.width * chance.between(0.02, 0.98);
    const y = ridge(x) + chance.between(4, 44);
    const look = { x, y, size: chance.between(5, 9), kind: chance.below(6), depth: 0 };
    layer.push({ y, shapes: flower(stage, look) });
  }
}

// Lanterns in a row, where there is no way for them to stand by.
function putLanterns({ scene, stage, folds }: Population, layer: Standing[]): void {
  if (hasWay(scene)) return;
  const { ridge } = folds[1] as Fold;
  const count = Math.min(7, countOf(scene.things, "lantern") + (scene.mood === "festive" ? 4 : 0));
  for (let i = 0; i < count; i++) {
    const x = stage.width * (0.14 + 0.72 * ((i + 0.5) / count));
    layer.push(paintLantern(stage, { x, y: ridge(x) + 34 + (i % 2) * 16, h: 58, depth: 0.03 }));
  }
}

function putAbove(all: Population, base: Omit<Spot, "group">, chance: Chance): Shape[] {
  const { scene, stage, side } = all;
  const above: Shape[] = [];
  for (let i = 0; i < Math.min(5, countOf(scene.things, "balloon")); i++)
    above.push(
      ...paintBalloon(stage, {
        x: across(all, 0.68 - 0.14 * i + chance.between(-0.04, 0.04)),
        y: stage.horizon * chance.between(0.22, 0.5),
        r: chance.between(28, 46) * (1 - 0.1 * i),
      }),
    );
  for (let i = 0; i < Math.min(4, countOf(scene.things, "kite")); i++)
    above.push(
      ...paintKite(stage, {
        x: base.x + side * -(70 + 80 * i),
        y: stage.height * chance.between(0.2, 0.34),
        size: 24,
        hand: [base.x + (i - 0.5) * 20, base.y - base.slot.h * 0.6],
      }),
    );
  return above;
}

/** Owls on their posts, and birds that stand in shallow water. */
export function perch(all: Population, on: Standing[][], chance: Chance): void {
  const { stage, folds, cast, shore } = all;
  const [far, mid, near] = folds as [Fold, Fold, Fold];
  const at = (t: number) => across(all, t);
  for (let i = 0; i < cast.owls; i++) {
    const x = at(0.26 + 0.2 * i);
    const y = near.ridge(x) + 20;
    const h = 58;
    (on[2] as Standing[]).push(paintPost(stage, { x, y, h }), {
      ...paintAnimal(stage, "owl", { x, y: y - h + 3, h: 132, depth: 0 }),
      y: y + 0.5,
    });
  }
  cast.wading.forEach((kind, i) => {
    const x = at(0.5 + 0.07 * i + chance.between(-0.02, 0.02));
    const fold = shore === null ? mid : far;
    (on[shore === null ? 1 : 0] as Standing[]).push(
      paintAnimal(stage, kind, {
        x,
        y: fold.ridge(x) + (shore === null ? 40 : 6),
        h: shore === null ? 72 : 58,
        depth: 0.05,
        flip: i % 2 === 1,
      }),
    );
  });
}
