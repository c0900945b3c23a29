// What was changed in calendars, so that it can be taken back: one line for each change in `calendar-past.jsonl` of the home,
// the texts before and after in the blob store. Nothing is ever taken out; what takes a change back is a change itself.

import { randomUUID } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { HumError } from "../../error.ts";
import type { Blobs } from "../blobs.ts";
import type { CalendarStore } from "./store.ts";

/** One change of one event. */
export interface CalendarChange {
  id: string;
  at: number;
  /** Name of the calendar. */
  calendar: string;
  uid: string;
  title: string;
  /** Hashes of the texts; null where there was or is none. */
  before: string | null;
  after: string | null;
}

const toFile = (home: string): string => join(home, "calendar-past.jsonl");

/** Writes a change down. */
export async function keepChange(home: string, change: Omit<CalendarChange, "id">): Promise<CalendarChange> {
  const whole = { id: randomUUID().slice(0, 8), ...change };
  await appendFile(toFile(home), `${JSON.stringify(whole)}\n`, { mode: 0o600, flush: true });
  return whole;
}

/** The changes of a home, the newest first; lines that were cut off by a crash are passed over. */
export async function readChanges(home: string): Promise<CalendarChange[]> {
  const text = await readFile(toFile(home), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return text
    .split("\n")
    .flatMap((line) => {
      try {
        return line === "" ? [] : [JSON.parse(line) as CalendarChange];
      } catch {
        return [];
      }
    })
    .reverse();
}

/** Puts back what was before a change. Throws `conflict` when the event is not as the change left it. */
export async function undoChange(
  change: CalendarChange,
  { store, blobs, home, now }: { store: CalendarStore; blobs: Blobs; home: string; now: number },
): Promise<CalendarChange> {
  const there = await store.find(change.uid);
  const wanted = await textOf(change.after, blobs);
  if ((there === null) !== (wanted === null) || (there && toPlain(there.text) !== toPlain(wanted ?? "")))
    throw new HumError("conflict", `"${change.title}" was changed since, so it stays as it is.`);
  const before = await textOf(change.before, blobs);
  await store.put(change.uid, before, there);
  return await keepChange(home, {
    ...{ at: now, calendar: change.calendar, uid: change.uid, title: change.title },
    ...{ before: change.after, after: change.before },
  });
}

async function textOf(hash: string | null, blobs: Blobs): Promise<string | null> {
  if (hash === null) return null;
  const bytes = await blobs.get(hash);
  if (!bytes) throw new HumError("damaged", "What was there before is not kept any more.");
  return bytes.toString();
}

/** Servers write the same event with other ends of lines, breaks and order. */
export const toPlain = (text: string): string =>
  text
    .replace(/\r?\n[ \t]/g, "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !/^PRODID/i.test(line))
    .sort()
    .join("\n");
