// `hum log`: the journal, as lines for people or as NDJSON; and `hum log verify`, which checks every record. Reads the
// file itself, so that it works the same with and without a machine.

import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { toStream } from "../../entity/events.ts";
import { HumError } from "../../error.ts";
import { toPaths } from "../../home.ts";
import type { OpenJournal } from "../../journal/journal.ts";
import { type Verification, verifyJournal } from "../../journal/verify.ts";
import { toUnknown } from "../../workplace/family.ts";
import { watchInterrupt } from "../interrupt.ts";
import { homeOf, say, sayJson, tell } from "../io.ts";
import { toLogLine } from "../log-line.ts";
import { toPid } from "../people.ts";
import { openToRead } from "../reader.ts";
import type { Context } from "../run.ts";
import { holderOf } from "../session.ts";
import { toNumber } from "../text.ts";

/** Milliseconds between two looks of `--follow`. */
const followMs = 200;

/** Records shown of the whole journal when nobody says how many. */
const lastRecords = 200;

interface LogOptions {
  follow?: boolean;
  json?: boolean;
  all?: boolean;
}

/** Adds `log`. */
export function addLog(program: Command, context: Context): void {
  program
    .command("log")
    .description("Show the journal: of one entity, or the last of everything. `hum log verify` checks it.")
    .argument("[pid]", "the entity, or the word verify")
    .option("-f, --follow", "go on with each new record until Ctrl-C")
    .option("-a, --all", "from the first record on")
    .option("--json", "one JSON record a line (NDJSON)")
    .addHelpText(
      "after",
      "\nExamples:\n  hum log 3\n  hum log --follow\n  hum log 3 --json | jq .type\n  hum log verify",
    )
    .action(async (typed: string | undefined, options: LogOptions) => {
      if (typed === "verify") return context.done(await verify(context, options.json === true));
      await log(context, typed === undefined ? null : toPid(typed), options);
    });
}

async function log(context: Context, pid: number | null, options: LogOptions): Promise<void> {
  const { io } = context;
  const paths = toPaths(homeOf(io));
  const opened = await openToRead(paths, () => null);
  if (!opened)
    throw new HumError(
      "not-found",
      'Nothing has run here yet: there is no journal to show. Try `hum ask "…"`.',
    );
  const { journal } = opened;
  const interrupt = watchInterrupt(io);
  try {
    const stream = pid === null ? null : toStream(pid);
    const skip = pid === null && !options.all ? Math.max(0, journal.head().seq - lastRecords) : 0;
    if (skip > 0 && !options.json)
      tell(io, `… ${toNumber(skip)} older records; \`hum log --all\` shows them.`);
    let at = show(context, { journal, stream, from: skip, json: options.json === true });
    if (pid !== null && at === 0) throw toUnknown(pid);
    while (options.follow && !interrupt.signal.aborted) {
      await sleep(followMs, undefined, { signal: interrupt.signal }).catch(() => {});
      at = show(context, { journal, stream, from: at, json: options.json === true });
    }
  } finally {
    interrupt.end();
    journal.close();
  }
}

interface Part {
  journal: OpenJournal;
  stream: string | null;
  from: number;
  json: boolean;
}

/** Shows the records after `from`; the place of the last one. */
function show(context: Context, part: Part): number {
  const { io } = context;
  let at = part.from;
  for (const record of part.journal.read(part.stream, part.from)) {
    at = part.stream === null ? record.seq : record.index;
    if (part.json) say(io, JSON.stringify(record));
    else for (const line of toLogLine(record)) say(io, line);
  }
  return at;
}

async function verify(context: Context, json: boolean): Promise<number> {
  const { io } = context;
  const { journal } = toPaths(homeOf(io));
  const check = () =>
    verifyJournal(journal, (records) => io.live && io.stderr.write(`\r${toNumber(records)} records`));
  let found: Verification = check();
  // A machine that is just writing can look like a torn end for a moment.
  for (let tries = 0; !found.ok && tries < 3 && holderOf(io) !== null; tries++) {
    await sleep(100);
    found = check();
  }
  if (io.live && found.records >= 10_000) io.stderr.write("\r\x1b[K");
  if (json) sayJson(io, found);
  else if (found.ok)
    say(io, `The journal is whole: ${toNumber(found.records)} records, head ${found.head || "none"}.`);
  else for (const problem of found.problems) say(io, `damaged: ${problem}`);
  if (!found.ok && !json)
    throw new HumError(
      "damaged",
      `The journal is good up to record ${found.records}. \`hum start\` cuts it back there and keeps the rest aside.`,
    );
  return found.ok ? 0 : 1;
}
