// Asks the person at the terminal one line. The terminal stays in its normal mode, so that Ctrl-C is a signal as always.

import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { Io } from "./io.ts";

/** The answer, or null when there will be none: the input ended, or the signal aborted. */
export function question(io: Io, text: string, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(null);
    io.stderr.write(text);
    const lines = createInterface({ input: io.stdin, terminal: false });
    const finish = (answer: string | null) => {
      signal.removeEventListener("abort", stop);
      lines.removeListener("close", end);
      lines.close();
      io.stdin.pause();
      resolve(answer);
    };
    const end = () => {
      io.stderr.write("\n");
      finish(null);
    };
    const stop = () => end();
    lines.once("line", finish);
    lines.once("close", end);
    signal.addEventListener("abort", stop);
  });
}

/**
 * One line that is not shown while it is typed; from a pipe, its first line. Null when there will be none. For the time of
 * the question the terminal tells each key, so Ctrl-C is a no here.
 */
export function secretQuestion(io: Io, text: string): Promise<string | null> {
  return new Promise((resolve) => {
    if (io.interactive) io.stderr.write(text);
    const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
    const lines = createInterface({ input: io.stdin, output: nowhere, terminal: io.interactive });
    const finish = (answer: string | null) => {
      lines.removeListener("close", end);
      lines.close();
      io.stdin.pause();
      if (io.interactive) io.stderr.write("\n");
      resolve(answer);
    };
    const end = () => finish(null);
    lines.once("line", finish);
    lines.once("close", end);
    lines.once("SIGINT", end);
  });
}
