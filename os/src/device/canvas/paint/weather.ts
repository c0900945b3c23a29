// The weather before the land: rain and snow that fall, fog that lies, lightning, a rainbow; and the tint of a mood.

import { css, hex, mix } from "./colour.ts";
import { at, el, n, path, type Shape } from "./shape.ts";
import { dot, type Stage } from "./stage.ts";

/** Rain in slanting strokes, three depths of it, and rings where there is water. */
export function paintRain(stage: Stage, strong: boolean): Shape[] {
  const { width, height, light } = stage;
  const chance = stage.chance.fork("rain");
  return [0.6, 1, 1.6].map((scale, i) => {
    let d = "";
    const count = (strong ? 260 : 170) * (1 - i * 0.25) * (width / 1100);
    for (let k = 0; k < count; k++) {
      const l = chance.between(10, 20) * scale;
      d += `M${at(chance.between(-20, width + 20), chance.between(-20, height))}l${at(-l * (strong ? 0.42 : 0.22), l)}`;
    }
    return path(d, {
      stroke: light.bare(mix(light.middle, hex("#f2f7ff"), 0.65)),
      "stroke-width": 0.7 + 0.5 * scale,
      "stroke-linecap": "round",
      opacity: 0.26 + 0.1 * i,
    });
  });
}

/** Snow in the air. */
export function paintSnowfall(stage: Stage): Shape[] {
  const { width, height, light } = stage;
  const chance = stage.chance.fork("snowfall");
  return [1.6, 2.6, 4].map((size, i) => {
    let d = "";
    for (let k = 0; k < (150 - i * 48) * (width / 1100); k++)
      d += dot(chance.between(0, width), chance.between(0, height));
    return path(d, {
      stroke: light.snow(0.05, 0.02),
      "stroke-width": size,
      "stroke-linecap": "round",
      opacity: 0.85,
    });
  });
}

/** The sky behind fog: no clouds, a pale light where the sun or the moon stands. */
export function paintFogSky(stage: Stage): Shape[] {
  const { width, height, horizon, light, defs, lightX } = stage;
  const pale = mix(light.haze, hex("#ffffff"), 0.35 * (1 - light.night));
  const veil = defs.down(
    [
      [0, light.bare(mix(pale, light.middle, 0.45)), 0.92],
      [1, light.bare(pale), 0.96],
    ],
    0,
    horizon,
  );
  const glow = light.bare(mix(light.glow, hex("#ffffff"), 0.4));
  const round = defs.round([
    [0, glow, 0.85],
    [0.18, glow, 0.5],
    [1, glow, 0],
  ]);
  return [
    el("rect", { x: -20, y: -20, width: width + 40, height: height * 0.75, fill: veil }),
    el("circle", { cx: lightX, cy: horizon * 0.5, r: horizon * 0.75, fill: round }),
  ];
}

/** The heavy underside of a storm: dark rolls of cloud from one edge to the other. */
export function paintStormRoof(stage: Stage): Shape[] {
  const { width, horizon, light } = stage;
  const chance = stage.chance.fork("roof");
  return [0, 1, 2].map((row) => {
    const y = horizon * (0.34 - row * 0.15);
    let d = `M-20 ${n(y - horizon)}V${n(y)}H${width + 20}V${n(y - horizon)}Z`;
    for (let x = -40; x < width + 40; x += chance.between(14, 34)) {
      const r = chance.between(16, 46) * (1 - row * 0.12);
      const cy = y - r * chance.between(0.1, 0.75);
      d += `M${at(x - r, cy)}a${n(r)} ${n(r)} 0 1 0 ${n(r * 2)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-r * 2)} 0`;
    }
    const colour = mix(mix(light.haze, light.top, 0.55), hex("#2b3346"), 0.42 + row * 0.14);
    return path(d, { fill: light.bare(colour), opacity: 0.72 });
  });
}

/** White crests on rough water between two heights. */
export function paintCrests(stage: Stage, top: number, bottom: number): Shape[] {
  const chance = stage.chance.fork("crests");
  const { light, width } = stage;
  let d = "";
  for (let i = 0; i < 54 * (width / 1000); i++) {
    const t = Math.sqrt(chance.next());
    const y = top + 6 + t * (bottom - top);
    const w = 10 + 44 * t * chance.between(0.6, 1.2);
    const x = chance.between(-20, width);
    d += `M${at(x, y)}q${at(w * 0.3, -w * 0.16)} ${at(w * 0.5, -w * 0.1)}q${at(w * 0.2, w * 0.05)} ${at(w * 0.5, w * 0.13)}`;
  }
  const stroke = light.on(hex("#eef4f8"), 0.06);
  return [path(d, { fill: "none", stroke, "stroke-width": 1.7, "stroke-linecap": "round", opacity: 0.6 })];
}

/** The grey of a rainy sky, heaviest above. */
export function paintOvercast(stage: Stage): Shape[] {
  const { width, horizon, light, defs } = stage;
  const grey = mix(mix(light.haze, light.top, 0.35), hex("#5d6877"), 0.45 * (1 - light.night));
  const veil = defs.down([
    [0, light.bare(grey), 0.85],
    [0.6, light.bare(grey), 0.5],
    [1, light.bare(grey), 0.1],
  ]);
  return [el("rect", { x: -20, y: -20, width: width + 40, height: horizon + 40, fill: veil })];
}

/** Fog in long banks, thickest where the land is far. */
export function paintFog(stage: Stage, thick = 1): Shape[] {
  const { width, height, light, defs } = stage;
  const chance = stage.chance.fork(`fog${thick}`);
  const colour = light.bare(mix(light.haze, hex("#ffffff"), 0.4 * (1 - light.night)));
  const bank = defs.round([
    [0, colour, 0.85],
    [0.55, colour, 0.4],
    [1, colour, 0],
  ]);
  const veil = defs.down(
    [
      [0, colour, 0],
      [0.42, colour, 0.66 * thick],
      [0.68, colour, 0.5 * thick],
      [1, colour, 0.06],
    ],
    height * 0.12,
    height,
  );
  const shapes = [
    el("rect", { x: -20, y: height * 0.12, width: width + 40, height: height * 0.9, fill: veil }),
  ];
  for (let i = 0; i < 9; i++) {
    const t = chance.next();
    shapes.push(
      el("ellipse", {
        cx: chance.between(0, width),
        cy: height * (0.4 + 0.42 * t),
        rx: width * chance.between(0.18, 0.4),
        ry: height * chance.between(0.02, 0.06),
        fill: bank,
        opacity: 0.75 * thick,
      }),
    );
  }
  return shapes;
}

/** One flash between the clouds and the land. */
export function paintLightning(stage: Stage): Shape[] {
  const { width, horizon, defs } = stage;
  const chance = stage.chance.fork("lightning");
  let x = width * chance.between(0.2, 0.8);
  let y = horizon * 0.28;
  let d = `M${at(x, y)}`;
  const fork: string[] = [];
  while (y < horizon - 6) {
    x += chance.between(-22, 22);
    y += chance.between(12, 30);
    d += `L${at(x, y)}`;
    if (chance.maybe(35))
      fork.push(`M${at(x, y)}l${at(chance.between(-26, 26), 18)}l${at(chance.between(-14, 14), 16)}`);
  }
  const halo = defs.round([
    [0, "#dfe8ff", 0.7],
    [1, "#dfe8ff", 0],
  ]);
  return [
    el("ellipse", { cx: x, cy: horizon * 0.55, rx: 220, ry: horizon * 0.6, fill: halo, opacity: 0.7 }),
    path(d, { fill: "none", stroke: "#f6f8ff", "stroke-width": 2.6, "stroke-linejoin": "round" }),
    path(fork.join(""), { fill: "none", stroke: "#eef2ff", "stroke-width": 1.2 }),
  ];
}

/** A rainbow over the land, across from the sun. */
export function paintRainbow(stage: Stage): Shape[] {
  const { width, horizon, height } = stage;
  const cx = stage.lightX < width / 2 ? width * 0.68 : width * 0.32;
  const bands = ["#d9534a", "#ee9a46", "#f4da5a", "#77bd69", "#5a9fd4", "#6a6bb8", "#8f62a8"];
  const r = height * 0.52;
  return bands.map((stroke, i) => {
    const q = r - i * 6.5;
    return path(`M${at(cx - q, horizon + 40)}A${n(q)} ${n(q)} 0 0 1 ${at(cx + q, horizon + 40)}`, {
      fill: "none",
      stroke,
      "stroke-width": 7.2,
      opacity: 0.34,
    });
  });
}

/** The tint of a mood over the whole picture, light enough to leave every colour what it is. */
export function paintTint(stage: Stage, colour: string, strength: number): Shape[] {
  const { width, height, defs } = stage;
  const fill = defs.down([
    [0, css(hex(colour)), strength],
    [1, css(hex(colour)), strength * 0.4],
  ]);
  return [el("rect", { x: -20, y: -20, width: width + 40, height: height + 40, fill })];
}
