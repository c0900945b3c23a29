// How a command reaches a machine: one that is at work is used through its socket; else the command starts its own, in
// this process. A machine that runs entities also listens at the socket, so that `hum ps` or `hum kill` of another
// terminal reach it.

import { setTimeout as sleep } from "node:timers/promises";
import { HumError, toMessage } from "../error.ts";
import { type HomePaths, makeHome, readHolder, toPaths } from "../home.ts";
import type { Model } from "../model/model.ts";
import { startHum } from "../start.ts";
import type { Form } from "../syscall/form.ts";
import type { Bye, Door, MachineInfo, Reader } from "./door.ts";
import { createHub, type Hub } from "./hub.ts";
import { homeOf, type Io, tell } from "./io.ts";
import { createLocalDoor } from "./local-door.ts";
import { openReader } from "./reader.ts";
import { connectDoor } from "./remote-door.ts";
import { type DoorServer, serveDoor } from "./serve-door.ts";

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

async function startSession(
  shell: Shell,
  at: { paths: HomePaths; kind: MachineInfo["kind"] },
): Promise<Session> {
  const { io, overrides } = shell;
  const { paths, kind } = at;
  let hub: Hub | null = null;
  const hum = await startHum({
    home: paths.home,
    run: kind !== "verb",
    ...(overrides.openModel ? { openModel: (id) => overrides.openModel!(id) } : {}),
    ...(overrides.form ? { form: overrides.form } : {}),
    onLive(event) {
      if (event.type === "trouble") hub?.give(event);
    },
    onError(pid, error) {
      tell(io, `pid ${pid} was begun again after an error: ${toMessage(error)}`);
      if (io.env.HUM_DEBUG) tell(io, String((error as Error).stack));
    },
  });
  for (const repair of hum.repairs) tell(io, repair);
  hub = createHub(hum);
  let onStop = () => {};
  const stopped = new Promise<void>((resolve) => {
    onStop = resolve;
  });
  const machine: MachineInfo = { pid: process.pid, kind, since: Date.now() };
  let server: DoorServer | null = null;
  let closing: Promise<void> | null = null;
  const closeAll = async (why: Bye) => {
    hub?.close(why);
    await server?.close(why);
    await hum.stop();
  };
  const close = (why: Bye = "finished") => {
    closing ??= closeAll(why);
    return closing;
  };
  const door = createLocalDoor({ hum, hub, machine, onStop, close });
  try {
    if (kind !== "verb") server = await serveDoor(door, paths.socket);
  } catch (error) {
    await hum.stop();
    throw error;
  }
  return { door, own: true, stopped, close };
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
