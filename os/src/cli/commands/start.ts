// `hum start` and `hum stop`: the daemon, in the foreground or (`--detach`) in the background.

import { setTimeout as sleep } from "node:timers/promises";
import { type Command, InvalidArgumentError } from "commander";
import { HumError } from "../../error.ts";
import { toPaths } from "../../home.ts";
import { httpLimits } from "../../limits.ts";
import { toAddress } from "../../workplace/http/token.ts";
import { canOpen, openBrowser } from "../browser.ts";
import { startDetached } from "../detach.ts";
import { watchInterrupt } from "../interrupt.ts";
import { homeOf, personOf, say, tell } from "../io.ts";
import { connectDoor } from "../remote-door.ts";
import type { Context } from "../run.ts";
import { holderOf, openSession, type WebOptions } from "../session.ts";
import { count } from "../text.ts";

/** A machine that is asked to stop gets this long. */
const stopMs = 20_000;

/** Adds `start` and `stop`. */
export function addStart(program: Command, context: Context): void {
  program
    .command("start")
    .description(
      "Run the machine with its workplace in the browser; commands of other terminals reach it too.",
    )
    .option("--detach", "in the background; its output goes to HUM_HOME/daemon.log")
    .option("--port <number>", "where the page is; a free one near 4186 when not given", toPort)
    .option("--no-open", "do not open the browser")
    .option("--no-web", "without the page")
    .addHelpText("after", "\nExamples:\n  hum start\n  hum start --detach --no-web\n  hum open\n  hum stop")
    .action(async (options: StartChoices) => {
      context.done(options.detach ? await detach(context, options) : await serve(context, options));
    });
  program
    .command("open")
    .description("Show the address of the page, and open it in the browser.")
    .option("--no-open", "only show the address")
    .addHelpText("after", "\nExample:\n  hum open")
    .action(async (options: { open: boolean }) => context.done(await open(context, options)));
  program
    .command("stop")
    .description("Stop the machine; unfinished tasks go on at the next start.")
    .addHelpText("after", "\nExample:\n  hum stop")
    .action(async () => context.done(await stop(context)));
}

interface StartChoices {
  detach?: boolean;
  port?: number;
  open: boolean;
  web: boolean;
}

async function detach(context: Context, choices: StartChoices): Promise<number> {
  const { io } = context;
  const { socket, home } = toPaths(homeOf(io));
  const running = await connectDoor(socket);
  if (running) {
    await running.close();
    throw new HumError(
      "locked",
      `Hum runs already in ${home} (process ${running.machine.pid}). \`hum open\` shows its page, \`hum stop\` ends it.`,
    );
  }
  const machine = await startDetached(context, [
    "--no-open",
    ...(choices.web ? [] : ["--no-web"]),
    ...(choices.port === undefined ? [] : ["--port", String(choices.port)]),
  ]);
  say(io, `Hum runs in the background (process ${machine.pid}) and listens at ${socket}`);
  if (machine.port !== undefined) showPage(context, toAddress(home, machine.port), choices.open);
  return 0;
}

async function serve(context: Context, choices: StartChoices): Promise<number> {
  const { io } = context;
  const interrupt = watchInterrupt(io);
  try {
    const web = choices.web ? await toWeb(context, choices) : null;
    const session = await openSession(context, "daemon", { signal: interrupt.signal, web });
    const { socket } = toPaths(homeOf(io));
    say(io, `Hum runs (process ${process.pid}) and listens at ${socket}`);
    if (session.house && web) {
      const { house } = session;
      if (web.port !== 0 && house.port !== web.port)
        tell(io, `Port ${web.port} is taken by another program, so the page is at ${house.port}.`);
      showPage(context, house.address, choices.open);
      const { model } = await house.workplace.look(personOf(io));
      if (model.state !== "ready")
        tell(
          io,
          `The model ${model.id} is not here yet: it is fetched meanwhile, and the page shows how far it is.`,
        );
    }
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

async function toWeb({ io, overrides }: Context, { port }: StartChoices): Promise<WebOptions> {
  const named = port ?? fromEnv(io.env.HUM_PORT);
  const at = { port: named ?? httpLimits.port, exact: named !== undefined };
  if (overrides.bundle !== undefined) return { ...at, bundle: overrides.bundle };
  const { ensureBundle, toBundle, webFolder } = await import("../bundle.ts");
  await ensureBundle(webFolder, (line) => tell(io, line));
  return { ...at, bundle: toBundle(webFolder) };
}

function showPage({ io }: Context, address: string, open: boolean): void {
  say(io, `The workplace is at ${address}`);
  if (open && canOpen(io)) openBrowser(address, { home: homeOf(io), env: io.env });
}

async function open(context: Context, choices: { open: boolean }): Promise<number> {
  const { home, socket } = toPaths(homeOf(context.io));
  const door = await connectDoor(socket);
  if (!door) throw new HumError("not-found", "Hum does not run. `hum start` starts it and shows its page.");
  const { machine } = door;
  await door.close();
  if (machine.port === undefined)
    throw new HumError(
      "not-found",
      `Hum runs (process ${machine.pid}) without its page. \`hum stop\` it, then \`hum start\`.`,
    );
  showPage(context, toAddress(home, machine.port), choices.open);
  return 0;
}

function fromEnv(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return toPort(text);
  } catch {
    throw new HumError("bad-input", `HUM_PORT is "${text}"; a port is a number from 0 (any) to 65535.`);
  }
}

function toPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a number from 0 (any) to 65535.");
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
