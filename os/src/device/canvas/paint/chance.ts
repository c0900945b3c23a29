// Seeded chance and smooth noise: the same seed draws the same picture, everywhere and always. `fork` gives a part of the
// picture its own chance, so that one more flower does not move the mountains.

/** A seeded source of chance. */
export interface Chance {
  /** From 0 to just below 1. */
  next(): number;
  between(from: number, to: number): number;
  /** A whole number below `n`. */
  below(n: number): number;
  pick<T>(list: readonly T[]): T;
  /** True so often of a hundred times. */
  maybe(percent: number): boolean;
  /** About -1 to 1, mostly near 0. */
  bell(): number;
  fork(name: string): Chance;
}

/** A number of 32 bits from any text. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

/** Chance from a seed (mulberry32). */
export function createChance(seed: string): Chance {
  let state = hash(seed);
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return {
    next,
    below,
    between: (from, to) => from + (to - from) * next(),
    pick: (list) => list[below(list.length)]!,
    maybe: (percent) => next() * 100 < percent,
    bell: () => (next() + next() + next() - 1.5) / 1.5,
    fork: (name) => createChance(`${seed}/${name}`),
  };
}

/** Smooth noise over a line, -1 to 1, one hill for each unit of x. */
export function createNoise(chance: Chance): (x: number) => number {
  const knots = Array.from({ length: 256 }, () => chance.between(-1, 1));
  return (x) => {
    const i = Math.floor(x);
    const t = x - i;
    const s = t * t * (3 - 2 * t);
    const a = knots[i & 255]!;
    return a + (knots[(i + 1) & 255]! - a) * s;
  };
}

/** Noise upon noise: each octave twice as fine and a little weaker. */
export function createFractal(chance: Chance, octaves: number, gain = 0.5): (x: number) => number {
  const noise = createNoise(chance);
  let all = 0;
  for (let o = 0; o < octaves; o++) all += gain ** o;
  return (x) => {
    let sum = 0;
    for (let o = 0; o < octaves; o++) sum += gain ** o * noise(x * 2 ** o + o * 37.7);
    return sum / all;
  };
}
