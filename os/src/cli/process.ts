// Runs one command as the whole process: its arguments, its terminal, its end.

import { createIo } from "./io.ts";
import { run } from "./run.ts";
import type { Overrides } from "./session.ts";

/** A process whose handles are not all closed is ended after this time. */
const lingerMs = 250;

/** Runs the command of this process's arguments and ends the process with its exit code. */
export async function runProcess(overrides: Overrides = {}): Promise<void> {
  // `hum log | head` closes our output early: that is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  process.stderr.on("error", () => {});
  const io = createIo();
  const code = await run(process.argv.slice(2), io, overrides);
  process.exitCode = code;
  await Promise.all(
    [process.stdout, process.stderr].map((out) => new Promise((done) => out.write("", done))),
  );
  process.stdin.unref?.();
  setTimeout(() => process.exit(code), lingerMs).unref();
}
