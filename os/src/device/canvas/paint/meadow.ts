// The near land: folds of meadow, each with the light on its crest, grass in strokes, and flowers in drifts; and the path
// that winds from your feet to the houses.

import { type Chance, createFractal } from "./chance.ts";
import { type Colour, hex, mix, shift } from "./colour.ts";
import { paintSand } from "./sand.ts";
import { at, el, n, path, type Shape } from "./shape.ts";
import { below, dot, type Ridge, type Stage } from "./stage.ts";

/** One fold of meadow: its crest, and how large things on it are (1 at your feet). */
export interface Fold {
  ridge: Ridge;
  scale: number;
  depth: number;
  /** How far down it can be seen before the next one covers it. */
  deep: number;
}

/** The folds from the far shore to your feet; `tops` are the heights of their crests, as parts of the picture. */
export function createFolds(
  stage: Stage,
  side: number,
  tops: readonly [number, number, number] = [0.66, 0.775, 0.91],
): Fold[] {
  const { width, height } = stage;
  const chance = stage.chance.fork("folds");
  const make = (y: number, roll: number, lean: number, name: string): Ridge => {
    const noise = createFractal(chance.fork(name), 3, 0.4);
    return (x) => height * (y - lean * side * ((x - width / 2) / width)) - roll * noise(x / 260 + 9);
  };
  return [
    { ridge: make(tops[0], 12, -0.1, "a"), scale: 0.42, depth: 0.12, deep: height * 0.14 },
    { ridge: make(tops[1], 15, 0.07, "b"), scale: 0.68, depth: 0.05, deep: height * 0.15 },
    { ridge: make(tops[2], 10, 0.1, "c"), scale: 1, depth: 0, deep: height * 0.14 },
  ];
}

function blades(stage: Stage, fold: Fold, count: number, colour: Colour, chance: Chance): Shape[] {
  const { light, width } = stage;
  const tones = ["", "", "", ""];
  const drift = createFractal(chance.fork("drift"), 2);
  for (let i = 0; i < count; i++) {
    const x = chance.between(-10, width + 10);
    const t = chance.next();
    const y = fold.ridge(x) + 3 + t * fold.deep;
    const h = fold.scale * chance.between(6, 15) * (0.6 + 0.8 * t);
    const l = h * chance.between(-0.45, 0.55);
    const lit = drift(x / 90 + t * 4) * 0.5 + 0.5 - t * 0.25 + chance.between(-0.2, 0.2);
    tones[Math.max(0, Math.min(3, Math.floor(lit * 4)))] +=
      `M${at(x, y)}q${at(l * 0.2, -h * 0.6)} ${at(l, -h)}`;
  }
  const cold = hex("#2c5a4a");
  const warm = hex("#f4efa8");
  return tones.map((d, i) =>
    path(d, {
      fill: "none",
      stroke: light.on(
        i < 2 ? mix(colour, cold, 0.34 - i * 0.16) : mix(shift(colour, 0.02), warm, (i - 1) * 0.16),
        fold.depth,
      ),
      "stroke-width": 0.7 + 1.1 * fold.scale,
      "stroke-linecap": "round",
    }),
  );
}

/** Where clouds let the light through: soft pools of light and shade on the grass. */
function pools(stage: Stage, fold: Fold, colour: Colour, chance: Chance): Shape[] {
  const { light, width, defs } = stage;
  const bright = light.on(mix(shift(colour, 0.07), hex("#fff0a6"), 0.35), fold.depth);
  const shade = light.on(mix(shift(colour, -0.12), hex("#1d4a52"), 0.4), fold.depth);
  const fills = [bright, shade].map((c) =>
    defs.round([
      [0, c, 0.75],
      [0.6, c, 0.3],
      [1, c, 0],
    ]),
  );
  return Array.from({ length: 6 }, (_, i) => {
    const x = width * chance.between(-0.05, 1.05);
    return el("ellipse", {
      cx: x,
      cy: fold.ridge(x) + fold.deep * chance.between(0.2, 0.9),
      rx: chance.between(110, 260),
      ry: fold.deep * chance.between(0.12, 0.3),
      fill: fills[i % 2]!,
    });
  });
}

/** A fold with its grass. */
export function paintFold(stage: Stage, fold: Fold, index: number): Shape[] {
  const { light, defs, height, width } = stage;
  const chance = stage.chance.fork(`fold${index}`);
  const { season } = light;
  const colour = mix(season.grass, season.dryGrass, 0.25 - index * 0.08);
  const ys = [0.1, 0.5, 0.9].map((t) => fold.ridge(width * t));
  const top = Math.min(...ys);
  const fill = defs.down(
    [
      [0, light.on(mix(shift(colour, 0.05), hex("#fff2b4"), 0.22), fold.depth)],
      [0.3, light.on(colour, fold.depth)],
      [1, light.on(mix(shift(colour, -0.1), hex("#24564a"), 0.3), fold.depth)],
    ],
    top - 6,
    top + fold.deep * 1.9,
  );
  const shapes = [
    path(
      below((x) => fold.ridge(x) - 2, stage, height + 20),
      {
        fill:
          season.snow > 0.3
            ? light.snow(0, fold.depth)
            : light.on(mix(colour, hex("#fff6c8"), 0.45), fold.depth),
      },
    ),
    path(below(fold.ridge, stage, height + 20), { fill }),
    ...(stage.sand ? [] : pools(stage, fold, colour, chance)),
    ...(stage.sand ? paintSand(stage, fold, index) : []),
    ...blades(
      stage,
      fold,
      Math.round(
        (stage.sand ? 0.03 : 1) * (1 - 0.7 * season.snow) * ([900, 800, 620][index] ?? 600) * (width / 1200),
      ),
      colour,
      chance,
    ),
  ];
  if (season.snow > 0.05) {
    const lying = Math.min(1, season.snow * 1.3);
    shapes.push(
      path(below(fold.ridge, stage, height + 20), {
        fill: defs.down(
          [
            [0, light.snow(0, fold.depth), lying],
            [0.4, light.snow(0.34, fold.depth), lying * 0.97],
            [1, light.snow(0.8, fold.depth), lying * 0.95],
          ],
          top,
          top + fold.deep * 2,
        ),
      }),
    );
  }
  return shapes;
}

const petals = ["#ffffff", "#f6d04f", "#f08fa8", "#a88be0", "#f2784e", "#7fa7e8"].map(hex);

/** One flower with a stem, open to the sky. */
export function flower(
  stage: Stage,
  place: { x: number; y: number; size: number; kind: number; depth: number },
): Shape[] {
  const { x, y, size, kind, depth } = place;
  const { light } = stage;
  const colour = petals[kind % petals.length]!;
  let crown = "";
  for (let i = 0; i < 5; i++) {
    const a = (i / 5) * Math.PI * 2 + kind;
    crown += dot(x + Math.cos(a) * size * 0.5, y - size * 2.2 + Math.sin(a) * size * 0.42);
  }
  return [
    path(
      `M${at(x, y)}q${n(size * 0.3)} ${n(-size)} 0 ${n(-size * 2.2)}m0 ${n(size * 1.5)}q${n(size * 0.7)} ${n(-size * 0.2)} ${n(size * 0.9)} ${n(-size * 0.7)}`,
      {
        fill: "none",
        stroke: light.on(hex("#4d8040"), depth),
        "stroke-width": size * 0.2,
        "stroke-linecap": "round",
      },
    ),
    path(crown, { stroke: light.on(colour, depth), "stroke-width": size * 0.72, "stroke-linecap": "round" }),
    path(dot(x, y - size * 2.2), {
      stroke: light.on(kind === 1 ? hex("#c88a2a") : hex("#f6d04f"), depth),
      "stroke-width": size * 0.55,
      "stroke-linecap": "round",
    }),
  ];
}

/** Wild flowers in drifts, as many as the season has. */
export function paintFlowers(stage: Stage, fold: Fold, index: number): Shape[] {
  const { light, width } = stage;
  const { season } = light;
  const bloom = Math.max(0, 1 - season.bare * 1.3 - season.turned * 0.75);
  if (bloom < 0.1 || stage.sand) return [];
  const chance = stage.chance.fork(`bloom${index}`);
  const paths = petals.map(() => "");
  const drifts = Array.from({ length: 5 }, () => ({
    x: chance.between(0, width),
    t: chance.next(),
    w: chance.between(50, 190),
    kind: chance.below(6),
  }));
  for (let i = 0; i < 150 * bloom * (width / 1200); i++) {
    const drift = chance.pick(drifts);
    const x = drift.x + chance.bell() * drift.w;
    const t = Math.min(1, Math.max(0.02, drift.t + chance.bell() * 0.22));
    paths[chance.maybe(82) ? drift.kind : chance.below(6)] += dot(x, fold.ridge(x) + t * fold.deep);
  }
  return paths
    .map((d, i) => ({ d, i }))
    .filter(({ d }) => d)
    .map(({ d, i }) =>
      path(d, {
        stroke: light.on(petals[i]!, fold.depth),
        "stroke-width": 1 + 2.6 * fold.scale,
        "stroke-linecap": "round",
      }),
    );
}

/** The way from your feet to a place on the far fold: its middle at each height, and its shape. */
export function paintWay(
  stage: Stage,
  ends: { from: number; to: { x: number; y: number } },
): { under: Shape[]; shapes: Shape[]; middle: (t: number) => [number, number, number] } {
  const { from, to } = ends;
  const { light, height } = stage;
  const chance = stage.chance.fork("way");
  const bow = chance.between(0.1, 0.2) * stage.width * chance.pick([-1, 1]);
  const middle = (t: number): [number, number, number] => {
    const y = height + 16 + (to.y - height - 16) * t ** 0.86;
    const x = from + (to.x - from) * t + Math.sin(t * Math.PI * 1.9) * bow * (1 - t * 0.75) * 0.8;
    return [x, y, 36 * (1 - t) ** 1.35 + 2.2];
  };
  let left = "";
  let right = "";
  for (let i = 0; i <= 40; i++) {
    const [x, y, w] = middle(i / 40);
    left += `${i ? "L" : "M"}${at(x - w, y)}`;
    right = `L${at(x + w, y)}${right}`;
  }
  const earth = mix(
    mix(hex("#d9c39a"), light.season.dryGrass, 0.25),
    hex("#eef1f5"),
    light.season.snow * 0.6,
  );
  const d = `${left}${right}Z`;
  let worn = "";
  for (let i = 0; i < 46; i++) {
    const [x, y, w] = middle(chance.next() * 0.94);
    worn += `M${at(x + chance.bell() * w * 0.8, y)}h${n(w * chance.between(0.1, 0.4))}`;
  }
  return {
    middle,
    under: [],
    shapes: [
      path(d, {
        fill: light.on(shift(earth, -0.07), 0.05),
        stroke: light.on(shift(earth, -0.1), 0.05),
        "stroke-width": 2,
        opacity: 0.5,
      }),
      path(d, { fill: light.on(earth, 0.05), opacity: 0.92 }),
      path(worn, {
        stroke: light.on(shift(earth, -0.06), 0.05),
        "stroke-width": 1.6,
        "stroke-linecap": "round",
        opacity: 0.6,
      }),
    ],
  };
}

/** High grass and seed heads at the lower edge, as near as your knees. */
export function paintEdge(stage: Stage): Shape[] {
  const { light, width, height } = stage;
  const chance = stage.chance.fork("edge");
  const { season } = light;
  const colour = mix(mix(season.grass, season.dryGrass, 0.2), hex("#e8edf4"), season.snow * 0.5);
  const tones = ["", "", ""];
  let heads = "";
  for (let k = 0; k < 9; k++) {
    const middle = width * ((k + chance.between(0.1, 0.9)) / 9);
    const tall = chance.between(24, 62) * (Math.abs(middle / width - 0.5) + 0.4);
    for (let i = 0; i < 16; i++) {
      const x = middle + chance.bell() * 52;
      const h = tall * chance.between(0.6, 1.3);
      const l = chance.bell() * h * 0.6;
      tones[chance.below(3)] +=
        `M${at(x - 1.6, height + 6)}q${at(l * 0.1, -h * 0.6)} ${at(l, -h - 6)}q${at(-l * 0.6 + 3, h * 0.5)} ${at(-l + 3.4, h + 6)}Z`;
      if (chance.maybe(16)) heads += dot(x + l, height - h - 4) + dot(x + l * 0.9, height - h);
    }
  }
  const cold = hex("#1d4a45");
  return [
    ...tones.map((d, i) =>
      path(d, { fill: light.on(mix(shift(colour, -0.13 + i * 0.05), cold, 0.4 - i * 0.12), 0) }),
    ),
    path(heads, { stroke: light.on(hex("#efe3b4"), 0), "stroke-width": 3, "stroke-linecap": "round" }),
  ];
}
