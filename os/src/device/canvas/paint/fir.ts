// Firs: what stands dark on every hill, from a few tiers in the distance to boughs with needles before the eye.

import type { Chance } from "./chance.ts";
import { type Colour, hex, mix, shift } from "./colour.ts";
import { at, n, path, type Shape } from "./shape.ts";
import type { Stage } from "./stage.ts";

/** A fir: tiers of drooping boughs, snow on them in winter, and near by its needles. */
export function fir(
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
      stroke: light.on(hex("#5d4a3c"), depth),
      "stroke-width": h * 0.04,
    }),
    path(sides[1 - toLight]!, { fill: light.on(shift(colour, -0.07), depth) }),
    path(sides[toLight]!, { fill: light.on(mix(shift(colour, 0.02), hex("#fff0b8"), 0.08), depth) }),
    ...needles(stage, { x, y, h, depth }, colour, chance),
  ];
  if (light.season.snow > 0.1)
    shapes.push(path(snow, { fill: light.snow(0.1, depth), opacity: light.season.snow }));
  return shapes;
}

// Sprays of needles: drooping strokes in three tones, so that a fir near by is no paper tree.
function needles(
  stage: Stage,
  { x, y, h, depth }: { x: number; y: number; h: number; depth: number },
  colour: Colour,
  chance: Chance,
): Shape[] {
  if (h < 100) return [];
  const tones = ["", "", ""];
  const side = x < stage.lightX ? 1 : -1;
  for (let i = 0; i < Math.min(620, h * 2.2); i++) {
    const t = Math.sqrt(chance.next()) * 0.95;
    const w = h * (0.035 + 0.23 * t ** 0.9) * 0.92;
    const dx = chance.between(-1, 1);
    const sy = y - h + h * 0.94 * t + Math.abs(dx) * h * 0.035 * chance.between(0.4, 1.4);
    const l = h * chance.between(0.014, 0.034);
    const lit = dx * side * 0.5 + 0.5 + chance.between(-0.3, 0.3);
    tones[Math.max(0, Math.min(2, Math.floor(lit * 3)))] +=
      `M${at(x + dx * w, sy)}q${at(Math.sign(dx) * l * 0.7, l * 0.1)} ${at(Math.sign(dx) * l, l * 0.75)}`;
  }
  return tones.map((d, i) =>
    path(d, {
      fill: "none",
      stroke: stage.light.on(
        i === 2 ? mix(shift(colour, 0.075), hex("#fff0b8"), 0.14) : shift(colour, i * 0.05 - 0.1),
        depth,
      ),
      "stroke-width": Math.max(0.9, h * 0.0075),
      "stroke-linecap": "round",
    }),
  );
}
