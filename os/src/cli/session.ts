// How a command reaches a machine: one that is at work is used through its socket; else the command starts its own, in
// this process. A machine that runs entities also listens at the socket, so that `hum ps` or `hum kill` of another
// terminal reach it.

import { setTimeout as sleep } from "node:timers/promises";
import { HumError } from "../error.ts";
import { type HomePaths, makeHome, readHolder, toPaths } from "../home.ts";
import type { Model } from "../model/model.ts";
import type { Form } from "../syscall/form.ts";
import type { Bye, Door, MachineInfo, Reader } from "../workplace/door.ts";
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
}

/** Fetches a model into a home, telling bytes as they come. Rejects when the signal aborts. */
export type PullModel = (
  home: string,
  id: string,
  options: { signal: AbortSignal; onProgress(done: number, total: number): void },
) => Promise<void>;

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
  close(why?: Bye): Promise<void>;
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
  signal?: AbortSignal,
): Promise<Session> {
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
      return await startSession(shell, { paths, kind });
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
  return new HumError(
    "locked",
    `${what} in ${paths.home} (process ${machine.pid}). See \`hum ps\`, or \`hum stop\` it.`,
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
