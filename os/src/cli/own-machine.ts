// A machine in this process, behind its door; one that runs entities also serves the door at the socket.

import { toMessage } from "../error.ts";
import type { HomePaths } from "../home.ts";
import { startHum } from "../start.ts";
import type { Bye, MachineInfo } from "../workplace/door.ts";
import { createHub, type Hub } from "../workplace/hub.ts";
import { createLocalDoor } from "../workplace/local-door.ts";
import { tell } from "./io.ts";
import { type DoorServer, serveDoor } from "./serve-door.ts";
import type { Session, Shell } from "./session.ts";

/** Starts a machine in a home. Throws `locked` while another one is at work there. */
export async function startSession(
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
