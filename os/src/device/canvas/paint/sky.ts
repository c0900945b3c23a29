// The sky: a wash of colour that is deepest at the top (the printer's bokashi), stars, moon or sun, and clouds. Clouds are
// heaps of discs over a flat base that melts into the haze, with a shaded belly and a lit shoulder.

import { type Colour, css, hex, mix, shift } from "./colour.ts";
import { at, el, group, n, path, type Shape } from "./shape.ts";
import { dot, type Stage } from "./stage.ts";

const white = hex("#ffffff");

/** Where the sun and the moon stand; a sun above the frame is null. */
export function lamps(stage: Pick<Stage, "width" | "horizon" | "light">): {
  sun: [number, number];
  moon: [number, number];
} {
  const { width, horizon, light } = stage;
  const x = width * (0.16 + 0.68 * light.course);
  return {
    sun: [x, horizon - 14 - light.altitude * horizon * 0.026],
    moon: [x, horizon * (0.62 - 0.42 * Math.sin(Math.PI * Math.min(1, Math.max(0, light.course))))],
  };
}

function moonShape(stage: Stage, x: number, y: number): Shape[] {
  const r = 19;
  const p = stage.light.moon;
  const k = Math.cos(2 * Math.PI * p);
  const side = p < 0.5 ? 1 : 0;
  const lit = `M0 ${-r}A${r} ${r} 0 0 ${side} 0 ${r}A${n(Math.abs(k) * r)} ${r} 0 0 ${k > 0 === (side === 1) ? 0 : 1} 0 ${-r}Z`;
  const pale = hex("#fff6dc");
  const halo = stage.defs.round([
    [0, css(pale), 0.5],
    [0.25, css(pale), 0.16],
    [1, css(pale), 0],
  ]);
  return [
    el("circle", { cx: x, cy: y, r: 120, fill: halo, opacity: 0.35 + 0.5 * (1 - Math.abs(p - 0.5) * 2) }),
    group([el("circle", { r, fill: css(pale), opacity: 0.1 }), path(lit, { fill: css(pale) })], {
      transform: `translate(${at(x, y)}) rotate(${p < 0.5 ? -18 : 18})`,
    }),
  ];
}

function sunShape(stage: Stage, x: number, y: number): Shape[] {
  const { light, height, defs } = stage;
  const core = mix(light.glow, white, 0.55 - 0.35 * light.low);
  const glow = light.bare(light.glow);
  const halo = defs.round([
    [0, glow, 0.85],
    [0.18, glow, 0.42],
    [0.5, glow, 0.12],
    [1, glow, 0],
  ]);
  const disc = mix(core, hex("#ff8a5c"), Math.max(0, light.low - 0.35) * 0.8);
  return [
    el("circle", { cx: x, cy: y, r: height * 0.62, fill: halo }),
    el("circle", { cx: x, cy: y, r: 24 + 6 * light.low, fill: css(disc) }),
  ];
}

function stars(stage: Stage): Shape[] {
  const chance = stage.chance.fork("stars");
  const { light, width, horizon } = stage;
  const sizes = [0.9, 1.4, 2.1];
  const count = [150, 50, 12];
  return sizes.map((size, i) => {
    let d = "";
    for (let k = 0; k < count[i]! * (width / 1200); k++) {
      const y = chance.next() ** 1.4 * horizon * 0.95;
      d += dot(chance.between(0, width), y);
    }
    return path(d, {
      stroke: i === 2 ? "#fff2d6" : "#e8eeff",
      "stroke-width": size,
      "stroke-linecap": "round",
      opacity: (0.5 + 0.22 * i) * light.night ** 1.5,
    });
  });
}

/** One heaped cloud; `from` is its left end and `w` its width. */
function heap(
  stage: Stage,
  place: { x: number; y: number; w: number; tall: number; far: number; cover: number },
): Shape {
  const { light, defs } = stage;
  const { x, y, w, tall, far } = place;
  const chance = stage.chance.fork(`heap${n(x)}`);
  const puffs: [number, number, number][] = [];
  const towers = [0, 1, 2].map(() => [chance.between(0.2, 0.8), chance.between(0.45, 1)] as const);
  const count = Math.round(14 + w / 14);
  for (let i = 0; i < count; i++) {
    const t = (i + 0.5) / count;
    const envelope =
      Math.max(...towers.map(([c, h]) => h * Math.max(0, 1 - ((t - c) / 0.3) ** 2)), 0.12) *
      Math.sin(Math.PI * t) ** 0.5;
    const steps = 1 + Math.floor(envelope * 3);
    for (let s = 0; s < steps; s++) {
      const r = w * chance.between(0.045, 0.085) * (1 - 0.35 * (s / steps)) * (0.7 + envelope * 0.5);
      const rise = ((s + chance.next() * 0.6) / steps) * envelope * tall;
      puffs.push([x + t * w + chance.bell() * w * 0.02, y - r * 0.55 - rise, r]);
    }
  }
  const side = x + w / 2 < stage.lightX ? 1 : -1;
  const discs = (grow: number, dx: number, dy: number, some = 100) =>
    puffs
      .filter(() => chance.maybe(some))
      .map(([cx, cy, r]) => {
        const q = r * grow;
        return `M${at(cx + dx * r - q, cy + dy * r)}a${n(q)} ${n(q)} 0 1 0 ${n(q * 2)} 0a${n(q)} ${n(q)} 0 1 0 ${n(-q * 2)} 0`;
      })
      .join("");
  const air = mix(light.middle, light.bottom, 0.5);
  const bright = mix(
    mix(white, light.glow, 0.28 + 0.5 * light.low),
    air,
    0.08 + far * 0.5 + light.night * 0.72 + place.cover * 0.42,
  );
  const belly = mix(mix(bright, light.middle, 0.5), light.haze, 0.35);
  const fade = (colour: Colour, full: number): string =>
    defs.down(
      [
        [0, light.bare(colour), full],
        [0.62, light.bare(colour), full * 0.85],
        [1, light.bare(colour), 0],
      ],
      y - tall,
      y + w * 0.035,
    );
  return group([
    path(discs(1.14, 0, 0.06), { fill: fade(belly, 0.9) }),
    path(discs(0.86, 0.12 * side, -0.16), { fill: fade(mix(belly, bright, 0.6), 0.9) }),
    path(discs(0.62, 0.24 * side, -0.3, 80), { fill: fade(bright, 0.95) }),
  ]);
}

/** Long flat bands, as in a print. */
function band(stage: Stage, y: number, chance: Stage["chance"]): Shape {
  const { light, width } = stage;
  const w = width * chance.between(0.18, 0.45);
  const x = chance.between(-0.1, 1) * width - w * 0.3;
  const h = chance.between(3, 7);
  let d = "";
  for (let i = 0; i < 4; i++) {
    const part = w * chance.between(0.35, 0.9);
    const left = x + chance.between(0, w - part);
    d += `M${at(left, y + i * h * 1.5)}q${at(part * 0.45, -h * 0.9)} ${at(part, 0)}q${at(-part * 0.55, h * 0.9)} ${at(-part, 0)}Z`;
  }
  const colour = mix(mix(light.bottom, white, 0.35), light.glow, light.low * 0.6);
  return path(d, {
    fill: light.bare(mix(colour, light.middle, light.night * 0.75)),
    opacity: 0.4,
  });
}

/** The sky itself (still), and the clouds (they may drift); `cover` 1 hides the sun, the moon and the stars. */
export function paintSky(stage: Stage, cover = 0): { still: Shape[]; clouds: Shape[] } {
  const { light, width, height, horizon, defs } = stage;
  const chance = stage.chance.fork("sky");
  const { sun, moon } = lamps(stage);
  const wash = defs.down(
    [
      [0, light.bare(shift(light.top, -0.05))],
      [0.1, light.bare(light.top)],
      [0.55, light.bare(light.middle)],
      [0.88, light.bare(light.bottom)],
      [1, light.bare(mix(light.bottom, white, 0.12 * (1 - light.night)))],
    ],
    0,
    horizon + 10,
  );
  const still: Shape[] = [el("rect", { x: -20, y: -20, width: width + 40, height: height + 40, fill: wash })];
  if (light.night > 0.15 && cover < 0.6) still.push(...stars(stage));
  if (light.altitude > -7 && cover < 0.7) still.push(...sunShape(stage, sun[0], sun[1]));
  if (light.night > 0.55 && cover < 0.7 && Math.abs(light.moon - 0.5) < 0.46)
    still.push(...moonShape(stage, moon[0], moon[1]));
  const clouds: Shape[] = [];
  for (let i = 0; i < 4; i++) clouds.push(band(stage, horizon * chance.between(0.22, 0.86), chance));
  const summer = light.season.name === "summer" ? 1.35 : 1;
  const heaps = 2 + chance.below(3) + Math.round(cover * 5);
  for (let i = 0; i < heaps; i++) {
    const far = chance.between(0.1, 0.8);
    const w = chance.between(150, 340) * (1.15 - far * 0.6) * summer;
    clouds.push(
      heap(stage, {
        x: (width * (i + chance.between(0.1, 0.9))) / heaps - w / 2,
        y: horizon * (0.3 + far * 0.52),
        w,
        tall: w * chance.between(0.18, 0.42) * summer,
        far,
        cover,
      }),
    );
  }
  return { still, clouds };
}
