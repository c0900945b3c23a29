// Do not disturb. Pure and without imports, as the page uses it too.

/** Whether it is quiet at a time of the day (of this machine's clock): the switch is on, or it is one of the hours. */
export function isQuiet(
  quiet: { on: boolean; hours: { from: string; to: string } | null },
  at: { getHours(): number; getMinutes(): number },
): boolean {
  if (quiet.on) return true;
  if (!quiet.hours) return false;
  const [now, from, to] = [
    at.getHours() * 60 + at.getMinutes(),
    ...[quiet.hours.from, quiet.hours.to].map(toMinutes),
  ];
  if (from === undefined || to === undefined || from === to) return false;
  // Hours that go over midnight.
  return from < to ? now >= from && now < to : now >= from || now < to;
}

/** What comes through when it is quiet: something waits for a yes, and nothing else. */
export const isUrgent = (kind: string): boolean => kind === "approval";

function toMinutes(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
