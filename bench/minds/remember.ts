/**
 * Does the guide remember what is lasting, and only that? The real model, one message each to a fresh guide.
 *
 *     node bench/minds/remember.ts [--model qwen2.5-coder-1.5b] [--state FILE] [--minutes 9]
 *
 * With --state it goes on where it was stopped. Half of the messages say something lasting about the person or somebody
 * else; the others are small talk, questions and wishes. Counted: notes that say the right thing about the right one, notes
 * where there was nothing to note.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findHome } from "../../os/src/home.ts";
import { openModel } from "../../os/src/model/store.ts";
import { startHum } from "../../os/src/start.ts";

const { values: args } = parseArgs({
  options: {
    model: { type: "string", default: "qwen2.5-coder-1.5b" },
    state: { type: "string" },
    minutes: { type: "string", default: "60" },
  },
});

/** A message, and what is to be known afterwards: about whom, and a word of it; null for nothing. */
const messages: [string, { about: RegExp; word: RegExp } | null][] = [
  ["By the way, I am allergic to walnuts.", { about: /^ada$/i, word: /walnut/i }],
  ["Hi there, how are you today?", null],
  ["My brother Pieter got a new job, he is a pilot now.", { about: /pieter|brother/i, word: /pilot/i }],
  ["What can your colleagues do?", null],
  [
    "We moved the deadline of the harbour project to 14 October.",
    { about: /harbour/i, word: /october|10-14/i },
  ],
  ["That was a long day. Good night!", null],
  ["You can call me Addie, everybody does.", { about: /^ada|addie$/i, word: /addie/i }],
  ["What is the capital of Portugal?", null],
  ["Noor, my neighbour, has her birthday on 9 March.", { about: /noor/i, word: /9 march|march 9|03-09/i }],
  ["Who are you?", null],
  ["I always want dates written like 2026-03-09.", { about: /^ada$/i, word: /date|2026/i }],
  ["Thank you, that helped.", null],
  ["Since this spring I live in Bergen.", { about: /^ada$/i, word: /bergen/i }],
  ["Is Hum free software?", null],
];

interface Row {
  text: string;
  notes: { subject: string; relation: string; value: string }[];
  outcome: string;
  seconds: number;
}
const state = args.state ?? join(tmpdir(), `hum-remember-${process.pid}.json`);
const rows: Row[] = existsSync(state) ? (JSON.parse(readFileSync(state, "utf8")) as Row[]) : [];
const began = Date.now();
const home = mkdtempSync(join(tmpdir(), "hum-remember-"));
symlinkSync(join(findHome(), "models"), join(home, "models"));
const hum = await startHum({ home, openModel: () => openModel(home, args.model) });
for (const [text] of messages.slice(rows.length)) {
  if (Date.now() - began > Number(args.minutes) * 60_000) break;
  const before = new Set(hum.ledger.state.knowledge.facts.keys());
  const at = Date.now();
  const entity = await hum.inbox.task({ task: text, owner: "Ada", program: "guide" });
  while (entity.state !== "ended" && Date.now() - at < 300_000)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const facts = [...hum.ledger.state.knowledge.facts.values()].filter(({ id }) => !before.has(id));
  const notes = facts.map(({ subject, relation, value }) => ({ subject, relation, value }));
  // Each message meets an empty memory.
  if (facts.length > 0) await hum.inbox.remembered.forget("Ada", { ids: facts.map(({ id }) => id) });
  const seconds = Math.round((Date.now() - at) / 1_000);
  rows.push({ text, notes, outcome: `${entity.outcome?.kind}: ${entity.outcome?.text}`, seconds });
  writeFileSync(state, JSON.stringify(rows, null, 1));
  console.log(JSON.stringify(rows.at(-1)));
}
await hum.stop();
rmSync(home, { recursive: true, force: true });
const done = rows.map((row, i) => ({ row, wanted: messages[i]![1] }));
const lasting = done.filter(({ wanted }) => wanted);
const right = lasting.filter(({ row, wanted }) =>
  row.notes.some(
    (one) => wanted!.about.test(one.subject) && wanted!.word.test(`${one.relation} ${one.value}`),
  ),
);
const others = done.filter(({ wanted }) => !wanted);
const wrong = others.filter(({ row }) => row.notes.length > 0);
const ended = done.filter(({ row }) => row.outcome.startsWith("done"));
console.log(
  `${rows.length} of ${messages.length} messages: ${right.length} of ${lasting.length} lasting things noted right, a note for ${wrong.length} of ${others.length} others, ${ended.length} answered.`,
);
process.exit(0);
