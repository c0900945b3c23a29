// A machine in this process, behind its door; one that runs entities also serves the door at the socket.

import { toMessage } from "../error.ts";
import type { HomePaths } from "../home.ts";
import { startHum } from "../start.ts";
import type { StreamEvent } from "../workplace/api.ts";
import type { OwnDesk } from "../workplace/desk.ts";
import type { Bye, MachineInfo } from "../workplace/door.ts";
import type { House } from "../workplace/house.ts";
import { createHub, type Hub } from "../workplace/hub.ts";
import { createLocalDoor } from "../workplace/local-door.ts";
import { type Io, personOf, tell } from "./io.ts";
import { type DoorServer, serveDoor } from "./serve-door.ts";
import type { Session, Shell, WebOptions } from "./session.ts";

/** Starts a machine in a home. Throws `locked` while another one is at work there. */
export async function startSession(
  shell: Shell,
  at: { paths: HomePaths; kind: MachineInfo["kind"]; web: WebOptions | null },
): Promise<Session> {
  const { io, overrides } = shell;
  const { paths, kind, web } = at;
  let hub: Hub | null = null;
  let house: House | null = null;
  const desk = web ? await openDesk(shell, paths.home, (event) => house?.tell(event)) : null;
  const openModel = desk?.open ?? overrides.openModel;
  const hum = await startHum({
    home: paths.home,
    run: kind !== "verb",
    ...(openModel ? { openModel: (id) => openModel(id) } : {}),
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
  const warming = new AbortController();
  const closeAll = async (why: Bye) => {
    warming.abort();
    hub?.close(why);
    await server?.close(why);
    await house?.close();
    await hum.stop();
  };
  const close = (why: Bye = "finished") => {
    closing ??= closeAll(why);
    return closing;
  };
  const door = createLocalDoor({ hum, hub, machine, onStop, close });
  try {
    if (web && desk) {
      const { openHouse } = await import("../workplace/house.ts");
      house = await openHouse({
        ...{ hum, door, desk, by: personOf(io), web: web.bundle, port: web.port, exact: web.exact },
        onError: (error) => tellError(io, error),
      });
      machine.port = house.port;
    }
    if (kind !== "verb") server = await serveDoor(door, paths.socket);
  } catch (error) {
    await house?.close();
    await hum.stop();
    throw error;
  }
  desk?.begin();
  // The first who writes to the guide need not wait until it has read its rules.
  if (web && !overrides.openModel)
    hum.spawner.warm({ program: "guide", owner: personOf(io) }, warming.signal).catch(() => {});
  return { door, own: true, stopped, close, ...(house ? { house } : {}) };
}

async function openDesk(shell: Shell, home: string, give: (event: StreamEvent) => void): Promise<OwnDesk> {
  const { io, overrides } = shell;
  const { createDesk, createGivenDesk } = await import("../workplace/desk.ts");
  if (overrides.openModel && !overrides.pull)
    return createGivenDesk((id) => overrides.openModel!(id), "scripted");
  const { pullFromNet } = await import("./models.ts");
  return createDesk({
    ...{ home, pull: overrides.pull ?? pullFromNet },
    onChange: (model) => give({ type: "model", model }),
    onTrouble(message) {
      tell(io, message);
      give({ type: "trouble", message });
    },
  });
}

function tellError(io: Io, error: unknown): void {
  tell(io, toMessage(error));
  if (io.env.HUM_DEBUG) tell(io, String((error as Error).stack));
}
