// MCP servers as devices: which there are, as the home's settings say now. Nothing of a server is started or loaded before
// it is needed, so that a home without servers pays nothing.

import type { Blobs } from "../blobs.ts";
import type { Sandbox } from "../bubblewrap.ts";
import type { Device } from "../device.ts";
import { readServers } from "./config.ts";
import type { Link } from "./link.ts";

/** What the devices need. */
export interface McpOptions {
  home: string;
  sandbox: Sandbox | null;
  blobs: Blobs;
  /** Longest time of one call, in milliseconds. */
  callMs?: number;
}

/** The servers of a home, as devices. */
export interface McpDevices {
  devices(): readonly Device[];
  /** Reads again which servers there are; those that did not change go on. Throws `damaged` for a wrong mcp.json. */
  reload(): Promise<readonly Device[]>;
  /** Ends every server. */
  close(): Promise<void>;
}

interface Held {
  text: string;
  device: Device;
  link: Link;
}

type Parts = Awaited<ReturnType<typeof loadParts>>;

async function loadParts() {
  const [{ createLink }, { toDevice }] = await Promise.all([import("./link.ts"), import("./operations.ts")]);
  return { createLink, toDevice };
}

/** Opens the servers of a home; none is started before its first call. */
export function createMcpDevices(options: McpOptions): McpDevices {
  let held = new Map<string, Held>();
  let parts: Parts | null = null;
  const devices = () => [...held.values()].map((one) => one.device);
  return {
    devices,
    async reload() {
      const next = new Map<string, Held>();
      const servers = await readServers(options.home);
      if (servers.length > 0) parts ??= await loadParts();
      for (const server of servers) {
        const text = JSON.stringify(server);
        const before = held.get(server.name);
        if (before?.text === text) next.set(server.name, before);
        else {
          const { createLink, toDevice } = parts as Parts;
          const link = createLink(server, options);
          next.set(server.name, { text, link, device: toDevice(server, link, options.blobs) });
        }
      }
      const gone = [...held.values()].filter((one) => !new Set(next.values()).has(one));
      held = next;
      await Promise.all(gone.map((one) => one.link.close()));
      return devices();
    },
    async close() {
      await Promise.all([...held.values()].map((one) => one.link.close()));
    },
  };
}
