// Leaves: a crown is a few dozen clumps, each a ball of brush strokes in five tones from its shaded side to the side on
// which the light falls. Clumps lie in bands, the farther ones behind and darker, so that a crown has volume. All strokes of
// one tone in one band are one path.

import type { Chance } from "./chance.ts";
import { type Colour, hex, mix, shift } from "./colour.ts";
import { at, n, path, type Shape } from "./shape.ts";
import type { Stage } from "./stage.ts";

/** A heap of leaves; `flat` is its height by its width. */
export interface Clump {
  x: number;
  y: number;
  r: number;
  flat: number;
}

/** How leaves look: their colour at noon, the air before them, the size of a stroke, and how close they lie. */
export interface Leafage {
  colour: Colour;
  depth: number;
  size: number;
  dense: number;
}

const warm = hex("#fff0b8");
const cold = hex("#1f4b66");
const steps = [-0.125, -0.07, -0.005, 0.06, 0.12];

interface Crown {
  top: number;
  low: number;
  left: number;
  right: number;
  toLight: 1 | -1;
}

function strokes(clumps: readonly Clump[], crown: Crown, leafage: Leafage, chance: Chance): string[] {
  const { size, dense } = leafage;
  const tones = ["", "", "", "", ""];
  for (const c of clumps) {
    const count = Math.round(dense * (c.r / size) ** 1.4);
    for (let i = 0; i < count; i++) {
      const a = chance.next() * Math.PI * 2;
      const q = Math.sqrt(chance.next()) * 1.07;
      const dx = Math.cos(a) * q;
      const dy = Math.sin(a) * q;
      const own = (dx * 0.5 * crown.toLight - dy * 0.9 + 1) / 2;
      const across = (c.x - crown.left) / (crown.right - crown.left || 1);
      const whole =
        0.6 * (1 - (c.y - crown.top) / (crown.low - crown.top || 1)) +
        0.4 * (crown.toLight > 0 ? across : 1 - across);
      const lit = own * 0.74 + whole * 0.36 - 0.06 + chance.between(-0.1, 0.1);
      const [x, y] = [c.x + dx * c.r, c.y + dy * c.r * c.flat];
      const turn = a + chance.between(-0.9, 0.9);
      tones[Math.max(0, Math.min(4, Math.floor(lit * 5)))] +=
        `M${at(x, y)}l${at(Math.cos(turn) * size * 0.55, Math.sin(turn) * size * 0.45)}`;
    }
  }
  return tones;
}

/** Paints leaves over clumps. */
export function paintLeaves(
  stage: Stage,
  clumps: readonly Clump[],
  leafage: Leafage,
  chance: Chance,
): Shape[] {
  if (clumps.length === 0) return [];
  const { light } = stage;
  const { colour, depth, size } = leafage;
  const left = Math.min(...clumps.map((c) => c.x - c.r));
  const right = Math.max(...clumps.map((c) => c.x + c.r));
  const crown: Crown = {
    left,
    right,
    top: Math.min(...clumps.map((c) => c.y)),
    low: Math.max(...clumps.map((c) => c.y)),
    toLight: (left + right) / 2 < stage.lightX ? 1 : -1,
  };
  // Leaves that turned, and blossom, have warm shade.
  const { season } = light;
  const deep = mix(
    cold,
    hex("#7c3448"),
    Math.max(season.turned, colour[0] > 0.82 ? season.blossom : 0) * 0.8,
  );
  const count = clumps.length > 8 && clumps[0]!.r / size > 4 ? 3 : 1;
  const middle = (crown.top + crown.low) / 2;
  // Back: the clumps around the rim; front: those that hang low and near the middle.
  const nearness = (c: Clump) =>
    c.y - middle - Math.abs(c.x - (left + right) / 2) * 0.25 + chance.bell() * 14;
  const sorted = clumps.map((c) => ({ c, z: nearness(c) })).sort((a, b) => a.z - b.z);
  const shapes: Shape[] = [];
  for (let band = 0; band < count; band++) {
    const some = sorted
      .slice((sorted.length * band) / count, (sorted.length * (band + 1)) / count)
      .map(({ c }) => c);
    const own = shift(colour, count === 1 ? 0 : (band - 1) * 0.022 - 0.01);
    const mass = some
      .map((c) => {
        const r = c.r * 0.72;
        const h = r * c.flat;
        return `M${at(c.x - r, c.y + h * 0.1)}a${n(r)} ${n(h)} 0 1 0 ${n(r * 2)} 0a${n(r)} ${n(h)} 0 1 0 ${n(-r * 2)} 0`;
      })
      .join("");
    shapes.push(path(mass, { fill: light.on(mix(shift(own, -0.105), deep, 0.2), depth) }));
    strokes(some, crown, leafage, chance).forEach((d, i) => {
      if (!d) return;
      const tone = shift(own, steps[i]!);
      shapes.push(
        path(d, {
          fill: "none",
          stroke: light.on(i > 2 ? mix(tone, warm, (i - 2) * 0.11) : mix(tone, deep, (2 - i) * 0.1), depth),
          "stroke-width": size * (1.15 - i * 0.1),
          "stroke-linecap": "round",
        }),
      );
    });
  }
  return shapes;
}

/** The hanging strands of a willow from the tips of its limbs. */
export function paintStrands(
  stage: Stage,
  tips: readonly (readonly [number, number, number])[],
  leafage: Leafage & { h: number },
  chance: Chance,
): Shape[] {
  const { h, colour, depth } = leafage;
  const tones = ["", "", "", ""];
  // A great willow has more strands, not thicker ones.
  const strands = h > 240 ? 26 : 11;
  for (const [x, y] of tips)
    for (let i = 0; i < strands; i++) {
      const sx = x + chance.bell() * h * 0.1;
      const fall = h * chance.between(0.2, 0.52);
      const out = (sx - x) * 0.5;
      const sway = chance.between(-0.03, 0.05) * h;
      tones[chance.below(4)] +=
        `M${at(sx, y - h * 0.05)}c${at(out, -h * 0.02)} ${at(out + sway * 0.2, fall * 0.4)} ${at(out + sway, fall)}`;
    }
  return tones.map((d, i) =>
    path(d, {
      fill: "none",
      stroke: stage.light.on(
        i === 0 ? mix(shift(colour, -0.1), cold, 0.15) : shift(colour, (i - 2) * 0.055),
        depth,
      ),
      "stroke-width": Math.max(0.8, Math.min(2.7, h * 0.011)),
      "stroke-linecap": "round",
      opacity: 0.92,
    }),
  );
}
