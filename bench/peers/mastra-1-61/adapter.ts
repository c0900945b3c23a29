/**
 * Mastra 1.61.0, for W5 only: the last version whose durable agents can be recovered after a crash.
 *
 * Since 1.62 the snapshots of a running agent are pruned of what recovery reads back, and `recover()` ends with
 * "Cannot read properties of undefined (reading 'messages')" (mastra-ai/mastra#22636, open; seen here with 1.71.0).
 * Showing only that row would say more about a bug than about the design, so this row stands beside it.
 *
 * It is the same adapter: the bare imports of ../mastra/adapter.ts are resolved from this folder instead.
 */
import { registerHooks } from "node:module";
import type { Peer, PeerModule, WorkOptions } from "../contract.ts";
import { versionOf } from "../version.ts";

const shared = new URL("../mastra/adapter.ts", import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const bare = context.parentURL === shared && !specifier.startsWith(".");
    return next(specifier, bare ? { ...context, parentURL: import.meta.url } : context);
  },
});

/** See contract.ts. */
export async function createPeer(options: WorkOptions): Promise<Peer> {
  const module = (await import(shared)) as PeerModule;
  const peer = await module.createPeer(options);
  const version = versionOf(import.meta.dirname, "@mastra/core");
  return { ...peer, name: "mastra-1-61", version, only: ["W5"] };
}
