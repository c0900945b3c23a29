// Opens the workplace of a machine that was started in a home folder, with the real parts: the index of posts on the
// disk, folders that are watched. The machine's end is its end too.

import { toPaths } from "../home.ts";
import { listModels } from "../model/store.ts";
import type { StartedHum } from "../start.ts";
import type { WorkLook } from "./api.ts";
import { diskWatch } from "./watched-folders.ts";
import { createWorkplace, type OwnWorkplace, openWorkIndex } from "./workplace.ts";

/** Opens and begins the workplace of a machine. Once for each machine. */
export async function startWorkplace(
  hum: StartedHum,
  options: { onError?(error: unknown): void } = {},
): Promise<OwnWorkplace> {
  let model: WorkLook["model"] = { id: "", state: "missing" };
  const lookAtModel = async () => {
    const chosen = (await listModels(hum.home)).find((one) => one.chosen);
    if (chosen) model = { id: chosen.id, state: chosen.present ? "ready" : "missing" };
  };
  await lookAtModel();
  const workplace = createWorkplace(hum, {
    posts: openWorkIndex(toPaths(hum.home).posts),
    watchFolder: diskWatch,
    model() {
      void lookAtModel().catch(() => {});
      return model;
    },
    ...options,
  });
  await workplace.begin();
  return workplace;
}
