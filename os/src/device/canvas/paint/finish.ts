// The last touch over a whole picture: the air that the sun fills with its colour, and the edges a little darker, so that the
// eye stays inside.

import { css, hex, mix } from "./colour.ts";
import { el, type Shape } from "./shape.ts";
import { lamps } from "./sky.ts";
import type { Stage } from "./stage.ts";

/** The light in the air and the darker edges. */
export function paintFinish(stage: Stage): Shape[] {
  const { light, defs, width, height } = stage;
  const { sun, moon } = lamps(stage);
  const day = light.altitude > -5;
  const [x, y] = day ? sun : moon;
  const strength = day ? (0.1 + 0.34 * light.low) * light.sharp : 0.12 * light.sharp;
  const colour = css(mix(light.glow, hex("#fff3cf"), 0.25));
  const air = defs.round([
    [0, colour, strength],
    [0.45, colour, strength * 0.42],
    [1, colour, 0],
  ]);
  const dark = css(mix(mix(light.top, hex("#10142c"), 0.6), hex("#2a1a18"), light.low * 0.4));
  const edges = defs.round([
    [0, dark, 0],
    [0.62, dark, 0],
    [0.86, dark, 0.1],
    [1, dark, 0.3],
  ]);
  const reach = Math.max(width, height) * 0.78;
  return [
    el("circle", { cx: x, cy: Math.max(y, height * 0.12), r: reach, fill: air }),
    el("ellipse", {
      ...{ cx: width / 2, cy: height * 0.48, rx: width * 0.78, ry: height * 0.8, fill: edges },
    }),
  ];
}
