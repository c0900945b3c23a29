// What a command has of the world: arguments come in, text goes out, a key stops it. Commands use this and never
// `process`, so that tests run them in their own process.
//
// Rule: standard output carries results only; all that tells of progress goes to standard error.

import { userInfo } from "node:os";
import { dirname } from "node:path";
import type { Readable, Writable } from "node:stream";
import { findHome } from "../home.ts";

/** The world of a command. */
export interface Io {
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  env: NodeJS.ProcessEnv;
  /** Folder against which paths are read. */
  cwd: string;
  /** A person sits at the keyboard and reads along. */
  interactive: boolean;
  /** Standard error is a terminal: a line may be rewritten. */
  live: boolean;
  /** Standard output is a terminal. */
  screen: boolean;
  color: boolean;
  /** Width of the terminal in characters. */
  width(): number;
  /** Told of each Ctrl-C (and of SIGTERM); the returned function ends it. */
  onInterrupt(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
  /** The program and arguments that start `hum` again. */
  self: readonly string[];
}

/** Two signals closer than this are one: a terminal sends Ctrl-C to a launcher and to its child. */
const sameMs = 150;

/** The world of this process. */
export function createIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  const live = stderr.isTTY === true && env.TERM !== "dumb";
  return {
    stdin,
    stdout,
    stderr,
    env,
    cwd: findCwd(env, process.cwd()),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    live,
    screen: stdout.isTTY === true,
    color: live && !env.NO_COLOR,
    width: () => stderr.columns || 80,
    onInterrupt(listener) {
      let last = 0;
      const hear = () => {
        const now = performance.now();
        if (last > 0 && now - last < sameMs) return;
        last = now;
        listener();
      };
      process.on("SIGINT", hear).on("SIGTERM", hear);
      return () => {
        // The second copy of a signal may still come; the command is at its end and must not die of it.
        process.on("SIGINT", ignore).on("SIGTERM", ignore);
        process.off("SIGINT", hear).off("SIGTERM", hear);
      };
    },
    exit: (code) => process.exit(code),
    self: [process.execPath, ...process.execArgv, process.argv[1] ?? ""],
  };
}

const ignore = () => {};

// `npm start` and `npm run` change to the folder of package.json; INIT_CWD is where the person stands.
function findCwd(env: NodeJS.ProcessEnv, cwd: string): string {
  const byNpm = env.npm_lifecycle_event === "start" || env.npm_lifecycle_event === "hum";
  return byNpm && env.INIT_CWD && dirname(env.npm_package_json ?? "") === cwd ? env.INIT_CWD : cwd;
}

/** The home folder that a command works on. */
export const homeOf = (io: Io): string => findHome(io.env);

/** The person who types. */
export function personOf(io: Io): string {
  const name = io.env.USER || io.env.USERNAME;
  if (name) return name;
  try {
    return userInfo().username;
  } catch {
    return "you";
  }
}

/** Writes one line of result. */
export function say(io: Io, line: string): void {
  io.stdout.write(`${line}\n`);
}

/** Writes one line about what happens. */
export function tell(io: Io, line: string): void {
  io.stderr.write(`${line}\n`);
}

/** Writes one JSON document as the result. */
export function sayJson(io: Io, value: unknown): void {
  say(io, JSON.stringify(value, null, 2));
}
