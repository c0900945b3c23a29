// The look at the result before `done` is believed: which of the things that the task visibly asks for are missing, and
// what the entity's changes look like now. Everything is read through the broker.

import type { Entity } from "../entity/entity.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { toExpectations } from "./expect.ts";
import type { Review } from "./kernel.ts";

/** How many changed files are shown. */
const shownFiles = 6;

/** What the review is made from. */
export interface ReviewSource {
  /** The entity's records. */
  records: Iterable<JournalRecord>;
  /** Text that shows these files of its folder. */
  show(paths: string[]): Promise<string>;
  exists(path: string): Promise<boolean>;
}

interface Seen {
  /** Files that its calls left, relative to its folder. */
  files: string[];
  gone: string[];
  told: string[];
  /** Calls of a device that came to an end. */
  acted: number;
  /** The last device call failed. */
  lastFailed: boolean;
}

/** Looks at what an entity has come to. */
export async function reviewEntity(entity: Entity, source: ReviewSource): Promise<Review> {
  const seen = see(entity, source.records);
  const expected = toExpectations(entity.task);
  const missing: string[] = [];
  if (seen.acted === 0) missing.push("You have done nothing yet. Look at the files and do the task.");
  for (const file of expected.files)
    if (!(await source.exists(file))) missing.push(`There is no file ${file} in the folder.`);
  for (const name of expected.people)
    if (!seen.told.includes(name.toLowerCase()))
      missing.push(`Nothing was said to ${name}: use say ${name}.`);
  if (missing.length === 0 && seen.lastFailed)
    missing.push("Your last step failed; nothing shows that it was put right.");
  const parts = [];
  const files = seen.files.slice(-shownFiles);
  if (files.length > 0) parts.push(`What you changed, as it is now:\n${await source.show(files)}`);
  if (seen.gone.length > 0) parts.push(`Gone: ${seen.gone.join(", ")}`);
  return { missing, state: parts.join("\n") };
}

function see(entity: Entity, records: Iterable<JournalRecord>): Seen {
  const seen: Seen = { files: [], gone: [], told: [], acted: 0, lastFailed: false };
  const state = new Map<string, boolean>();
  const prefix = `${entity.folder}/`;
  for (const { type, data } of records) {
    if (type === "message.sent") seen.told.push(String(data.to).toLowerCase());
    if (type !== "call.ended") continue;
    const {
      changes = [],
      name,
      ok,
    } = data as { changes?: { path: string; after: string | null }[]; name: string; ok: boolean };
    if (name === "done") continue;
    if (name !== "say") {
      seen.acted += 1;
      seen.lastFailed = !ok;
    }
    for (const change of changes) {
      if (!change.path.startsWith(prefix)) continue;
      const path = change.path.slice(prefix.length);
      state.delete(path);
      state.set(path, change.after !== null);
    }
  }
  for (const [path, there] of state) (there ? seen.files : seen.gone).push(path);
  return seen;
}
