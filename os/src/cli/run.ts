// The program `hum`: reads the arguments, runs one command, and turns every error into one line and an exit code.
//
//   0 done   1 the task failed   2 wrong use   3 somebody must answer first   130 stopped by Ctrl-C

import { Command, CommanderError } from "commander";
import { fromSystem, HumError, toMessage } from "../error.ts";
import { version } from "../version.ts";
import { addApprovals } from "./commands/approvals.ts";
import { addAsk } from "./commands/ask.ts";
import { addCalendar } from "./commands/calendar.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addLog } from "./commands/log.ts";
import { addMcp } from "./commands/mcp.ts";
import { addMem } from "./commands/mem.ts";
import { addMemory } from "./commands/memory.ts";
import { addModel } from "./commands/model.ts";
import { addPs } from "./commands/ps.ts";
import { addSenses } from "./commands/senses.ts";
import { addSpawn } from "./commands/spawn.ts";
import { addStart } from "./commands/start.ts";
import { addTalk } from "./commands/talk.ts";
import { addTrust } from "./commands/trust.ts";
import { addVerbs } from "./commands/verbs.ts";
import { interruptedCode } from "./interrupt.ts";
import { type Io, tell } from "./io.ts";
import type { Overrides, Shell } from "./session.ts";

/** Adds commands to the program; `done` takes the exit code of the one that ran. */
export interface Context extends Shell {
  done(code: number): void;
}

/** Runs one command; the exit code. Contract: does not throw. */
export async function run(argv: readonly string[], io: Io, overrides: Overrides = {}): Promise<number> {
  let code = 0;
  const context: Context = {
    io,
    overrides,
    done(result) {
      code = result;
    },
  };
  const program = createProgram(context);
  const given = toArguments(argv, io);
  try {
    await program.parseAsync(given, { from: "user" });
    return code;
  } catch (error) {
    return explain(io, error, toName(program, given));
  }
}

// The command that was meant: wrong use is explained by its own help.
function toName(program: Command, argv: readonly string[]): string {
  const names = ["hum"];
  let at = program;
  for (const word of argv) {
    const next = at.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (!next) break;
    names.push(next.name());
    at = next;
  }
  return names.join(" ");
}

// Plain `npm start` starts the machine; plain `hum` explains itself.
const toArguments = (argv: readonly string[], io: Io): string[] =>
  argv.length > 0 ? [...argv] : [io.env.npm_lifecycle_event === "start" ? "start" : "--help"];

const examples = `
Examples:
  hum ask "Put the ten largest files into big.txt" --in ~/Downloads
  hum start                 the workplace in your browser
  hum ps                    what runs, waits, or is done
  hum log 3 --follow        what pid 3 did, and does
  hum undo 3                take its changes back
  hum kill --all            stop everything, also after a restart

Exit codes: 0 done, 1 the task failed, 2 wrong use, 3 somebody must answer first, 130 stopped by Ctrl-C.`;

function createProgram(context: Context): Command {
  const { io } = context;
  const program = new Command("hum");
  program
    .description("An operating system whose processor is a language model.")
    .version(version, "-V, --version", "tell the version")
    .helpCommand("help [command]", "explain a command")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // Errors are written once, by explain().
      outputError: () => {},
      getOutHelpWidth: () => Math.min(100, io.width()),
      getErrHelpWidth: () => Math.min(100, io.width()),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showSuggestionAfterError(true)
    .addHelpText("after", examples);
  for (const add of [
    addAsk,
    addSpawn,
    addPs,
    addLog,
    addMem,
    addMemory,
    addTrust,
    addVerbs,
    addApprovals,
    addModel,
    addSenses,
    addTalk,
    addMcp,
    addCalendar,
    addStart,
    addDoctor,
  ])
    add(program, context);
  return program;
}

/** Writes what went wrong with a command as one line; the exit code. */
function explain(io: Io, thrown: unknown, command: string): number {
  const error = fromSystem(thrown);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const message = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
    tell(
      io,
      `hum: ${message.replace(/[.)]?$/, (end) => (end === ")" ? ")" : "."))} See \`${command} --help\`.`,
    );
    return 2;
  }
  const known = HumError.is(error);
  const message = toMessage(error).replace(/\s*\n\s*/g, " ");
  tell(io, `hum: ${known ? message : `${message} (unexpected: HUM_DEBUG=1 shows where)`}`);
  if (io.env.HUM_DEBUG) tell(io, String((error as Error).stack ?? ""));
  if (!known) return 1;
  if (error.code === "interrupted") return interruptedCode;
  if (error.code === "needs-approval") return 3;
  return error.code === "bad-input" || error.code === "not-found" || error.code === "conflict" ? 2 : 1;
}
