/**
 * Does the line that stands for a page tell what is in it? A replay, no model takes part.
 *
 *     node bench/minds/gist.ts [--lives 3]
 *
 * Of the exchanges that answer a question (life.ts, 300 sessions) each is given the line that would stand for it after it left
 * the window with the twenty before it. Told is the answer when its words are in the line, and whom it is about when the name is. Compared: the
 * first line of the page (as it was before) and the sentence that says most (memory/gist.ts).
 */
import { parseArgs } from "node:util";
import { toGists } from "../../os/src/memory/gist.ts";
import { toTitle } from "../../os/src/memory/page.ts";
import { makeLife } from "./life.ts";

const { values: args } = parseArgs({ options: { lives: { type: "string", default: "3" } } });
const sums = { first: { answer: 0, name: 0, chars: 0 }, most: { answer: 0, name: 0, chars: 0 } };
let count = 0;
for (let seed = 1; seed <= Number(args.lives); seed++) {
  const { exchanges, facts } = makeLife(seed, 300);
  for (const { name, value, exchange } of facts) {
    if (value === "") continue;
    const from = Math.max(0, exchange - 20);
    const texts = exchanges.slice(from, exchange).map(({ text }) => text);
    const others = exchanges.slice(exchange, exchange + 20).map(({ text }) => text);
    const lines = { first: toTitle(texts.at(-1) ?? ""), most: toGists(texts, others).at(-1) ?? "" };
    count += 1;
    for (const way of ["first", "most"] as const) {
      sums[way].answer += Number(lines[way].includes(value));
      sums[way].name += Number(lines[way].includes(name));
      sums[way].chars += lines[way].length;
    }
  }
}
console.log("| the line tells | the answer | whom it is about | characters |\n|---|---|---|---|");
for (const way of ["first", "most"] as const) {
  const { answer, name, chars } = sums[way];
  console.log(
    `| ${way === "first" ? "first line of the page" : "sentence that says most"} | ${(answer / count).toFixed(2)} | ${(name / count).toFixed(2)} | ${Math.round(chars / count)} |`,
  );
}
console.log(`\n${count} facts.`);
