// Colour in Oklab, where a mix of two colours looks like what lies between them. Written as [lightness, a, b].

/** A colour in Oklab. */
export type Colour = readonly [number, number, number];

const toLinear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const toGamma = (c: number) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

function fromLinear(r: number, g: number, b: number): Colour {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function linear([L, a, b]: Colour): [number, number, number] {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

/** A colour from `#rrggbb`. */
export function hex(text: string): Colour {
  const part = (i: number) => toLinear(Number.parseInt(text.slice(i, i + 2), 16) / 255);
  return fromLinear(part(1), part(3), part(5));
}

/** `#rrggbb` of a colour. */
export function css(colour: Colour): string {
  return `#${linear(colour)
    .map((c) =>
      Math.round(Math.max(0, Math.min(1, toGamma(Math.max(0, c)))) * 255)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

/** What lies between two colours: 0 is the first, 1 the second. */
export function mix(from: Colour, to: Colour, t: number): Colour {
  const k = Math.max(0, Math.min(1, t));
  return [from[0] + (to[0] - from[0]) * k, from[1] + (to[1] - from[1]) * k, from[2] + (to[2] - from[2]) * k];
}

/** The colour a thing has under a coloured light. */
export function under(light: Colour, thing: Colour): Colour {
  const l = linear(light);
  const t = linear(thing);
  return fromLinear(Math.max(0, l[0] * t[0]), Math.max(0, l[1] * t[1]), Math.max(0, l[2] * t[2]));
}

/** Lighter or darker by `by` (0.1 is a clear step), and more or less colourful by a factor. */
export function shift(colour: Colour, by: number, colourful = 1): Colour {
  return [Math.max(0, Math.min(1, colour[0] + by)), colour[1] * colourful, colour[2] * colourful];
}

/** The value between the rows of a table, by a key that rises from row to row. */
export function between<T>(
  rows: readonly (readonly [number, T])[],
  at: number,
  blend: (a: T, b: T, t: number) => T,
): T {
  let i = 0;
  while (i < rows.length - 2 && rows[i + 1]![0] <= at) i++;
  const [from, a] = rows[i]!;
  const [to, b] = rows[Math.min(i + 1, rows.length - 1)]!;
  return blend(a, b, Math.max(0, Math.min(1, (at - from) / (to - from || 1))));
}
