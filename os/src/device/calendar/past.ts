// What was changed in calendars, so that it can be taken back: one line for each change in `calendar-past.jsonl` of the home,
// the texts before and after in the blob store. Nothing is ever taken out; what takes a change back is a change itself.

import { randomUUID } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { HumError } from "../../error.ts";
import type { Blobs } from "../blobs.ts";
import type { FileChange } from "../device.ts";
import type { CalendarStore, Stored } from "./store.ts";

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

/** What changed of an event. */
export type EventChange = Omit<CalendarChange, "id" | "at">;

/** A change of an event as the journal keeps it, among those of files. */
export const toEventChange = ({ calendar, uid, title, before, after }: EventChange): FileChange => ({
  ...{ path: `calendar:${calendar}/${uid}`, kind: "event", title, before, after },
});

/** The change of an event of which the journal tells. */
export function fromEventChange({ path, title = "", before, after }: FileChange): EventChange {
  const [, calendar = "", uid = ""] = /^calendar:([^/]*)\/(.*)$/s.exec(path) ?? [];
  return { calendar, uid, title, before, after };
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

/** What a change is taken back with. `own` are the addresses of the person, for whom nobody else is told. */
export interface Undoing {
  store: CalendarStore;
  blobs: Blobs;
  home: string;
  now: number;
  own?: readonly string[];
  force?: boolean;
}

/**
 * Puts back what was before a change, and answers the change that this is (null when there was nothing to do); or why it was
 * left alone: the event is not as the change left it. With `force` it is put back all the same, unless others take part in what
 * is there now.
 */
export async function undoChange(
  change: EventChange,
  { store, blobs, home, now, own = [], force = false }: Undoing,
): Promise<{ made: CalendarChange | null } | { why: string }> {
  const { calendar, uid, title } = change;
  const there = await store.find(uid);
  if (!(await isText(there, change.after, blobs))) {
    if (!force) return { why: there === null ? "it is not there any more" : "it was changed since" };
    if (await isText(there, change.before, blobs)) return { made: null };
    const { othersOf } = await import("./edit.ts");
    const reached = there === null ? [] : othersOf(there.text, uid, own);
    if (reached.length > 0) return { why: `${reached.join(", ")} take part, and would be told` };
  }
  const text = await textOf(change.before, blobs);
  const put = await store.put(uid, text, there);
  const before = there === null ? null : await blobs.put(there.text);
  const after = await keepText(store, uid, { text, put, blobs });
  return { made: await keepChange(home, { at: now, calendar, uid, title, before, after }) };
}

/** Whether an event is the text of that hash, null for none. */
export async function isText(there: Stored | null, hash: string | null, blobs: Blobs): Promise<boolean> {
  return isSame(there, await textOf(hash, blobs));
}

const isSame = (there: Stored | null, text: string | null): boolean =>
  there === null || text === null ? there === text : toPlain(there.text) === toPlain(text);

/**
 * Puts an event in the place of another. Where the answer is lost, or the call is stopped meanwhile, it looks by `again`
 * whether it is so all the same: what was done is told, and can be taken back.
 */
export async function putEvent(
  store: CalendarStore,
  { uid, text, before }: { uid: string; text: string | null; before: Stored | null },
  again: () => Promise<CalendarStore>,
): Promise<string | null> {
  try {
    return await store.put(uid, text, before);
  } catch (error) {
    if (HumError.is(error, "conflict")) throw error;
    const there = await again()
      .then((other) => other.find(uid))
      .catch(() => undefined);
    if (there === undefined || !isSame(there, text)) throw error;
    return there?.etag ?? null;
  }
}

/**
 * Keeps the text of an event that was put there, as the calendar has it now: a server may have written it in its own way. Where
 * somebody else was quicker than the look at it, it is what was put, so that theirs is not taken for it.
 */
export async function keepText(
  store: CalendarStore,
  uid: string,
  { text, put, blobs }: { text: string | null; put: string | null; blobs: Blobs },
): Promise<string | null> {
  if (text === null) return null;
  const there = await store.find(uid).catch(() => null);
  const isOurs = put === null || there?.etag === undefined || there.etag === put;
  return await blobs.put(there && isOurs ? there.text : text);
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
