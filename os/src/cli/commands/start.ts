// `hum start` and `hum stop`: the daemon, in the foreground or (`--detach`) in the background.

import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { HumError } from "../../error.ts";
import { toPaths } from "../../home.ts";
import { startDetached } from "../detach.ts";
import { watchInterrupt } from "../interrupt.ts";
import { homeOf, say, tell } from "../io.ts";
import { connectDoor } from "../remote-door.ts";
import type { Context } from "../run.ts";
import { holderOf, openSession } from "../session.ts";
import { count } from "../text.ts";

/** A machine that is asked to stop gets this long. */
const stopMs = 20_000;

/** Adds `start` and `stop`. */
export function addStart(program: Command, context: Context): void {
  program
    .command("start")
    .description("Run the machine: unfinished tasks go on, and commands of other terminals reach it.")
    .option("--detach", "in the background; its output goes to HUM_HOME/daemon.log")
    .addHelpText("after", "\nExamples:\n  hum start --detach\n  hum ps\n  hum stop")
    .action(async (options: { detach?: boolean }) => {
      context.done(options.detach ? await detach(context) : await serve(context));
    });
  program
    .command("stop")
    .description("Stop the machine; unfinished tasks go on at the next start.")
    .addHelpText("after", "\nExample:\n  hum stop")
    .action(async () => context.done(await stop(context)));
}

async function detach(context: Context): Promise<number> {
  const { io } = context;
  const { socket, home } = toPaths(homeOf(io));
  const running = await connectDoor(socket);
  if (running) {
    await running.close();
    throw new HumError("locked", `Hum runs already in ${home} (process ${running.machine.pid}).`);
  }
  const machine = await startDetached(context);
  say(io, `Hum runs in the background (process ${machine.pid}) and listens at ${socket}`);
  return 0;
}

async function serve(context: Context): Promise<number> {
  const { io } = context;
  const interrupt = watchInterrupt(io);
  try {
    const session = await openSession(context, "daemon", interrupt.signal);
    const { socket } = toPaths(homeOf(io));
    say(io, `Hum runs (process ${process.pid}) and listens at ${socket}`);
    const look = await session.door.look();
    const unfinished = look.entities.filter((row) => row.state !== "ended").length;
    if (look.halted)
      tell(io, "Everything was stopped with `hum kill --all`; `hum resume --all` lets work begin again.");
    else if (unfinished > 0) tell(io, `${count(unfinished, "unfinished task")} here; see \`hum ps\`.`);
    const interrupted = new Promise<void>((resolve) => {
      interrupt.signal.addEventListener("abort", () => resolve());
      if (interrupt.signal.aborted) resolve();
    });
    await Promise.race([interrupted, session.stopped]);
    await session.close("stopped");
    tell(io, "Hum has stopped. Unfinished tasks go on at the next `hum start`.");
    return 0;
  } finally {
    interrupt.end();
  }
}

async function stop(context: Context): Promise<number> {
  const { io } = context;
  const door = await connectDoor(toPaths(homeOf(io)).socket);
  const holder = door?.machine.pid ?? holderOf(io);
  if (holder === null) {
    say(io, "Hum does not run.");
    return 0;
  }
  if (door) {
    await door.stop().catch((error: unknown) => {
      if (!HumError.is(error, "interrupted")) throw error;
    });
    await door.close();
  } else process.kill(holder, "SIGTERM");
  for (const until = performance.now() + stopMs; holderOf(io) === holder; await sleep(25))
    if (performance.now() > until)
      throw new HumError(
        "locked",
        `Process ${holder} does not stop. \`kill -9 ${holder}\` ends it; nothing is lost.`,
      );
  say(io, "Hum has stopped.");
  return 0;
}
