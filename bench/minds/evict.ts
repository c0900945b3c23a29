/**
 * Which pages leave a full window: does what the answer needs stay? A replay, no model takes part.
 *
 *     node bench/minds/evict.ts [--seeds 20]
 *
 * desk   an entity looks at the files of one desk task among those of thirty others, in any order, and at some of them twice; all
 *        of it is several times what the window holds. Needed at the end are the files that the reference solution names.
 * talk   a life of conversations (life.ts) goes through a window of 8,000 tokens; now and then somebody asks for something of
 *        before. Needed is the exchange that answers. Nobody can know what will be asked: of what has left, recall is told.
 *
 * Orders: any; oldest first; least lately used (as if one could know which page of the window an answer was made from);
 * largest first; by worth, what Hum does (memory/worth.ts).
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { turnLimits } from "../../os/src/limits.ts";
import { toLabel } from "../../os/src/memory/label.ts";
import type { Page, PageKind } from "../../os/src/memory/page.ts";
import { isFull, planEviction } from "../../os/src/memory/pager.ts";
import { toWorth } from "../../os/src/memory/worth.ts";
import { createRandom, type Random } from "../../os/src/sim/random.ts";
import { solutions } from "../desk/solutions.ts";
import { heldTasks } from "../desk/tasks-held.ts";
import { tuneTasks } from "../desk/tasks-tune.ts";
import { makeLife } from "./life.ts";

const { values: args } = parseArgs({ options: { seeds: { type: "string", default: "20" } } });
const orders = ["any", "oldest first", "least lately used", "largest first", "by worth"] as const;
type Order = (typeof orders)[number];
const label = toLabel("kernel");

/** A window in which pages come and from which they leave. */
function createWindow(order: Order, contextTokens: number, random: Random) {
  const limits = { contextTokens, reserveTokens: turnLimits.reserveTokens, evictTo: turnLimits.evictTo };
  const pages: Page[] = [];
  const texts = new Map<number, string>();
  const sizes = { rules: 600 };
  let clock = 0;
  const toWorths = (about: string): Map<number, number> => {
    const free = pages.filter(
      (page) => page.resident && (page.kind === "results" || page.kind === "dialogue"),
    );
    if (order === "by worth")
      return toWorth(
        // A result belongs to the call before it.
        free.map(({ id, kind }) => ({
          id,
          text: `${kind === "results" ? (texts.get(id - 1) ?? "") : ""}\n${texts.get(id) ?? ""}`,
        })),
        about,
      );
    if (order === "least lately used") return new Map(free.map(({ id, lastUse }) => [id, lastUse]));
    if (order === "largest first") return new Map(free.map(({ id, tokens }) => [id, -tokens]));
    if (order === "any") return new Map(free.map(({ id }) => [id, random.next()]));
    return new Map();
  };
  return {
    pages,
    texts,
    put(kind: PageKind, text: string, about: string): number {
      const id = pages.length + 1;
      const tokens = kind === "rules" ? sizes.rules : Math.ceil(text.length / 4);
      pages.push({
        id,
        kind,
        role: "user",
        tokens,
        label,
        lastUse: ++clock,
        title: "",
        resident: true,
        index: id,
      });
      texts.set(id, text);
      if (isFull(pages, limits))
        for (const gone of planEviction(pages, limits, toWorths(about))) pages[gone - 1]!.resident = false;
      return id;
    },
    /** Looks at a page again: it is young, or comes again as a copy. */
    again(id: number, about: string): number {
      const page = pages[id - 1]!;
      if (order !== "least lately used" || !page.resident)
        return this.put("results", texts.get(id) ?? "", about);
      page.lastUse = ++clock;
      return id;
    },
  };
}

/** Files of a task, with whether its solution needs them. */
function readFiles(task: (typeof tuneTasks)[number]): { name: string; text: string; needed: boolean }[] {
  const folder = mkdtempSync(join(tmpdir(), "hum-evict-"));
  try {
    task.setUp(folder);
    const script = solutions[task.id]?.right ?? "";
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => ({
        name,
        text: readFileSync(join(folder, name), "utf8").slice(0, 4_000),
        needed: script.includes(name),
      }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function shuffle<T>(random: Random, values: readonly T[]): T[] {
  const all = [...values];
  for (let i = all.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [all[i], all[other]] = [all[other]!, all[i]!];
  }
  return all;
}

const tasks = [...tuneTasks, ...heldTasks].map((task) => ({
  text: task.text,
  id: task.id,
  files: readFiles(task),
}));

function desk(order: Order, seeds: number): { stay: number; of: number; load: number } {
  const sum = { stay: 0, of: 0, load: 0 };
  let runs = 0;
  for (let seed = 1; seed <= seeds; seed++)
    for (const task of tasks) {
      const needed = task.files.filter((file) => file.needed);
      if (needed.length === 0) continue;
      const random = createRandom(seed * 1_000 + runs++);
      const others = shuffle(
        random,
        tasks.filter((one) => one.id !== task.id),
      ).slice(0, 30);
      const files = shuffle(random, [
        ...task.files,
        // Two files of one name would be one.
        ...others
          .flatMap((one) => one.files.map((file) => ({ ...file, needed: false })))
          .filter(({ name }) => !task.files.some((file) => file.name === name)),
      ]);
      const window = createWindow(order, 8_192, random);
      window.put("rules", "", task.text);
      window.put("task", task.text, task.text);
      const where = new Map<number, Set<number>>();
      for (const [i, file] of files.entries()) {
        window.put("dialogue", `\`\`\`bash\ncat ${file.name}\n\`\`\``, task.text);
        where.set(i, new Set([window.put("results", file.text, task.text)]));
        sum.load += file.text.length / 4;
        const back = random.below(files.length);
        const seen = [...(where.get(back) ?? [])].at(-1);
        if (seen !== undefined && random.chance(0.2)) where.get(back)!.add(window.again(seen, task.text));
      }
      for (const [i, file] of files.entries()) {
        if (!file.needed) continue;
        sum.of += 1;
        if ([...where.get(i)!].some((id) => window.pages[id - 1]!.resident)) sum.stay += 1;
      }
    }
  return { ...sum, load: sum.load / runs };
}

function talk(order: Order, seeds: number): { stay: number; of: number } {
  const sum = { stay: 0, of: 0 };
  for (let seed = 1; seed <= Math.min(seeds, 5); seed++) {
    const life = makeLife(seed, 300);
    const random = createRandom(seed);
    const window = createWindow(order, 8_192, random);
    const where = new Map<number, number>();
    const about = "You are a companion: listen, and answer what you are asked.";
    window.put("rules", "", about);
    window.put("task", about, about);
    const asked: number[] = [];
    for (const exchange of life.exchanges) {
      where.set(exchange.id, window.put("dialogue", exchange.text, about));
      if (exchange.id % 8 !== 0) continue;
      // People come back to what they asked before, and to what was new lately.
      const told = life.questions.filter(({ needs }) => needs.length === 1 && needs[0]! <= exchange.id);
      const late = told.filter(({ needs }) => needs[0]! > exchange.id - 150);
      const again = asked.length > 0 && random.chance(0.4) ? random.pick(asked) : undefined;
      const need = again ?? random.pick(random.chance(0.5) && late.length > 0 ? late : told)?.needs[0];
      if (need === undefined) continue;
      sum.of += 1;
      const page = where.get(need)!;
      if (window.pages[page - 1]!.resident) sum.stay += 1;
      where.set(need, window.again(page, about));
      asked.push(need);
    }
  }
  return sum;
}

const seeds = Number(args.seeds);
console.log("| what the answer needs is in the window | desk | talk |\n|---|---|---|");
for (const order of orders) {
  const [work, talked] = [desk(order, seeds), talk(order, seeds)];
  console.log(
    `| ${order} | ${(work.stay / work.of).toFixed(2)} of ${work.of} | ${(talked.stay / talked.of).toFixed(2)} of ${talked.of} |`,
  );
  if (order === orders.at(-1)) console.log(`\nA desk run reads ${Math.round(work.load)} tokens of files.`);
}
