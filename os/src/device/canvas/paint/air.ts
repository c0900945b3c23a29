// What is in the air and may move: birds by day and fireflies by night (one for each entity at work), petals, leaves or
// snow as the season has it, bees over flowers. Each mover has a class that landscape.css may move; it stands at a good
// place without any motion.

import type { Chance } from "./chance.ts";
import { createChance } from "./chance.ts";
import { hex, mix } from "./colour.ts";
import { at, el, group, n, path, type Shape } from "./shape.ts";
import { dot, type Stage } from "./stage.ts";

/** A bird on open wings, `w` wide. */
function bird(
  x: number,
  y: number,
  w: number,
  colour: string,
  tilt: number,
  name: string,
  delay: number,
): Shape {
  const wing = (s: number) =>
    `M0 0C${at(s * w * 0.12, -w * 0.16)} ${at(s * w * 0.3, -w * 0.24)} ${at(s * w * 0.5, -w * 0.1)}C${at(s * w * 0.32, -w * 0.14)} ${at(s * w * 0.16, -w * 0.04)} ${at(s * w * 0.02, w * 0.07)}Z`;
  const body = `M${at(-w * 0.16, w * 0.05)}Q${at(0, -w * 0.05)} ${at(w * 0.2, -w * 0.01)}Q${at(0, w * 0.08)} ${at(-w * 0.16, w * 0.05)}Z`;
  return group(
    [
      group(
        [path(`${wing(-1)}${wing(1)}`, { fill: colour, class: "hl-wings" }), path(body, { fill: colour })],
        { transform: `rotate(${n(tilt)})` },
      ),
    ],
    { transform: `translate(${at(x, y)})`, class: name, "data-delay": delay },
  );
}

/** One bird or firefly for each id of those at work. */
export function paintWorkers(stage: Stage, running: readonly string[]): Shape[] {
  const { width, horizon, height, light, defs } = stage;
  const shown = running.slice(0, 24);
  if (light.night > 0.6) {
    const halo = defs.round([
      [0, "#fffbd0", 1],
      [0.18, "#eaf07a", 0.75],
      [1, "#d8e85a", 0],
    ]);
    return shown.map((id) => {
      const chance = createChance(`fly/${id}`);
      const x = width * chance.between(0.08, 0.92);
      const y = height * chance.between(0.6, 0.9);
      return group(
        [el("circle", { r: chance.between(8, 12), fill: halo }), el("circle", { r: 1.7, fill: "#fffde0" })],
        {
          transform: `translate(${at(x, y)})`,
          class: stage.still ? "hl-rest" : "hl-firefly",
          "data-delay": n(chance.between(0, 9)),
        },
      );
    });
  }
  const colour = light.on(mix(hex("#3d4856"), light.haze, 0.15), 0.1);
  return shown.map((id) => {
    const chance = createChance(`bird/${id}`);
    const w = chance.between(18, 32);
    return bird(
      width * chance.between(0.1, 0.9),
      horizon * chance.between(0.2, 0.74),
      w,
      colour,
      chance.between(-14, 6),
      stage.still ? "hl-rest" : "hl-bird",
      Math.round(chance.between(0, 90)),
    );
  });
}

/** Petals, leaves, snow: what falls in this season, and nothing when the wind stands still. */
export function paintFalling(stage: Stage): Shape[] {
  const { light, width, height } = stage;
  const { season } = light;
  const kind =
    season.blossom > 0.45
      ? "petal"
      : season.turned > 0.5 && season.bare < 0.7
        ? "leaf"
        : season.snow > 0.35
          ? "snow"
          : null;
  if (!kind || stage.still) return [];
  const chance = stage.chance.fork("falling");
  const shapes: Shape[] = [];
  for (let i = 0; i < 7; i++) {
    let d = "";
    const count = kind === "snow" ? 14 : 5;
    for (let k = 0; k < count * (width / 1200); k++)
      d += dot(chance.between(0, width), chance.between(height * 0.05, height * 0.98));
    const colour =
      kind === "snow"
        ? hex("#ffffff")
        : kind === "petal"
          ? hex("#f7c9d4")
          : chance.pick([hex("#c8612f"), hex("#d9a13a"), hex("#b4462f")]);
    shapes.push(
      path(d, {
        stroke: light.on(colour, 0.02),
        "stroke-width": chance.between(2, kind === "snow" ? 4.2 : 4.6),
        "stroke-linecap": "round",
        opacity: 0.85,
        class: "hl-fall",
        "data-delay": i * 3,
      }),
    );
  }
  return shapes;
}

/** Bees and butterflies over the flowers of a warm day. */
export function paintBees(stage: Stage, chance: Chance, y: number): Shape[] {
  const { light, width } = stage;
  if (light.night > 0.2 || light.season.bare > 0.3 || light.season.snow > 0) return [];
  return Array.from({ length: 4 }, (_, i) => {
    const x = width * chance.between(0.1, 0.9);
    const by = y + chance.between(-26, 14);
    const butterfly = i % 2 === 0;
    const wing = light.on(chance.pick([hex("#f3c44a"), hex("#ffffff"), hex("#e98a5a"), hex("#8fb4ee")]), 0);
    return group(
      butterfly
        ? [
            path("M0 0C-6 -8 -11 -4 -8 1C-10 6 -3 6 0 1C3 6 10 6 8 1C11 -4 6 -8 0 0Z", { fill: wing }),
            path("M0 -3V4", { stroke: light.on(hex("#3a2f2a"), 0), "stroke-width": 1.1 }),
          ]
        : [
            path("M-1 -2q-4 -5 1 -6q4 1 0 6M1 -2q1 -5 5 -4q2 3 -5 4", { fill: "#ffffff", opacity: 0.7 }),
            el("ellipse", { rx: 3.4, ry: 2.3, fill: light.on(hex("#e0a52f"), 0) }),
            path("M-0.8 -2.2V2.2M1.2 -2V2", { stroke: light.on(hex("#3a2f2a"), 0), "stroke-width": 0.9 }),
          ],
      {
        transform: `translate(${at(x, by)}) rotate(${n(chance.between(-20, 20))})`,
        class: "hl-hover",
        "data-delay": n(chance.between(0, 6)),
      },
    );
  });
}

/** A few stars that come and go. */
export function paintTwinkle(stage: Stage): Shape[] {
  const { light, width, horizon } = stage;
  const chance = stage.chance.fork("twinkle");
  const shapes: Shape[] = [];
  if (light.night > 0.5)
    for (let i = 0; i < 6; i++) {
      let d = "";
      for (let k = 0; k < 3; k++) d += dot(chance.between(0, width), chance.between(10, horizon * 0.6));
      shapes.push(
        path(d, {
          stroke: "#fff8e4",
          "stroke-width": 2.4,
          "stroke-linecap": "round",
          class: "hl-twinkle",
          "data-delay": i,
        }),
      );
    }
  return shapes;
}
