// `hum trust`: the three lights of an entity, and why something asked. `hum revoke`: takes an operation back.

import type { Command } from "commander";
import { toStream } from "../../entity/events.ts";
import { toPaths } from "../../home.ts";
import { homeOf, personOf, say, sayJson } from "../io.ts";
import { toPid } from "../people.ts";
import { openToRead } from "../reader.ts";
import type { Context } from "../run.ts";
import { withDoor, withReader } from "../session.ts";
import { clean, createPaint, toLine, toTime } from "../text.ts";
import { type Trust, toAdvice, toTrust } from "../trust.ts";

/** Lines of a light that are shown, and of what asked. */
const shown = 8;

/** Adds `trust` and `revoke`. */
export function addTrust(program: Command, context: Context): void {
  const { io } = context;
  program
    .command("trust")
    .description("Show what an entity has read, knows and may do, and why something asked.")
    .argument("<pid>", "the entity")
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nExample:\n  hum trust 3")
    .action(async (typed: string, options: { json?: boolean }) => {
      const trust = await look(context, toPid(typed));
      if (options.json) return sayJson(io, { ...trust, advice: toAdvice(trust) });
      for (const line of toLines(trust, createPaint(io.color))) say(io, line);
    });
  program
    .command("revoke")
    .description("Take an operation back from an entity, and from all that it passed it on to.")
    .argument("<pid>", "the entity")
    .argument("<operation>", "as `hum trust` shows it, e.g. http.get")
    .addHelpText("after", "\nExample:\n  hum revoke 3 http.get")
    .action(async (typed: string, operation: string) => {
      const pid = toPid(typed);
      await withDoor(context, (door) => door.revoke(pid, operation, personOf(io)));
      say(io, `Pid ${pid} and those it started may not use ${operation} any more.`);
    });
}

async function look(context: Context, pid: number): Promise<Trust> {
  const entity = await withReader(context, (reader) => reader.entity(pid));
  const opened = await openToRead(toPaths(homeOf(context.io)), () => null);
  try {
    return toTrust(entity, opened?.journal.read(toStream(pid), 0) ?? [], Date.now());
  } finally {
    opened?.journal.close();
  }
}

function toLines(trust: Trust, paint: ReturnType<typeof createPaint>): string[] {
  const lines = [`${clean(trust.name)} (pid ${trust.pid})`];
  for (const { name, on, because } of trust.lights) {
    lines.push(`  ${paint(on ? "red" : "green", on ? "●" : "○")} ${name}`);
    for (const one of because.slice(0, shown)) lines.push(`      ${toLine(one, 140)}`);
    if (because.length > shown) lines.push(`      and ${because.length - shown} more`);
  }
  lines.push(toAdvice(trust));
  if (trust.asked.length === 0) return [...lines, "Nothing has asked."];
  lines.push("Asked:");
  for (const { at, id, what, why, answer } of trust.asked.slice(-shown))
    lines.push(`  ${toTime(at)}  ${id}  ${what} (${answer}): ${toLine(why, 200)}`);
  return lines;
}
