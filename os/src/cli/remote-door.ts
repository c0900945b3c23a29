// The door of a machine in another process, over its socket.

import { connect, type Socket } from "node:net";
import { type ErrorCode, HumError } from "../error.ts";
import type {
  AnyVerb,
  Bye,
  Door,
  DoorEvent,
  DoorVerb,
  FollowRequest,
  MachineInfo,
} from "../workplace/door.ts";
import { doorVerbs } from "../workplace/door.ts";
import { readLines, toAddress, type WireError, writeLine } from "./wire.ts";

/** A machine that has taken a connection says hello within so many milliseconds. */
const helloMs = 10_000;

interface Reply {
  hello?: MachineInfo;
  bye?: Bye;
  id?: number;
  value?: unknown;
  error?: WireError;
  event?: DoorEvent;
}

/** Connects to the machine behind a socket file; null when nobody listens there. */
export async function connectDoor(file: string): Promise<Door | null> {
  const socket = await open(file);
  if (!socket) return null;
  const line = createLine(socket);
  const machine = await line.hello;
  if (!machine) return null;
  const call =
    (verb: DoorVerb): AnyVerb =>
    (...args) =>
      line.call(verb, args);
  const verbs = Object.fromEntries(doorVerbs.map((verb) => [verb, call(verb)])) as unknown as Omit<
    Door,
    "machine" | "follow" | "close"
  >;
  return {
    ...verbs,
    machine,
    follow: line.follow,
    async close() {
      socket.destroy();
    },
  };
}

function open(file: string): Promise<Socket | null> {
  let address: ReturnType<typeof toAddress>;
  try {
    address = toAddress(file);
  } catch (error) {
    // The home is not there at all.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Promise.resolve(null);
    throw error;
  }
  return new Promise((resolve, reject) => {
    const socket = connect(address.path);
    socket.once("connect", () => {
      address.release();
      resolve(socket);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      address.release();
      if (error.code === "ENOENT" || error.code === "ECONNREFUSED" || error.code === "ENOTDIR") resolve(null);
      else
        reject(
          new HumError("denied", `The machine at ${file} cannot be reached (${error.code}).`, {
            cause: error,
          }),
        );
    });
  });
}

/** Requests and answers over one socket. */
function createLine(socket: Socket) {
  const calls = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const follows = new Map<number, (event: DoorEvent) => void>();
  let lastId = 0;
  let bye: Bye | null = null;
  let greet: (machine: MachineInfo | null) => void = () => {};
  const hello = new Promise<MachineInfo | null>((resolve) => {
    greet = resolve;
  });
  const timer = setTimeout(() => socket.destroy(), helloMs);

  readLines(socket, (value) => {
    const reply = value as Reply;
    if (reply.hello) {
      clearTimeout(timer);
      greet(reply.hello);
    } else if (reply.bye) bye = reply.bye;
    else if (reply.event) follows.get(reply.id as number)?.(reply.event);
    else if (reply.id !== undefined) {
      const pending = calls.get(reply.id);
      calls.delete(reply.id);
      if (reply.error) pending?.reject(fromWireError(reply.error));
      else pending?.resolve(reply.value);
    }
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    clearTimeout(timer);
    greet(null);
    const why = bye ?? "lost";
    for (const pending of calls.values())
      pending.reject(
        new HumError("interrupted", "The machine stopped before it answered. Try again.", {
          data: { bye: why },
        }),
      );
    calls.clear();
    bye = why;
    for (const give of [...follows.values()]) give({ kind: "bye", why });
  });

  return {
    hello,
    call(verb: DoorVerb, args: readonly unknown[]): Promise<unknown> {
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        calls.set(id, { resolve, reject });
        if (writeLine(socket, { id, verb, args })) return;
        calls.delete(id);
        reject(
          new HumError("interrupted", "The machine stopped. Try again.", { data: { bye: bye ?? "lost" } }),
        );
      });
    },
    async *follow(request: FollowRequest, signal: AbortSignal): AsyncGenerator<DoorEvent> {
      const id = ++lastId;
      const queue: DoorEvent[] = [];
      let wake = () => {};
      follows.set(id, (event) => {
        queue.push(event);
        wake();
      });
      const hear = () => wake();
      signal.addEventListener("abort", hear);
      try {
        if (!writeLine(socket, { id, verb: "follow", args: [request] }))
          return yield { kind: "bye", why: bye ?? "lost" };
        while (!signal.aborted) {
          const event = queue.shift();
          if (!event)
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (signal.aborted || queue.length > 0) resolve();
            });
          else {
            yield event;
            if (event.kind === "bye") return;
          }
        }
      } finally {
        signal.removeEventListener("abort", hear);
        follows.delete(id);
        writeLine(socket, { id, cancel: true });
      }
    },
  };
}

function fromWireError({ code, message, data }: WireError): HumError {
  return new HumError(code as ErrorCode, message, { data });
}
