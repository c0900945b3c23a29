// Makes the real parts of a machine in a home folder and assembles them: SQLite journal, archive, files, terminal in a
// sandbox, clock, web, models. This is what the CLI, the bench and other programs start.

import { assemble, type Hum } from "./boot.ts";
import { createAccountDevices } from "./device/account/devices.ts";
import { type Blobs, createBlobs } from "./device/blobs.ts";
import { createBrowser } from "./device/browser/browser.ts";
import { createEventPast } from "./device/calendar/undo.ts";
import { createCanvas } from "./device/canvas/canvas.ts";
import { createClock } from "./device/clock.ts";
import type { Device } from "./device/device.ts";
import { readContacts } from "./device/directory.ts";
import { createEyes } from "./device/eyes/eyes.ts";
import { openSight, readPictureWords } from "./device/eyes/open.ts";
import { createFiles } from "./device/files.ts";
import { createHttp } from "./device/http.ts";
import { createMcpDevices } from "./device/mcp/devices.ts";
import { createPast } from "./device/past.ts";
import { detectSandbox } from "./device/sandbox.ts";
import { readSenseServers } from "./device/senses/servers.ts";
import { createSurvey } from "./device/survey.ts";
import { createTerminal } from "./device/terminal.ts";
import { kernelStream, toEvent } from "./entity/events.ts";
import { HumError } from "./error.ts";
import { makeHome, makePrivate, takeLock, toPaths } from "./home.ts";
import type { Journal } from "./journal/journal.ts";
import { openSqliteJournal } from "./journal/sqlite.ts";
import { openArchive } from "./memory/archive.ts";
import { createEmbedder } from "./model/embedder.ts";
import { toEmbeddingFile } from "./model/embedding-pull.ts";
import type { Model } from "./model/model.ts";
import { findHedge, listFallbacks, openModel } from "./model/store.ts";
import { afterRunning } from "./scheduler/after.ts";
import type { LiveEvent } from "./scheduler/machine.ts";
import type { Form } from "./syscall/form.ts";
import { version } from "./version.ts";

/** How a machine is started. */
export interface StartOptions {
  home: string;
  /** Another model than the one that config.json names. */
  openModel?: (id: string | null) => Promise<Model>;
  form?: Form;
  /** Devices beside the usual ones. */
  devices?: readonly Device[];
  /** False to look and to answer only: nothing runs. */
  run?: boolean;
  onLive?(event: LiveEvent): void;
  onError?(pid: number, error: unknown): void;
}

/** A machine that holds the lock of its home. */
export interface StartedHum extends Hum {
  /** What was found damaged and mended, in sentences for the user. */
  readonly repairs: readonly string[];
  /** Takes the devices of the home's settings (MCP servers, mailboxes, calendars) as they are now. */
  reload(): Promise<void>;
}

/** Starts a machine in a home. Throws `locked` while another one is at work there. */
export async function startHum(options: StartOptions): Promise<StartedHum> {
  const paths = makeHome(options.home);
  const unlock = takeLock(paths);
  try {
    const onTrouble = (message: string | null) => options.onLive?.({ type: "trouble", message });
    for (const file of [paths.journal, paths.archive, paths.posts, paths.keys]) makePrivate(file);
    const journal = openSqliteJournal({ file: paths.journal, now: Date.now, onTrouble });
    const blobs = await createBlobs(paths.home);
    const mcp = createMcpDevices({ home: paths.home, sandbox: await detectSandbox(), blobs });
    const contacts = readContacts(paths.contacts);
    const accounts = createAccountDevices({ home: paths.home, blobs, contacts, protect: [paths.home] });
    const embedder = createEmbedder(toEmbeddingFile(paths.home));
    const hum = assemble({
      home: paths.home,
      journal,
      archive: openArchive(paths.archive),
      blobs,
      past: createPast(blobs, createEventPast({ home: paths.home, blobs, now: Date.now })),
      embed: embedder.embed,
      devices: [...(await createDevices(paths.home, blobs)), ...(options.devices ?? [])],
      openModel: options.openModel ?? ((id) => openModel(paths.home, id ?? undefined)),
      ...(options.openModel
        ? {}
        : {
            fallbacks: (id) => listFallbacks(paths.home, id ?? undefined),
            hedge: (id) => findHedge(paths.home, id ?? undefined),
          }),
      contacts,
      now: Date.now,
      after: afterRunning,
      ...(options.form ? { form: options.form } : {}),
      ...(options.onLive ? { onLive: options.onLive } : {}),
      ...(options.onError ? { onError: options.onError } : {}),
    });
    const repairs = [...journal.repairs];
    // Settings that cannot be read must not stop the machine, nor close the devices of others.
    const readDevices = async (onWrong: (error: HumError) => void) => {
      const settings = await Promise.allSettled([accounts.reload(), mcp.reload()]);
      const devices = settings.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
      for (const name of hum.broker.plug(devices))
        repairs.push(`The MCP server ${name} is not used: a device of Hum has its name.`);
      for (const one of settings)
        if (one.status === "rejected") {
          if (!HumError.is(one.reason)) throw one.reason;
          onWrong(one.reason);
        }
    };
    const reload = () =>
      readDevices((error) => {
        throw error;
      });
    await readDevices((error) => repairs.push(error.message));
    if (options.run !== false) {
      await hum.machine.commit(kernelStream, [toEvent("kernel.booted", { version })]);
      hum.dispatch.start();
      // What left the windows while there was no embedding model.
      void hum.recall.catchUp();
    }
    const stop = async () => {
      await hum.stop();
      await mcp.close();
      await embedder.close();
      unlock();
    };
    return { ...hum, stop, reload, repairs };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** The devices of a home. */
export async function createDevices(home: string, blobs: Blobs): Promise<Device[]> {
  return [
    createFiles({ blobs, protect: [home] }),
    createTerminal({ sandbox: await detectSandbox(), blobs, protect: [home] }),
    createClock(),
    createHttp(),
    createBrowser({ sandbox: await detectSandbox(), blobs, protect: [home] }),
    createCanvas({ blobs, protect: [home], painter: async () => (await readSenseServers(home)).painter }),
    createEyes({ protect: [home], openSight: () => openSight(home) }),
    createSurvey(readPictureWords),
  ];
}

/** The journal of a home, to look at only; it takes no lock. Throws `not-found` when there is none yet. */
export function readJournal(home: string): Journal {
  return openSqliteJournal({ file: toPaths(home).journal, now: Date.now, readOnly: true });
}
