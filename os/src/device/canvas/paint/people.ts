// People, at rest and at work together: a few joints, plain clothes, every skin and age. What they carry tells what they do.

import type { Chance } from "./chance.ts";
import { type Colour, hex, shift } from "./colour.ts";
import { type Pen, place, type Spot } from "./figure.ts";
import { at, n } from "./shape.ts";
import type { Stage, Standing } from "./stage.ts";

/** What somebody does. */
export type Pose = "stand" | "walk" | "sit" | "read" | "bend" | "reach" | "carry" | "wave" | "kneel" | "row";

/** Joints of one pose: hip, neck, head, then elbow and hand of each arm, knee and foot of each leg. */
interface Joints {
  hip: [number, number];
  neck: [number, number];
  head: [number, number];
  arms: [number, number, number, number][];
  legs: [number, number, number, number][];
}

const poses: Record<Pose, Joints> = {
  stand: {
    hip: [0, 0.46],
    neck: [0, 0.78],
    head: [0.015, 0.9],
    arms: [
      [-0.11, 0.62, -0.09, 0.47],
      [0.11, 0.62, 0.11, 0.47],
    ],
    legs: [
      [-0.05, 0.24, -0.06, 0.02],
      [0.05, 0.24, 0.06, 0.02],
    ],
  },
  walk: {
    hip: [0, 0.46],
    neck: [0.02, 0.78],
    head: [0.045, 0.9],
    arms: [
      [-0.09, 0.62, -0.13, 0.5],
      [0.12, 0.63, 0.19, 0.53],
    ],
    legs: [
      [-0.04, 0.25, -0.17, 0.03],
      [0.09, 0.26, 0.13, 0.02],
    ],
  },
  sit: {
    hip: [-0.05, 0.08],
    neck: [-0.08, 0.4],
    head: [-0.06, 0.52],
    arms: [
      [-0.16, 0.24, -0.2, 0.03],
      [0.06, 0.26, 0.17, 0.24],
    ],
    legs: [
      [0.16, 0.26, 0.3, 0.03],
      [0.2, 0.2, 0.38, 0.03],
    ],
  },
  read: {
    hip: [-0.05, 0.08],
    neck: [-0.06, 0.4],
    head: [-0.01, 0.51],
    arms: [
      [0.03, 0.24, 0.13, 0.31],
      [0.06, 0.22, 0.16, 0.29],
    ],
    legs: [
      [0.17, 0.22, 0.3, 0.03],
      [0.2, 0.18, 0.36, 0.03],
    ],
  },
  bend: {
    hip: [-0.08, 0.46],
    neck: [0.2, 0.6],
    head: [0.31, 0.62],
    arms: [
      [0.24, 0.4, 0.26, 0.2],
      [0.2, 0.38, 0.31, 0.22],
    ],
    legs: [
      [-0.04, 0.24, -0.1, 0.02],
      [0.05, 0.24, 0.06, 0.02],
    ],
  },
  reach: {
    hip: [0, 0.47],
    neck: [0.02, 0.79],
    head: [0, 0.91],
    arms: [
      [0.13, 0.86, 0.17, 1.06],
      [0.08, 0.9, 0.1, 1.1],
    ],
    legs: [
      [-0.05, 0.24, -0.07, 0.02],
      [0.05, 0.25, 0.07, 0.03],
    ],
  },
  carry: {
    hip: [0, 0.46],
    neck: [0.0, 0.78],
    head: [0.02, 0.9],
    arms: [
      [0.02, 0.6, 0.17, 0.54],
      [0.1, 0.6, 0.2, 0.54],
    ],
    legs: [
      [-0.05, 0.25, -0.13, 0.03],
      [0.07, 0.26, 0.1, 0.02],
    ],
  },
  wave: {
    hip: [0, 0.46],
    neck: [0, 0.78],
    head: [0.01, 0.9],
    arms: [
      [-0.11, 0.62, -0.09, 0.47],
      [0.16, 0.8, 0.22, 1.0],
    ],
    legs: [
      [-0.05, 0.24, -0.06, 0.02],
      [0.05, 0.24, 0.06, 0.02],
    ],
  },
  kneel: {
    hip: [-0.08, 0.2],
    neck: [0.02, 0.5],
    head: [0.07, 0.61],
    arms: [
      [0.12, 0.34, 0.24, 0.2],
      [0.09, 0.32, 0.27, 0.16],
    ],
    legs: [
      [0.12, 0.04, -0.12, 0.03],
      [0.14, 0.06, -0.08, 0.03],
    ],
  },
  row: {
    hip: [-0.05, 0.1],
    neck: [-0.06, 0.42],
    head: [-0.04, 0.54],
    arms: [
      [0.04, 0.27, 0.16, 0.3],
      [0.05, 0.26, 0.18, 0.3],
    ],
    legs: [
      [0.14, 0.2, 0.22, 0.04],
      [0.16, 0.2, 0.26, 0.04],
    ],
  },
};

const skins = ["#f3cfae", "#e3b189", "#c58d62", "#9a6441", "#6f4630"].map(hex);
const hairs = ["#2a211d", "#3d2b20", "#6b4a2d", "#a9773d", "#c9c4bc", "#8f3f27"].map(hex);
const cloths = [
  "#35507c",
  "#a8443a",
  "#d9a441",
  "#6f8f62",
  "#ece2cc",
  "#7c5a86",
  "#4d7ea8",
  "#3f7d80",
  "#8c3b46",
].map(hex);

/** Who somebody is, by chance. */
export interface Looks {
  skin: Colour;
  hair: Colour;
  top: Colour;
  bottom: Colour;
  dress: boolean;
  hat: boolean;
  /** Dressed for the cold. */
  warm: boolean;
  long: boolean;
  child: boolean;
}

/** A person of their own; `kind` says which hair and clothes are likelier. */
export function someone(chance: Chance, child = false, warm = false, kind?: "she" | "he"): Looks {
  const top = chance.pick(cloths);
  const looks = {
    skin: chance.pick(skins),
    hair: chance.pick(hairs),
    top,
    bottom: chance.pick(cloths.filter((c) => c !== top)),
    dress: chance.maybe(42),
    hat: chance.maybe(child ? 15 : 34) && !warm,
    warm,
    long: chance.maybe(45),
    child,
  };
  if (kind === "she") return { ...looks, dress: chance.maybe(70), long: chance.maybe(85) };
  if (kind === "he") return { ...looks, dress: false, long: chance.maybe(8) };
  return looks;
}

function draw(pen: Pen, pose: Pose, looks: Looks): void {
  const { hip, neck, head, arms, legs } = poses[pose];
  const { skin, hair, top, bottom, dress, hat, warm, long, child } = looks;
  const r = child ? 0.115 : 0.092;
  const arm = (i: number, tone: number) => {
    const [ex, ey, hx, hy] = arms[i]!;
    const shoulder = [neck[0] + (i ? 0.055 : -0.055), neck[1] - 0.045];
    pen.line([shoulder[0]!, shoulder[1]!, ex, ey, hx, hy], 0.072, shift(top, tone));
    pen.blob(hx, hy, 0.036, 0.036, skin);
  };
  arm(0, -0.07);
  const trousers = dress && !warm ? shift(skin, -0.02) : bottom;
  legs.forEach(([kx, ky, fx, fy], i) => {
    pen.line(
      [hip[0] + (i ? 0.03 : -0.03), hip[1], kx, ky, fx, fy],
      dress ? 0.06 : 0.088,
      shift(trousers, i ? 0 : -0.06),
    );
    pen.line([fx, fy, fx + 0.055, fy - 0.002], 0.05, hex("#4a372c"));
  });
  if (long) pen.line([head[0] - r * 0.45, head[1], neck[0] - 0.06, neck[1] - 0.08], r * 1.25, hair);
  const [w1, w2] = [0.092, dress ? 0.1 : 0.082];
  const dx = neck[0] - hip[0];
  const dy = neck[1] - hip[1];
  const len = Math.hypot(dx, dy);
  const [px, py] = [dy / len, -dx / len];
  pen.fill(
    [
      neck[0] - px * w1,
      neck[1] - py * w1 - 0.01,
      neck[0] + px * w1,
      neck[1] + py * w1 - 0.01,
      hip[0] + px * w2,
      hip[1] + py * w2,
      hip[0] - px * w2,
      hip[1] - py * w2,
    ],
    top,
  );
  if (dress) {
    const [kx, ky] = [(legs[0]![0] + legs[1]![0]) / 2, (legs[0]![1] + legs[1]![1]) / 2];
    const [fx, fy] = [kx + (kx - hip[0]) * 0.5, ky + (ky - hip[1]) * 0.45];
    const upright = Math.abs(hip[1] - ky) > 0.15;
    if (upright)
      pen.fill(
        [hip[0] - 0.085, hip[1] + 0.02, hip[0] + 0.085, hip[1] + 0.02, fx + 0.17, fy, fx - 0.16, fy],
        top,
      );
    else pen.line([hip[0], hip[1], kx, ky, (kx + legs[1]![2]) / 2, (ky + legs[1]![3]) / 2], 0.17, top);
  }
  pen.line([neck[0], neck[1] - 0.02, head[0], head[1] - 0.02], 0.065, shift(skin, -0.05));
  pen.blob(head[0], head[1], r, r * 1.06, skin);
  pen.curve(cap(head[0], head[1], r), hair);
  if (warm) {
    pen.line([head[0] - r * 0.75, head[1] + r * 0.5, head[0] + r * 0.75, head[1] + r * 0.5], r * 0.6, bottom);
    pen.line([head[0] - r * 0.3, head[1] + r * 0.85, head[0] + r * 0.3, head[1] + r * 0.85], r * 0.7, bottom);
    pen.blob(head[0], head[1] + r * 1.4, r * 0.3, r * 0.3, hex("#f4efe6"));
    pen.line([neck[0] - 0.06, neck[1], neck[0] + 0.06, neck[1]], 0.075, bottom);
  }
  if (hat) {
    const straw = hex("#dcb96c");
    pen.fill(
      [head[0] - r * 2, head[1] + r * 0.42, head[0], head[1] + r * 1.65, head[0] + r * 2, head[1] + r * 0.42],
      straw,
    );
    pen.line(
      [head[0] - r * 1.9, head[1] + r * 0.42, head[0] + r * 1.9, head[1] + r * 0.42],
      0.02,
      shift(straw, -0.1),
    );
  }
  if (pose === "read") pen.fill([0.1, 0.27, 0.2, 0.3, 0.24, 0.41, 0.14, 0.38], hex("#f4efe2"));
  if (pose === "carry") {
    pen.fill([0.1, 0.53, 0.3, 0.53, 0.27, 0.38, 0.13, 0.38], hex("#a9773f"));
    for (const [x, c] of [
      [0.14, "#c8442f"],
      [0.2, "#e0a032"],
      [0.26, "#c8442f"],
    ] as const)
      pen.blob(x, 0.55, 0.042, 0.042, hex(c));
  }
  arm(1, 0.015);
}

/** Hair over the top and the back of the head. */
function cap(x: number, y: number, r: number): string {
  const [cx, cy, q] = [x * 100, -y * 100, r * 108];
  return `M${at(cx + q * 0.78, cy - q * 0.6)}A${n(q)} ${n(q)} 0 1 0 ${at(cx - q * 0.62, cy + q * 0.8)}Q${at(cx - q * 0.5, cy - q * 0.1)} ${at(cx - q * 0.05, cy - q * 0.42)}Q${at(cx + q * 0.4, cy - q * 0.3)} ${at(cx + q * 0.78, cy - q * 0.6)}Z`;
}

/** One person at a spot; children are smaller by themselves. */
export function paintPerson(stage: Stage, pose: Pose, spot: Spot, looks: Looks): Standing {
  const h = looks.child ? spot.h * 0.64 : spot.h;
  return place(stage, { ...spot, h }, (pen) => draw(pen, pose, looks));
}
