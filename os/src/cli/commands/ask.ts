// `hum ask TASK`: does a task and shows the work.

import type { Command } from "commander";
import type { TaskRequest } from "../../inbox/spawn.ts";
import { ask } from "../ask.ts";
import { type Io, personOf } from "../io.ts";
import { toFolder, toShare, toTask } from "../people.ts";
import type { Context } from "../run.ts";

/** What `ask` and `spawn` are told about a task. */
export interface TaskOptions {
  in?: string;
  share: string[];
  model?: string;
  program?: string;
  as?: string;
  class?: string;
  name?: string;
}

/** Adds the options of a task to a command. */
export function addTaskOptions(command: Command): Command {
  return command
    .option("--in <folder>", "the folder it works in; every change can be undone")
    .option(
      "--share <folder[:ro|:rw]>",
      "one more folder it may read (or with :rw change); may be given again",
      (value: string, all: string[]) => [...all, value],
      [] as string[],
    )
    .option("--model <id>", "the model to run on, see `hum model ls`")
    .option(
      "--program <name>",
      "the program to run; `worker` when not given, or `clerk` for your mail and calendar",
    )
    .option("--as <name>", "the person on whose behalf it works; you when not given");
}

/** The request of a task as typed. Throws `bad-input`. */
export async function toRequest(
  io: Io,
  words: readonly string[],
  options: TaskOptions,
): Promise<TaskRequest> {
  const task = await toTask(io, words);
  return {
    task,
    owner: options.as ?? personOf(io),
    ...(options.in === undefined ? {} : { folder: toFolder(io, options.in, { write: true }) }),
    shares: options.share.map((share) => toShare(io, share)),
    ...(options.model === undefined ? {} : { model: options.model }),
    ...(options.program === undefined ? {} : { program: options.program }),
  };
}

/** Adds `ask`. */
export function addAsk(program: Command, context: Context): void {
  addTaskOptions(
    program
      .command("ask")
      .description("Do a task and show the work; the answer goes to standard output.")
      .argument("<task...>", "what is to be done, in plain words; - reads it from standard input"),
  )
    .option("--yes-to-none", "answer every approval with no instead of asking")
    .addHelpText(
      "after",
      `
Examples:
  hum ask "How many lines has each file?" --in ~/notes
  hum ask "Merge the lists into all.csv" --in . --share ~/lists:ro
  git diff | hum ask -

Ctrl-C pauses the task, and nothing is lost; Ctrl-C twice ends at once.`,
    )
    .action(async (words: string[], options: TaskOptions & { yesToNone?: boolean }) => {
      const task = await toRequest(context.io, words, options);
      context.done(
        await ask(context, {
          task: { ...task, class: "interactive" },
          refuseAll: options.yesToNone === true,
        }),
      );
    });
}
