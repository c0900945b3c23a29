// Models as commands use them: the one a task needs is fetched when it is not there yet, with a bar that shows how far
// it is. Ctrl-C stops the fetch; it goes on from there the next time.

import { HumError } from "../error.ts";
import { findModel } from "../model/catalogue.ts";
import type { ListedModel } from "../model/store.ts";
import type { PullModel } from "../workplace/desk.ts";
import type { Interrupt } from "./interrupt.ts";
import { homeOf, type Io, tell } from "./io.ts";
import type { Shell } from "./session.ts";
import { toSize } from "./text.ts";

/** The model that a task needs. */
export interface NeededModel {
  /** As named by the person; null for the one in use. */
  id: string | null;
  program?: string | undefined;
  interrupt: Interrupt;
}

/** Fetches the model of a task when it is one of the catalogue and is not here yet. Throws for an unknown one. */
export async function ensureModel(shell: Shell, need: NeededModel): Promise<void> {
  const { io, overrides } = shell;
  if (overrides.openModel && !overrides.pull) return;
  const home = homeOf(io);
  const { findProgram } = await import("../entity/extend.ts");
  const { listModels } = await import("../model/store.ts");
  const id = need.id ?? findProgram(home, need.program ?? "worker").model;
  const models = await listModels(home);
  const model = models.find((one) => (id === null ? one.chosen : one.id === id));
  if (!model) throw toUnknownModel(id ?? "in use", models);
  if (model.present) return;
  if (!findModel(model.id)) throw toMissing(model);
  tell(io, `The model ${model.id} is not here yet: fetching ${toSize(model.bytes ?? 0)}, once.`);
  await pull(shell, model.id, need.interrupt);
}

/** Throws `no-model` when the model of a program is not here; for those who cannot wait for it to be fetched. */
export async function checkModel(shell: Shell, need: { home: string; program: string }): Promise<void> {
  if (shell.overrides.openModel) return;
  const { findProgram } = await import("../entity/extend.ts");
  const { listModels } = await import("../model/store.ts");
  const { model: id } = findProgram(need.home, need.program);
  const models = await listModels(need.home);
  const model = models.find((one) => (id === null ? one.chosen : one.id === id));
  if (!model) throw toUnknownModel(id ?? "in use", models);
  if (model.present) return;
  if (!findModel(model.id)) throw toMissing(model);
  throw new HumError(
    "no-model",
    `The model ${model.id} is not here yet: fetch it with \`hum model pull ${model.id}\`.`,
  );
}

function toMissing(model: ListedModel): HumError {
  const what =
    model.driver === "embedded"
      ? `The file ${model.where} of the model ${model.id} is not there`
      : `The key for the model ${model.id} is not set in the environment`;
  return new HumError(
    "no-model",
    `${what}. \`hum model ls\` shows which are ready; \`hum model use ID\` chooses one.`,
  );
}

function toUnknownModel(id: string, models: readonly ListedModel[]): HumError {
  const known = models.map((model) => model.id).join(", ");
  return new HumError(
    "not-found",
    `There is no model ${id}. Known are: ${known}. Add a file or a server with \`hum model add\`.`,
  );
}

/** Fetches a model with progress. Throws `interrupted` after Ctrl-C. */
export async function pull(shell: Shell, id: string, interrupt: Interrupt): Promise<void> {
  const { io, overrides } = shell;
  const fetch = overrides.pull ?? pullFromNet;
  const progress = await createProgress(io);
  try {
    const work = fetch(homeOf(io), id, { signal: interrupt.signal, onProgress: progress.show });
    await interrupt.race(work);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    throw new HumError("interrupted", `Stopped. \`hum model pull ${id}\` goes on from here.`);
  } finally {
    progress.end();
  }
}

/** Fetches a model from where the catalogue says. */
export const pullFromNet: PullModel = async (home, id, { signal, onProgress }) => {
  const { pullModel } = await import("../model/fetch.ts");
  const { embeddingModel, pullEmbedding } = await import("../model/embedding-pull.ts");
  const options = {
    ...{ home, signal },
    onProgress: (at: { done: number; total: number }) => onProgress(at.done, at.total),
  };
  await (id === embeddingModel ? pullEmbedding(options) : pullModel({ ...options, id }));
};

/** A bar on a terminal, a line for each tenth elsewhere. */
export async function createProgress(
  io: Io,
): Promise<{ show(done: number, total: number): void; end(): void }> {
  const { Presets, SingleBar } = await import("cli-progress");
  const bar = io.live
    ? new SingleBar(
        {
          format: "  {bar} {percentage}%  {value}/{total} MB  {eta_formatted}",
          stream: io.stderr as NodeJS.WritableStream,
          hideCursor: false,
        },
        Presets.shades_classic,
      )
    : null;
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  let started = false;
  let tenth = -1;
  return {
    show(done: number, total: number) {
      if (bar && !started) bar.start(megabytes(total), megabytes(done));
      started = true;
      if (bar) return bar.update(megabytes(done));
      const now = Math.floor((done / total) * 10);
      if (now === tenth) return;
      tenth = now;
      tell(io, `  ${now * 10} % of ${toSize(total)}`);
    },
    end() {
      if (started) bar?.stop();
    },
  };
}
