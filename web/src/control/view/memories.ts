// What is remembered, as the screen shows it: grouped by whom it is about, as far as the words that are looked for occur.

import type { FactRow } from "../../../../os/src/inbox/remembered.ts";
import { toKey } from "../../../../os/src/memory/fact.ts";

/** One person or project. */
export interface Subject {
  /** What the kernel takes for the same: forgetting all about the subject forgets exactly this. */
  key: string;
  subject: string;
  facts: FactRow[];
}

/** Subjects in the order of the rows; one subject is one, however its name was written, as the kernel sees it. */
export function toSubjects(rows: readonly FactRow[], words: string): Subject[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const subjects = new Map<string, Subject>();
  for (const row of rows) {
    const text = `${row.subject} ${row.relation} ${row.value}`.toLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    const key = toKey(row.subject);
    const known = subjects.get(key) ?? { key, subject: row.subject, facts: [] };
    known.facts.push(row);
    subjects.set(key, known);
  }
  return [...subjects.values()];
}
