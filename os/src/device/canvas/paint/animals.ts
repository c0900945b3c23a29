// Animals near people: each a few strokes and blobs, seen from the side, at peace.

import { bear, cow, elephant, hen, horse, swan } from "./beasts.ts";
import { type Colour, hex, shift } from "./colour.ts";
import { type Pen, place, type Spot } from "./figure.ts";
import type { Stage, Standing } from "./stage.ts";

/** The kinds of animals on land and in shallow water. */
export type Animal =
  | "deer"
  | "grazing"
  | "fawn"
  | "fox"
  | "cat"
  | "dog"
  | "rabbit"
  | "owl"
  | "crane"
  | "heron"
  | "duck"
  | "sheep"
  | "snowman"
  | "horse"
  | "cow"
  | "bear"
  | "elephant"
  | "hen"
  | "swan";

const ink = hex("#2b2522");
const cream = hex("#f4ead9");
const fawn = hex("#b07a4a");
const orange = hex("#d0713a");

function legs(
  pen: Pen,
  xs: readonly (readonly [number, number])[],
  top: number,
  width: number,
  colour: Colour,
): void {
  xs.forEach(([x, foot], i) => {
    pen.line(
      [x, top, x + (foot - x) * 0.4 - 0.015, top * 0.48, foot, 0.02],
      width,
      i % 2 ? colour : shift(colour, -0.07),
    );
  });
}

function deer(pen: Pen, grazing: boolean, antlers: boolean): void {
  const far = shift(fawn, -0.075);
  // Hind legs bend backwards at the hock; hooves are dark.
  for (const [x, dx, colour] of [
    [-0.2, 0.05, far],
    [0.19, 0.03, far],
    [-0.29, -0.02, fawn],
    [0.27, 0, fawn],
  ] as const) {
    const hind = x < 0;
    const knee = hind ? x - 0.045 : x + 0.012;
    pen.line([x, 0.52, knee + dx, 0.27], 0.06, colour);
    pen.line([knee + dx, 0.27, x + dx + (hind ? 0.005 : 0), 0.03], 0.034, colour);
    pen.line([x + dx, 0.03, x + dx + 0.02, 0.012], 0.036, ink);
  }
  pen.curve(
    "M-35 -66C-27 -80 -6 -73 8 -73C18 -75 30 -79 35 -68C38 -58 34 -47 24 -44C10 -45 -8 -49 -20 -47C-30 -44 -38 -48 -38 -57C-38 -61 -37 -64 -35 -66Z",
    fawn,
  );
  // The haunch and the shoulder.
  pen.curve(
    "M-37 -62C-34 -74 -20 -72 -17 -61C-16 -52 -22 -42 -29 -40C-36 -44 -39 -54 -37 -62Z",
    shift(fawn, 0.02),
  );
  pen.curve("M20 -70C32 -74 36 -62 33 -52C30 -44 24 -42 20 -46C16 -54 16 -64 20 -70Z", shift(fawn, 0.018));
  pen.curve("M-17 -48C-6 -46 8 -44 18 -46C8 -41 -8 -43 -17 -48Z", shift(cream, -0.06));
  pen.blob(-0.345, 0.6, 0.035, 0.07, cream, 15);
  if (grazing) {
    pen.curve("M18 -70C32 -70 42 -46 50 -24L41 -20C34 -36 26 -50 18 -52Z", fawn);
    pen.curve("M41 -28C50 -30 57 -18 60 -8C56 -3 50 -5 48 -10C43 -15 40 -20 41 -28Z", fawn);
    pen.line([0.41, 0.28, 0.35, 0.35], 0.045, shift(fawn, -0.06));
    pen.blob(0.58, 0.065, 0.022, 0.022, ink);
    return;
  }
  pen.curve("M14 -70C24 -76 30 -92 32 -104L43 -102C42 -88 40 -62 26 -52Z", fawn);
  pen.curve("M31 -106C38 -114 48 -110 58 -101C60 -96 56 -93 50 -94C42 -94 33 -96 31 -106Z", fawn);
  pen.line([0.33, 1.08, 0.235, 1.14], 0.05, shift(fawn, -0.05));
  pen.blob(0.575, 0.985, 0.022, 0.02, ink);
  pen.blob(0.44, 1.045, 0.013, 0.014, ink);
  if (!antlers) return;
  const horn = hex("#8a6848");
  pen.line([0.37, 1.1, 0.34, 1.24, 0.42, 1.4], 0.024, horn);
  pen.line([0.35, 1.26, 0.25, 1.36], 0.02, horn);
  pen.line([0.38, 1.32, 0.49, 1.36], 0.02, horn);
  pen.line([0.4, 1.1, 0.45, 1.22, 0.55, 1.34], 0.022, horn);
}

function fox(pen: Pen): void {
  pen.curve("M-14 -6C-46 -2 -62 -20 -48 -40C-46 -26 -34 -16 -14 -18Z", orange);
  pen.curve("M-50 -22C-56 -30 -54 -38 -48 -40C-46 -32 -46 -27 -42 -23Z", cream);
  pen.curve("M-20 0C-26 -26 -12 -52 8 -60L24 -52C26 -32 24 -14 20 0Z", orange);
  pen.curve("M12 0C8 -18 14 -40 22 -52C28 -34 26 -14 24 0Z", cream);
  pen.line([0.13, 0.22, 0.14, 0.02], 0.06, shift(orange, -0.12));
  pen.line([0.21, 0.2, 0.22, 0.02], 0.06, shift(orange, -0.16));
  pen.curve(
    "M-2 -74C0 -60 10 -54 22 -54C32 -54 44 -58 48 -60C44 -66 36 -72 30 -76L30 -94L18 -82L8 -84L-4 -96Z",
    orange,
  );
  pen.curve("M48 -60C40 -54 26 -52 14 -56C24 -60 36 -62 48 -60Z", cream);
  pen.blob(0.475, 0.605, 0.022, 0.02, ink);
  pen.blob(0.27, 0.685, 0.018, 0.02, ink);
}

function cat(pen: Pen, fur: Colour): void {
  pen.line([-0.2, 0.05, -0.42, 0.05, -0.5, 0.18, -0.42, 0.28], 0.075, shift(fur, -0.06));
  pen.curve("M-28 0C-34 -28 -20 -56 0 -60C18 -56 26 -28 24 0Z", fur);
  pen.curve("M4 0C6 -20 12 -40 18 -44C26 -28 26 -12 24 0Z", shift(fur, 0.1));
  pen.blob(0.06, 0.7, 0.19, 0.17, fur);
  pen.curve("M-12 -76L-11 -98L3 -85ZM11 -85L23 -98L24 -76Z", fur);
  pen.blob(0.02, 0.72, 0.02, 0.028, ink);
  pen.blob(0.15, 0.72, 0.02, 0.028, ink);
  pen.blob(0.09, 0.66, 0.018, 0.012, hex("#c77a78"));
}

function dog(pen: Pen, fur: Colour): void {
  pen.line([-0.3, 0.56, -0.42, 0.72, -0.4, 0.84], 0.07, fur);
  legs(
    pen,
    [
      [-0.22, -0.2],
      [-0.28, -0.3],
      [0.18, 0.16],
      [0.25, 0.25],
    ],
    0.42,
    0.075,
    fur,
  );
  pen.curve(
    "M-36 -56C-26 -68 10 -62 26 -68C36 -60 34 -38 22 -32C6 -28 -12 -36 -28 -32C-38 -38 -40 -48 -36 -56Z",
    fur,
  );
  pen.curve(
    "M14 -64C18 -76 24 -92 38 -94C50 -92 54 -84 66 -80C68 -74 62 -70 54 -70C44 -68 40 -58 30 -46Z",
    fur,
  );
  pen.curve("M26 -92C20 -88 18 -74 24 -68C32 -70 36 -82 34 -92Z", shift(fur, -0.14));
  pen.blob(0.655, 0.785, 0.032, 0.026, ink);
  pen.blob(0.44, 0.85, 0.02, 0.022, ink);
  pen.curve("M24 -62C30 -58 32 -48 26 -36C20 -40 18 -54 24 -62Z", shift(fur, 0.13));
}

function rabbit(pen: Pen, fur: Colour): void {
  pen.curve("M8 -62C0 -78 -2 -98 6 -104C14 -96 18 -80 18 -64Z", shift(fur, -0.05));
  pen.curve("M18 -62C14 -80 18 -98 26 -102C32 -90 30 -76 28 -62Z", fur);
  pen.curve("M-38 0C-48 -24 -30 -46 -8 -44C8 -46 22 -28 24 0Z", fur);
  pen.blob(0.2, 0.5, 0.19, 0.165, fur, -12);
  pen.blob(-0.42, 0.16, 0.09, 0.085, cream);
  pen.blob(0.27, 0.54, 0.028, 0.032, ink);
  pen.blob(0.38, 0.47, 0.022, 0.018, hex("#c77a78"));
}

function owl(pen: Pen): void {
  const fur = hex("#7a6450");
  pen.curve(
    "M0 0C-34 -8 -38 -52 -28 -80L-30 -98L-14 -90C-6 -93 6 -93 14 -90L30 -98L28 -80C38 -52 34 -8 0 0Z",
    fur,
  );
  pen.curve("M0 -4C-18 -10 -22 -36 -14 -54H14C22 -36 18 -10 0 -4Z", shift(cream, -0.1));
  for (const x of [-0.12, 0.12]) {
    pen.blob(x, 0.72, 0.115, 0.115, cream);
    pen.blob(x, 0.72, 0.065, 0.065, hex("#e0a02f"));
    pen.blob(x, 0.72, 0.036, 0.036, ink);
  }
  pen.curve("M-5 -66H5L0 -56Z", hex("#d9973a"));
}

function crane(pen: Pen, grey: boolean): void {
  const body = grey ? hex("#93a3b0") : hex("#fbfaf6");
  pen.line([-0.02, 0.4, 0.0, 0.22, -0.02, 0.0], 0.018, hex("#3d3a38"));
  pen.line([0.06, 0.4, 0.1, 0.2, 0.08, 0.0], 0.018, hex("#3d3a38"));
  pen.curve("M-44 -36C-34 -46 -10 -62 14 -56C24 -52 22 -40 8 -36C-8 -32 -30 -30 -44 -36Z", body);
  pen.curve("M-50 -30C-40 -40 -26 -42 -12 -38C-22 -30 -38 -24 -50 -30Z", grey ? hex("#4e5a66") : ink);
  pen.line([0.12, 0.5, 0.24, 0.62, 0.18, 0.78, 0.24, 0.92], 0.052, body);
  if (!grey) pen.line([0.235, 0.66, 0.2, 0.78, 0.225, 0.86], 0.04, ink);
  pen.blob(0.255, 0.93, 0.05, 0.042, body);
  pen.line([0.29, 0.93, 0.42, 0.9], 0.022, hex("#c9a15a"));
  if (!grey) pen.blob(0.25, 0.972, 0.03, 0.016, hex("#c93a2e"));
}

function duck(pen: Pen): void {
  pen.curve(
    "M-50 -22C-44 -2 40 2 46 -14C48 -30 26 -40 2 -36C-20 -34 -40 -34 -58 -40C-58 -32 -54 -28 -50 -22Z",
    hex("#9a8468"),
  );
  pen.curve("M-26 -30C-8 -36 14 -32 26 -22C8 -14 -18 -16 -26 -30Z", hex("#7d6a55"));
  pen.line([0.36, 0.24, 0.38, 0.5], 0.16, hex("#f3efe4"));
  pen.blob(0.4, 0.6, 0.14, 0.13, hex("#3f6d58"));
  pen.line([0.5, 0.58, 0.62, 0.56], 0.06, hex("#dba53a"));
}

function sheep(pen: Pen): void {
  const wool = hex("#f2ece0");
  legs(
    pen,
    [
      [-0.18, -0.18],
      [-0.26, -0.27],
      [0.14, 0.14],
      [0.22, 0.22],
    ],
    0.3,
    0.06,
    hex("#4c4239"),
  );
  for (const [x, y, r] of [
    [-0.28, 0.42, 0.16],
    [-0.12, 0.52, 0.19],
    [0.1, 0.52, 0.19],
    [0.24, 0.44, 0.17],
    [0.04, 0.36, 0.19],
    [-0.16, 0.36, 0.17],
  ] as const)
    pen.blob(x, y, r, r * 0.9, wool);
  pen.blob(0.42, 0.55, 0.11, 0.13, hex("#5a4d43"), -24);
  pen.line([0.34, 0.62, 0.25, 0.58], 0.05, hex("#5a4d43"));
  pen.blob(0.34, 0.68, 0.1, 0.075, wool);
}

function snowman(pen: Pen): void {
  const snow = hex("#fbfbff");
  const shade = hex("#c9d6ee");
  for (const [y, r] of [
    [0.24, 0.27],
    [0.6, 0.2],
    [0.88, 0.145],
  ] as const) {
    pen.blob(0, y, r, r * 0.95, shade);
    pen.blob(0.03, y + 0.025, r * 0.88, r * 0.84, snow);
  }
  pen.line([-0.17, 0.64, -0.4, 0.8], 0.025, hex("#5a4334"));
  pen.line([0.17, 0.64, 0.42, 0.76], 0.025, hex("#5a4334"));
  pen.line([-0.12, 0.76, 0.13, 0.76], 0.07, hex("#b5423a"));
  pen.fill([0.04, 0.89, 0.04, 0.85, 0.22, 0.86], hex("#e08a3a"));
  pen.blob(-0.03, 0.93, 0.02, 0.02, ink);
  pen.blob(0.07, 0.93, 0.02, 0.02, ink);
  pen.fill([-0.11, 1.0, -0.08, 1.18, 0.1, 1.18, 0.12, 1.0], hex("#3b4258"));
  pen.line([-0.17, 1.0, 0.18, 1.0], 0.035, hex("#3b4258"));
}

const furs: Record<"cat" | "dog" | "rabbit" | "horse" | "hen", Colour[]> = {
  horse: [hex("#8a5635"), hex("#5b4033"), hex("#c9a27a"), hex("#e9e2d6")],
  hen: [hex("#c07a3f"), hex("#f1e8da"), hex("#7d5138")],
  cat: [hex("#5a5652"), hex("#cf8a48"), hex("#efe6d8"), hex("#2f2b2a")],
  dog: [hex("#b98a55"), hex("#e9dcc6"), hex("#6b4d38"), hex("#c9713c")],
  rabbit: [hex("#b79a7c"), hex("#efe7da"), hex("#8d7f72")],
};

/** One animal at a spot; `h` is the height of a person there, the animal is as large as it is beside one. */
export function paintAnimal(stage: Stage, animal: Animal, spot: Spot): Standing {
  const size: Record<Animal, number> = {
    deer: 0.78,
    grazing: 0.78,
    fawn: 0.5,
    fox: 0.36,
    cat: 0.24,
    dog: 0.42,
    rabbit: 0.22,
    owl: 0.24,
    crane: 0.74,
    heron: 0.66,
    duck: 0.2,
    sheep: 0.55,
    snowman: 0.72,
    horse: 0.86,
    cow: 0.78,
    bear: 0.82,
    elephant: 1.5,
    hen: 0.22,
    swan: 0.34,
  };
  const chance = stage.chance.fork(`${animal}${Math.round(spot.x)}`);
  return place(stage, { ...spot, h: spot.h * size[animal] }, (pen) => {
    if (animal === "deer") deer(pen, false, true);
    else if (animal === "grazing") deer(pen, true, false);
    else if (animal === "fawn") deer(pen, false, false);
    else if (animal === "fox") fox(pen);
    else if (animal === "cat") cat(pen, chance.pick(furs.cat));
    else if (animal === "dog") dog(pen, chance.pick(furs.dog));
    else if (animal === "rabbit") rabbit(pen, chance.pick(furs.rabbit));
    else if (animal === "owl") owl(pen);
    else if (animal === "duck") duck(pen);
    else if (animal === "sheep") sheep(pen);
    else if (animal === "snowman") snowman(pen);
    else if (animal === "horse") horse(pen, chance.pick(furs.horse));
    else if (animal === "cow") cow(pen);
    else if (animal === "bear") bear(pen);
    else if (animal === "elephant") elephant(pen);
    else if (animal === "hen") hen(pen, chance.pick(furs.hen));
    else if (animal === "swan") swan(pen);
    else crane(pen, animal === "heron");
  });
}
