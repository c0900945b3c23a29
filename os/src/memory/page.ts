// A page is a piece of an entity's window: a rule sheet, the task, a thing said, a result. Its text stands in the
// journal (in the event that made it); the page itself is the small part that is always at hand. The order of pages
// never changes and new ones come last, because a model pays for everything after the first difference.

import type { Label } from "./label.ts";

/** Who speaks in a page of the window. */
export type Role = "system" | "user" | "assistant";

/** What a page is for. Rules, program, task and notes are never evicted. */
export type PageKind = "rules" | "program" | "task" | "notes" | "dialogue" | "results" | "stub";

/** The part of a page that is always at hand. */
export interface Page {
  id: number;
  kind: PageKind;
  role: Role;
  /** Exact count by the model's own tokenizer. */
  tokens: number;
  label: Label;
  /** Turn in which it was made or last recalled. */
  lastUse: number;
  /** First words, for the page table and the stub. */
  title: string;
  /** False when it was evicted: its text is on disk only. */
  resident: boolean;
  /** True when a person wants it to stay in the window. */
  pinned?: boolean;
  /** Where the text stands: the index of the event in the entity's stream. */
  index: number;
}

/** A page as it stands in an event, with its text. */
export interface NewPage {
  id: number;
  kind: PageKind;
  role: Role;
  tokens: number;
  label: Label;
  text: string;
}

/** The first line of a text, cut to `length` characters. */
export function toTitle(text: string, length = 72): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
