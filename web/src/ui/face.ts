// The arithmetic of faces: hue, initials and wave from a name.

/** A small stable hash of a text. */
export function hashOf(text: string): number {
  let hash = 2166136261;
  for (const char of text.toLowerCase())
    hash = Math.imul(hash ^ (char.codePointAt(0) as number), 16777619) >>> 0;
  // Mixed once more, so that names which differ in their last letter look different.
  hash = Math.imul(hash ^ (hash >>> 15), 2246822519) >>> 0;
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** A hue, 0 to 359. */
export const hueOf = (name: string): number => hashOf(name) % 360;

/** One or two letters; one character for scripts without capitals. */
export function toInitials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/)
    .filter(Boolean);
  const first = [...(words[0] ?? "?")][0] as string;
  if (!/\p{Lu}|\p{Ll}/u.test(first)) return first;
  const last = words.length > 1 ? ([...(words.at(-1) as string)][0] as string) : "";
  return (first + last).toUpperCase();
}

/** The path of a wave on a grid of 36: sums of two sines with amounts from the name. */
export function toWave(name: string): string {
  const hash = hashOf(`wave ${name}`);
  const cycles = 1.5 + (hash % 4) * 0.5;
  const second = 2 + ((hash >> 3) % 3);
  const weight = 0.25 + ((hash >> 6) % 4) * 0.15;
  const shift = ((hash >> 9) % 8) * 0.8;
  const points = Array.from({ length: 25 }, (_, index) => {
    const along = index / 24;
    const angle = along * Math.PI * 2 * cycles + shift;
    const height = (Math.sin(angle) + weight * Math.sin(angle * second)) * Math.sin(Math.PI * along) ** 0.7;
    return `${(7 + along * 22).toFixed(1)} ${(18 - height * 7.5).toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
