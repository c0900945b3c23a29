/** The two side doors of the fake server, seen from a client or from the runner. */
import type { ServerControl, ServerStats } from "./contract.ts";

/** Remote control; keeps the `fetch` of the moment it was made, so that a later wrapper does not count here. */
export function createServerControl(baseURL: string): ServerControl {
  const root = new URL(baseURL).origin;
  const plainFetch = fetch;
  return {
    async reset({ latencyMs, slots }) {
      const body = JSON.stringify({ latencyMs, slots });
      const response = await plainFetch(`${root}/control`, { method: "POST", body });
      await response.arrayBuffer();
    },
    async stats(since = 0) {
      const response = await plainFetch(`${root}/stats?since=${since}`);
      return (await response.json()) as ServerStats;
    },
  };
}
