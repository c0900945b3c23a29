// The link to one server: opened when it is first needed, opened again after it ended, but not more often than
// supervision allows, and closed with the machine. Whenever it was opened, when the server says that its tools changed,
// and after a while, the tools are listed again and held against what the person approved.

import type { CallToolResult } from "@modelcontextprotocol/client";
import { HumError, toMessage } from "../../error.ts";
import { deviceLimits, mcpLimits, restartIntensity } from "../../limits.ts";
import type { Sandbox } from "../bubblewrap.ts";
import { isAbort } from "../failure.ts";
import type { McpServer, PinnedTool } from "./config.ts";
import type { Connection } from "./connection.ts";
import { hashDefinition, toDefinition } from "./definition.ts";

/** What a call came to. `foreign` is true when its words are the server's. */
export type Called = { result: CallToolResult } | { why: string; foreign: boolean };

/** How a call is made. */
export interface CallOptions {
  key: string;
  now: number;
  signal: AbortSignal;
}

/** The link. Contract: does not throw for what happens outside. */
export interface Link {
  call(tool: PinnedTool, args: Record<string, unknown>, options: CallOptions): Promise<Called>;
  close(): Promise<void>;
}

interface Opened {
  connection: Connection;
  /** Hash of each tool as the server lists it now; null when that must be asked again. */
  hashes: Map<string, string> | null;
  listedAt: number;
  calls: number;
}

/** Makes the link to a server; nothing is started yet. */
export function createLink(
  server: McpServer,
  options: { home: string; sandbox: Sandbox | null; callMs?: number },
): Link {
  const { name } = server;
  const callMs = options.callMs ?? deviceLimits.runMs;
  let opening: Promise<Opened> | null = null;
  let starts: number[] = [];
  let closed = false;
  const ending = new AbortController();

  async function open(now: number): Promise<Opened> {
    if (opening) {
      const before = await opening;
      if (before.connection.ended() === null) return before;
      await before.connection.close();
      opening = null;
    }
    if (closed) throw new HumError("interrupted", "Hum is stopping.");
    starts = starts.filter((at) => now - at < restartIntensity.withinMs);
    if (starts.length >= restartIntensity.restarts)
      throw new HumError("offline", `The MCP server ${name} ended too often and is left alone for a moment.`);
    starts.push(now);
    opening ??= start();
    opening.catch(() => {
      opening = null;
    });
    return opening;
  }

  async function start(): Promise<Opened> {
    // Most machines never call a tool of a server, and the library takes a while to load.
    const { connectMcp } = await import("./connection.ts");
    const connection = await connectMcp(server, { ...options, signal: ending.signal });
    const opened: Opened = { connection, hashes: null, listedAt: 0, calls: 0 };
    connection.onChange(() => {
      opened.hashes = null;
    });
    return opened;
  }

  /** Why a tool is not called, null when it is what was approved. */
  async function check(
    opened: Opened,
    tool: PinnedTool,
    { now, signal }: CallOptions,
  ): Promise<string | null> {
    if (!opened.hashes || now - opened.listedAt > mcpLimits.listAgainMs) {
      opened.hashes = toHashes(await opened.connection.list(signal));
      opened.listedAt = now;
    }
    const { definition } = tool;
    const hash = opened.hashes.get(definition.name);
    if (hash === tool.hash) return null;
    const what =
      hash === undefined ? "is gone from the server" : "is not the one that was approved: it changed";
    return `The tool ${definition.name} of ${name} ${what}. A person can look at it with \`hum mcp approve ${name}\`.`;
  }

  return {
    async call(tool, args, how) {
      let signal = AbortSignal.any([how.signal, ending.signal]);
      let limit: AbortSignal | null = null;
      let opened: Opened | null = null;
      let sent = false;
      try {
        // Its start and its list have limits of their own.
        opened = await abortable(open(how.now), signal);
        const why = await check(opened, tool, { ...how, signal });
        if (why !== null) return { why, foreign: false };
        limit = AbortSignal.timeout(callMs);
        signal = AbortSignal.any([signal, limit]);
        opened.calls += 1;
        sent = true;
        return {
          result: await opened.connection.call(tool.definition, args, { ...how, signal, ms: callMs }),
        };
      } catch (error) {
        return toFailed(error, {
          server: name,
          opened,
          sent,
          timedOut: limit?.aborted === true,
          stopped: how.signal.aborted,
        });
      } finally {
        if (opened && sent) opened.calls -= 1;
        // A server that hangs is not waited for a second time.
        if (limit?.aborted && opened && opened.calls === 0) void drop(opened);
      }
    },
    async close() {
      closed = true;
      ending.abort();
      await (await opening?.catch(() => null))?.connection.close();
    },
  };

  async function drop(opened: Opened): Promise<void> {
    if ((await opening?.catch(() => null)) === opened) opening = null;
    await opened.connection.close();
  }
}

/** Hash of each tool that can be used, as a server lists them. */
export function toHashes(tools: readonly Record<string, unknown>[]): Map<string, string> {
  const hashes = new Map<string, string>();
  for (const tool of tools.slice(0, mcpLimits.tools)) {
    const definition = toDefinition(tool);
    if (!("why" in definition)) hashes.set(definition.name, hashDefinition(definition));
  }
  return hashes;
}

function toFailed(
  error: unknown,
  at: { server: string; opened: Opened | null; sent: boolean; timedOut: boolean; stopped: boolean },
): Called {
  const { server, opened, sent } = at;
  const doubt = sent ? " It is not known whether it happened." : "";
  if (at.stopped) return { why: `${server}: stopped before it was finished.${doubt}`, foreign: false };
  if (at.timedOut || (error as { code?: string }).code === "REQUEST_TIMEOUT")
    return { why: `${server} did not answer in time and was cut off.${doubt}`, foreign: false };
  const ended = opened?.connection.ended() ?? null;
  if (ended !== null && sent) {
    const errors = opened!.connection.errors();
    const said = errors === "" ? "" : ` It wrote: ${errors}`;
    return {
      why: `The MCP server ${server} is gone in the middle of the call: ${ended}.${doubt}${said}`,
      foreign: true,
    };
  }
  if (isAbort(error)) return { why: `${server}: stopped before it was finished.${doubt}`, foreign: false };
  return { why: HumError.is(error) ? error.message : `${server}: ${toMessage(error)}`, foreign: true };
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
