// `hum ps`, `hum top` and `hum why`: what every entity is doing, and why one is not.

import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import type { EntityRow, Look } from "../../workplace/door.ts";
import { toUnknown } from "../../workplace/family.ts";
import { watchInterrupt } from "../interrupt.ts";
import { type Io, say, sayJson } from "../io.ts";
import { toPid } from "../people.ts";
import type { Context } from "../run.ts";
import { withReader } from "../session.ts";
import { count, createPaint, toAge, toLine, toShort, toTable, toTime } from "../text.ts";
import { toWhy } from "../why.ts";

/** Milliseconds between two looks of `top`. */
const refreshMs = 1_000;

/** Adds `ps`, `top` and `why`. */
export function addPs(program: Command, context: Context): void {
  const { io } = context;
  program
    .command("ps")
    .description("List entities: those that are not ended, or with --all every one.")
    .option("-a, --all", "also those that have ended")
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nExamples:\n  hum ps\n  hum ps --all --json")
    .action(async (options: { all?: boolean; json?: boolean }) => {
      const look = await withReader(context, (reader) => reader.look());
      const rows = toRows(look, options.all === true);
      if (options.json) return sayJson(io, rows.map(toJson));
      for (const line of toPsLines(look, rows, io)) say(io, line);
    });
  program
    .command("top")
    .description("Show what runs, refreshed every second, until Ctrl-C.")
    .option("-a, --all", "also those that have ended")
    .addHelpText("after", "\nExample:\n  hum top")
    .action((options: { all?: boolean }) => top(context, options.all === true));
  program
    .command("why")
    .description("Tell why an entity is not running, in one sentence.")
    .argument("<pid>", "the entity")
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nExample:\n  hum why 3")
    .action(async (typed: string, options: { json?: boolean }) => {
      const pid = toPid(typed);
      const look = await withReader(context, (reader) => reader.look());
      const row = look.entities.find((entity) => entity.pid === pid);
      if (!row) throw toUnknown(pid);
      const why = toWhy(look, row);
      if (options.json) sayJson(io, { pid, state: row.shown, why });
      else say(io, why);
    });
}

function toRows(look: Look, all: boolean): EntityRow[] {
  return look.entities.filter((row) => all || row.state !== "ended").sort((a, b) => a.pid - b.pid);
}

function toPsLines(look: Look, rows: readonly EntityRow[], io: Io): string[] {
  const ended = look.entities.length - rows.length;
  const notes: string[] = [];
  if (look.halted) notes.push("Everything is stopped; `hum resume --all` lets work begin again.");
  else if (!look.machine && rows.some((row) => row.shown === "ready"))
    notes.push("No machine runs: `hum start` goes on with what is ready.");
  if (look.entities.length === 0) return ['Nothing has run here yet. Try `hum ask "…"`.', ...notes];
  if (rows.length === 0)
    return [`Nothing is unfinished (${ended} ended; \`hum ps --all\` lists them).`, ...notes];
  const head = ["PID", "NAME", "STATE", "CLASS", "TURNS", "TOKENS", "AGE", "TASK"];
  const now = Date.now();
  const cells = rows.map((row) => [
    String(row.pid),
    toLine(row.name, 16),
    row.shown,
    row.class,
    String(row.turn),
    `${toShort(row.used.tokens)}/${toShort(row.budget.tokens)}`,
    toAge(now - row.spawnedAt),
    row.task,
  ]);
  // The task gets what is left of the screen.
  const used =
    toTable(
      head,
      cells.map((row) => [...row.slice(0, -1), ""]),
      [0, 4, 5, 6],
    )[0]!.length + 2;
  const room = io.screen ? Math.max(20, io.width() - used) : 80;
  return [
    ...toTable(
      head,
      cells.map((row) => [...row.slice(0, -1), toLine(row.at(-1)!, room)]),
      [0, 4, 5, 6],
    ),
    ...notes,
  ];
}

function toJson(row: EntityRow): Record<string, unknown> {
  const {
    pid,
    name,
    program,
    class: class_,
    nice,
    turn,
    used,
    budget,
    task,
    parent,
    owner,
    model,
    folder,
  } = row;
  return {
    ...{ pid, name, program, state: row.shown, class: class_, nice, turns: turn, used, budget },
    ...{ ageMs: Date.now() - row.spawnedAt, spawnedAt: row.spawnedAt, parent, owner, model, folder, task },
    ...{ waiting: row.waiting, outcome: row.outcome, windowTokens: row.windowTokens },
  };
}

async function top(context: Context, all: boolean): Promise<void> {
  const { io } = context;
  const paint = createPaint(io.screen && !io.env.NO_COLOR);
  const interrupt = watchInterrupt(io);
  try {
    do {
      const look = await withReader(context, (reader) => reader.look());
      const running = look.entities.filter((row) => row.shown === "running").length;
      const machine = look.machine ? `${look.machine.kind} ${look.machine.pid}` : "no machine";
      const asked = look.approvals.length > 0 ? `, ${count(look.approvals.length, "approval")} waiting` : "";
      const title = `hum  ${toTime(Date.now())}  ${machine}  ${running} running${asked}`;
      const lines = [paint("bold", title), ...toPsLines(look, toRows(look, all), io)];
      if (io.screen) io.stdout.write(`\x1b[H\x1b[2J${lines.join("\n")}\n`);
      else for (const line of lines) say(io, line);
      if (io.screen) await sleep(refreshMs, undefined, { signal: interrupt.signal }).catch(() => {});
    } while (io.screen && !interrupt.signal.aborted);
  } finally {
    interrupt.end();
  }
}
