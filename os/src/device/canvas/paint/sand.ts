// A beach: ripples that the wind made, shells, wet sand, and the white line of the last wave.

import { createFractal } from "./chance.ts";
import { hex, mix, shift } from "./colour.ts";
import type { Fold } from "./meadow.ts";
import { at, n, path, type Shape } from "./shape.ts";
import { dot, type Stage } from "./stage.ts";

/** What lies on a fold of sand; `index` 0 is the one at the water. */
export function paintSand(stage: Stage, fold: Fold, index: number): Shape[] {
  const { light, width } = stage;
  const chance = stage.chance.fork(`sand${index}`);
  const sand = light.season.grass;
  const paint = (by: number) => light.on(mix(shift(sand, by), hex("#b98f5a"), by < 0 ? 0.18 : 0), fold.depth);
  const ripples = ["", ""];
  for (let i = 0; i < 120 * (width / 1000); i++) {
    const [x, t] = [chance.between(-20, width), 0.12 + chance.next() * 0.9];
    const y = fold.ridge(x) + t * fold.deep;
    const l = fold.scale * chance.between(22, 74);
    const b = fold.scale * chance.between(1, 3.4);
    ripples[i % 2] += `M${at(x, y)}q${at(l * 0.3, -b)} ${at(l * 0.5, 0)}t${at(l * 0.5, 0)}`;
  }
  const shells = ["", "", ""];
  for (let i = 0; i < 26 * fold.scale; i++) {
    const x = chance.between(0, width);
    shells[chance.below(3)] += dot(x, fold.ridge(x) + fold.deep * chance.between(0.15, 0.95));
  }
  const shapes = ripples.map((d, i) =>
    path(d, {
      ...{ fill: "none", stroke: paint(i ? 0.05 : -0.05), "stroke-linecap": "round", opacity: 0.65 },
      "stroke-width": 0.8 + 1.3 * fold.scale,
    }),
  );
  shells.forEach((d, i) => {
    const colour = hex(["#f7efe2", "#e8b9a2", "#8b7a6a"][i]!);
    const stroke = light.on(colour, fold.depth);
    if (d) shapes.push(path(d, { stroke, "stroke-width": 1.4 + 2 * fold.scale, "stroke-linecap": "round" }));
  });
  return index === 0 ? [...paintSurf(stage, fold), ...shapes] : shapes;
}

// The wave that runs out over the sand, and the wet band before it.
function paintSurf(stage: Stage, fold: Fold): Shape[] {
  const { light, width } = stage;
  const noise = createFractal(stage.chance.fork("surf"), 3, 0.5);
  const line = (off: number, rough: number) => {
    let d = "";
    for (let x = -20; x <= width + 20; x += 9)
      d += `${d === "" ? "M" : "L"}${x} ${n(fold.ridge(x) + off + noise(x / 70 + off) * rough)}`;
    return d;
  };
  const band = (top: number, bottom: number) => {
    let back = "";
    for (let x = width + 20; x >= -20; x -= 12) back += `L${n(x)} ${n(fold.ridge(x) + top)}`;
    return `${line(bottom, 3)}${back}Z`;
  };
  const wet = light.on(mix(light.season.grass, hex("#7d7468"), 0.5), fold.depth);
  const water = light.bare(mix(light.middle, hex("#8fc3cf"), 0.4));
  const foam = light.on(hex("#ffffff"), 0.04);
  const stroke = { fill: "none", stroke: foam, "stroke-linecap": "round", "stroke-linejoin": "round" };
  return [
    path(band(-3, 17), { fill: wet, opacity: 0.75 }),
    path(band(-3, 8), { fill: water, opacity: 0.55 }),
    path(line(8, 3), { ...stroke, "stroke-width": 2.6, opacity: 0.9 }),
    path(line(1, 2.4), { ...stroke, "stroke-width": 1.5, opacity: 0.6 }),
    path(line(-8, 1.6), { ...stroke, "stroke-width": 1.2, opacity: 0.45, "stroke-dasharray": "46 30 90 24" }),
  ];
}
