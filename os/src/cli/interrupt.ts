// Ctrl-C: the first stops cleanly, the second ends the process at once.

import { HumError } from "../error.ts";
import { type Io, tell } from "./io.ts";

/** The exit code after Ctrl-C. */
export const interruptedCode = 130;

/** A watch over Ctrl-C. */
export interface Interrupt {
  signal: AbortSignal;
  /** The result of some work, or a throw of `interrupted` as soon as Ctrl-C comes; the work itself goes on. */
  race<T>(work: Promise<T>): Promise<T>;
  end(): void;
}

/** Watches Ctrl-C until `end` is called. */
export function watchInterrupt(io: Io): Interrupt {
  const controller = new AbortController();
  const { signal } = controller;
  const off = io.onInterrupt(() => {
    if (signal.aborted) {
      tell(io, "Stopped at once.");
      io.exit(interruptedCode);
      return;
    }
    controller.abort();
  });
  return {
    signal,
    end: off,
    race(work) {
      work.catch(() => {});
      return new Promise((resolve, reject) => {
        const stop = () => reject(new HumError("interrupted", "Stopped."));
        if (signal.aborted) return stop();
        signal.addEventListener("abort", stop);
        work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
      });
    },
  };
}
