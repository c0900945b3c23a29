// Asks the person at the terminal one line. The terminal stays in its normal mode, so that Ctrl-C is a signal as always.

import { createInterface } from "node:readline";
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
