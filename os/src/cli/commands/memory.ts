// `hum memory`: what Hum remembers of people and projects; to look at, to add to, to put right, to forget, to share.

import type { Command } from "commander";
import type { FactRow } from "../../inbox/remembered.ts";
import { personOf, say, sayJson } from "../io.ts";
import { toPid } from "../people.ts";
import type { Context } from "../run.ts";
import { withDoor } from "../session.ts";
import { clean, count, toLine } from "../text.ts";

interface LookOptions {
  past?: boolean;
  json?: boolean;
}

/** Adds `memory`. */
export function addMemory(program: Command, context: Context): void {
  const { io } = context;
  const me = personOf(io);
  const memory = program
    .command("memory")
    .description("Show what Hum remembers of people and projects, and change it.")
    .argument("[subject]", "a person or a project; everything when left out")
    .option("--past", "also what was so once and is not any more")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      '\nExamples:\n  hum memory\n  hum memory Kim --past\n  hum memory add Kim "birthday: 3 May"\n  hum memory correct 4.2-1 "4 May"\n  hum memory forget Kim',
    )
    .action(async (about: string | undefined, options: LookOptions) => {
      const which = { ...(about === undefined ? {} : { about }), past: options.past === true };
      const rows = await withDoor(context, (door) => door.facts(me, which));
      if (options.json) return sayJson(io, rows);
      if (rows.length === 0)
        return say(
          io,
          about === undefined ? "Nothing is remembered yet." : `Nothing is remembered about ${clean(about)}.`,
        );
      for (const line of toLines(rows)) say(io, line);
    });
  memory
    .command("add")
    .description("Write down a fact: `what: value`, or a remark.")
    .argument("<subject>", "a person or a project; `me` is yourself")
    .argument("<fact>", "e.g. `lives in: Porto since March`")
    .action(async (about: string, text: string) => {
      for (const line of toLines(await withDoor(context, (door) => door.tellFact(me, about, text))))
        say(io, line);
    });
  memory
    .command("correct")
    .description("Put a fact right.")
    .argument("<id>", "as `hum memory` shows it")
    .argument("<value>", "what it should say")
    .action(async (id: string, value: string) => {
      const row = await withDoor(context, (door) => door.correctFact(me, id, { value }));
      for (const line of toLines([row])) say(io, line);
    });
  memory
    .command("forget")
    .description("Forget a fact, or all about a subject: it is found no more and comes into no window.")
    .argument("<what>", "the id of a fact, or a subject")
    .action(async (what: string) => {
      const which = /^(\d+\.\d+|m-\d+-\d+)-\d+$/.test(what) ? { ids: [what] } : { about: what };
      const done = await withDoor(context, (door) => door.forgetFacts(me, which));
      say(io, `Forgotten: ${count(done.facts, "fact")}; ${count(done.pages, "page")} can be found no more.`);
      say(io, "The journal still holds the record on this disk; no entity reads it.");
      if (done.still.length > 0)
        say(
          io,
          `It is part of the task of pid ${done.still.join(", ")}, and leaves that window when it ends.`,
        );
    });
  memory
    .command("share")
    .description("Let an entity that works for you read what is remembered.")
    .argument("<pid>", "the entity")
    .argument("[subject]", "of one subject only")
    .option("--off", "take that back")
    .action(async (typed: string, about: string | undefined, options: { off?: boolean }) => {
      const pid = toPid(typed);
      const to = { with: pid, ...(about === undefined ? {} : { about }), off: options.off === true };
      await withDoor(context, (door) => door.shareFacts(me, to));
      const what = about === undefined ? "what is remembered" : `what is remembered about ${clean(about)}`;
      say(io, options.off ? `Pid ${pid} reads it no more.` : `Pid ${pid} can read ${what}.`);
    });
}

const toDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

function toLines(rows: readonly FactRow[]): string[] {
  const lines: string[] = [];
  let subject = "";
  for (const row of rows) {
    if (row.subject.toLowerCase() !== subject.toLowerCase()) lines.push(clean(row.subject));
    subject = row.subject;
    const what = row.relation === "" ? row.value : `${row.relation}: ${row.value}`;
    const time =
      row.until === null ? `since ${toDay(row.from)}` : `${toDay(row.from)} to ${toDay(row.until)}`;
    const from = row.source === null ? "" : `, page ${row.source.page} of pid ${row.source.pid}`;
    const strange = row.trusted ? "" : `, from strangers (${row.origins.slice(0, 2).join(", ")})`;
    lines.push(
      `  ${row.id.padEnd(10)}  ${toLine(what, 80)}  (${time}; by ${clean(row.by)}${from}${clean(strange)})`,
    );
  }
  return lines;
}
