// `hum mem PID`: the page table of an entity's window.

import type { Command } from "commander";
import { countWindow } from "../../memory/pager.ts";
import { engineLimits } from "../../model/sizes.ts";
import { say, sayJson } from "../io.ts";
import { toPid } from "../people.ts";
import type { Context } from "../run.ts";
import { withReader } from "../session.ts";
import { toLine, toNumber, toTable } from "../text.ts";

/** Adds `mem`. */
export function addMem(program: Command, context: Context): void {
  const { io } = context;
  program
    .command("mem")
    .description("Show the pages of an entity's window, and how full it is.")
    .argument("<pid>", "the entity")
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nExample:\n  hum mem 3")
    .action(async (typed: string, options: { json?: boolean }) => {
      const pid = toPid(typed);
      const entity = await withReader(context, (reader) => reader.entity(pid));
      const window = engineLimits.contextTokens;
      const used = countWindow(entity.pages);
      if (options.json)
        return sayJson(io, { pid, usedTokens: used, windowTokens: window, pages: entity.pages });
      const rows = entity.pages.map((page) => [
        String(page.id),
        page.kind,
        toNumber(page.tokens),
        page.resident ? "yes" : "no",
        String(page.lastUse),
        page.label.integrity + (page.label.origins.length > 0 ? ` (${page.label.origins.length})` : ""),
        toLine(page.title, 60),
      ]);
      const head = ["PAGE", "KIND", "TOKENS", "RESIDENT", "TURN", "LABEL", "TITLE"];
      for (const line of toTable(head, rows, [0, 2, 4])) say(io, line);
      const percent = Math.round((used / window) * 100);
      const ended = entity.state === "ended" ? "; it has ended, so only its task is kept here" : "";
      say(io, `${toNumber(used)} of ${toNumber(window)} tokens (${percent} %)${ended}`);
    });
}
