// The wire of the door: lines of JSON over a Unix socket (a named pipe on Windows).
//
//   client -> server   {"id": 7, "verb": "kill", "args": [3, "ada"]}       {"id": 8, "cancel": true}
//   server -> client   {"hello": {pid, kind, since}}                        first line after connecting
//                      {"id": 7, "value": …}   {"id": 7, "error": {code, message, data}}
//                      {"id": 8, "event": …}   many, for `follow`           {"bye": "stopped"}
//
// Rule: the socket lies in the home folder, which only its owner may enter, and is readable by its owner only.

import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import type { Socket } from "node:net";
import { basename, dirname } from "node:path";
import { HumError } from "../error.ts";

/** Longest line that is accepted, in characters. */
const longestLine = 64 * 1024 * 1024;

/** Longest path of a socket that every system takes, in bytes. */
const longestPath = 100;

/** An address to listen at or connect to, valid until `release` is called. */
export interface Address {
  path: string;
  release(): void;
}

/** The address of a socket file. A path too long for a socket is reached through its open folder, on Linux. */
export function toAddress(file: string): Address {
  if (process.platform === "win32") {
    const name = createHash("sha256").update(file.toLowerCase()).digest("hex").slice(0, 32);
    return { path: `\\\\.\\pipe\\hum-${name}`, release: () => {} };
  }
  if (Buffer.byteLength(file) <= longestPath) return { path: file, release: () => {} };
  if (process.platform !== "linux")
    throw new HumError(
      "bad-input",
      `The path ${file} is too long for a socket. Set HUM_HOME to a shorter one.`,
    );
  const folder = openSync(dirname(file), "r");
  return { path: `/proc/self/fd/${folder}/${basename(file)}`, release: () => closeSync(folder) };
}

/** Calls back with each line of JSON. A line that is none, or too long, ends the connection. */
export function readLines(socket: Socket, onValue: (value: unknown) => void): void {
  let parts: string[] = [];
  let length = 0;
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = chunk.split("\n");
    for (const [i, line] of lines.entries()) {
      parts.push(line);
      length += line.length;
      if (length > longestLine) return void socket.destroy();
      if (i === lines.length - 1) return;
      const text = parts.join("");
      parts = [];
      length = 0;
      try {
        onValue(JSON.parse(text));
      } catch {
        return void socket.destroy();
      }
    }
  });
}

/** Writes one line of JSON; false when the other side is gone. */
export function writeLine(socket: Socket, value: unknown): boolean {
  if (socket.destroyed || !socket.writable) return false;
  socket.write(`${JSON.stringify(value)}\n`);
  return true;
}

/** An error as it goes over the wire. */
export interface WireError {
  code: string;
  message: string;
  data: Record<string, unknown>;
}
