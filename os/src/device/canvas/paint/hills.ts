// Mountains and hills in layers, each paler than the one before it: the air between them is what makes them far. Every
// layer is darkest at its crest and melts into mist at its foot. Near hills carry forest, row behind row.

import { type Chance, createFractal } from "./chance.ts";
import { type Colour, hex, mix, shift } from "./colour.ts";
import { at, el, n, path, type Shape } from "./shape.ts";
import { below, dot, type Ridge, type Stage } from "./stage.ts";

/** The great shape at the back of a picture. */
export type Mountain = "cone" | "range" | "rolling" | "islands";

/** A layer of land with its crest and how much air lies before it. */
export interface Layer {
  ridge: Ridge;
  depth: number;
  colour: Colour;
}

const rock = hex("#547393");
const wood = hex("#3f6f52");

function cone(stage: Stage, chance: Chance, side: number): Ridge {
  const cx = stage.width * (0.5 - side * chance.between(0.1, 0.22));
  const height = stage.height * chance.between(0.34, 0.4);
  const reach = height * chance.between(1.9, 2.4);
  const rough = createFractal(chance, 5);
  const [left, right] = [chance.between(0.9, 1.1), chance.between(0.9, 1.1)];
  return (x) => {
    const d = Math.abs(x - cx) / (reach * (x < cx ? left : right));
    const flank = d > 1 ? 0 : (1 - d) ** 2.1;
    const top = Math.min(flank, 0.86 + 0.02 * rough(x / 11));
    return stage.horizon + 10 - height * top - 4 * rough(x / 46) * (1 - top);
  };
}

function range(stage: Stage, chance: Chance): Ridge {
  const broad = createFractal(chance, 2);
  const sharp = createFractal(chance, 5, 0.55);
  const height = stage.height * chance.between(0.26, 0.34);
  return (x) => {
    const b = 0.55 + 0.45 * broad(x / 330);
    const r = 1 - Math.abs(sharp(x / 150)) * 1.5;
    return stage.horizon + 12 - height * Math.max(0.08, b * (0.35 + 0.65 * r));
  };
}

function rolling(stage: Stage, chance: Chance, height: number, wide: number, foot: number): Ridge {
  const fine = createFractal(chance, 4, 0.42);
  return (x) => stage.horizon + foot - height * (0.55 + 0.6 * fine(x / wide));
}

function islands(stage: Stage, chance: Chance): Ridge {
  const fine = createFractal(chance, 4);
  const bumps = Array.from({ length: 4 }, (_, i) => ({
    x: stage.width * ((i + chance.between(0.1, 0.9)) / 4),
    w: chance.between(60, 190),
    h: chance.between(26, 95),
  }));
  return (x) => {
    const up = Math.max(...bumps.map((b) => b.h * Math.max(0, 1 - ((x - b.x) / b.w) ** 2)));
    return stage.horizon + 8 - up * (1 + 0.22 * fine(x / 26)) + (up < 2 ? 12 : 0);
  };
}

/** Faces of a mountain that look to the light (side 1) or away from it, as one path. */
function faces(ridge: Ridge, stage: Stage, chance: Chance, look: { deep: number; side: 1 | -1 }): string {
  const { deep } = look;
  let d = "";
  const step = 5;
  for (let x = 0; x < stage.width; x += step) {
    const y = ridge(x);
    if (y > ridge(x - step) || y > ridge(x + step) || stage.horizon - y < 26) continue;
    const side = (x < stage.lightX ? 1 : -1) * look.side;
    const reach = Math.min(120, (stage.horizon - y) * chance.between(0.5, 0.9));
    d += `M${at(x, y)}`;
    let foot = y;
    for (let s = step; s < reach; s += step) {
      const next = ridge(x + side * s);
      if (next < foot - 3) break;
      foot = next;
      d += `L${at(x + side * s, next)}`;
    }
    const fall = (foot - y) * deep;
    d += `l${at(-side * reach * 0.22, fall * 0.16)}l${at(-side * reach * 0.1, fall * 0.3)}l${at(-side * reach * 0.2, -fall * 0.12)}l${at(-side * reach * 0.12, -fall * 0.42)}Z`;
  }
  return d;
}

function snowCap(ridge: Ridge, stage: Stage, chance: Chance, line: number): string {
  const jag = createFractal(chance, 3, 0.7);
  let top = "";
  let back = "";
  for (let x = 0; x <= stage.width; x += 4) {
    const y = ridge(x);
    const low = Math.max(y, line + 16 * jag(x / 22) + 9 * jag(x / 7 + 50));
    top += `${x ? "L" : "M"}${x} ${n(y)}`;
    back = `L${x} ${n(low)}${back}`;
  }
  return `${top}${back}Z`;
}

/** The far land: one great mountain shape and two ranges before it. */
export function paintFar(stage: Stage, kind: Mountain, side: number): { shapes: Shape[]; layers: Layer[] } {
  const { light, defs, horizon, height } = stage;
  const chance = stage.chance.fork("far");
  const back =
    kind === "cone"
      ? cone(stage, chance, side)
      : kind === "range"
        ? range(stage, chance)
        : kind === "islands"
          ? islands(stage, chance)
          : rolling(stage, chance, 105, 300, 20);
  const middle = rolling(
    stage,
    chance.fork("b"),
    kind === "islands" ? 16 : 62,
    230,
    kind === "islands" ? 22 : 16,
  );
  const layers: Layer[] = [
    { ridge: back, depth: 0.66, colour: rock },
    { ridge: middle, depth: 0.54, colour: mix(rock, wood, 0.45) },
  ];
  if (kind === "islands") layers.pop();
  const shapes: Shape[] = [];
  layers.forEach(({ ridge, depth, colour }, i) => {
    const crest = i === 0 && kind !== "islands" ? horizon - height * 0.3 : horizon - 70;
    const fill = defs.down(
      [
        [0, light.on(shift(colour, -0.03), depth - 0.08)],
        [0.7, light.on(colour, depth + 0.08)],
        [1, light.on(colour, depth + 0.24)],
      ],
      crest,
      horizon + 16,
    );
    shapes.push(path(below(ridge, stage, horizon + 40, i ? 6 : 4), { fill }));
    if (i > 0 || kind === "islands" || kind === "rolling") return;
    const line = horizon - height * (0.19 - 0.13 * light.season.snow) - (kind === "cone" ? 14 : 0);
    shapes.push(
      path(snowCap(ridge, stage, chance.fork("snow"), line), {
        fill: light.snow(0.12, depth * 0.42),
        opacity: 0.92,
      }),
      path(faces(ridge, stage, chance.fork("shade"), { deep: 1.2, side: -1 }), {
        fill: light.on(hex("#2d4f7c"), depth * 0.75),
        opacity: 0.3,
      }),
      path(faces(ridge, stage, chance.fork("faces"), { deep: 1, side: 1 }), {
        fill: light.on(mix(colour, hex("#ffe3c0"), 0.6), depth * 0.7),
        opacity: 0.3 * (1 - 0.5 * light.night),
      }),
    );
  });
  return { shapes, layers };
}

/** Rows of trees on a hill, from its crest down. */
function forest(stage: Stage, layer: Layer, chance: Chance, size: number): Shape[] {
  const { light, width } = stage;
  const { ridge, depth } = layer;
  const { season } = light;
  const shapes: Shape[] = [];
  const patch = createFractal(chance.fork("patch"), 2);
  const autumn = [hex("#c8803a"), hex("#b5532f"), hex("#d0a440")];
  const fresh = [hex("#8fb553"), hex("#6fa04a"), hex("#efb9c4")];
  for (let row = 0; row < 8; row++) {
    const tones = ["", "", ""];
    const accents = ["", "", ""];
    let firs = "";
    const drop = row * size * 1.15;
    for (let x = -10; x < width + 10; x += size * chance.between(0.42, 0.75)) {
      const y = ridge(x) + drop + (row === 0 ? chance.between(-1, 2) : chance.bell() * size * 0.8);
      if (y > stage.horizon + 40) continue;
      if (patch(x / 150 + row * 1.3) < -0.38 + chance.between(-0.15, 0.15)) continue;
      const s = size * chance.between(0.7, 1.15);
      if (patch(x / 90 + 80 + row * 0.4) > 0.1 + chance.between(-0.3, 0.3))
        firs += `M${at(x - s * 0.34, y + s * 0.3)}L${at(x, y - s * 1.05)}L${at(x + s * 0.34, y + s * 0.3)}Z`;
      else if (chance.maybe(38 * season.turned + 18 * season.blossom)) accents[chance.below(3)] += dot(x, y);
      else tones[chance.below(3)] += dot(x, y);
    }
    const air = depth + row * 0.03;
    const colour = shift(mix(layer.colour, season.leaf, 0.3 + 0.35 * season.turned), -0.035);
    shapes.push(path(firs, { fill: light.on(shift(mix(wood, colour, 0.25), -0.05), air) }));
    tones.forEach((d, i) => {
      if (d)
        shapes.push(
          path(d, {
            stroke: light.on(shift(mix(colour, hex("#8a7f73"), season.bare * 0.6), (i - 1) * 0.035), air),
            "stroke-width": size * (0.95 - i * 0.12),
            "stroke-linecap": "round",
          }),
        );
    });
    accents.forEach((d, i) => {
      if (d)
        shapes.push(
          path(d, {
            stroke: light.on((season.turned > season.blossom ? autumn : fresh)[i]!, air + 0.06),
            "stroke-width": size * (0.78 - i * 0.12),
            "stroke-linecap": "round",
          }),
        );
    });
  }
  if (season.snow > 0.05) {
    shapes.push(
      path(
        below((x) => ridge(x) + size * 2, stage, stage.horizon + 60),
        { fill: light.snow(0.3, depth), opacity: season.snow * 0.62 },
      ),
    );
  }
  return shapes;
}

/** A veil of mist over the foot of a layer. */
export function mist(stage: Stage, y: number, thick: number, strength: number): Shape {
  const { light, width, defs } = stage;
  const colour = light.bare(mix(light.haze, light.bottom, 0.45));
  const fill = defs.down([
    [0, colour, 0],
    [0.55, colour, strength],
    [1, colour, 0],
  ]);
  return el("rect", { x: -20, y: y - thick / 2, width: width + 40, height: thick, fill });
}

/** The wooded hills between the mountains and the water. */
export function paintHills(stage: Stage, count: number): { shapes: Shape[]; layers: Layer[] } {
  const { light, defs, horizon } = stage;
  const shapes: Shape[] = [];
  const layers: Layer[] = [];
  for (let i = 0; i < count; i++) {
    const chance = stage.chance.fork(`hill${i}`);
    const near = (i + 1) / count;
    const depth = 0.46 - 0.24 * near;
    const tilt = chance.between(-0.05, 0.05);
    const roll = rolling(stage, chance, 66 - 22 * i, 250 - 50 * i, 18 + 12 * i);
    const gate = stage.width * chance.between(0.38, 0.62);
    const ridge: Ridge = (x) =>
      roll(x) +
      tilt * (x - stage.width / 2) * 0.5 -
      (54 - 14 * i) * Math.min(1.4, Math.abs(x - gate) / 460) ** 1.5;
    const colour = mix(mix(wood, light.season.leaf, 0.4), light.season.grass, 0.2);
    const layer = { ridge, depth, colour };
    const fill = defs.down(
      [
        [0, light.on(shift(colour, -0.02), depth)],
        [0.55, light.on(colour, depth + 0.06)],
        [1, light.on(mix(colour, light.season.grass, 0.5), depth + 0.16)],
      ],
      horizon - 60 + 10 * i,
      horizon + 30 + 10 * i,
    );
    shapes.push(path(below(ridge, stage, horizon + 90), { fill }));
    shapes.push(...forest(stage, layer, chance, 8 + 5 * near));
    shapes.push(
      mist(
        stage,
        horizon + 16 + 12 * i,
        46,
        0.28 + 0.25 * (light.part === "dawn" || light.part === "morning" ? 1 : 0),
      ),
    );
    layers.push(layer);
  }
  return { shapes, layers };
}
