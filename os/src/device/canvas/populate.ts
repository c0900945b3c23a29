// What stands on the land of a picture, from the far shore to your feet: houses and trees, then the groups of the cast, each
// in a slot of its own, and the things beside them. What is nearer is painted later.

import { equip, paintAfloat, perch } from "./equip.ts";
import type { Population, Slot, Spot } from "./land.ts";
import type { Chance } from "./paint/chance.ts";
import { type Fold, paintEdge, paintFlowers, paintFold } from "./paint/meadow.ts";
import { paintCompany } from "./paint/near.ts";
import { group, type Shape } from "./paint/shape.ts";
import type { Standing } from "./paint/stage.ts";
import { build, plantTrees } from "./plant.ts";
import type { SceneText } from "./scene.ts";

/** Paints everything from the near shore to your feet. */
export function populate(all: Population): Shape[] {
  const { scene, stage, ground, folds } = all;
  const chance = stage.chance.fork("populate");
  const on: [Standing[], Standing[], Standing[]] = [[], [], []];
  const afloat = paintAfloat(all, chance.fork("afloat"));
  const away = plantTrees(all, on, chance.fork("trees"));
  const way = build(all, on, chance.fork("build"));
  const slots = toSlots(scene, away);
  const spots = seat(all, { on, slots }, chance.fork("seat"));
  const above = equip(all, { on, spots }, chance.fork("equip"));
  perch(all, on, chance.fork("perch"));
  const shapes: Shape[] = [...afloat];
  for (const level of [0, 1, 2] as const) {
    const fold = folds[level] as Fold;
    shapes.push(...paintFold(ground, fold, level), ...paintFlowers(ground, fold, level));
    if (level === 1) shapes.push(...way);
    shapes.push(...on[level].sort((a, b) => a.y - b.y).map((one) => group(one.shapes)));
  }
  return [...shapes, ...(scene.setting === "sea" ? [] : paintEdge(stage)), ...above];
}

// Where groups may be: the first one where the eye goes, the others away from it and from one another.
function toSlots(scene: SceneText, away: number): Slot[] {
  const near = scene.view === "close" ? 184 : 128;
  const mid = scene.view === "close" ? 108 : 76;
  const at = { left: 0.34, middle: 0.5, right: 0.66 }[scene.focus];
  const other = at < 0.5 || (at === 0.5 && away < 0.5) ? 1 : -1;
  const x = (t: number) => Math.max(0.12, Math.min(0.88, t));
  return [
    { level: 2, x: at, y: scene.view === "close" ? 34 : 26, h: near },
    { level: 1, x: x(at + other * 0.3), y: 30, h: mid },
    { level: 1, x: x(at - other * 0.24), y: 44, h: mid },
    { level: 0, x: x(at + other * 0.08), y: 18, h: mid * 0.6 },
    { level: 2, x: x(at + other * 0.34), y: 20, h: near * 0.86 },
    { level: 0, x: x(at - other * 0.3), y: 24, h: mid * 0.62 },
    { level: 0, x: x(at + other * 0.36), y: 14, h: mid * 0.58 },
    { level: 1, x: x(at + other * 0.02), y: 20, h: mid * 0.9 },
  ];
}

const wideness = (word: string) =>
  /elephant/.test(word)
    ? 1.8
    : /horse|cow|bear/.test(word)
      ? 0.95
      : /deer|grazing|bend/.test(word)
        ? 0.78
        : /sit|read/i.test(word)
          ? 0.64
          : 0.5;

function seat(
  { stage, folds, cast }: Population,
  { on, slots }: { on: Standing[][]; slots: readonly Slot[] },
  chance: Chance,
): Spot[] {
  const people = cast.groups.filter((one) => one.kind === "people");
  const animals = cast.groups.filter((one) => one.kind === "animals");
  const spots: Spot[] = [];
  [...people, ...animals].slice(0, slots.length).forEach((one, i) => {
    const slot = slots[i] as Slot;
    const fold = folds[slot.level] as Fold;
    const half = (one.members.reduce((sum, word) => sum + wideness(word), 0) * slot.h) / 2;
    const x = Math.max(half + 20, Math.min(stage.width - half - 20, stage.width * slot.x));
    const start = { x: x - half + slot.h * 0.2, y: slot.y, h: slot.h, depth: fold.depth };
    (on[slot.level] as Standing[]).push(
      ...paintCompany(stage, one.members, start, fold, chance.fork(`group${i}`)),
    );
    spots.push({ slot, x, y: fold.ridge(x) + slot.y, half, group: one });
  });
  return spots;
}
