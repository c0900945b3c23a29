/**
 * Long conversations, answered: what was found goes to the embedded model with the question, and its answer is scored by the
 * words that a right one has. For what was never said a right answer says that it is not known.
 *
 *     node bench/minds/answers.ts --state FILE [--minutes 9] [--questions 40] [--seed 2] [--cache FOLDER] [--ways last,both]
 *
 * It goes on where it was stopped. The same model, prompt and number of tokens for each way:
 *   last     the last exchanges, as many tokens as the found ones have (a chat that forgets)
 *   words    the first five by full text (BM25)
 *   ranked   the first five that Hum finds, the best first
 *   both     the same, in the order of their days, as Hum shows them
 *   facts    the first three facts and the first three pages; facts as a model that misses nothing would have noted them
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { findHome } from "../../os/src/home.ts";
import { toFactLine } from "../../os/src/memory/fact.ts";
import { createRecall } from "../../os/src/memory/recall.ts";
import { createEmbedder } from "../../os/src/model/embedder.ts";
import { toEmbeddingFile } from "../../os/src/model/embedding-pull.ts";
import { openModel } from "../../os/src/model/store.ts";
import { createRandom } from "../../os/src/sim/random.ts";
import { makeLife, type Question } from "./life.ts";
import { fillArchive, keepVectors, noteFacts } from "./long-parts.ts";

const { values: args } = parseArgs({
  options: {
    state: { type: "string" },
    minutes: { type: "string", default: "9" },
    questions: { type: "string", default: "40" },
    seed: { type: "string", default: "2" },
    cache: { type: "string" },
    ways: { type: "string", default: "last,words,ranked,both,facts" },
  },
});
if (args.state === undefined) throw new Error("Say where to keep what is done: --state FILE");
const ways = args.ways.split(",");
const kinds: Question["kind"][] = ["single", "changed", "hops", "order", "unknown"];
const home = findHome();
const life = makeLife(Number(args.seed), 300);
const now = (life.exchanges.at(-1)?.at ?? 0) + 86_400_000;
const facts = noteFacts(life, 1);
const random = createRandom(11);
/** As many of each kind. */
const questions = kinds.flatMap((kind) => {
  const all = life.questions.filter((question) => question.kind === kind);
  const few = new Set<Question>();
  const wanted = Math.min(all.length, Math.round(Number(args.questions) / kinds.length));
  while (few.size < wanted) few.add(random.pick(all));
  return [...few];
});

const day = (at: number) => new Date(at).toISOString().slice(0, 10);
const show = (ids: readonly number[]) =>
  ids.map((id) => life.exchanges[id - 1]!).map(({ at, text }) => `${day(at)}: ${text.replaceAll("\n", " ")}`);

const embedder = createEmbedder(toEmbeddingFile(home), { urgent: true });
const archive = fillArchive(life);
const recall = createRecall(archive, keepVectors(embedder.embed, args.cache));
await recall.catchUp();

const byTime = <One extends { at: number; from?: number }>(list: readonly One[]): One[] =>
  list.toSorted((a, b) => (a.from ?? a.at) - (b.from ?? b.at));

async function toContext(way: string, { text }: Question): Promise<string[]> {
  if (way === "last") return show(life.exchanges.slice(-5).map(({ id }) => id));
  if (way === "facts") {
    const known = await recall.facts(text, facts, now);
    const found = await recall.search(text, { pids: [1], limit: 3, now });
    return [...byTime(known.slice(0, 3)).map(toFactLine), ...show(byTime(found).map(({ page }) => page))];
  }
  const found = await recall.search(text, {
    pids: [1],
    limit: 5,
    ways: way === "words" ? "words" : "both",
    now,
  });
  return show((way === "both" ? byTime(found) : found).map(({ page }) => page));
}

/** The words of an answer that count: an article is no part of what was asked for. */
const wordsOf = (text: string): string[] =>
  (text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []).filter(
    (word) => !/^(?:an?|the|her|his|their)$/.test(word),
  );

/** True when the answer names it, whole or shorter ("greyhound" for an old greyhound), and nothing else in its place. */
function names(said: string, wanted: string): boolean {
  const [words, all] = [wordsOf(said), wordsOf(wanted)];
  const isIn = (some: readonly string[], others: readonly string[]) =>
    some.every((word) => others.includes(word));
  return words.length > 0 && (isIn(all, words) || isIn(words, all));
}

function isRight({ kind, answer }: Question, said: string): boolean {
  const text = said.toLowerCase();
  if (kind === "unknown")
    return /not known|unknown|not (?:mentioned|said|stated|clear)|no information|do(?:es)? not (?:say|know)|don't know/.test(
      text,
    );
  if (kind === "order")
    return answer.every((words) => (text.split(/[.\n]/)[0] ?? "").includes(words.toLowerCase()));
  return answer.every((words) => names(text, words));
}

interface Row {
  way: string;
  kind: string;
  question: string;
  said: string;
}
const rows: Row[] = existsSync(args.state) ? (JSON.parse(readFileSync(args.state, "utf8")) as Row[]) : [];
const saidOf = (question: Question, way: string): string | undefined =>
  rows.find((row) => row.way === way && row.question === question.text)?.said;
const jobs = questions.flatMap((question) => ways.map((way) => ({ question, way })));
const began = Date.now();
const model = await openModel(home, "qwen2.5-coder-1.5b");
for (const { question, way } of jobs) {
  if (saidOf(question, way) !== undefined) continue;
  if (Date.now() - began > Number(args.minutes) * 60_000) break;
  const context = await toContext(way, question);
  const system =
    "You answer a question from notes of earlier conversations, each with its day. The newest counts. Answer with the fact alone, in a few words. When the notes do not tell, answer: not known.";
  const request = {
    process: "answers",
    messages: [
      { role: "system" as const, text: system },
      { role: "user" as const, text: `Notes:\n${context.join("\n")}\n\nQuestion: ${question.text}` },
    ],
    ...{ shared: 1, stops: ["\n"], maxTokens: 40, temperature: 0, seed: 1 },
  };
  let said = "";
  for await (const event of model.generate(request, new AbortController().signal))
    if (event.type === "text") said += event.text;
  rows.push({ way, kind: question.kind, question: question.text, said });
  writeFileSync(args.state, JSON.stringify(rows, null, 1));
}
await model.close();
await embedder.close();
const done = jobs.filter(({ question, way }) => saidOf(question, way) !== undefined);
console.log(
  `${done.length} of ${jobs.length} answers, load ${loadavg()[0]?.toFixed(1)}\n\n| right | all | ${kinds.join(" | ")} |\n|---|---|${kinds.map(() => "---|").join("")}`,
);
for (const way of ways) {
  const cells = ["all", ...kinds].map((kind) => {
    const own = done.filter((job) => job.way === way && (kind === "all" || job.question.kind === kind));
    return `${own.filter(({ question }) => isRight(question, saidOf(question, way)!)).length} of ${own.length}`;
  });
  console.log(`| ${way} | ${cells.join(" | ")} |`);
}
process.exit(0);
