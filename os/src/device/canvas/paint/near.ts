// The near land with all that lives on it: three folds of meadow, the village at the end of the way, groves, people and
// animals in small groups that look at one another, and one great tree at the edge that frames the picture.

import { type Animal, paintAnimal } from "./animals.ts";
import type { Chance } from "./chance.ts";
import { createChance } from "./chance.ts";
import type { Spot } from "./figure.ts";
import { createStyle, paintBoat, paintHouse, paintLantern, paintPost } from "./houses.ts";
import { type Fold, flower, paintEdge, paintFlowers, paintFold, paintWay } from "./meadow.ts";
import type { Facts } from "./paint.ts";
import { paintPerson, someone } from "./people.ts";
import { type Pose, poses } from "./poses.ts";
import { group, type Shape } from "./shape.ts";
import type { Stage, Standing } from "./stage.ts";
import { paintTree, type Species } from "./trees.ts";

/**
 * Members of a group from left to right: a pose or an animal; a capital letter begins a child; `<` looks left; who it is
 * may stand after a colon.
 */
export type Company = readonly string[];

const byDay: readonly Company[] = [
  ["read", "cat"],
  ["walk", "Walk", "dog"],
  ["bend", "<bend", "<carry"],
  ["kneel", "<Kneel", "rabbit"],
  ["Wave", "walk", "dog"],
  ["sit", "<sit", "cat"],
  ["stand", "<deer"],
  ["reach", "<carry"],
  ["carry", "<kneel"],
];
const inSnow: readonly Company[] = [
  ["walk", "Walk", "dog"],
  ["stand", "snowman", "<Wave"],
  ["Stand", "snowman", "<Stand", "dog"],
  ["carry", "<walk"],
  ["stand", "<deer"],
];
const inTheWild: readonly Company[] = [
  ["deer", "grazing"],
  ["grazing", "fawn"],
  ["fox"],
  ["rabbit", "<rabbit"],
  ["sheep", "<sheep", "sheep"],
  ["fawn", "<deer"],
];
const byNight: readonly Company[] = [
  ["sit", "<sit"],
  ["fox"],
  ["deer", "<fawn"],
  ["stand", "<Stand"],
  ["cat"],
  ["rabbit"],
];

const toKind = (who?: string) =>
  who === undefined ? undefined : who === "woman" || who === "girl" ? "she" : "he";

/** A group that stands together, from `spot` to the right. */
export function paintCompany(
  stage: Stage,
  company: Company,
  spot: Spot,
  fold: Fold,
  chance: Chance,
): Standing[] {
  let x = spot.x;
  return company.flatMap((word) => {
    const flip = word.startsWith("<");
    const [name = "", who] = word.replace("<", "").split(":");
    const child = name[0] !== name[0]!.toLowerCase();
    const kind = name.toLowerCase();
    const here: Spot = { ...spot, x, y: fold.ridge(x) + spot.y + chance.between(-2, 3), flip };
    const wide =
      kind === "elephant"
        ? 1.8
        : kind === "horse" || kind === "cow" || kind === "bear"
          ? 0.95
          : kind === "deer" || kind === "grazing" || kind === "bend"
            ? 0.78
            : kind === "sit" || kind === "read"
              ? 0.62
              : 0.46;
    x += spot.h * (wide + chance.between(0, 0.1));
    if (Object.hasOwn(poses, kind)) {
      const cold = stage.light.season.bare > 0.6;
      return [paintPerson(stage, kind as Pose, here, someone(chance, child, cold, toKind(who)))];
    }
    return [paintAnimal(stage, kind as Animal, here)];
  });
}

function paintVillage(
  stage: Stage,
  fold: Fold,
  centre: number,
  windows: number,
): { standing: Standing[]; smoke: Shape[] } {
  const chance = stage.chance.fork("village");
  const style = createStyle(stage);
  const count = 3 + chance.below(3);
  const standing: Standing[] = [];
  let left = windows;
  for (let i = 0; i < count; i++) {
    const x = centre + (i - (count - 1) / 2) * 46 + chance.between(-7, 7);
    const y = fold.ridge(x) + 5 + (i % 2) * 12 + chance.between(0, 5);
    const w = chance.between(44, 58);
    const lit = Math.min(5, Math.max(1, left));
    left -= lit;
    standing.push(paintHouse(stage, style, { x, y, w, depth: fold.depth, lit, flip: chance.maybe(40) }));
    if (chance.maybe(75)) {
      const species = chance.pick<Species>(["broad", "poplar", "fir", "birch", "cherry"]);
      standing.push(
        paintTree(stage, species, {
          x: x + chance.pick([-1, 1]) * chance.between(24, 34),
          y: y - chance.between(2, 6),
          h: chance.between(52, 84),
          depth: fold.depth + 0.04,
          fine: 0.04,
        }),
      );
    }
  }
  return { standing, smoke: [] };
}

/** Everything from the near shore to your feet. */
export function paintNear(
  stage: Stage,
  folds: readonly Fold[],
  scene: { side: -1 | 1; shore: number; facts: Facts },
): Shape[] {
  const { width, height, light } = stage;
  const { side, shore, facts } = scene;
  const chance = stage.chance.fork("near");
  const [far, mid, near] = folds as [Fold, Fold, Fold];
  const wide = width > 900;
  const at = (t: number) => width * (side < 0 ? t : 1 - t);
  const shapes: Shape[] = [];
  const put = (standing: Standing[]) => {
    for (const { shapes: some } of standing.sort((a, b) => a.y - b.y)) shapes.push(group(some));
  };

  const day = light.night < 0.5;
  const cold = light.season.snow > 0.3;
  const companies = cold ? inSnow : day ? byDay : byNight;

  const boatX = at(chance.between(0.3, 0.5));
  const boat = {
    x: boatX,
    y: shore + chance.between(16, 30),
    w: chance.between(44, 58),
    depth: 0.16,
    sail: chance.maybe(45),
  };
  const afloat: Standing[] = [paintBoat(stage, boat)];
  if (!boat.sail && light.night < 0.8) {
    afloat.unshift(
      paintPerson(stage, "row", { x: boatX - 6, y: boat.y + 1, h: 36, depth: 0.12 }, someone(chance)),
    );
    if (chance.maybe(50))
      afloat.unshift(paintAnimal(stage, "dog", { x: boatX + 14, y: boat.y + 1, h: 34, depth: 0.12 }));
  }
  const swimX = at(chance.between(0.1, 0.9));
  if (!cold)
    for (let i = 0; i < 3; i++)
      afloat.push(
        paintAnimal(stage, "duck", {
          x: swimX + i * 15,
          y: shore + 24 + (i % 2) * 6,
          h: 44,
          depth: 0.12,
          flip: side > 0,
        }),
      );
  afloat.forEach((s, i) => {
    s.y = i;
  });
  put(afloat);

  const villageX = at(chance.between(0.64, 0.74));
  const windows = 4 + facts.done.length;
  const village = paintVillage(stage, far, villageX, windows);
  shapes.push(...paintFold(stage, far, 0), ...paintFlowers(stage, far, 0));
  const onFar: Standing[] = village.standing;
  const groveX = at(chance.between(0.12, 0.3));
  const grove = chance.pick<Species>(["fir", "birch", "broad", "maple", "poplar"]);
  for (let i = 0; i < (wide ? 7 : 4); i++) {
    const x = groveX + chance.bell() * width * 0.1;
    onFar.push(
      paintTree(stage, chance.maybe(75) ? grove : "fir", {
        x,
        y: far.ridge(x) + chance.between(2, 22),
        h: chance.between(64, 112),
        depth: far.depth,
        fine: 0.036,
      }),
    );
  }
  const wild = chance.pick(inTheWild);
  onFar.push(
    ...paintCompany(
      stage,
      wild,
      { x: at(chance.between(0.4, 0.52)), y: 16, h: 36, depth: far.depth },
      far,
      chance,
    ),
  );
  const wadeX = at(chance.between(0.34, 0.6));
  const wader = chance.pick<Animal>(["crane", "heron"]);
  if (day) {
    onFar.push(
      paintAnimal(stage, wader, { x: wadeX, y: far.ridge(wadeX) + 5, h: 42, depth: 0.05, flip: side < 0 }),
    );
    if (wader === "crane")
      onFar.push(
        paintAnimal(stage, wader, {
          x: wadeX + 34,
          y: far.ridge(wadeX + 34) + 7,
          h: 38,
          depth: 0.05,
          flip: true,
        }),
      );
  }
  put(onFar);

  const way = paintWay(stage, {
    from: at(chance.between(0.5, 0.62)),
    to: { x: villageX, y: far.ridge(villageX) + 22 },
  });
  shapes.push(...way.under);
  shapes.push(...paintFold(stage, mid, 1), ...paintFlowers(stage, mid, 1), ...way.shapes);
  const onMid: Standing[] = [];
  for (let i = 0; i < (wide ? 3 : 1); i++) {
    const x = at(chance.between(0.84, 1.02));
    onMid.push(
      paintTree(stage, chance.pick<Species>(["maple", "cherry", "birch", "willow", "broad"]), {
        x,
        y: mid.ridge(x) + chance.between(4, 30),
        h: chance.between(120, 180),
        depth: mid.depth,
      }),
    );
  }
  const first = chance.pick(companies);
  onMid.push(
    ...paintCompany(
      stage,
      first,
      { x: at(side < 0 ? 0.36 : 0.42), y: 26, h: 54, depth: mid.depth },
      mid,
      chance,
    ),
  );
  if (wide)
    onMid.push(
      ...paintCompany(
        stage,
        chance.pick(companies.filter((c) => c !== first)),
        { x: at(side < 0 ? 0.72 : 0.8), y: 34, h: 58, depth: mid.depth },
        mid,
        chance,
      ),
    );
  facts.waiting.slice(0, 8).forEach((_, i) => {
    const [x, y, w] = way.middle(0.2 + i * 0.075);
    const out = i % 2 ? 1 : -1;
    onMid.push(paintLantern(stage, { x: x + out * (w + 12), y: y + 2, h: 54 * (1 - 0.08 * i), depth: 0.02 }));
  });
  if (!day) {
    const [x, y, w] = way.middle(0.42);
    onMid.push(paintPost(stage, { x: x - side * (w + 26), y, h: 34 }));
    onMid.push({
      ...paintAnimal(stage, "owl", { x: x - side * (w + 26), y: y - 33, h: 62, depth: 0 }),
      y: y + 0.5,
    });
  }
  put(onMid);

  shapes.push(...paintFold(stage, near, 2), ...paintFlowers(stage, near, 2));
  const onNear: Standing[] = [];
  const species = chance.pick<Species>(["pine", "maple", "cherry", "broad", "pine"]);
  const treeX = at(wide ? chance.between(0.06, 0.12) : 0.08);
  onNear.push(
    paintTree(stage, species, {
      x: treeX,
      y: near.ridge(treeX) + 26,
      h: height * chance.between(0.72, 0.86),
      depth: 0,
      lean: -side * 0.34,
      fine: 0.0135,
    }),
  );
  const beside = chance.pick<Company>(
    cold
      ? [["stand", "dog"], ["fox"], ["stand", "<Stand"], ["rabbit"]]
      : day
        ? [["read", "cat"], ["sit", "<Sit", "dog"], ["<read"], ["sit", "<cat"]]
        : [["sit", "<cat"], ["fox"], ["sit", "<sit"]],
  );
  onNear.push(
    ...paintCompany(
      stage,
      beside,
      { x: treeX + (side < 0 ? 46 : -110), y: 36, h: 84, depth: 0 },
      near,
      chance,
    ),
  );
  for (const id of facts.done.slice(-60)) {
    const own = createChance(`flower/${id}`);
    const x = width * own.between(0.04, 0.96);
    onNear.push({ y: near.ridge(x) + own.between(8, 44), shapes: [] });
    const last = onNear.at(-1)!;
    last.shapes = flower(stage, { x, y: last.y, size: own.between(7, 11), kind: own.below(6), depth: 0 });
  }
  put(onNear);
  shapes.push(...paintEdge(stage));
  return shapes;
}
