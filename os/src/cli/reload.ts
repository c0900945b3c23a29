// What commands do after they have changed which devices there are (accounts, MCP servers).

import { toPaths } from "../home.ts";
import { homeOf } from "./io.ts";
import { connectDoor } from "./remote-door.ts";
import type { Context } from "./run.ts";

/** Tells the machine at work that settings of devices have changed, when there is one. */
export async function reloadDevices({ io }: Pick<Context, "io">): Promise<void> {
  const door = await connectDoor(toPaths(homeOf(io)).socket);
  if (!door) return;
  try {
    await door.reload();
  } finally {
    await door.close();
  }
}
