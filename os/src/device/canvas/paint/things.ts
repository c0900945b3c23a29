// Things that people bring or build, one function each: in the light of the moment, with their feet on the ground at (x, y)
// and `h` the height of a person there.

import { css, hex, mix, shift } from "./colour.ts";
import { type Pen, place } from "./figure.ts";
import { glow } from "./houses.ts";
import { at, el, group, n, path, type Shape } from "./shape.ts";
import type { Stage, Standing } from "./stage.ts";

/** Where a thing stands. */
export interface ThingSpot {
  x: number;
  y: number;
  h: number;
  depth: number;
  flip?: boolean;
}

/** The things that stand on the ground and are drawn with a pen. */
export type PenThing = "bench" | "table" | "tent" | "bicycle" | "robot";

const timber = hex("#8a6343");

function bench(pen: Pen): void {
  for (const x of [-0.42, 0.4]) pen.line([x, 0.26, x, 0.02], 0.06, shift(timber, -0.1));
  for (const x of [-0.42, 0.4]) pen.line([x, 0.3, x - 0.03, 0.62], 0.05, shift(timber, -0.08));
  for (const y of [0.42, 0.52, 0.62]) pen.line([-0.5, y, 0.48, y], 0.05, timber);
  pen.line([-0.52, 0.27, 0.5, 0.27], 0.075, shift(timber, 0.04));
}

function table(pen: Pen): void {
  pen.line([-0.36, 0.42, -0.46, 0.02], 0.05, shift(timber, -0.1));
  pen.line([0.36, 0.42, 0.46, 0.02], 0.05, shift(timber, -0.1));
  pen.fill([-0.62, 0.44, 0.62, 0.44, 0.56, 0.26, -0.56, 0.26], hex("#f3ead9"));
  pen.line([-0.62, 0.44, 0.62, 0.44], 0.05, hex("#fbf4e6"));
  for (const x of [-0.4, -0.14, 0.12, 0.38]) pen.line([x, 0.43, x * 0.92, 0.28], 0.035, hex("#c8554a"));
  pen.blob(-0.26, 0.52, 0.1, 0.07, hex("#c8863a"));
  pen.fill([0.14, 0.47, 0.28, 0.47, 0.26, 0.66, 0.16, 0.66], hex("#5f8fae"));
  pen.line([0.21, 0.66, 0.17, 0.8], 0.02, hex("#4d8040"));
  pen.line([0.21, 0.66, 0.26, 0.82], 0.02, hex("#4d8040"));
  pen.blob(0.17, 0.82, 0.05, 0.05, hex("#f0c24f"));
  pen.blob(0.26, 0.84, 0.05, 0.05, hex("#e9839a"));
}

function tent(pen: Pen): void {
  const cloth = hex("#d08b3f");
  pen.fill([-0.9, 0, -0.1, 0.95, 0.15, 0], shift(cloth, 0.05));
  pen.fill([0.15, 0, -0.1, 0.95, 0.85, 0.08, 0.8, 0], shift(cloth, -0.09));
  pen.fill([-0.52, 0, -0.22, 0.62, -0.1, 0.02], hex("#4a3326"));
  pen.line([-0.1, 0.95, -0.1, 1.02], 0.03, timber);
}

function bicycle(pen: Pen): void {
  const frame = hex("#b8453a");
  const ring = (cx: number) => {
    const points: number[] = [];
    for (let i = 0; i <= 22; i++)
      points.push(cx + 0.23 * Math.cos((i * Math.PI) / 11), 0.25 + 0.23 * Math.sin((i * Math.PI) / 11));
    pen.line(points, 0.03, hex("#33302e"));
  };
  ring(-0.36);
  ring(0.36);
  pen.line([-0.36, 0.25, -0.02, 0.24, 0.28, 0.58, -0.12, 0.58, -0.02, 0.24], 0.035, frame);
  pen.line([-0.36, 0.25, -0.14, 0.62, -0.2, 0.64, -0.06, 0.64], 0.032, shift(frame, -0.08));
  pen.line([0.36, 0.25, 0.26, 0.7, 0.36, 0.74], 0.032, shift(frame, -0.08));
  pen.fill([0.3, 0.66, 0.5, 0.66, 0.47, 0.5, 0.33, 0.5], hex("#b58a55"));
}

function robot(pen: Pen): void {
  const shell = hex("#eef0ea");
  pen.blob(0, 0.1, 0.2, 0.1, hex("#59646b"));
  pen.curve("M-24 -12C-30 -40 -24 -58 0 -58C24 -58 30 -40 24 -12C14 -6 -14 -6 -24 -12Z", shell);
  pen.line([-0.25, 0.42, -0.38, 0.3, -0.34, 0.18], 0.06, shift(shell, -0.09));
  pen.line([0.25, 0.42, 0.42, 0.5, 0.44, 0.66], 0.06, shift(shell, -0.05));
  pen.curve("M-26 -64C-28 -90 28 -90 26 -64C22 -58 -22 -58 -26 -64Z", shell);
  pen.curve("M-18 -66C-20 -82 20 -82 18 -66C12 -62 -12 -62 -18 -66Z", hex("#27434b"));
  pen.blob(-0.07, 0.71, 0.028, 0.034, hex("#9ff0ff"));
  pen.blob(0.08, 0.71, 0.028, 0.034, hex("#9ff0ff"));
  pen.line([0, 0.85, 0.02, 0.95], 0.022, hex("#59646b"));
  pen.curve("M2 -94C-8 -104 -2 -114 8 -118C12 -108 10 -98 2 -94Z", hex("#6aa84f"));
}

const pens: Record<PenThing, { size: number; draw(pen: Pen): void }> = {
  bench: { size: 1, draw: bench },
  table: { size: 0.9, draw: table },
  tent: { size: 1.35, draw: tent },
  bicycle: { size: 0.82, draw: bicycle },
  robot: { size: 0.62, draw: robot },
};

/** One of the things that are drawn with a pen. */
export function paintThing(stage: Stage, kind: PenThing, spot: ThingSpot): Standing {
  const { size, draw } = pens[kind];
  return place(stage, { ...spot, h: spot.h * size }, draw);
}

/** A fire between stones, and its light, which lies behind those who sit around it. */
export function paintCampfire(stage: Stage, { x, y, h, depth }: ThingSpot): Standing[] {
  const { light } = stage;
  const s = h * 0.5;
  const flame = (w: number, up: number, colour: string) =>
    path(
      `M${at(x - s * w, y - s * 0.1)}C${at(x - s * w, y - s * up * 0.5)} ${at(x - s * w * 0.2, y - s * up * 0.6)} ${at(x + s * 0.04, y - s * up)}C${at(x + s * w * 0.3, y - s * up * 0.6)} ${at(x + s * w, y - s * up * 0.5)} ${at(x + s * w, y - s * 0.1)}Z`,
      { fill: colour },
    );
  let stones = "";
  for (let i = 0; i < 7; i++)
    stones += `M${at(x - s * 0.5 + (i / 6) * s, y + s * 0.05 * Math.sin(i * 2.6))}h0`;
  const shine = [glow(stage, x, y - s * 0.3, s * (2.4 + 3.2 * light.lamp), 0.35 + 0.4 * light.lamp)];
  const shapes = [
    path(
      `M${at(x - s * 0.42, y)}L${at(x + s * 0.36, y - s * 0.2)}M${at(x + s * 0.42, y)}L${at(x - s * 0.36, y - s * 0.2)}`,
      {
        stroke: light.on(hex("#5a4030"), depth),
        "stroke-width": s * 0.14,
        "stroke-linecap": "round",
      },
    ),
    flame(0.3, 1, "#f08a2c"),
    flame(0.2, 0.72, "#f9b93e"),
    flame(0.11, 0.46, "#fff0b0"),
    path(stones, {
      stroke: light.on(hex("#7d7a78"), depth),
      "stroke-width": s * 0.2,
      "stroke-linecap": "round",
    }),
  ];
  return [
    { y: y - h * 0.4, shapes: shine },
    { y, shapes },
  ];
}

/** A lighthouse; by night its beam goes over the land. */
export function paintLighthouse(stage: Stage, { x, y, h, depth, flip }: ThingSpot): Standing {
  const { light, defs } = stage;
  const H = h * 3.1;
  const w = H * 0.13;
  const tower = (a: number, b: number) => {
    const wa = w * (1 - 0.4 * a);
    const wb = w * (1 - 0.4 * b);
    return `M${at(x - wa, y - H * a)}L${at(x - wb, y - H * b)}L${at(x + wb, y - H * b)}L${at(x + wa, y - H * a)}Z`;
  };
  const side = flip ? -1 : 1;
  const shapes: Shape[] = [
    el("ellipse", {
      cx: x,
      cy: y,
      rx: w * 2,
      ry: w * 0.35,
      fill: light.on(hex("#23422f"), depth),
      opacity: 0.3,
    }),
  ];
  if (light.lamp > 0.4) {
    const beam = defs.round([
      [0, css(hex("#fff2c2")), 0.75],
      [0.4, css(hex("#fff2c2")), 0.25],
      [1, css(hex("#fff2c2")), 0],
    ]);
    const reach = h * 9;
    shapes.push(
      el("ellipse", {
        cx: x + side * reach * 0.5,
        cy: y - H * 0.93 + reach * 0.03,
        rx: reach * 0.55,
        ry: h * 0.36,
        fill: beam,
        opacity: 0.8 * light.lamp,
      }),
      glow(stage, x, y - H * 0.93, h * 0.9, 0.9),
    );
  }
  shapes.push(path(tower(0, 0.86), { fill: light.on(hex("#f6f0e6"), depth) }));
  for (const a of [0.12, 0.4, 0.68])
    shapes.push(path(tower(a, a + 0.14), { fill: light.on(hex("#b9473c"), depth) }));
  const shade = defs.down([
    [0, css(hex("#1c2b44")), 0.26],
    [1, css(hex("#1c2b44")), 0.26],
  ]);
  const edge = x < stage.lightX ? -1 : 1;
  shapes.push(
    path(
      `M${at(x + edge * w, y)}L${at(x + edge * w * 0.66, y - H * 0.86)}H${n(x + edge * w * 0.2)}L${at(x + edge * w * 0.34, y)}Z`,
      { fill: shade },
    ),
    path(`M${at(x - w * 0.8, y - H * 0.86)}H${n(x + w * 0.8)}V${n(y - H * 0.885)}H${n(x - w * 0.8)}Z`, {
      fill: light.on(hex("#3d4450"), depth),
    }),
    el("rect", {
      x: x - w * 0.42,
      y: y - H * 0.97,
      width: w * 0.84,
      height: H * 0.085,
      fill: css(mix(hex("#8fb4c8"), hex("#ffe9a8"), 0.3 + 0.7 * light.lamp)),
    }),
    path(`M${at(x - w * 0.56, y - H * 0.965)}Q${at(x, y - H * 1.08)} ${at(x + w * 0.56, y - H * 0.965)}Z`, {
      fill: light.on(hex("#b9473c"), depth),
    }),
    el("rect", {
      x: x - w * 0.14,
      y: y - H * 0.52,
      width: w * 0.28,
      height: H * 0.05,
      fill: light.on(hex("#3d4450"), depth),
    }),
    path(`M${at(x - w * 0.2, y)}v${n(-H * 0.09)}h${n(w * 0.4)}V${n(y)}Z`, {
      fill: light.on(hex("#5a4030"), depth),
    }),
  );
  return { y, shapes };
}

/** A windmill with four sails. */
export function paintWindmill(stage: Stage, { x, y, h, depth }: ThingSpot): Standing {
  const { light } = stage;
  const chance = stage.chance.fork(`mill${n(x)}`);
  const H = h * 2.3;
  const on = (c: string) => light.on(hex(c), depth);
  const sails: Shape[] = [];
  const turn = chance.between(12, 70);
  for (let i = 0; i < 4; i++)
    sails.push(
      group(
        [
          path(`M0 0V${n(-H * 0.62)}`, { stroke: on("#5a4030"), "stroke-width": H * 0.018 }),
          path(`M0 ${n(-H * 0.12)}H${n(H * 0.13)}V${n(-H * 0.6)}H0Z`, { fill: on("#f2e8d2"), opacity: 0.92 }),
          path(
            `M${n(H * 0.065)} ${n(-H * 0.12)}V${n(-H * 0.6)}M0 ${n(-H * 0.28)}H${n(H * 0.13)}M0 ${n(-H * 0.44)}H${n(H * 0.13)}`,
            { stroke: on("#a58a66"), "stroke-width": H * 0.008, fill: "none" },
          ),
        ],
        { transform: `rotate(${n(turn + i * 90)})` },
      ),
    );
  return {
    y,
    shapes: [
      el("ellipse", { cx: x, cy: y, rx: H * 0.3, ry: H * 0.035, fill: on("#23422f"), opacity: 0.3 }),
      path(
        `M${at(x - H * 0.2, y)}L${at(x - H * 0.12, y - H * 0.72)}H${n(x + H * 0.12)}L${at(x + H * 0.2, y)}Z`,
        { fill: on("#efe3cb") },
      ),
      path(
        `M${at(x + H * 0.03, y)}L${at(x + H * 0.02, y - H * 0.72)}H${n(x + H * 0.12)}L${at(x + H * 0.2, y)}Z`,
        { fill: on("#cdb997") },
      ),
      path(`M${at(x - H * 0.15, y - H * 0.7)}Q${at(x, y - H * 0.98)} ${at(x + H * 0.15, y - H * 0.7)}Z`, {
        fill: on("#8a4a3c"),
      }),
      path(
        `M${at(x - H * 0.05, y)}v${n(-H * 0.14)}q${n(H * 0.05)} ${n(-H * 0.05)} ${n(H * 0.1)} 0v${n(H * 0.14)}Z`,
        { fill: on("#5f4434") },
      ),
      el("rect", {
        x: x - H * 0.03,
        y: y - H * 0.46,
        width: H * 0.06,
        height: H * 0.08,
        fill: light.lamp > 0.3 ? "#ffd98a" : on("#4d5f70"),
      }),
      group(sails, { transform: `translate(${at(x, y - H * 0.76)})` }),
      el("circle", { cx: x, cy: y - H * 0.76, r: H * 0.022, fill: on("#4a3628") }),
    ],
  };
}

/** A fence of posts and two rails along the ground. */
export function paintFence(
  stage: Stage,
  spot: ThingSpot & { to: number; ridge(x: number): number },
): Standing {
  const { x, y, h, depth, to, ridge } = spot;
  const { light } = stage;
  const step = h * 0.5;
  const dy = y - ridge(x);
  let posts = "";
  let rails = "";
  for (let px = x; px <= to; px += step) {
    posts += `M${at(px, ridge(px) + dy)}v${n(-h * 0.42)}`;
    if (px + step <= to)
      for (const up of [0.16, 0.32])
        rails += `M${at(px, ridge(px) + dy - h * up)}L${at(px + step, ridge(px + step) + dy - h * up)}`;
  }
  const stroke = (d: string, width: number, tone: number) =>
    path(d, {
      fill: "none",
      stroke: light.on(mix(shift(hex("#a58460"), tone), hex("#ffffff"), light.season.snow * 0.4), depth),
      "stroke-width": width,
      "stroke-linecap": "round",
    });
  return { y, shapes: [stroke(rails, h * 0.045, 0.03), stroke(posts, h * 0.07, -0.03)] };
}

/** A kite in the wind, with its line down to a hand. */
export function paintKite(
  stage: Stage,
  spot: { x: number; y: number; size: number; hand: [number, number] },
): Shape[] {
  const { x, y, size, hand } = spot;
  const { light } = stage;
  const chance = stage.chance.fork(`kite${n(x)}`);
  const [a, b] = chance.pick([
    ["#d8493f", "#f2b33c"],
    ["#3f7fb8", "#f2d03c"],
    ["#7a55a8", "#ef8a6a"],
  ] as const);
  const on = (c: string) => light.on(hex(c), 0.04);
  let tail = `M0 ${n(size)}`;
  for (let i = 1; i <= 5; i++)
    tail += `q${n((i % 2 ? 1 : -1) * size * 0.35)} ${n(size * 0.16)} 0 ${n(size * 0.32)}`;
  return [
    path(`M${at(x, y)}Q${at((x + hand[0]) / 2 + 20, (y + hand[1]) / 2 + 34)} ${at(...hand)}`, {
      fill: "none",
      stroke: on("#4a4a4a"),
      "stroke-width": 0.8,
      opacity: 0.6,
    }),
    group(
      [
        path(tail, { fill: "none", stroke: on(b), "stroke-width": size * 0.08, "stroke-linecap": "round" }),
        path(`M0 ${n(-size)}L${at(size * 0.66, -size * 0.2)}L0 ${n(size)}Z`, { fill: on(a) }),
        path(`M0 ${n(-size)}L${at(-size * 0.66, -size * 0.2)}L0 ${n(size)}Z`, { fill: on(b) }),
      ],
      { transform: `translate(${at(x, y)}) rotate(${n(chance.between(-30, 30))})` },
    ),
  ];
}

/** A balloon with a basket, far up. */
export function paintBalloon(stage: Stage, spot: { x: number; y: number; r: number }): Shape[] {
  const { x, y, r } = spot;
  const { light } = stage;
  const chance = stage.chance.fork(`balloon${n(x)}`);
  const [a, b] = chance.pick([
    ["#c9483e", "#f3e3c4"],
    ["#3e7f9d", "#f0c85a"],
    ["#d98b36", "#7a3f5d"],
  ] as const);
  const on = (c: string) => light.on(hex(c), 0.12);
  const skin = (k: number) =>
    `M0 ${n(-r)}C${at(r * 1.32 * k, -r)} ${at(r * 1.2 * k, r * 0.3)} ${at(r * 0.22 * k, r * 1.12)}H${n(-r * 0.22 * k)}C${at(-r * 1.2 * k, r * 0.3)} ${at(-r * 1.32 * k, -r)} 0 ${n(-r)}Z`;
  const shapes: Shape[] = [
    path(skin(1), { fill: on(a) }),
    path(skin(0.7), { fill: on(b) }),
    path(skin(0.38), { fill: on(a) }),
  ];
  const lit = light.lamp > 0.4 ? [glow(stage, 0, r * 0.5, r * 1.1, 0.7)] : [];
  return [
    group(
      [
        ...shapes,
        ...lit,
        path(
          `M${at(-r * 0.2, r * 1.12)}L${at(-r * 0.15, r * 1.5)}M${at(r * 0.2, r * 1.12)}L${at(r * 0.15, r * 1.5)}`,
          { stroke: on("#4a3a30"), "stroke-width": r * 0.03 },
        ),
        path(`M${at(-r * 0.19, r * 1.48)}h${n(r * 0.38)}l${n(-r * 0.04)} ${n(r * 0.28)}h${n(-r * 0.3)}Z`, {
          fill: on("#9a6a3f"),
        }),
        path(`M${at(-r * 0.08, r * 1.46)}v${n(-r * 0.1)}M${at(r * 0.07, r * 1.46)}v${n(-r * 0.12)}`, {
          stroke: on("#3d3532"),
          "stroke-width": r * 0.07,
          "stroke-linecap": "round",
        }),
      ],
      { transform: `translate(${at(x, y)})` },
    ),
  ];
}
