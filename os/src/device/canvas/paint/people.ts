// People, at rest and at work together: a few joints, plain clothes, every skin and age. What they carry tells what they do.

import type { Chance } from "./chance.ts";
import { type Colour, hex, mix, shift } from "./colour.ts";
import { type Pen, place, type Spot } from "./figure.ts";
import { type Pose, poses } from "./poses.ts";
import { at, n } from "./shape.ts";
import type { Stage, Standing } from "./stage.ts";

const skins = ["#f3cfae", "#e3b189", "#c58d62", "#9a6441", "#6f4630"].map(hex);
const hairs = ["#2a211d", "#3d2b20", "#6b4a2d", "#a9773d", "#c9c4bc", "#8f3f27"].map(hex);
const grey = hairs[4]!;
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
  /** Long hair that is put up. */
  bun: boolean;
  /** A stripe of another colour: at the hem or across the chest. */
  stripe: Colour | null;
  child: boolean;
}

/** A person of their own; `kind` says which hair and clothes are likelier. */
export function someone(chance: Chance, child = false, warm = false, kind?: "she" | "he"): Looks {
  const top = chance.pick(cloths);
  const looks = {
    skin: chance.pick(skins),
    hair: chance.pick(child ? hairs.filter((c) => c !== grey) : hairs),
    top,
    bottom: chance.pick(cloths.filter((c) => c !== top)),
    dress: chance.maybe(42),
    hat: chance.maybe(child ? 15 : 34) && !warm,
    warm,
    long: chance.maybe(45),
    bun: chance.maybe(35),
    stripe: chance.maybe(45) ? chance.pick(cloths) : null,
    child,
  };
  if (kind === "she") return { ...looks, dress: chance.maybe(70), long: chance.maybe(85) };
  if (kind === "he") return { ...looks, dress: false, long: chance.maybe(8) };
  return looks;
}

function draw(pen: Pen, pose: Pose, looks: Looks): void {
  const { hip, neck, head, arms, legs } = poses[pose];
  const { skin, hair, top, bottom, dress, hat, warm, long, bun, stripe, child } = looks;
  const r = child ? 0.142 : 0.1;
  const low = pose === "sit" || pose === "read" || pose === "kneel" || pose === "row";
  const arm = (i: number, tone: number) => {
    const [ex, ey, hx, hy] = arms[i]!;
    const shoulder = [neck[0] + (i ? 0.055 : -0.055), neck[1] - 0.045];
    pen.line([ex, ey, hx, hy], 0.05, warm ? shift(top, tone) : shift(skin, tone * 0.5 - 0.01));
    pen.blob(hx, hy, 0.032, 0.032, skin);
    const [mx, my] = [ex + (hx - ex) * 0.35, ey + (hy - ey) * 0.35];
    pen.line([shoulder[0]!, shoulder[1]!, ex, ey, mx, my], 0.07, shift(top, tone));
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
  if (long && bun && !warm && !hat)
    pen.blob(head[0] - r * 0.82, head[1] + r * 0.62, r * 0.46, r * 0.46, shift(hair, -0.02));
  else if (long) pen.line([head[0] - r * 0.45, head[1], neck[0] - 0.06, neck[1] - 0.08], r * 1.25, hair);
  const [w1, w2] = [0.072, dress ? 0.1 : 0.082];
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
  // Round shoulders.
  pen.line(
    [neck[0] - px * 0.05, neck[1] - py * 0.05 - 0.045, neck[0] + px * 0.05, neck[1] + py * 0.05 - 0.045],
    0.1,
    top,
  );
  if (stripe && !dress && !warm)
    pen.line(
      [
        neck[0] - dx * 0.5 - px * 0.075,
        neck[1] - dy * 0.5 - py * 0.075,
        neck[0] - dx * 0.5 + px * 0.075,
        neck[1] - dy * 0.5 + py * 0.075,
      ],
      0.04,
      stripe,
    );
  if (dress && low) {
    const [f, k] = [legs[1]!, legs[0]!];
    const kneels = pose === "kneel";
    const front = kneels ? k[0] + 0.05 : f[2] - 0.04;
    pen.fill(
      [
        ...[hip[0] - 0.085, hip[1] + 0.04, hip[0] + 0.08, hip[1] + 0.08],
        ...(kneels ? [k[0] + 0.04, hip[1] - 0.02] : [k[0] + 0.02, k[1] + 0.055]),
        ...[front, 0.055, front - 0.01, 0.012, kneels ? -0.2 : hip[0] - 0.12, 0.012],
      ],
      top,
    );
    if (stripe) pen.line([kneels ? -0.18 : hip[0] - 0.08, 0.03, front - 0.03, 0.03], 0.03, stripe);
  } else if (dress) {
    const [kx, ky] = [(legs[0]![0] + legs[1]![0]) / 2, (legs[0]![1] + legs[1]![1]) / 2];
    const [fx, fy] = [kx + (kx - hip[0]) * 0.5, ky + (ky - hip[1]) * 0.45];
    pen.blob(hip[0], hip[1], 0.09, 0.09, top);
    pen.fill(
      [hip[0] - 0.085, hip[1] + 0.02, hip[0] + 0.085, hip[1] + 0.02, fx + 0.17, fy, fx - 0.16, fy],
      top,
    );
    if (stripe) pen.line([fx - 0.14, fy + 0.015, fx + 0.15, fy + 0.015], 0.03, stripe);
  }
  pen.line([neck[0], neck[1] - 0.02, head[0], head[1] - 0.02], 0.065, shift(skin, -0.05));
  pen.blob(head[0], head[1], r, r * 1.06, skin);
  face(pen, pose, { x: head[0], y: head[1], r }, skin);
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

/** Eyes, a mouth and a little red on the cheek; whoever reads or works looks down. */
function face(pen: Pen, pose: Pose, head: { x: number; y: number; r: number }, skin: Colour): void {
  const { x, y, r } = head;
  const dark = hex("#2b1f1c");
  const down = pose === "read" || pose === "kneel" || pose === "bend";
  pen.blob(x + r * 0.2, y - r * 0.36, r * 0.17, r * 0.11, mix(skin, hex("#d9604f"), 0.3));
  for (const [at, size] of [
    [0.26, 0.1],
    [0.72, 0.085],
  ] as const)
    if (down)
      pen.line(
        [x + r * (at - 0.1), y - r * 0.04, x + r * at, y - r * 0.1, x + r * (at + 0.1), y - r * 0.04],
        r * 0.07,
        dark,
      );
    else pen.blob(x + r * at, y - r * 0.04, r * size, r * size * 1.35, dark);
  pen.blob(x + r * 0.94, y - r * 0.22, r * 0.1, r * 0.09, shift(skin, -0.025));
  pen.line(
    [x + r * 0.4, y - r * 0.46, x + r * 0.56, y - r * 0.53, x + r * 0.72, y - r * 0.45],
    r * 0.075,
    mix(shift(skin, -0.2), hex("#a03c3a"), 0.45),
  );
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
