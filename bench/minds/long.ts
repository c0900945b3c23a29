/**
 * Long conversations: is what was said hundreds of sessions ago found when it is asked for?
 *
 *     node bench/minds/long.ts [--lives 3] [--sessions 300] [--first SEED] [--cache FOLDER]
 *
 * The lives are made by life.ts. Each exchange is a page that has left the window. Recall at k: the part of the needed
 * exchanges among the first k that come back, by kind of question. Compared are
 *   truncation   the last 8,000 tokens, as a chat that forgets
 *   summary      one sentence of each session, the one with the rarest words, as much of it as 8,000 tokens hold
 *   words        full text alone (BM25)
 *   meaning      vectors alone
 *   both         what Hum does
 *   both, facts  and what was noted of it as facts with time, here by the generator itself, all of it or half of it: what a
 *                model that notes right can gain, not what one does
 * A question about what was never said has nothing to find and is left out here.
 */
import { parseArgs } from "node:util";
import { findHome } from "../../os/src/home.ts";
import { createRecall, type Embed, type Ways } from "../../os/src/memory/recall.ts";
import { createEmbedder } from "../../os/src/model/embedder.ts";
import { toEmbeddingFile } from "../../os/src/model/embedding-pull.ts";
import { type Exchange, type Life, makeLife, type Question } from "./life.ts";
import { fillArchive, keepVectors, noteFacts } from "./long-parts.ts";

const { values: args } = parseArgs({
  options: {
    lives: { type: "string", default: "3" },
    sessions: { type: "string", default: "300" },
    first: { type: "string", default: "1" },
    cache: { type: "string" },
  },
});
const windowTokens = 8_000;
const tokensOf = (text: string) => Math.ceil(text.length / 4);
const ks = [1, 5, 10] as const;
const systems = ["truncation", "summary", "words", "meaning", "both", "facts", "half the facts"] as const;
type System = (typeof systems)[number];

function keepLast(exchanges: readonly Exchange[]): Set<number> {
  const kept = new Set<number>();
  let tokens = 0;
  for (const { id, text } of exchanges.toReversed()) {
    tokens += tokensOf(text);
    if (tokens > windowTokens) break;
    kept.add(id);
  }
  return kept;
}

/** The sentence of each session that says most: that with the rarest words on average. */
function keepSummary(exchanges: readonly Exchange[]): Set<number> {
  const words = (text: string) => text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const counts = new Map<string, number>();
  for (const { text } of exchanges)
    for (const word of new Set(words(text))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const best = new Map<number, { id: number; score: number; text: string }>();
  for (const { id, session, text } of exchanges)
    for (const sentence of text.split(/(?<=[.!?])\s+/)) {
      const list = words(sentence);
      const score =
        list.reduce((sum, word) => sum + Math.log(exchanges.length / counts.get(word)!), 0) /
        Math.max(4, list.length);
      if (score > (best.get(session)?.score ?? 0)) best.set(session, { id, score, text: sentence });
    }
  const kept = new Set<number>();
  let tokens = 0;
  for (const { id, text } of [...best.values()].toReversed()) {
    tokens += tokensOf(text);
    if (tokens > windowTokens) break;
    kept.add(id);
  }
  return kept;
}

interface Sum {
  count: number;
  found: number[];
}

async function measure(
  life: Life,
  embed: Embed,
  sums: Map<string, Sum>,
): Promise<{ staleFirst: number; changed: number; ms: number; embedMs: number }> {
  const archive = fillArchive(life);
  const recall = createRecall(archive, embed);
  const began = performance.now();
  await recall.catchUp();
  const embedMs = performance.now() - began;
  const last = keepLast(life.exchanges);
  const summary = keepSummary(life.exchanges);
  const now = (life.exchanges.at(-1)?.at ?? 0) + 86_400_000;
  const noted = { facts: noteFacts(life, 1), "half the facts": noteFacts(life, 0.5) };
  let staleFirst = 0;
  let changed = 0;
  let ms = 0;
  const add = (system: System, question: Question, ranked: readonly number[] | Set<number>) => {
    for (const kind of [question.kind, "all"]) {
      const key = `${system} ${kind}`;
      const sum = sums.get(key) ?? { count: 0, found: ks.map(() => 0) };
      sums.set(key, sum);
      sum.count += 1;
      for (const [i, k] of ks.entries()) {
        const first = ranked instanceof Set ? ranked : new Set(ranked.slice(0, k));
        sum.found[i]! += question.needs.filter((id) => first.has(id)).length / question.needs.length;
      }
    }
  };
  for (const question of life.questions) {
    if (question.kind === "unknown") continue;
    add("truncation", question, last);
    add("summary", question, summary);
    for (const ways of ["words", "meaning", "both"] as Ways[]) {
      const started = performance.now();
      const found = (await recall.search(question.text, { pids: [1], limit: 10, ways, now })).map(
        ({ page }) => page,
      );
      if (ways === "both") ms += performance.now() - started;
      add(ways as System, question, found);
      if (ways === "both")
        for (const system of ["facts", "half the facts"] as const) {
          const facts = await recall.facts(question.text, noted[system], now);
          const told = facts.flatMap(({ source }) => source?.page ?? []);
          // By turns: the fact that fits best, the page that fits best, and so on.
          const order = Array.from({ length: 10 }, (_, i) => [told[i] ?? 0, found[i] ?? 0]).flat();
          add(system, question, [...new Set(order.filter((id) => id > 0))]);
        }
      if (ways !== "both" || question.kind !== "changed") continue;
      changed += 1;
      const place = (id: number) => (found.includes(id) ? found.indexOf(id) : 99);
      if (question.stale.some((id) => place(id) < place(question.needs[0]!))) staleFirst += 1;
    }
  }
  archive.close();
  return { staleFirst, changed, ms: ms / life.questions.length, embedMs };
}

const embedder = createEmbedder(toEmbeddingFile(findHome()), { urgent: true });
if (!(await embedder.embed(["ready"])))
  throw new Error("There is no embedding model: `hum model pull all-minilm-l6-v2` first.");
const sums = new Map<string, Sum>();
let pages = 0;
const totals = { staleFirst: 0, changed: 0, ms: 0, embedMs: 0 };
for (let life = 0; life < Number(args.lives); life++) {
  const made = makeLife(Number(args.first) + life, Number(args.sessions));
  pages += made.exchanges.length;
  const one = await measure(made, keepVectors(embedder.embed, args.cache), sums);
  for (const key of ["staleFirst", "changed", "ms", "embedMs"] as const) totals[key] += one[key];
}
await embedder.close();
const kinds = ["all", "single", "changed", "hops", "order"];
console.log(
  `\n${args.lives} lives of ${args.sessions} sessions, ${pages} exchanges, ${kinds.map((kind) => `${sums.get(`both ${kind}`)?.count ?? 0} ${kind}`).join(", ")}\n`,
);
console.log(
  `| recall at ${ks.join(" / ")} | ${kinds.join(" | ")} |\n|---|${kinds.map(() => "---|").join("")}`,
);
for (const system of systems) {
  const cells = kinds.map((kind) => {
    const sum = sums.get(`${system} ${kind}`);
    if (!sum) return "";
    const shown = sum.found.map((found) => (found / sum.count).toFixed(2));
    return system === "truncation" || system === "summary" ? shown[0]! : shown.join(" / ");
  });
  console.log(`| ${system} | ${cells.join(" | ")} |`);
}
console.log(
  `\nOf ${totals.changed} changed facts an older one stood before the last in ${totals.staleFirst}. A search took ${(totals.ms / Number(args.lives)).toFixed(0)} ms, vectors ${(totals.embedMs / pages).toFixed(0)} ms an exchange.`,
);
process.exit(0);
