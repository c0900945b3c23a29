// `hum spawn TASK`: hands a task to the daemon and returns at once with its pid.

import { type Command, Option } from "commander";
import { type Class, classes } from "../../entity/entity.ts";
import { toPaths } from "../../home.ts";
import { startDetached } from "../detach.ts";
import { watchInterrupt } from "../interrupt.ts";
import { homeOf, say, tell } from "../io.ts";
import { ensureModel } from "../models.ts";
import { connectDoor } from "../remote-door.ts";
import type { Context } from "../run.ts";
import { addTaskOptions, type TaskOptions, toRequest } from "./ask.ts";

/** Adds `spawn`. */
export function addSpawn(program: Command, context: Context): void {
  addTaskOptions(
    program
      .command("spawn")
      .description("Start a task in the background; prints its pid. Starts the daemon when it does not run.")
      .argument("<task...>", "what is to be done, in plain words; - reads it from standard input"),
  )
    .option("--name <name>", "a name for the entity")
    .addOption(new Option("--class <class>", "how urgent").choices(classes).default("normal"))
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  hum spawn "Sort the photos by month" --in ~/photos --class background
  hum log 3 --follow        see what it does
  hum mail                  what it told people`,
    )
    .action(async (words: string[], options: TaskOptions & { json?: boolean }) => {
      const { io } = context;
      const request = await toRequest(io, words, options);
      const interrupt = watchInterrupt(io);
      try {
        await ensureModel(context, { id: request.model ?? null, program: request.program, interrupt });
        const paths = toPaths(homeOf(io));
        let door = await connectDoor(paths.socket);
        if (!door) {
          const machine = await interrupt.race(startDetached(context));
          tell(io, `Started Hum in the background (process ${machine.pid}); \`hum stop\` ends it.`);
          door = await connectDoor(paths.socket);
        }
        try {
          const entity = await interrupt.race(
            door!.task({
              ...request,
              class: options.class as Class,
              ...(options.name === undefined ? {} : { name: options.name }),
            }),
          );
          if (options.json) say(io, JSON.stringify({ pid: entity.pid, name: entity.name }));
          else say(io, String(entity.pid));
          if (door!.machine.kind === "ask")
            tell(
              io,
              "It runs as long as the `hum ask` that is at work; `hum start` goes on with it after that.",
            );
        } finally {
          await door?.close();
        }
      } finally {
        interrupt.end();
      }
    });
}
