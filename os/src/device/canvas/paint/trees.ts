// Trees grow: a trunk divides into limbs, limbs into twigs, and where twigs end there are leaves. Leaves are dabs in four
// tones, from the shaded inside to the side on which the light falls, each tone one path. In winter the twigs go on instead.

import type { Chance } from "./chance.ts";
import { type Colour, hex, mix, shift } from "./colour.ts";
import { fir } from "./fir.ts";
import { type Clump, paintLeaves, paintStrands } from "./leaves.ts";
import { paintShadow } from "./shadow.ts";
import { at, n, path, type Shape } from "./shape.ts";
import type { Stage, Standing } from "./stage.ts";

/** The kinds of trees. */
export type Species = "broad" | "maple" | "cherry" | "pine" | "fir" | "birch" | "poplar" | "willow";

interface Limb {
  x: number;
  y: number;
  angle: number;
  length: number;
  width: number;
  depth: number;
}

interface Habit {
  split: number;
  spread: number;
  shrink: number;
  rise: number;
  thin: number;
  depth: number;
}

const habits: Record<"broad" | "maple" | "cherry" | "willow", Habit> = {
  broad: { split: 3, spread: 0.55, shrink: 0.72, rise: 0.2, thin: 0.62, depth: 3 },
  maple: { split: 3, spread: 0.68, shrink: 0.7, rise: 0.12, thin: 0.62, depth: 3 },
  cherry: { split: 3, spread: 0.75, shrink: 0.74, rise: 0.1, thin: 0.62, depth: 3 },
  willow: { split: 3, spread: 0.6, shrink: 0.7, rise: 0, thin: 0.62, depth: 2 },
};

/** How a slim tree stands in winter. */
const upright: Habit = { split: 2, spread: 0.34, shrink: 0.76, rise: 0.42, thin: 0.6, depth: 3 };

/** Lets a limb grow: its wood as tapering strokes by width, its tips as places for leaves. */
function grow(
  limb: Limb,
  habit: Habit,
  chance: Chance,
  wood: Map<number, string>,
  tips: [number, number, number][],
): void {
  const { x, y, angle, length, width, depth } = limb;
  const bend = chance.between(-0.22, 0.22);
  const mx = x + Math.cos(angle + bend) * length * 0.55;
  const my = y + Math.sin(angle + bend) * length * 0.55;
  const ex = x + Math.cos(angle) * length;
  const ey = y + Math.sin(angle) * length;
  const key = Math.max(0.5, Math.round(width * 2) / 2);
  wood.set(key, `${wood.get(key) ?? ""}M${at(x, y)}Q${at(mx, my)} ${at(ex, ey)}`);
  if (depth <= 1) tips.push([ex, ey, length]);
  if (depth <= 0) return;
  const count = habit.split + (chance.maybe(35) ? 1 : 0);
  for (let i = 0; i < count; i++) {
    const fan = count === 1 ? 0 : (i / (count - 1)) * 2 - 1;
    const turn = angle + fan * habit.spread + chance.between(-0.16, 0.16);
    const up = turn + (-Math.PI / 2 - turn) * habit.rise;
    const along = i === 0 ? 1 : chance.between(0.62, 1);
    grow(
      {
        x: x + (ex - x) * along,
        y: y + (ey - y) * along,
        angle: up,
        length: length * habit.shrink * chance.between(0.8, 1.15),
        width: width * habit.thin,
        depth: depth - 1,
      },
      habit,
      chance,
      wood,
      tips,
    );
  }
}

/** Wood from thin to thick; thick wood is lit on one side. */
function woodShapes(
  stage: Stage,
  wood: Map<number, string>,
  look: { colour: Colour; depth: number; lit: 1 | -1 },
): Shape[] {
  const { colour, depth, lit } = look;
  const { light } = stage;
  const shade = light.on(colour, depth);
  const bright = light.on(mix(shift(colour, 0.07), hex("#ffdf9e"), 0.16), depth);
  const stroke = (d: string, width: number, tone: string, x?: number) =>
    path(d, {
      fill: "none",
      stroke: tone,
      "stroke-width": width,
      "stroke-linecap": x === undefined ? "round" : "butt",
      transform: x === undefined ? undefined : `translate(${n(x)} 0)`,
    });
  const sorted = [...wood.entries()].sort((a, b) => a[0] - b[0]);
  return [
    ...sorted.map(([width, d]) => stroke(d, width, shade)),
    ...sorted
      .filter(([width]) => width > 5)
      .map(([width, d]) => stroke(d, width * 0.34, bright, lit * width * 0.26)),
  ];
}

/** The colour of the leaves of one tree now. */
function leafColour(stage: Stage, species: Species, chance: Chance): Colour {
  const { season } = stage.light;
  const own = shift(season.leaf, chance.between(-0.035, 0.035));
  const turned = season.turned;
  if (species === "pine") return mix(hex("#3f6e4c"), own, 0.18);
  if (species === "fir") return mix(hex("#38624a"), own, 0.14);
  if (species === "maple")
    return mix(own, chance.pick([hex("#c2452f"), hex("#d3682f"), hex("#b23a34")]), turned);
  if (species === "cherry") {
    const pink = mix(hex("#f3bccb"), hex("#fbe3e6"), chance.next() * 0.6);
    return mix(mix(own, hex("#c8713f"), turned * 0.9), pink, Math.min(1, season.blossom * 1.25));
  }
  if (species === "birch") return mix(shift(own, 0.06), hex("#e2b341"), turned);
  if (species === "poplar") return mix(own, hex("#d9b043"), turned);
  if (species === "willow")
    return mix(shift(mix(own, hex("#b4c46a"), 0.4), 0.03), hex("#cdb254"), turned * 0.8);
  return mix(own, chance.pick([hex("#c98a35"), hex("#b9652f"), hex("#c7a23c")]), turned * 0.85);
}

const barks: Record<Species, Colour> = {
  broad: hex("#6a5140"),
  maple: hex("#655044"),
  cherry: hex("#5e4743"),
  pine: hex("#76523f"),
  fir: hex("#5d4a3c"),
  birch: hex("#e6e0d4"),
  poplar: hex("#75685a"),
  willow: hex("#6d5a45"),
};

function tall(
  stage: Stage,
  place: { x: number; y: number; h: number; depth: number; lean: number },
  species: "birch" | "poplar",
  colour: Colour,
  chance: Chance,
): Shape[] {
  const { x, y, h, depth, lean } = place;
  const { light } = stage;
  const tx = x + lean * h * 0.2;
  const wood = new Map<number, string>();
  const clumps: Clump[] = [];
  const birch = species === "birch";
  let twigs = "";
  wood.set(
    birch ? h * 0.026 : h * 0.035,
    `M${at(x, y + 2)}Q${at(x + chance.bell() * h * 0.03, y - h * 0.5)} ${at(tx, y - h * (birch ? 0.9 : 0.8))}`,
  );
  const steps = 13;
  for (let i = 0; i < steps; i++) {
    const t = i / (steps - 1);
    const w = (birch ? 0.17 : 0.095) * h * Math.sin(Math.PI * (0.12 + 0.86 * t)) ** 0.8;
    const cy = y - h * ((birch ? 0.32 : 0.12) + t * (birch ? 0.64 : 0.86));
    const cx = x + (tx - x) * t + chance.bell() * w * 0.75;
    const [sx, sy] = [x + (tx - x) * t, cy + h * 0.08];
    for (const side of birch ? [-1, 1] : [-0.9, 0.9])
      twigs += `M${at(sx, sy)}Q${at(sx + side * w * 0.3, sy - h * 0.06)} ${at(sx + side * w * chance.between(0.5, 1), sy - h * chance.between(0.08, 0.15))}`;
    clumps.push({ x: cx, y: cy, r: w * chance.between(0.55, 0.85), flat: birch ? 0.85 : 1.15 });
  }
  const shapes = woodShapes(stage, wood, { colour: barks[species], depth, lit: x < stage.lightX ? 1 : -1 });
  if (light.season.bare > 0.2)
    shapes.push(
      path(twigs, {
        fill: "none",
        stroke: light.on(hex("#6d5a4c"), depth),
        "stroke-width": Math.max(0.7, h * 0.008),
        "stroke-linecap": "round",
      }),
    );
  if (birch) {
    let marks = "";
    for (let i = 0; i < 9; i++)
      marks += `M${at(x - h * 0.011 + chance.between(0, 4) * h * 0.003, y - h * chance.between(0.02, 0.6))}h${n(h * 0.012)}`;
    shapes.push(
      path(marks, { stroke: light.on(hex("#4a4038"), depth), "stroke-width": Math.max(0.6, h * 0.007) }),
    );
  }
  const bare = light.season.bare;
  const kept = clumps.filter(() => !chance.maybe(bare * 100));
  return [
    ...shapes,
    ...paintLeaves(
      stage,
      kept,
      { colour, depth, size: Math.max(1.6, Math.min(h * 0.026, 4.4)), dense: h > 240 ? 8 : 4.6 },
      chance,
    ),
  ];
}

/** A pine as prints know it: a bent trunk, and flat cushions of needles on level boughs. */
function pine(
  stage: Stage,
  place: { x: number; y: number; h: number; depth: number; lean: number; size: number },
  colour: Colour,
  chance: Chance,
): Shape[] {
  const { x, y, h, depth, lean, size } = place;
  const wood = new Map<number, string>();
  const bend = chance.between(0.05, 0.1) * h * (lean < 0 ? -1 : 1);
  const stem = (t: number): [number, number] => [
    x + lean * h * 0.22 * t + Math.sin(t * Math.PI * 1.7) * bend,
    y - h * 0.03 - h * 0.9 * t,
  ];
  const steps = 12;
  for (let i = 0; i < steps; i++) {
    const [ax, ay] = stem(i / steps);
    const [bx, by] = stem((i + 1) / steps);
    const width = Math.max(1, Math.round(h * 0.062 * (1 - (i / steps) * 0.82) * 2) / 2);
    wood.set(width, `${wood.get(width) ?? ""}M${at(ax, ay)}L${at(bx, by)}`);
  }
  const root = h * 0.05;
  const foot = `M${at(x - root, y + 3)}Q${at(x - root * 0.5, y - root * 0.2)} ${at(x - root * 0.55, y - root * 1.2)}H${n(x + root * 0.55)}Q${at(x + root * 0.5, y - root * 0.2)} ${at(x + root * 1.1, y + 3)}Z`;
  const clumps: Clump[] = [];
  const boughs = 9;
  for (let i = 0; i <= boughs; i++) {
    const t = 0.36 + (0.64 * i) / boughs;
    const [bx, by] = stem(t);
    const out = i % 2 ? 1 : -1;
    const reach = h * (0.36 - 0.27 * (i / boughs)) * chance.between(0.8, 1.2) * (out * lean > 0 ? 1.25 : 0.9);
    const [tx, ty] = [bx + out * reach, by - h * chance.between(0.01, 0.06)];
    const width = Math.max(0.8, Math.round(h * 0.018 * (1.2 - t) * 4) / 2);
    wood.set(
      width,
      `${wood.get(width) ?? ""}M${at(bx, by + h * 0.02)}Q${at(bx + out * reach * 0.5, by + h * 0.015)} ${at(tx, ty)}`,
    );
    const r = h * (0.125 - 0.045 * (i / boughs));
    clumps.push({ x: tx, y: ty, r: r * chance.between(0.9, 1.15), flat: 0.36 });
    clumps.push({
      x: bx + out * reach * 0.55,
      y: by - h * 0.035,
      r: r * chance.between(0.75, 1),
      flat: 0.36,
    });
    if (chance.maybe(60)) clumps.push({ x: tx + out * r * 0.7, y: ty + h * 0.02, r: r * 0.7, flat: 0.34 });
  }
  const [cx, cy] = stem(1);
  clumps.push({ x: cx, y: cy, r: h * 0.09, flat: 0.5 });
  const { light } = stage;
  const shapes = [
    path(foot, { fill: light.on(barks.pine, depth) }),
    ...woodShapes(stage, wood, { colour: barks.pine, depth, lit: x < stage.lightX ? 1 : -1 }),
    ...clumps
      .sort((a, b) => b.y - a.y)
      .flatMap((_, i, all) =>
        i % 4 === 0
          ? paintLeaves(stage, all.slice(i, i + 4), { colour, depth, size, dense: 4.4 }, chance)
          : [],
      ),
  ];
  if (light.season.snow > 0.3) {
    const lying = clumps
      .map(
        (c) =>
          `M${at(c.x - c.r * 0.85, c.y - c.r * 0.14)}q${at(c.r * 0.85, -c.r * 0.5)} ${at(c.r * 1.7, 0)}q${at(-c.r * 0.85, -c.r * 0.14)} ${at(-c.r * 1.7, 0)}`,
      )
      .join("");
    shapes.push(path(lying, { fill: light.snow(0.1, depth), opacity: light.season.snow }));
  }
  return shapes;
}

/** One tree with its foot at (x, y), `h` tall. A `lean` of 1 bends it to the right; `fine` is a stroke by the height. */
export function paintTree(
  stage: Stage,
  species: Species,
  place: { x: number; y: number; h: number; depth: number; lean?: number; fine?: number },
): Standing {
  const { x, y, h, depth } = place;
  const lean = place.lean ?? 0;
  const chance = stage.chance.fork(`tree${n(x)},${n(y)}`);
  const { light } = stage;
  const colour = leafColour(stage, species, chance);
  const size = Math.max(1.7, h * (place.fine ?? 0.024));
  const slim = species === "fir" || species === "birch" || species === "poplar";
  const shade = paintShadow(stage, {
    ...{ x, y: y + 1, h, depth, w: h * (slim ? 0.12 : 0.16), crown: h * (slim ? 0.09 : 0.26) },
  });
  if (species === "fir") return { y, shapes: [...shade, ...fir(stage, { x, y, h, depth }, colour, chance)] };
  if (species === "pine")
    return { y, shapes: [...shade, ...pine(stage, { x, y, h, depth, lean, size }, colour, chance)] };
  const twiggy = (species === "birch" || species === "poplar") && light.season.bare > 0.45;
  if ((species === "birch" || species === "poplar") && !twiggy)
    return { y, shapes: [...shade, ...tall(stage, { x, y, h, depth, lean }, species, colour, chance)] };
  const wood = new Map<number, string>();
  const tips: [number, number, number][] = [];
  const bare = light.season.bare * (1 - light.season.blossom);
  const leafy = habits[species as keyof typeof habits] ?? upright;
  const habit = bare > 0.35 ? { ...leafy, thin: 0.56, split: 2, spread: leafy.spread * 0.85 } : leafy;
  grow(
    {
      x,
      y: y - h * 0.03,
      angle: -Math.PI / 2 + lean * 0.3,
      length: h * (species === "willow" ? 0.42 : 0.34),
      width: h * (twiggy ? 0.036 : 0.062),
      depth: habit.depth + (bare > 0.35 ? 2 : 0),
    },
    habit,
    chance,
    wood,
    tips,
  );
  const clumps = tips
    .filter(([, ty]) => !chance.maybe(Math.max(0, bare - 0.1) * 125) && ty < y - h * 0.36)
    .map(([tx, ty]) => ({ x: tx, y: ty, r: h * chance.between(0.085, 0.135), flat: 0.8 }));
  const root = h * (twiggy ? 0.026 : 0.05);
  const foot = `M${at(x - root, y + 2)}Q${at(x - root * 0.5, y - root * 0.2)} ${at(x - root * 0.5, y - root * 1.4)}H${n(x + root * 0.5)}Q${at(x + root * 0.5, y - root * 0.2)} ${at(x + root, y + 2)}Z`;
  const crown =
    species === "willow" && bare < 0.8
      ? paintStrands(stage, tips, { h, colour, depth, size, dense: 1 }, chance)
      : paintLeaves(stage, clumps, { colour, depth, size, dense: 4.2 }, chance);
  return {
    y,
    shapes: [
      ...shade,
      ...woodShapes(stage, wood, { colour: barks[species], depth, lit: x < stage.lightX ? 1 : -1 }),
      path(foot, { fill: light.on(barks[species], depth) }),
      ...crown,
    ],
  };
}
