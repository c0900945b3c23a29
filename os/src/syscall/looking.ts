// Whether a task that speaks of mail or of a calendar only wants to know something. Then nothing that writes is held: a small
// model that may write into a calendar while it looks for an answer will do so. Read from the words by plain rules. Where they say
// neither, all is held.

import type { CallName } from "./names.ts";

/** Operations of the accounts that only show something. */
const looks: ReadonlySet<string> = new Set([
  ...["mail.folders", "mail.search", "mail.read"],
  ...["calendar.events", "calendar.free"],
]);

/** Whether a call changes nothing, as far as calls of the person's accounts go; any other is none of them. */
export const isLook = (name: string): boolean => looks.has(name) || !/^(?:mail|calendar)\./.test(name);

/** Words by which a task wants something done with mail, or with a calendar. */
const doing: Record<string, RegExp> = {
  mail: /(?:^|[.!;:,]\s+|\b(?:and|then|please|to)\s+)e?-?mail (?!of|from|by|about)\w+|\b(?:draft\w*|writ(?:e|es|ing)|send\w*|repl(?:y|ies|ied)|answer(?:s|ing)?|respond|forward|thank|tell (?!me\b|us\b)|let \w+ know|inform|notify|remind|invite|ask|confirm|accept|decline|refuse|save|store|download|keep)\b|写|发|回复|转发|草稿|保存/i,
  calendar:
    /\b(?:put|add|enter|create|make|book|block|plan|schedule|reschedule|mov(?:e|es|ed)|shift|postpone|delay|chang(?:e|es|ed)|set|rename|cancel|call off|delet(?:e|es)|remov(?:e|es)|drop|clear|take|invite|remind|note|save|reserve|update)\b|加|添|放|移|改|删|取消|邀请|安排/i,
};

const wanting =
  /[?？]|^\s*(?:please\s+)?(?:what|which|when|where|who|whom|whose|how|is|are|am|do|does|did|has|have|was|were|can|show|list|tell me|look|find|check|search|read|count|summari[sz]e|sum up)\b|\b(?:tell|show|give) (?:me|us)\b|什么|几|谁|哪|吗|多少/i;

/**
 * Whether something may be done with what a task speaks of: it has a word for that, or no word that says otherwise: a question,
 * or a word for doing something with the other.
 */
export function asksToAct(words: string, kind: string): boolean {
  const own = doing[kind];
  if (own === undefined || own.test(words)) return true;
  return !wanting.test(words) && !Object.values(doing).some((other) => other.test(words));
}

/** Whether words ask for something, and do not only tell something ("I have a meeting with Kim each Monday"). */
export const isWish = (words: string): boolean =>
  wanting.test(words) || Object.values(doing).some((one) => one.test(words));

/**
 * Calls whose results are no stranger's words. Of the operations of devices there are few: what a command prints, what a server
 * answers and the title of an event that is changed may be anybody's words, though the call is one that acts.
 */
const wordless: ReadonlySet<CallName> = new Set<CallName>([
  ...(["extract", "write", "say", "ask", "note", "recall", "now", "sleep", "wait", "done", "fail"] as const),
  ...(["files.write", "mail.send", "calendar.create"] as const),
]);

/**
 * Whether an entity learns of texts by `extract` only: it holds that, and nothing that shows what stands in a file, on a page
 * or in an account. Then no stranger's word comes into its window.
 */
export const isSealed = (calls: readonly CallName[]): boolean =>
  calls.includes("extract") && calls.every((name) => wordless.has(name));
