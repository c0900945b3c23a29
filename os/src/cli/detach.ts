// Starts the daemon in the background: the same program with `start`, in a session of its own, its output in
// HUM_HOME/daemon.log. It is up when it answers at its socket.

import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HumError } from "../error.ts";
import { makeHome } from "../home.ts";
import type { MachineInfo } from "../workplace/door.ts";
import { homeOf } from "./io.ts";
import { connectDoor } from "./remote-door.ts";
import type { Shell } from "./session.ts";

/** A daemon that is not up after this time is given up. */
const startMs = 30_000;

/** Starts the daemon; who it is, once it answers. */
export async function startDetached(
  shell: Shell,
  options: readonly string[] = ["--no-open"],
): Promise<MachineInfo> {
  const { io } = shell;
  const paths = makeHome(homeOf(io));
  const file = join(paths.home, "daemon.log");
  const log = openSync(file, "a", 0o600);
  const before = statSync(file).size;
  const [program = "", ...args] = io.self;
  let gone: number | string | null = null;
  try {
    const child = spawn(program, [...args, "start", ...options], {
      detached: true,
      stdio: ["ignore", log, log],
      cwd: paths.home,
      env: { ...io.env, HUM_HOME: paths.home },
    });
    child.on("error", (error) => {
      gone = error.message;
    });
    child.on("exit", (code, signal) => {
      gone = code ?? signal ?? 1;
    });
    child.unref();
  } finally {
    closeSync(log);
  }
  for (const until = performance.now() + startMs; performance.now() < until; await sleep(30)) {
    const door = await connectDoor(paths.socket);
    if (door) {
      await door.close();
      return door.machine;
    }
    if (gone === null) continue;
    const said = readFileSync(file).subarray(before).toString("utf8").trim().split("\n").at(-1) ?? "";
    throw new HumError(
      "denied",
      `Hum did not start: ${said.replace(/^hum: /, "") || `it ended with ${gone}`}`,
      {
        data: { log: file },
      },
    );
  }
  throw new HumError("locked", `Hum did not start within ${startMs / 1_000} s; see ${file}.`);
}
