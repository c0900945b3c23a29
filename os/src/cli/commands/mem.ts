// `hum mem PID`: the page table of an entity's window.

import type { Command } from "commander";
import { countWindow } from "../../memory/pager.ts";
import { engineLimits } from "../../model/sizes.ts";
import { personOf, say, sayJson } from "../io.ts";
import { toPid } from "../people.ts";
import type { Context } from "../run.ts";
import { withDoor, withReader } from "../session.ts";
import { toLine, toNumber, toTable } from "../text.ts";

interface MemOptions {
  json?: boolean;
  shareWith?: string;
  unshareWith?: string;
}

/** Adds `mem`. */
export function addMem(program: Command, context: Context): void {
  const { io } = context;
  program
    .command("mem")
    .description("Show the pages of an entity's window, and how full it is.")
    .argument("<pid>", "the entity")
    .option("--json", "print one JSON document")
    .option("--share-with <pid>", "let another entity search and recall what this one remembers")
    .option("--unshare-with <pid>", "take that back")
    .addHelpText("after", "\nExamples:\n  hum mem 3\n  hum mem 3 --share-with 5")
    .action(async (typed: string, options: MemOptions) => {
      const pid = toPid(typed);
      const other = options.shareWith ?? options.unshareWith;
      if (other !== undefined) {
        const off = options.shareWith === undefined;
        const share = { of: pid, with: toPid(other), by: personOf(io), off };
        await withDoor(context, (door) => door.shareMemory(share));
        return say(
          io,
          off
            ? `Pid ${share.with} sees it no more.`
            : `Pid ${share.with} can search what pid ${pid} remembers.`,
        );
      }
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
