// The machine as an MCP server on standard input and output sees it: the one at work, or one of this process. When it goes
// away another takes its place, and what was followed goes on from the last record.

import { HumError } from "../error.ts";
import type { Door } from "../workplace/door.ts";
import type { Station } from "../workplace/mcp/station.ts";
import { homeOf } from "./io.ts";
import { checkModel } from "./models.ts";
import { openSession, type Session, type Shell } from "./session.ts";

/** A station that must be closed. */
export interface OpenStation extends Station {
  close(): Promise<void>;
}

/** Another machine is looked for so many times in a row. */
const mostMachines = 20;

/** Opens the station; the machine is opened now, so that trouble is told at once. */
export async function openStation(shell: Shell): Promise<OpenStation> {
  let session: Promise<Session> | null = null;
  let closed = false;
  const open = async (): Promise<Session> => {
    if (closed) throw new HumError("interrupted", "Hum is stopping.");
    session ??= openSession(shell, "ask");
    session.catch(() => {
      session = null;
    });
    return session;
  };
  const leave = async (gone: Session) => {
    if ((await session?.catch(() => null)) === gone) session = null;
    await gone.close();
  };
  /** Does something that may be done again on another machine. */
  const look = async <T>(work: (door: Door) => Promise<T>): Promise<T> => {
    for (let tries = 1; ; tries++) {
      const at = await open();
      try {
        return await work(at.door);
      } catch (error) {
        if (!isLost(error) || tries === mostMachines) throw error;
        await leave(at);
      }
    }
  };
  /** Does something that must not be done twice. */
  const act = async <T>(work: (door: Door) => Promise<T>): Promise<T> => {
    const at = await open();
    try {
      return await work(at.door);
    } catch (error) {
      if (!isLost(error)) throw error;
      await leave(at);
      throw new HumError(
        "interrupted",
        "The machine went away in this moment. Look whether it was done, and try again.",
      );
    }
  };
  await open();
  return {
    look: () => look((door) => door.look()),
    entity: (pid) => look((door) => door.entity(pid)),
    search: (words, limit) => look((door) => door.search(words, limit)),
    pageText: (pid, page) => look((door) => door.pageText(pid, page)),
    say: (...args) => act((door) => door.say(...args)),
    kill: (pid, by) => act((door) => door.kill(pid, by)),
    async task(request) {
      await checkModel(shell, { home: homeOf(shell.io), program: request.program ?? "worker" });
      return act((door) => door.task(request));
    },
    async *follow({ pid, from }, signal) {
      let seq = from;
      for (let tries = 0; tries < mostMachines && !signal.aborted; tries++) {
        const at = await open();
        for await (const event of at.door.follow({ pid, from: seq }, signal)) {
          if (event.kind === "record") seq = event.record.seq;
          if (event.kind !== "bye") yield event;
          else if (event.why === "stopped" || closed) return yield event;
          else break;
        }
        if (!signal.aborted) await leave(at);
      }
    },
    async close() {
      closed = true;
      await (await session?.catch(() => null))?.close();
    },
  };
}

const isLost = (error: unknown): boolean => HumError.is(error, "interrupted") && error.data.bye !== undefined;
