// Serves the door of a machine to other processes of the same person.

import { chmodSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { HumError, toMessage } from "../error.ts";
import type { AnyVerb, Bye, Door, DoorVerb, FollowRequest } from "../workplace/door.ts";
import { doorVerbs } from "../workplace/door.ts";
import { readLines, toAddress, type WireError, writeLine } from "./wire.ts";

/** Bytes that may wait for a client: above the first, live events are dropped; above the second, the client. */
const slowBytes = 4 * 1024 * 1024;
const stuckBytes = 256 * 1024 * 1024;

/** A served door. */
export interface DoorServer {
  /** Says goodbye to every client and takes the socket away. */
  close(why: Bye): Promise<void>;
}

/** Listens at the socket file; the caller holds the lock of the home, so a file that is there is a left-over. */
export async function serveDoor(door: Door, file: string): Promise<DoorServer> {
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    clients.add(socket);
    socket.on("error", () => socket.destroy());
    const work = serveClient(door, socket);
    socket.on("close", () => {
      clients.delete(socket);
      work.abort();
    });
  });
  if (process.platform !== "win32") rmSync(file, { force: true });
  const address = toAddress(file);
  const mask = process.platform === "win32" ? 0 : process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(address.path, resolve);
    });
  } catch (error) {
    address.release();
    throw new HumError("denied", `The socket ${file} cannot be made (${toMessage(error)}).`, {
      cause: error,
    });
  } finally {
    if (process.platform !== "win32") process.umask(mask);
  }
  if (process.platform !== "win32") chmodSync(file, 0o600);
  return {
    async close(why) {
      const gone = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of clients) {
        writeLine(client, { bye: why });
        client.end();
        // A client that does not read must not hold up the stop.
        setTimeout(() => client.destroy(), 500).unref();
      }
      await gone;
      address.release();
      if (process.platform !== "win32") rmSync(file, { force: true });
    },
  };
}

interface Request {
  id: number;
  verb?: string;
  args?: unknown[];
  cancel?: boolean;
}

/** Answers one client until it leaves; aborting ends what it follows. */
function serveClient(door: Door, socket: Socket): AbortController {
  const all = new AbortController();
  const follows = new Map<number, AbortController>();
  writeLine(socket, { hello: door.machine });

  const follow = async (id: number, request: FollowRequest) => {
    const controller = new AbortController();
    follows.set(id, controller);
    const signal = AbortSignal.any([all.signal, controller.signal]);
    for await (const event of door.follow(request, signal)) {
      if (event.kind === "bye") break;
      if (event.kind === "live" && socket.writableLength > slowBytes) continue;
      if (socket.writableLength > stuckBytes) socket.destroy();
      if (!writeLine(socket, { id, event })) break;
    }
    follows.delete(id);
  };
  const call = async ({ id, verb, args = [] }: Request) => {
    try {
      if (verb === "follow") return await follow(id, args[0] as FollowRequest);
      if (!doorVerbs.includes(verb as DoorVerb))
        throw new HumError("bad-input", `There is no verb ${verb}: the two sides are of different versions.`);
      const value = await (door[verb as DoorVerb] as AnyVerb)(...args);
      writeLine(socket, { id, value: value ?? null });
    } catch (error) {
      writeLine(socket, { id, error: toWireError(error) });
    }
  };
  readLines(socket, (value) => {
    const request = value as Request;
    if (request.cancel) follows.get(request.id)?.abort();
    else void call(request);
  });
  return all;
}

function toWireError(error: unknown): WireError {
  const known = HumError.is(error);
  return { code: known ? error.code : "bug", message: toMessage(error), data: known ? error.data : {} };
}
