// How a command reaches a machine: one that is at work is used through its socket; else the command starts its own, in
// this process. A machine that runs entities also listens at the socket, so that `hum ps` or `hum kill` of another
// terminal reach it.

import { setTimeout as sleep } from "node:timers/promises";
import { HumError } from "../error.ts";
import { type HomePaths, makeHome, readHolder, toPaths } from "../home.ts";
import type { Model } from "../model/model.ts";
import type { Form } from "../syscall/form.ts";
import type { PullModel } from "../workplace/desk.ts";
import type { Bye, Door, MachineInfo, Reader } from "../workplace/door.ts";
import type { House } from "../workplace/house.ts";
import { homeOf, type Io } from "./io.ts";
import { openReader } from "./reader.ts";
import { connectDoor } from "./remote-door.ts";

/** What programs and tests put in the place of the real parts. */
export interface Overrides {
  /** Opens models instead of those that config.json names; nothing is pulled then. */
  openModel?(id: string | null): Promise<Model>;
  form?: Form;
  /** Fetches a model instead of the internet. */
  pull?: PullModel;
  /** Folder of a web bundle that is served as it is, instead of the one of this checkout. */
  bundle?: string;
}

/** Everything a command works with. */
export interface Shell {
  io: Io;
  overrides: Overrides;
}

/** A machine that a command may use until it closes it. */
export interface Session {
  door: Door;
  /** True when the machine is in this process. */
  own: boolean;
  /** Resolves when somebody asked a machine of this process to stop. */
  stopped: Promise<void>;
  /** The workplace of a machine in this process that was started with one. */
  house?: House;
  close(why?: Bye): Promise<void>;
}

/** How the workplace of a machine is served. */
export interface WebOptions {
  port: number;
  /** The port was asked for: no other will do. */
  exact: boolean;
  /** Folder of the web bundle. */
  bundle: string;
}

/** A command waits so long for another one that holds the lock and is not to be reached. */
const busyMs = 10_000;

/** Opens the home for looking: the machine at work, else the journal. */
export async function openToLook(shell: Shell): Promise<Reader> {
  const paths = toPaths(homeOf(shell.io));
  return (await connectDoor(paths.socket)) ?? openReader(paths);
}

/** Opens a machine for verbs; with `run`, one in which entities run. */
export async function openSession(
  shell: Shell,
  kind: MachineInfo["kind"],
  options: { signal?: AbortSignal; web?: WebOptions | null } = {},
): Promise<Session> {
  const { signal, web = null } = options;
  const paths = makeHome(homeOf(shell.io));
  const until = performance.now() + busyMs;
  for (;;) {
    const remote = await connectDoor(paths.socket);
    if (remote) {
      if (kind === "daemon") throw await remote.close().then(() => toRunning(paths, remote.machine));
      return { door: remote, own: false, stopped: new Promise(() => {}), close: () => remote.close() };
    }
    try {
      // Looking and talking to a machine at work must be quick; only this needs the whole machine.
      const { startSession } = await import("./own-machine.ts");
      return await startSession(shell, { paths, kind, web });
    } catch (error) {
      if (!HumError.is(error, "locked") || performance.now() > until || signal?.aborted) throw error;
      // Somebody holds the lock for a moment, or is about to listen.
      await sleep(50);
    }
  }
}

function toRunning(paths: HomePaths, machine: MachineInfo): HumError {
  const what = machine.kind === "daemon" ? "Hum runs already" : "A `hum ask` is at work";
  const data = { pid: machine.pid };
  const page = machine.port === undefined ? "" : "`hum open` shows its page. ";
  return new HumError(
    "locked",
    `${what} in ${paths.home} (process ${machine.pid}). ${page}See \`hum ps\`, or \`hum stop\` it.`,
    { data },
  );
}

/** The process that holds a home's lock, null when nobody does. */
export const holderOf = (io: Io): number | null => readHolder(toPaths(homeOf(io)));

/** Does something with a machine (the one at work, or one for this moment) and lets go of it. */
export async function withDoor<T>(shell: Shell, work: (door: Door) => Promise<T>): Promise<T> {
  const session = await openSession(shell, "verb");
  try {
    return await work(session.door);
  } finally {
    await session.close();
  }
}

/** Looks at the home and lets go of it. */
export async function withReader<T>(shell: Shell, work: (reader: Reader) => Promise<T>): Promise<T> {
  const reader = await openToLook(shell);
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}
