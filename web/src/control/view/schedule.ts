// What a cron line means and when it comes next. The five fields are read by croner, the same library that the machine
// starts work with, so that what is shown is what will happen; the words are those of cronstrue.

import { Cron } from "croner";

/** A cron line that was read, or why it cannot be. */
export type Reading = { ok: true; next: number[] } | { ok: false; why: string };

/** The next `count` times after `now`, in local time (or in `timezone`, for tests). */
export function readCron(cron: string, view: { now: number; count: number; timezone?: string }): Reading {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) return { ok: false, why: "fields" };
  try {
    const zone = view.timezone === undefined ? {} : { timezone: view.timezone };
    const job = new Cron(fields.join(" "), { paused: true, ...zone });
    const next = job.nextRuns(view.count, new Date(view.now)).map((date) => date.getTime());
    return next.length === 0 ? { ok: false, why: "never" } : { ok: true, next };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Common lines to begin with. */
export const commonCrons = [
  { key: "hourly", cron: "0 * * * *" },
  { key: "daily", cron: "0 8 * * *" },
  { key: "weekdays", cron: "0 8 * * 1-5" },
  { key: "weekly", cron: "0 8 * * 1" },
  { key: "monthly", cron: "0 8 1 * *" },
] as const;

/** A slug that can be the id of a trigger: from its name, made different from those that are taken. */
export function toTriggerId(name: string, taken: ReadonlySet<string>): string {
  const base =
    name
      .toLowerCase()
      .normalize("NFKD")
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-+|-+$/g, "")
      .slice(0, 40) || "work";
  if (!taken.has(base)) return base;
  for (let count = 2; ; count += 1) if (!taken.has(`${base}-${count}`)) return `${base}-${count}`;
}
