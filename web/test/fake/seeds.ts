// Made-up but plausible data for the fake workplace: names, sentences, posts in the forms that the page must show. The
// same numbers give the same data.

import type { Author, Post, ProcessRow, Thread } from "../../../os/src/workplace/contract.ts";

/** The moment at which the made-up data ends: Tue 24 Nov 2026, 09:30 UTC. */
export const noon = Date.UTC(2026, 10, 24, 9, 30);

/** A person and the colleagues. */
export const me = "Ada";
export const people = ["Ada", "Grace", "Linus Wagner", "王芳"];
export const colleagues = ["worker", "researcher", "scribe", "bookkeeper"];

const sentences = [
  "The numbers of October are in; the total is **48,210.55** and two rows have no date.",
  "I'll look at it after lunch.",
  "Can somebody check whether the photos of the trip are all there?",
  "Done. The names now begin with the date, `2026-10-03-lake.jpg` and so on.",
  "Thanks!",
  "Three of the twelve invoices have the wrong VAT number. I listed them below.\n\n| invoice | VAT number | should be |\n|---|---|---|\n| 2026-114 | DE81129 | DE811299 |\n| 2026-131 | – | DE304411 |\n| 2026-140 | DE77 | DE771020 |",
  'The script is short:\n\n```python\nimport csv\n\nwith open("sales.csv") as file:\n    total = sum(float(row["amount"]) for row in csv.DictReader(file))\nprint(f"{total:.2f}")\n```\n\nIt runs in a second.',
  "What I would do next:\n\n1. sort the downloads by type\n2. archive what is older than a year\n3. ask before anything is deleted",
  "> the total of last year\n\nThat one was without the shipping costs.",
  "会议记录已经整理好了，请看附件。主要有三点：预算、时间表和下一步的分工。",
  "See https://example.org/report for the whole text.",
  "I read 14 messages and 2 files. The difference comes from row 118, which is there twice.",
  "Good morning all.",
  "The draft is at 1,200 words now. I would cut the second part.",
];

/** A number from a number, spread over the whole range. */
export function mix(value: number): number {
  let hash = Math.imul(value + 0x9e3779b9, 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}

const at = <T>(list: readonly T[], value: number): T => list[mix(value) % list.length] as T;

/** The n-th author. Some stay for a few posts, as people do. */
export function toAuthor(n: number): Author {
  const block = Math.floor(n / 3);
  if (mix(block) % 4 === 0) {
    const program = at(colleagues, block);
    return { kind: "entity", name: program, program, pid: 40 + (mix(block) % 5) };
  }
  return { kind: "person", name: at(people, block * 7) };
}

/** A post that is only words. */
export function toPost(given: Pick<Post, "id" | "seq" | "channel"> & Partial<Post>): Post {
  return {
    ...{ thread: null, kind: "text", from: { kind: "person", name: me }, text: "", at: noon, editedAt: null },
    ...{ deleted: false, mentions: [], files: [], integrity: "person", reactions: {} },
    ...given,
  } as Post;
}

/** The n-th of `count` posts of a made-up channel. */
export function toSeedPost(
  n: number,
  count: number,
  place: { channel: string; seq: number; id?: string },
): Post {
  const from = toAuthor(n);
  return toPost({
    ...{ id: place.id ?? `s${place.seq}`, seq: place.seq, channel: place.channel, from },
    ...{ text: `${at(sentences, n * 31)}`, at: noon - (count - n) * 260_000 - (mix(n) % 90_000) },
    integrity: from.kind === "person" ? "person" : mix(n) % 5 === 0 ? "untrusted" : "entity",
    reactions: mix(n) % 17 === 0 ? { "👍": ["Grace", me] } : {},
  });
}

/** A thread. */
export function toThread(given: Pick<Thread, "id" | "channel" | "title"> & Partial<Thread>): Thread {
  return {
    ...{
      state: "open",
      owner: me,
      delegate: null,
      pid: null,
      folder: null,
      resolved: false,
      resolvedBy: null,
    },
    ...{ openedAt: noon - 3_600_000, lastAt: noon - 60_000, lastSeq: 0, replies: 0, writers: [me] },
    ...given,
  };
}

/** A row of the process monitor. */
export function toProcess(given: Pick<ProcessRow, "pid" | "program"> & Partial<ProcessRow>): ProcessRow {
  return {
    ...{
      parent: null,
      name: given.program,
      task: "Add up the amounts in sales.csv",
      owner: me,
      thread: null,
    },
    ...{
      class: "normal",
      nice: 0,
      shown: "running",
      ended: false,
      paused: false,
      waiting: null,
      outcome: null,
    },
    ...{ model: "qwen2.5-coder-1.5b", spawnedAt: noon - 400_000, lastAt: noon - 4_000, turn: 6 },
    ...{ tokens: 8_430, budgetTokens: 60_000, activeMs: 92_000, budgetActiveMs: 900_000, deviceCalls: 5 },
    ...{ budgetDeviceCalls: 60, children: 0, budgetChildren: 4, windowTokens: 3_100, windowPages: 14 },
    ...{ noProgressMs: 4_000, why: "It is writing." },
    ...given,
  } as ProcessRow;
}
