// Times as people and models write them: 30s, 10m, 2h, 1d, or plain seconds.

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a written time, null when it is none. */
export function toDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|h|d)?[a-z]*$/i.exec(text.trim());
  if (!match) return null;
  return Number(match[1]) * (units[(match[2] ?? "s").toLowerCase()] as number);
}
