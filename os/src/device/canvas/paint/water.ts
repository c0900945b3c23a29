// Still water: the colours of the sky turned upside down, the hills mirrored and broken by long strokes, and the path of the
// sun or the moon. When everything stands still, so does the water: fewer strokes.

import { createFractal } from "./chance.ts";
import { css, hex, mix, shift } from "./colour.ts";
import type { Layer } from "./hills.ts";
import { at, el, n, path, type Shape } from "./shape.ts";
import { lamps } from "./sky.ts";
import type { Stage } from "./stage.ts";

/** A lake or sea from the far shore at `top` down to `bottom`; an `open` sea has no far shore. */
export function paintWater(
  stage: Stage,
  layers: readonly Layer[],
  place: { top: number; bottom: number; calm: boolean; open?: boolean },
): Shape[] {
  const { top, bottom, calm } = place;
  const { light, width, defs } = stage;
  const chance = stage.chance.fork("water");
  const deep = mix(mix(light.top, light.haze, 0.2), hex("#2f6f86"), 0.28 * (1 - light.night));
  const wash = defs.down(
    [
      [0, light.bare(mix(light.bottom, light.haze, 0.25))],
      [0.3, light.bare(mix(light.middle, light.bottom, 0.35))],
      [0.65, light.bare(mix(light.middle, deep, 0.35))],
      [1, light.bare(deep)],
    ],
    top,
    bottom,
  );
  const shapes: Shape[] = [
    el("rect", { x: -20, y: top, width: width + 40, height: bottom - top, fill: wash }),
  ];
  for (const { ridge, depth, colour } of layers) {
    let d = `M-20 ${n(top)}`;
    for (let x = -20; x <= width + 20; x += 8) {
      const wobble = calm ? 0 : 2.2 * Math.sin(x / 7 + depth * 40);
      d += `L${x} ${n(Math.max(top, top + (top - ridge(x)) * 0.46 + wobble))}`;
    }
    shapes.push(
      path(`${d}L${width + 20} ${n(top)}Z`, {
        fill: light.on(mix(colour, hex("#2f6477"), 0.3), Math.min(0.8, depth + 0.1)),
        opacity: 0.38 - 0.14 * light.low,
      }),
    );
  }
  const tones = [
    light.bare(mix(light.bottom, hex("#ffffff"), 0.25 * (1 - light.night))),
    light.bare(light.middle),
    light.bare(shift(deep, -0.05)),
  ];
  tones.forEach((stroke) => {
    [0, 1].forEach((near) => {
      let d = "";
      for (let k = 0; k < (calm ? 14 : 34) * (width / 900); k++) {
        const t = near ? chance.between(0.35, 1) : chance.next() * 0.45;
        const w = chance.between(14, 70) * (0.25 + t);
        d += `M${at(chance.between(-40, width), top + 4 + t * t * (bottom - top))}h${n(w)}`;
      }
      shapes.push(
        path(d, { stroke, "stroke-width": near ? 2.1 : 1, "stroke-linecap": "round", opacity: 0.34 }),
      );
    });
  });
  const { sun, moon } = lamps(stage);
  const bySun = light.altitude > -3;
  if (bySun || (light.night > 0.55 && Math.abs(light.moon - 0.5) < 0.46)) {
    const x = bySun ? sun[0] : moon[0];
    const wide = bySun ? 1 - Math.min(0.75, Math.max(0, light.altitude) / 50) : 0.6;
    [0, 1].forEach((near) => {
      let d = "";
      for (let k = 0; k < 46; k++) {
        const t = near ? chance.between(0.3, 1) : chance.next() * 0.4;
        const w = chance.between(5, 30) * (0.35 + t);
        d += `M${at(x - w / 2 + chance.bell() * (10 + 62 * t) * (bySun ? 1.2 : 0.8), top + 3 + t * (bottom - top))}h${n(w)}`;
      }
      shapes.push(
        path(d, {
          stroke: bySun ? light.bare(mix(light.glow, hex("#ffffff"), 0.35)) : css(hex("#fff3d0")),
          "stroke-width": near ? 2.2 : 1.2,
          "stroke-linecap": "round",
          opacity: 0.62 * wide,
        }),
      );
    });
  }
  if (place.open) return shapes;
  // The far shore: a dark line of reeds and roots with a pale one of wet sand below.
  const shoreline = createFractal(chance.fork("shore"), 4);
  let bank = `M-20 ${n(top)}`;
  for (let x = -20; x <= width + 20; x += 7)
    bank += `L${x} ${n(top - 2.5 - 4 * Math.max(0, shoreline(x / 40) + 0.25))}`;
  for (let x = width + 20; x >= -20; x -= 9)
    bank += `L${x} ${n(top + 1 + 2.4 * Math.max(0, shoreline(x / 90 + 60) + 0.2))}`;
  const sand = light.on(mix(hex("#d8c8a0"), hex("#eef2f6"), light.season.snow), 0.3);
  shapes.push(
    path(bank, { fill: light.on(hex("#3c6048"), 0.24) }),
    path(`M-20 ${n(top + 3)}H${width + 20}`, { stroke: sand, "stroke-width": 1.2, opacity: 0.6 }),
  );
  return shapes;
}
