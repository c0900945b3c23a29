// Houses under wide roofs, seen from a corner; by night their windows are lit, and smoke rises from the chimney. Also the
// boat on the water, the bridge and the lantern by the path: what hands have made.

import { type Colour, css, hex, mix, shift } from "./colour.ts";
import { at, el, group, n, path, type Shape } from "./shape.ts";
import type { Stage, Standing } from "./stage.ts";

const walls = ["#f1e6d0", "#e6d3b3", "#c79a72", "#d8c4ae"].map(hex);
const roofs = ["#6b6f7c", "#a65a43", "#a98f5d", "#4f6a72", "#8a5a4a"].map(hex);
const flame = hex("#ffd27a");

/** How the houses of one village look alike. */
export interface Style {
  walls: Colour[];
  roofs: Colour[];
}

/** The style of a village. */
export function createStyle(stage: Stage): Style {
  const chance = stage.chance.fork("style");
  return { walls: [chance.pick(walls), chance.pick(walls)], roofs: [chance.pick(roofs), chance.pick(roofs)] };
}

/** A soft light around a lamp. */
export function glow(stage: Stage, x: number, y: number, r: number, strength: number): Shape {
  const fill = stage.defs.round([
    [0, css(flame), strength],
    [0.35, css(flame), strength * 0.36],
    [1, css(flame), 0],
  ]);
  return el("circle", { cx: x, cy: y, r, fill });
}

/** A house with its front corner at (x, y) and `w` wide; `lit` of its five windows are lit when lamps are. */
export function paintHouse(
  stage: Stage,
  style: Style,
  place: { x: number; y: number; w: number; depth: number; lit: number; flip: boolean },
): Standing {
  const { x, y, w, depth, lit, flip } = place;
  const { light } = stage;
  const chance = stage.chance.fork(`house${n(x)}`);
  const wall = chance.pick(style.walls);
  const roof = mix(chance.pick(style.roofs), hex("#f7f8fb"), light.season.snow * 0.85);
  const tall = chance.between(0.3, 0.4);
  const up = tall + chance.between(0.34, 0.42);
  const p = (px: number, py: number) => at(px * w, -py * w);
  const on = (c: Colour) => light.on(c, depth);
  const shapes: Shape[] = [
    path(`M${p(-0.36, 0)}L${p(-0.36, tall)}L${p(-0.18, up - 0.03)}L${p(0, tall)}L${p(0, 0)}Z`, {
      fill: on(shift(wall, 0.02)),
    }),
    path(`M${p(0, 0)}L${p(0, tall + 0.04)}L${p(0.62, tall + 0.04)}L${p(0.62, 0)}Z`, {
      fill: on(mix(shift(wall, -0.09), hex("#4a5d7a"), 0.12)),
    }),
  ];
  const chimney = chance.between(0.2, 0.4);
  shapes.push(
    path(`M${p(chimney, up - 0.04)}V${n(-(up + 0.12) * w)}h${n(w * 0.07)}V${n(-(up - 0.04) * w)}Z`, {
      fill: on(mix(hex("#8c6a58"), hex("#ffffff"), 0.1)),
    }),
  );
  shapes.push(
    path(`M${p(-0.18, up)}L${p(0.46, up)}L${p(0.72, tall - 0.03)}L${p(0.05, tall - 0.03)}Z`, {
      fill: on(roof),
    }),
    path(
      `M${p(-0.43, tall - 0.05)}L${p(-0.18, up)}L${p(0.07, tall - 0.05)}L${p(0.02, tall - 0.06)}L${p(-0.18, up - 0.09)}L${p(-0.38, tall - 0.06)}Z`,
      { fill: on(shift(roof, -0.07)) },
    ),
  );
  let tiles = "";
  for (let i = 1; i < 5; i++)
    tiles += `M${p(-0.18 + 0.23 * (i / 5), up - (up - tall + 0.03) * (i / 5))}H${n((0.46 + 0.26 * (i / 5)) * w)}`;
  shapes.push(path(tiles, { stroke: on(shift(roof, -0.05)), "stroke-width": w * 0.012, opacity: 0.7 }));
  const open: [number, number, number, number][] = [
    [0.1, 0.12, 0.11, 0.13],
    [0.3, 0.12, 0.11, 0.13],
    [-0.235, 0.13, 0.11, 0.13],
    [0.47, 0.12, 0.09, 0.13],
    [-0.215, tall + 0.06, 0.07, 0.08],
  ];
  open.forEach(([wx, wy, ww, wh], i) => {
    const shines = light.lamp > 0.25 && i < lit;
    shapes.push(
      el("rect", {
        x: wx * w,
        y: -(wy + wh) * w,
        width: ww * w,
        height: wh * w,
        rx: w * 0.008,
        fill: shines
          ? css(mix(flame, hex("#fff2c8"), chance.next() * 0.5))
          : on(mix(hex("#4d5f70"), light.middle, 0.25)),
      }),
    );
    if (shines && i < 3)
      shapes.push(glow(stage, (wx + ww / 2) * w, -(wy + wh / 2) * w, w * 0.3, 0.5 * light.lamp));
  });
  shapes.push(path(`M${p(-0.09, 0)}V${n(-0.2 * w)}h${n(w * 0.075)}V0Z`, { fill: on(hex("#6a4632")) }));
  const smoke = chance.maybe(55)
    ? [paintSmoke(stage, x + (chimney + 0.035) * w * (flip ? -1 : 1), y - (up + 0.14) * w, w * 0.3)]
    : [];
  return {
    y,
    shapes: [
      ...smoke,
      el("ellipse", {
        cx: x + w * 0.15,
        cy: y,
        rx: w * 0.62,
        ry: w * 0.06,
        fill: on(hex("#23422f")),
        opacity: 0.35,
      }),
      group(shapes, { transform: `translate(${at(x, y)})${flip ? " scale(-1 1)" : ""}` }),
    ],
  };
}

/** Smoke from a chimney: it leans with the wind, and stands straight when there is none. */
function paintSmoke(stage: Stage, x: number, y: number, size: number): Shape {
  const lean = stage.still ? 0 : size * 0.9;
  const d = `M${at(x, y)}c${at(size * 0.1, -size * 0.5)} ${at(lean * 0.1 - size * 0.16, -size * 0.8)} ${at(lean * 0.4, -size * 1.3)}s${at(lean * 0.2 + size * 0.1, -size * 0.7)} ${at(lean * 0.9, -size * 1.5)}`;
  const { light } = stage;
  return path(d, {
    fill: "none",
    stroke: light.bare(mix(light.haze, hex("#ffffff"), 0.5 * (1 - light.night))),
    "stroke-width": size * 0.2,
    "stroke-linecap": "round",
    opacity: 0.42,
  });
}

/** A boat on the water with its mirrored hull; a sail when `sail`. */
export function paintBoat(
  stage: Stage,
  place: { x: number; y: number; w: number; depth: number; sail: boolean },
): Standing {
  const { x, y, w, depth, sail } = place;
  const { light } = stage;
  const on = (c: Colour) => light.on(c, depth);
  const hull = `M${at(-w * 0.5, -w * 0.1)}Q${at(0, -w * 0.03)} ${at(w * 0.52, -w * 0.13)}Q${at(w * 0.4, w * 0.06)} ${at(w * 0.2, w * 0.07)}H${n(-w * 0.25)}Q${at(-w * 0.42, w * 0.05)} ${at(-w * 0.5, -w * 0.1)}Z`;
  const shapes = [
    path(hull, {
      fill: on(hex("#4f3b30")),
      opacity: 0.3,
      transform: `translate(0 ${n(w * 0.13)}) scale(1 -0.8)`,
    }),
  ];
  if (sail) {
    const cloth = `M0 ${n(-w * 0.1)}L0 ${n(-w * 0.92)}Q${at(w * 0.38, -w * 0.5)} ${at(w * 0.4, -w * 0.16)}Z`;
    const jib = `M${at(-w * 0.04, -w * 0.16)}L${at(-w * 0.04, -w * 0.8)}Q${at(-w * 0.2, -w * 0.4)} ${at(-w * 0.36, -w * 0.16)}Z`;
    shapes.push(
      path(cloth, {
        fill: on(hex("#f4ead4")),
        opacity: 0.25,
        transform: `translate(0 ${n(w * 0.06)}) scale(1 -0.7)`,
      }),
      path(`M0 0V${n(-w * 0.98)}`, { stroke: on(hex("#5b4636")), "stroke-width": w * 0.025 }),
      path(cloth, { fill: on(hex("#f7eeda")) }),
      path(jib, { fill: on(hex("#e7d6b8")) }),
    );
  }
  shapes.push(
    path(hull, { fill: on(hex("#7a5740")) }),
    path(`M${at(-w * 0.5, -w * 0.1)}Q${at(0, -w * 0.03)} ${at(w * 0.52, -w * 0.13)}`, {
      fill: "none",
      stroke: on(hex("#c9a27a")),
      "stroke-width": w * 0.03,
    }),
  );
  return { y, shapes: [group(shapes, { transform: `translate(${at(x, y)})` })] };
}

/** A paper lantern on a post. It always shines a little. */
export function paintLantern(
  stage: Stage,
  place: { x: number; y: number; h: number; depth: number },
): Standing {
  const { x, y, h, depth } = place;
  const { light } = stage;
  const wood = light.on(hex("#4f3b2f"), depth);
  return {
    y,
    shapes: [
      glow(stage, x + h * 0.2, y - h * 0.66, h * (0.75 + 0.75 * light.lamp), 0.42 + 0.4 * light.lamp),
      path(`M${at(x, y + 1)}V${n(y - h)}h${n(h * 0.26)}`, {
        fill: "none",
        stroke: wood,
        "stroke-width": h * 0.055,
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
      }),
      path(`M${at(x + h * 0.2, y - h)}v${n(h * 0.12)}`, { stroke: wood, "stroke-width": h * 0.02 }),
      el("rect", {
        x: x + h * 0.08,
        y: y - h * 0.88,
        width: h * 0.24,
        height: h * 0.36,
        rx: h * 0.09,
        fill: css(mix(hex("#e9693f"), flame, 0.45 + 0.4 * light.lamp)),
      }),
      path(`M${at(x + h * 0.1, y - h * 0.76)}h${n(h * 0.2)}M${at(x + h * 0.1, y - h * 0.64)}h${n(h * 0.2)}`, {
        stroke: "#b8452a",
        "stroke-width": h * 0.014,
        opacity: 0.5,
      }),
    ],
  };
}

/** A post to sit on. */
export function paintPost(stage: Stage, place: { x: number; y: number; h: number }): Standing {
  const { x, y, h } = place;
  const shapes = [
    path(`M${at(x, y + 1)}V${n(y - h)}`, {
      stroke: stage.light.on(hex("#6a513e"), 0.02),
      "stroke-width": h * 0.2,
      "stroke-linecap": "round",
    }),
  ];
  return { y, shapes };
}
