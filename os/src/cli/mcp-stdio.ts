// `hum mcp`: Hum as an MCP server on standard input and output. Standard output carries the protocol and nothing else. It
// ends when its input ends; what it was asked for and is not done goes on with the next machine.

import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import { listPrograms } from "../entity/extend.ts";
import { mcpServerLimits } from "../limits.ts";
import { createHumServers } from "../workplace/mcp/server.ts";
import { watchInterrupt } from "./interrupt.ts";
import { homeOf, personOf, tell } from "./io.ts";
import { openStation } from "./mcp-station.ts";
import type { Shell } from "./session.ts";

/** Serves until the input ends or somebody stops it; the exit code. */
export async function serveMcp(shell: Shell): Promise<number> {
  const { io } = shell;
  const interrupt = watchInterrupt(io);
  const ending = new AbortController();
  try {
    const station = await interrupt.race(openStation(shell));
    const factory = createHumServers({
      station,
      person: personOf(io),
      programs: () => listPrograms(homeOf(io)),
      ending: ending.signal,
    });
    const transport = new StdioServerTransport(io.stdin, io.stdout, {
      maxBufferSize: mcpServerLimits.bodyBytes,
    });
    const over = new Promise<void>((resolve) => {
      io.stdin.once("end", resolve).once("close", resolve);
      interrupt.signal.addEventListener("abort", () => resolve());
    });
    const handle = serveStdio(factory, {
      transport,
      onerror: (error) => io.env.HUM_DEBUG && tell(io, error.message),
    });
    await over;
    ending.abort();
    await handle.close();
    await station.close();
    return 0;
  } finally {
    interrupt.end();
  }
}
