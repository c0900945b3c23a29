// More animals, the large ones among them: a few strokes and blobs each, seen from the side, at peace.

import { type Colour, hex, shift } from "./colour.ts";
import type { Pen } from "./figure.ts";

const ink = hex("#2b2522");
const cream = hex("#f4ead9");

function legs(pen: Pen, xs: readonly number[], look: { top: number; width: number; colour: Colour }): void {
  const { top, width, colour } = look;
  xs.forEach((x, i) => {
    pen.line(
      [x, top, x + (i % 2 ? 0.01 : -0.01), top * 0.5, x, 0.03],
      width,
      shift(colour, i % 2 ? 0 : -0.07),
    );
  });
}

/** A horse of that coat. */
export function horse(pen: Pen, coat: Colour): void {
  const mane = shift(coat, -0.2);
  pen.line([-0.42, 0.66, -0.54, 0.5, -0.55, 0.28], 0.075, mane);
  legs(pen, [-0.24, -0.33, 0.22, 0.3], { top: 0.5, width: 0.062, colour: coat });
  for (const x of [-0.24, -0.33, 0.22, 0.3]) pen.line([x, 0.045, x + 0.02, 0.02], 0.07, shift(coat, -0.25));
  pen.curve(
    "M-44 -62C-40 -74 -22 -76 -6 -72C10 -70 22 -74 32 -76C42 -70 42 -52 32 -46C14 -38 -14 -40 -30 -40C-42 -42 -48 -52 -44 -62Z",
    coat,
  );
  pen.curve("M14 -70C24 -82 32 -98 38 -110L54 -108C56 -92 50 -66 36 -50C26 -48 18 -58 14 -70Z", coat);
  pen.curve("M10 -68C20 -84 26 -100 34 -114C40 -116 44 -112 42 -106C36 -92 30 -78 22 -66Z", mane);
  pen.curve(
    "M36 -110C44 -120 56 -114 66 -100C72 -92 76 -86 72 -82C66 -80 60 -84 56 -88C48 -88 38 -96 36 -110Z",
    coat,
  );
  pen.line([0.4, 1.1, 0.385, 1.19], 0.045, coat);
  pen.blob(0.5, 1.045, 0.018, 0.02, ink);
  pen.blob(0.705, 0.855, 0.012, 0.012, ink);
}

/** A cow with patches. */
export function cow(pen: Pen): void {
  const hide = hex("#f3ece1");
  const patch = hex("#6b4a36");
  pen.line([-0.46, 0.68, -0.53, 0.5, -0.52, 0.32], 0.032, hide);
  pen.blob(-0.52, 0.3, 0.03, 0.05, patch);
  legs(pen, [-0.27, -0.37, 0.22, 0.31], { top: 0.42, width: 0.085, colour: hide });
  pen.curve(
    "M-48 -66C-40 -76 -8 -72 14 -74C28 -76 40 -70 42 -60C44 -44 34 -32 18 -30C-2 -26 -24 -28 -38 -32C-50 -38 -52 -56 -48 -66Z",
    hide,
  );
  pen.curve("M-44 -68C-30 -74 -16 -72 -12 -62C-12 -50 -26 -46 -38 -48C-48 -52 -50 -62 -44 -68Z", patch);
  pen.curve("M6 -73C18 -75 26 -70 24 -60C18 -52 4 -54 2 -62C2 -68 2 -72 6 -73Z", patch);
  pen.blob(-0.16, 0.27, 0.09, 0.055, hex("#e8b7ac"));
  pen.curve(
    "M30 -74C40 -88 54 -88 62 -76C68 -66 72 -58 66 -54C58 -50 50 -54 46 -58C38 -58 30 -64 30 -74Z",
    hide,
  );
  pen.curve("M36 -80C44 -88 52 -86 52 -78C48 -70 40 -68 36 -72Z", patch);
  pen.blob(0.635, 0.58, 0.068, 0.05, hex("#e8b7ac"));
  pen.blob(0.53, 0.74, 0.017, 0.02, ink);
  pen.line([0.4, 0.83, 0.37, 0.93, 0.41, 0.97], 0.032, hex("#d9c9a6"));
  pen.line([0.5, 0.86, 0.54, 0.95, 0.5, 0.98], 0.032, hex("#d9c9a6"));
  pen.line([0.36, 0.77, 0.26, 0.74], 0.06, patch);
}

/** A bear that sits or goes its way. */
export function bear(pen: Pen): void {
  const fur = hex("#6a4a35");
  legs(pen, [-0.24, -0.34, 0.16, 0.26], { top: 0.34, width: 0.15, colour: fur });
  pen.curve(
    "M-46 -46C-42 -70 -14 -78 8 -72C26 -70 38 -58 36 -42C32 -24 8 -22 -12 -22C-34 -22 -48 -30 -46 -46Z",
    fur,
  );
  pen.blob(0.38, 0.62, 0.17, 0.155, fur);
  pen.blob(0.3, 0.77, 0.055, 0.055, shift(fur, -0.05));
  pen.blob(0.44, 0.77, 0.055, 0.055, fur);
  pen.blob(0.49, 0.57, 0.085, 0.07, hex("#b08a66"));
  pen.blob(0.55, 0.59, 0.028, 0.022, ink);
  pen.blob(0.42, 0.65, 0.018, 0.02, ink);
}

/** An elephant with its trunk down. */
export function elephant(pen: Pen): void {
  const hide = hex("#8d9099");
  pen.line([-0.46, 0.62, -0.52, 0.46, -0.5, 0.36], 0.028, shift(hide, -0.08));
  legs(pen, [-0.2, -0.32, 0.14, 0.26], { top: 0.42, width: 0.16, colour: hide });
  for (const x of [-0.32, 0.26])
    for (const dx of [-0.045, 0, 0.045]) pen.blob(x + dx, 0.025, 0.018, 0.018, cream);
  pen.curve(
    "M-48 -56C-46 -80 -20 -90 4 -86C24 -86 38 -76 38 -56C36 -36 14 -30 -10 -30C-34 -30 -48 -38 -48 -56Z",
    hide,
  );
  pen.curve(
    "M24 -84C36 -96 56 -92 60 -76C64 -58 66 -40 62 -22C60 -10 70 -8 74 -14L79 -10C76 2 54 4 53 -16C54 -34 50 -46 44 -52C32 -52 22 -66 24 -84Z",
    hide,
  );
  pen.curve("M22 -86C10 -88 4 -70 8 -54C12 -42 26 -42 32 -54C36 -66 34 -82 22 -86Z", shift(hide, -0.07));
  pen.curve("M48 -52C54 -46 60 -44 68 -46C64 -40 52 -40 46 -48Z", cream);
  pen.blob(0.46, 0.73, 0.02, 0.024, ink);
}

/** A hen. */
export function hen(pen: Pen, coat: Colour): void {
  pen.line([-0.02, 0.3, -0.02, 0.02, 0.06, 0.02], 0.035, hex("#d9973a"));
  pen.line([0.1, 0.3, 0.12, 0.02, 0.2, 0.02], 0.035, hex("#d9973a"));
  pen.curve(
    "M-52 -74C-56 -44 -34 -18 4 -20C34 -22 44 -44 36 -66C34 -74 38 -84 34 -92C26 -100 16 -94 16 -84C14 -66 -6 -54 -22 -58C-34 -62 -42 -70 -52 -74Z",
    coat,
  );
  pen.curve("M-30 -52C-16 -56 6 -52 14 -42C4 -28 -20 -30 -30 -52Z", shift(coat, -0.09));
  pen.curve("M18 -94C18 -104 24 -106 26 -100C28 -108 35 -106 34 -99C40 -102 42 -96 37 -91Z", hex("#c8372d"));
  pen.blob(0.37, 0.78, 0.035, 0.055, hex("#c8372d"));
  pen.fill([0.36, 0.9, 0.36, 0.83, 0.48, 0.85], hex("#e0a032"));
  pen.blob(0.29, 0.88, 0.022, 0.024, ink);
}

/** A swan on the water. */
export function swan(pen: Pen): void {
  const white = hex("#fbfaf7");
  pen.curve(
    "M-54 -26C-46 0 38 2 44 -16C44 -30 24 -40 2 -38C-20 -36 -40 -40 -62 -50C-60 -40 -58 -32 -54 -26Z",
    white,
  );
  pen.curve("M-40 -34C-18 -48 16 -42 26 -26C6 -14 -26 -18 -40 -34Z", shift(white, -0.07));
  pen.line([0.36, 0.2, 0.5, 0.44, 0.36, 0.68, 0.38, 0.9, 0.46, 0.94], 0.1, white);
  pen.fill([0.46, 0.98, 0.46, 0.88, 0.64, 0.86], hex("#e07a2f"));
  pen.line([0.45, 0.96, 0.5, 0.91], 0.035, ink);
  pen.blob(0.43, 0.95, 0.016, 0.016, ink);
}
