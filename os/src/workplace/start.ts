// Opens the workplace of a machine that was started in a home folder, with the real parts: the index of posts on the
// disk, folders that are watched. The machine's end is its end too.

import { toPaths } from "../home.ts";
import type { StartedHum } from "../start.ts";
import type { WorkLook } from "./api.ts";
import { diskWatch } from "./watched-folders.ts";
import { createWorkplace, type OwnWorkplace, openWorkIndex } from "./workplace.ts";

/** Opens and begins the workplace of a machine. Once for each machine. */
export async function startWorkplace(
  hum: StartedHum,
  options: { model?(): WorkLook["model"]; onError?(error: unknown): void } = {},
): Promise<OwnWorkplace> {
  const workplace = createWorkplace(hum, {
    posts: openWorkIndex(toPaths(hum.home).posts),
    watchFolder: diskWatch,
    ...options,
  });
  await workplace.begin();
  return workplace;
}
