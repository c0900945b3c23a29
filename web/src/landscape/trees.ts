// Trees grow: a trunk divides into limbs, limbs into twigs, and where twigs end there are leaves. Leaves are dabs in four
// tones, from the shaded inside to the side on which the light falls, each tone one path. In winter the twigs go on instead.

import type { Chance } from "./chance.ts";
import { type Colour, hex, mix, shift } from "./colour.ts";
import { at, group, n, path, type Shape } from "./shape.ts";
import { dot, type Stage, type Standing } from "./stage.ts";

/** The kinds of trees. */
export type Species = "broad" | "maple" | "cherry" | "pine" | "fir" | "birch" | "poplar" | "willow";

/** A heap of leaves. */
interface Clump {
  x: number;
  y: number;
  r: number;
  flat: number;
}

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
  depth: number;
}

const habits: Record<"broad" | "maple" | "cherry" | "pine" | "willow", Habit> = {
  broad: { split: 3, spread: 0.55, shrink: 0.72, rise: 0.08, depth: 3 },
  maple: { split: 3, spread: 0.68, shrink: 0.7, rise: 0.02, depth: 3 },
  cherry: { split: 3, spread: 0.75, shrink: 0.74, rise: -0.02, depth: 3 },
  pine: { split: 2, spread: 0.95, shrink: 0.72, rise: -0.1, depth: 3 },
  willow: { split: 3, spread: 0.6, shrink: 0.7, rise: 0, depth: 2 },
};

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
        width: width * 0.62,
        depth: depth - 1,
      },
      habit,
      chance,
      wood,
      tips,
    );
  }
}

/** Leaves over clumps: the shaded mass, then dabs from dark to lit. */
export function leaves(
  stage: Stage,
  clumps: readonly Clump[],
  tone: { colour: Colour; depth: number; size: number; dense: number },
  chance: Chance,
): Shape[] {
  const { light } = stage;
  const { colour, depth, size, dense } = tone;
  if (clumps.length === 0) return [];
  const top = Math.min(...clumps.map((c) => c.y - c.r * c.flat));
  const low = Math.max(...clumps.map((c) => c.y + c.r * c.flat));
  const left = Math.min(...clumps.map((c) => c.x - c.r));
  const right = Math.max(...clumps.map((c) => c.x + c.r));
  const toLight = (left + right) / 2 < stage.lightX ? 1 : -1;
  const dabs = ["", "", "", "", ""];
  const mass = clumps
    .map((c) => {
      const r = c.r * 0.86;
      const h = r * c.flat;
      return `M${at(c.x - r, c.y)}a${n(r)} ${n(h)} 0 1 0 ${n(r * 2)} 0a${n(r)} ${n(h)} 0 1 0 ${n(-r * 2)} 0`;
    })
    .join("");
  for (const c of [...clumps].sort((a, b) => a.y - b.y)) {
    const count = Math.round(dense * (c.r / size) ** 1.35);
    for (let i = 0; i < count; i++) {
      const a = chance.next() * Math.PI * 2;
      const q = Math.sqrt(chance.next()) * 1.06;
      const dx = Math.cos(a) * q;
      const dy = Math.sin(a) * q;
      const own = (dx * 0.55 * toLight - dy * 0.85 + 1) / 2;
      const whole =
        0.62 * (1 - (c.y + dy * c.r * c.flat - top) / (low - top || 1)) +
        0.38 * (toLight > 0 ? (c.x - left) / (right - left || 1) : (right - c.x) / (right - left || 1));
      const lit = own * 0.6 + whole * 0.45 + chance.between(-0.14, 0.14);
      dabs[Math.max(0, Math.min(4, Math.floor(lit * 5)))] += dot(c.x + dx * c.r, c.y + dy * c.r * c.flat);
    }
  }
  const steps = [-0.12, -0.065, 0, 0.06, 0.12];
  const warm = hex("#fff0b8");
  const cold = hex("#24506b");
  return [
    path(mass, { fill: light.on(mix(shift(colour, -0.14), cold, 0.22), depth) }),
    ...dabs.map((d, i) =>
      path(d, {
        stroke: light.on(
          i > 2
            ? mix(shift(colour, steps[i]!), warm, (i - 2) * 0.1)
            : mix(shift(colour, steps[i]!), cold, (2 - i) * 0.08),
          depth,
        ),
        "stroke-width": size * (1.1 - i * 0.1),
        "stroke-linecap": "round",
      }),
    ),
  ];
}

function woodShapes(stage: Stage, wood: Map<number, string>, colour: Colour, depth: number): Shape[] {
  return [...wood.entries()]
    .sort((a, b) => a[0] - b[0])
    .map(([width, d]) =>
      path(d, {
        fill: "none",
        stroke: stage.light.on(colour, depth),
        "stroke-width": width,
        "stroke-linecap": "round",
      }),
    );
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

function fir(
  stage: Stage,
  at_: { x: number; y: number; h: number; depth: number },
  colour: Colour,
  chance: Chance,
): Shape[] {
  const { x, y, h, depth } = at_;
  const tiers = Math.max(5, Math.round(h / 13));
  const sides = ["", ""];
  let snow = "";
  const toLight = x < stage.lightX ? 1 : 0;
  for (let i = 0; i < tiers; i++) {
    const t = i / tiers;
    const ty = y - h + t * h * 0.9;
    const w = h * (0.035 + 0.23 * t ** 0.9) * chance.between(0.85, 1.15);
    const drop = (h / tiers) * 1.75;
    for (const side of [-1, 1]) {
      const tip = ty + drop * chance.between(0.85, 1.05);
      const d = `M${at(x, ty)}Q${at(x + side * w * 0.35, ty + drop * 0.55)} ${at(x + side * w, tip)}Q${at(x + side * w * 0.5, tip - drop * 0.06)} ${at(x, tip - drop * 0.1)}Z`;
      sides[side > 0 ? 1 : 0] += d;
      snow += `M${at(x, ty + drop * 0.1)}Q${at(x + side * w * 0.35, ty + drop * 0.58)} ${at(x + side * w * 0.96, tip - 1)}Q${at(x + side * w * 0.42, ty + drop * 0.74)} ${at(x, ty + drop * 0.35)}Z`;
    }
  }
  const { light } = stage;
  const shapes = [
    path(`M${at(x, y - h * 0.3)}V${n(y + 2)}`, {
      stroke: light.on(barks.fir, depth),
      "stroke-width": h * 0.04,
    }),
    path(sides[1 - toLight]!, { fill: light.on(shift(colour, -0.07), depth) }),
    path(sides[toLight]!, { fill: light.on(mix(shift(colour, 0.02), hex("#fff0b8"), 0.08), depth) }),
  ];
  if (light.season.snow > 0.1)
    shapes.push(path(snow, { fill: light.on(hex("#f4f6fa"), depth), opacity: light.season.snow }));
  return shapes;
}

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
    const key = Math.max(0.5, h * 0.007);
    wood.set(key, `${wood.get(key) ?? ""}M${at(x + (tx - x) * t, cy + h * 0.06)}L${at(cx, cy)}`);
    clumps.push({ x: cx, y: cy, r: w * chance.between(0.55, 0.85), flat: birch ? 0.85 : 1.15 });
  }
  const shapes = woodShapes(stage, wood, barks[species], depth);
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
    ...leaves(stage, kept, { colour, depth, size: Math.max(1.6, h * 0.026), dense: 3.4 }, chance),
  ];
}

function willowStrands(
  stage: Stage,
  tips: [number, number, number][],
  h: number,
  colour: Colour,
  depth: number,
  chance: Chance,
): Shape[] {
  const tones = ["", "", ""];
  for (const [x, y] of tips)
    for (let i = 0; i < 7; i++) {
      const sx = x + chance.bell() * h * 0.08;
      const fall = h * chance.between(0.22, 0.5);
      const sway = chance.between(-0.05, 0.07) * h;
      tones[chance.below(3)] +=
        `M${at(sx, y - h * 0.03)}q${at(sway * 0.2 + (sx - x) * 0.4, fall * 0.3)} ${at(sway + (sx - x) * 0.3, fall)}`;
    }
  return tones.map((d, i) =>
    path(d, {
      fill: "none",
      stroke: stage.light.on(shift(colour, (i - 1) * 0.06), depth),
      "stroke-width": Math.max(0.8, h * 0.012),
      "stroke-linecap": "round",
      opacity: 0.9,
    }),
  );
}

/** One tree with its foot at (x, y), `h` tall. A `lean` of 1 bends it to the right. */
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
  const shade = path(
    `M${at(x - h * 0.3, y + 1)}a${n(h * 0.3)} ${n(h * 0.035)} 0 1 0 ${n(h * 0.6)} 0a${n(h * 0.3)} ${n(h * 0.035)} 0 1 0 ${n(-h * 0.6)} 0`,
    {
      fill: light.on(hex("#23422f"), depth),
      opacity: 0.28,
    },
  );
  if (species === "fir") return { y, shapes: [shade, ...fir(stage, { x, y, h, depth }, colour, chance)] };
  if (species === "birch" || species === "poplar")
    return { y, shapes: [shade, ...tall(stage, { x, y, h, depth, lean }, species, colour, chance)] };
  const habit = habits[species];
  const wood = new Map<number, string>();
  const tips: [number, number, number][] = [];
  const bare = species === "pine" ? 0 : light.season.bare * (1 - light.season.blossom);
  const trunk = h * (species === "pine" ? 0.46 : species === "willow" ? 0.42 : 0.34);
  const extra = bare > 0.35 ? 1 : 0;
  grow(
    {
      x,
      y,
      angle: -Math.PI / 2 + lean * 0.3,
      length: trunk,
      width: h * (species === "pine" ? 0.05 : 0.062),
      depth: habit.depth + extra,
    },
    habit,
    chance,
    wood,
    tips,
  );
  const flat = species === "pine" ? 0.36 : species === "willow" ? 0.7 : 0.78;
  const spare = tips;
  const clumps = spare
    .filter(() => !chance.maybe(Math.max(0, bare - 0.1) * 112))
    .map(([tx, ty]) => ({
      x: tx,
      y: ty,
      r: h * chance.between(0.09, 0.135) * (species === "pine" ? 1 : 1),
      flat,
    }));
  const size = Math.max(1.6, h * (place.fine ?? 0.022));
  const shapes: Shape[] = [shade, ...woodShapes(stage, wood, barks[species], depth)];
  const root = h * 0.05;
  shapes.push(
    path(
      `M${at(x - root, y + 2)}Q${at(x - root * 0.4, y - root)} ${at(x - root * 0.35, y - root * 3)}H${n(x + root * 0.35)}Q${at(x + root * 0.4, y - root)} ${at(x + root, y + 2)}Z`,
      {
        fill: light.on(barks[species], depth),
      },
    ),
  );
  if (species === "willow" && bare < 0.8)
    shapes.push(...willowStrands(stage, tips, h, colour, depth, chance));
  else shapes.push(...leaves(stage, clumps, { colour, depth, size, dense: 2.7 }, chance));
  if (light.season.snow > 0.3 && species === "pine")
    shapes.push(
      path(
        clumps
          .map(
            (c) =>
              `M${at(c.x - c.r * 0.8, c.y - c.r * 0.12)}q${at(c.r * 0.8, -c.r * 0.5)} ${at(c.r * 1.6, 0)}q${at(-c.r * 0.8, -c.r * 0.12)} ${at(-c.r * 1.6, 0)}`,
          )
          .join(""),
        {
          fill: light.on(hex("#f4f6fa"), depth),
          opacity: light.season.snow,
        },
      ),
    );
  return { y, shapes: [group(shapes)] };
}
