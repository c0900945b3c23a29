// A program that speaks MCP on its standard input and output: in the sandbox, with a clean environment, a folder of its
// own as its home, and no network unless the person gave it one. It is a transport for the client of the SDK.
//
// Its whole tree of processes is gone after `close`, and after the end of Hum, however that comes: in the sandbox the
// kernel takes it down; without one its input ends, and its process group is killed.

import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import {
  deserializeMessage,
  type JSONRPCMessage,
  serializeMessage,
  type Transport,
} from "@modelcontextprotocol/client";
import { HumError } from "../../error.ts";
import { mcpLimits } from "../../limits.ts";
import { type Cell, type Sandbox, type Start, toBubblewrap, toLimited } from "../bubblewrap.ts";
import { isGone, kill, killGroup, toFirst } from "../exec.ts";
import { openGroup } from "../group.ts";
import type { LocalServer } from "./config.ts";
import { toOneLine } from "./text.ts";

/** How a program is started. */
export interface ProcessOptions {
  name: string;
  at: LocalServer;
  /** The home of Hum; the server's own folder lies in it. */
  home: string;
  sandbox: Sandbox | null;
}

/** A transport with what the program said beside it. */
export interface ProcessTransport extends Transport {
  /** The end of its errors, for people. */
  errors(): string;
  /** Why it is gone, null while it is there. */
  ended(): string | null;
}

/** The private folder of a server. */
export const toServerFolder = (home: string, name: string): string => join(home, "mcp", name);

/** Makes the transport; `start` starts the program. Throws `denied` where it may not run without a sandbox. */
export function createProcessTransport(options: ProcessOptions): ProcessTransport {
  const { name, at, sandbox } = options;
  if (!sandbox && at.sandbox)
    throw new HumError(
      "denied",
      `The server ${name} runs in a sandbox only, and there is none here. \`hum doctor\` says what is missing; \`hum mcp add … --no-sandbox\` gives it all your rights.`,
    );
  let errors = "";
  let ended: string | null = null;
  let write: ((text: string) => boolean) | null = null;
  let close: () => Promise<void> = async () => {};

  const transport: ProcessTransport = {
    errors: () => toErrors(errors),
    ended: () => ended,
    async start() {
      const group = await openGroup(sandbox && at.sandbox ? sandbox.groups : []);
      const { command, args, env, inputs, infoFd } = await toCommand(options);
      const [program, ...rest] = group.enter([command, ...args]);
      const child = spawn(program!, rest, {
        env,
        cwd: toServerFolder(options.home, name),
        stdio: [
          "pipe",
          "pipe",
          "pipe",
          ...inputs.map(() => "pipe" as const),
          ...(infoFd ? ["pipe" as const] : []),
        ],
        detached: true,
      });
      const exited = new Promise<void>((resolve) => {
        child.once("error", (error) => {
          ended ??= `it could not be started (${error.message})`;
          resolve();
        });
        child.once("exit", (code, signal) => {
          ended ??= signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
          resolve();
        });
      });
      for (const [i, input] of inputs.entries()) {
        const pipe = child.stdio[3 + i] as NodeJS.WritableStream | null;
        pipe?.on("error", () => {});
        pipe?.end(input);
      }
      const first = infoFd ? toFirst(child.stdio[infoFd] as Readable | null) : null;
      child.stdin?.on("error", () => {});
      write = (text) => ended === null && child.stdin!.write(text);
      child.stderr?.on("data", (piece: Buffer) => {
        errors = (errors + piece.toString()).slice(-4 * mcpLimits.errorChars);
      });
      child.stdout?.on("data", (piece: Buffer) => read(piece));
      const killAll = async () => {
        const pid = first?.pid();
        if (pid !== undefined) kill(pid);
        killGroup(child.pid);
        if (pid !== undefined) await isGone(pid);
      };
      const gone = exited.then(async () => {
        await killAll();
        for (const stream of child.stdio) stream?.destroy();
        await group[Symbol.asyncDispose]();
        write = null;
        transport.onclose?.();
      });
      close = async () => {
        child.stdin?.end();
        if (ended === null) await Promise.race([exited, sleep(mcpLimits.endMs, undefined, { ref: false })]);
        await killAll();
        await gone;
      };
    },
    async send(message) {
      if (!write)
        throw new HumError("interrupted", `The server ${name} is gone: ${ended ?? "it was not started"}.`);
      write(serializeMessage(message));
    },
    close: () => close(),
  };

  // The pieces of one line are put together when it is whole, so that a long one costs no more than its length.
  let line: Buffer[] = [];
  let bytes = 0;
  function read(piece: Buffer): void {
    for (let from = 0; from < piece.length && ended === null; ) {
      const end = piece.indexOf(10, from);
      const part = piece.subarray(from, end < 0 ? piece.length : end);
      line.push(part);
      bytes += part.length;
      if (bytes > mcpLimits.messageBytes) {
        ended = `it sent more than ${Math.round(mcpLimits.messageBytes / 1024 ** 2)} MB in one message`;
        void close();
        return;
      }
      if (end < 0) return;
      take(Buffer.concat(line).toString());
      line = [];
      bytes = 0;
      from = end + 1;
    }
  }

  function take(text: string): void {
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(text);
    } catch {
      // A line that is no message: programs print all kinds of things.
      return;
    }
    transport.onmessage?.(message);
  }
  return transport;
}

/** The end of what a program wrote beside its output; where in its source it stood is left out. */
function toErrors(text: string): string {
  const lines = text.split("\n").filter((line) => !/^\s+at /.test(line));
  return toOneLine(lines.join("\n").trim().slice(-mcpLimits.errorChars), mcpLimits.errorChars);
}

interface Command extends Start {
  command: string;
  env: Record<string, string>;
}

async function toCommand({
  name,
  at,
  home,
  sandbox,
}: ProcessOptions): Promise<Command | (Omit<Command, "infoFd"> & { infoFd: null })> {
  const folder = toServerFolder(home, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = ["/usr/local/bin", "/usr/bin", "/bin"];
  if (at.command.includes("/")) path.unshift(dirname(at.command));
  const env: Record<string, string> = {
    PATH: [...new Set(path)].join(":"),
    HOME: folder,
    USER: "hum",
    LANG: "C.UTF-8",
    TMPDIR: sandbox && at.sandbox ? "/tmp" : folder,
    ...(process.env.TZ ? { TZ: process.env.TZ } : {}),
  };
  for (const key of at.env) if (process.env[key] !== undefined) env[key] = process.env[key];
  const command = [at.command, ...at.args];
  if (!sandbox || !at.sandbox) {
    const [program, ...args] = toLimited(command, { processes: false, apart: true });
    return { command: program!, args, env, inputs: [], infoFd: null };
  }
  const cell: Cell = {
    folder,
    shares: [{ path: folder, write: true }, ...at.shares],
    protect: [home],
    env,
    text: "",
    command,
    net: at.net,
    apart: true,
  };
  return { ...toBubblewrap(sandbox, cell), command: sandbox.program, env: {} };
}
