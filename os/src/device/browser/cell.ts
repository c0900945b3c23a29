// Starts a browser in the sandbox: a fresh empty profile in a private /tmp, none of the person's files and settings, and no
// network at all. What it asks of the web comes to Hum over a pipe (traffic.ts) and is answered from there, so that there is
// no way around the policy: no name it resolves, no socket it opens, no WebSocket, no proxy.
//
// The whole tree of its processes is gone when the cell is disposed, and with the end of Hum.

import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { type Sandbox, toBubblewrap } from "../bubblewrap.ts";
import { isGone, kill, killGroup, toFirst } from "../exec.ts";
import { openGroup, resizeGroups } from "../group.ts";
import { browserLimits } from "../sizes.ts";
import type { BrowserProgram } from "./find.ts";
import { type CdpPipe, createCdpPipe } from "./pipe.ts";

/** A browser at work. */
export interface BrowserCell {
  cdp: CdpPipe;
  /** Rejects when it ends before its time. */
  lost: Promise<never>;
  [Symbol.asyncDispose](): Promise<void>;
}

// The sandbox around it takes the place of the browser's own, which cannot be begun in there.
const flags = [
  ...["--headless=new", "--no-sandbox", "--remote-debugging-pipe", "--user-data-dir=/tmp/profile"],
  ...["--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-default-apps"],
  ...["--disable-breakpad", "--disable-crash-reporter", "--disable-dev-shm-usage", "--disable-gpu"],
  ...["--disable-domain-reliability", "--no-pings", "--mute-audio", "--password-store=basic"],
  // One process for all frames, so that the requests of each come over the one line that is watched.
  ...["--disable-site-isolation-trials", "--disable-features=IsolateOrigins,site-per-process,Translate"],
  `--window-size=${browserLimits.width},${browserLimits.height}`,
];

/** Starts a browser. Throws when it cannot be started. */
export async function openBrowser(sandbox: Sandbox, browser: BrowserProgram): Promise<BrowserCell> {
  const size = { processes: browserLimits.processes, memoryBytes: browserLimits.memoryBytes };
  const group = await openGroup(resizeGroups(sandbox.groups, size));
  const { program, folder } = browser;
  const cell = {
    folder: "/tmp",
    shares: folder === null ? [] : [{ path: folder, write: false }],
    protect: [],
    env: { PATH: "/usr/bin:/bin", HOME: "/tmp", LANG: "C.UTF-8", TZ: "UTC" },
    text: "",
    apart: true,
    // The limit on one process would count what the browser only reserves; the group holds them all.
    size: { ...size, memoryBytes: 8 * size.memoryBytes },
    command: [] as string[],
  };
  const inputs = toBubblewrap(sandbox, cell).inputs;
  const [reads, writes] = [4 + inputs.length, 5 + inputs.length];
  const script = `exec "$@" 3<&${reads} 4>&${writes}`;
  cell.command = ["/bin/bash", "--norc", "-c", script, "hum", program, ...flags, "about:blank"];
  const start = toBubblewrap(sandbox, cell);
  const [command, ...args] = group.enter([sandbox.program, ...start.args]);
  const child = spawn(command!, args, {
    env: {},
    stdio: ["ignore", "ignore", "ignore", ...inputs.map(() => "pipe" as const), "pipe", "pipe", "pipe"],
    detached: true,
  });
  for (const [i, input] of start.inputs.entries()) {
    const pipe = child.stdio[3 + i] as Writable | null;
    pipe?.on("error", () => {});
    pipe?.end(input);
  }
  const first = toFirst(child.stdio[start.infoFd] as Readable | null);
  let lose: (error: Error) => void = () => {};
  const lost = new Promise<never>((_resolve, reject) => {
    lose = reject;
  });
  lost.catch(() => {});
  const exited = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      lose(error);
      resolve();
    });
    child.once("exit", () => {
      lose(new Error("the browser ended"));
      resolve();
    });
  });
  const cdp = createCdpPipe(child.stdio[reads] as Writable, child.stdio[writes] as Readable, (why) =>
    lose(new Error(why)),
  );
  return {
    ...{ cdp, lost },
    async [Symbol.asyncDispose]() {
      const pid = first.pid();
      if (pid !== undefined) kill(pid);
      killGroup(child.pid);
      await exited;
      await isGone(pid);
      for (const stream of child.stdio) stream?.destroy();
      await group[Symbol.asyncDispose]();
    },
  };
}
