// The models of a home as its workplace sees them, and the fetching of one that is not here: in the background, told to
// whoever watches, while everything else goes on. Whoever calls such a model waits for it, and for nothing else.

import { HumError } from "../error.ts";
import { createAwaited } from "../model/awaited.ts";
import { findModel } from "../model/catalogue.ts";
import type { Model } from "../model/model.ts";
import { type ListedModel, listModels, openModel } from "../model/store.ts";
import type { WorkLook } from "./api.ts";
import { type ModelDesk, toModelRow } from "./http/model-desk.ts";

/** Fetches a model into a home, telling bytes as they come. Rejects when the signal aborts. */
export type PullModel = (
  home: string,
  id: string,
  options: { signal: AbortSignal; onProgress(done: number, total: number): void },
) => Promise<void>;

/** What the desk is made from. */
export interface DeskOptions {
  home: string;
  pull: PullModel;
  /** Told when the model in use is another, further, or here. */
  onChange(model: WorkLook["model"]): void;
  /** Told why a model did not come. */
  onTrouble(message: string): void;
}

/** The desk of a machine. */
export interface OwnDesk extends ModelDesk {
  /** Opens a model for the machine; one that is not here is fetched. Throws `not-found`. */
  open(id: string | null): Promise<Model>;
  /** Fetches the model in use when it is not here. */
  begin(): void;
  stop(): void;
}

/** Makes the desk; it looks once before it resolves. */
export async function createDesk(options: DeskOptions): Promise<OwnDesk> {
  const { home } = options;
  const stopped = new AbortController();
  /** Models on their way, and how far they are. */
  const fetching = new Map<string, { done: number; total: number; come: Promise<void> }>();
  let used: ListedModel | undefined;

  const look = async (): Promise<ListedModel[]> => {
    const models = await listModels(home);
    used = models.find((model) => model.chosen);
    return models;
  };
  const state = (): WorkLook["model"] => {
    const id = used?.id ?? "";
    if (used?.present) return { id, state: "ready" };
    const way = fetching.get(id);
    return way ? { id, state: "fetching", done: way.done, total: way.total } : { id, state: "missing" };
  };
  const tell = () => options.onChange(state());

  const pull = async (id: string): Promise<void> => {
    try {
      await options.pull(home, id, {
        signal: stopped.signal,
        onProgress(done, total) {
          Object.assign(fetching.get(id) ?? {}, { done, total });
          if (id === used?.id) tell();
        },
      });
    } catch (error) {
      if (!stopped.signal.aborted && HumError.is(error)) options.onTrouble(error.message);
      throw error;
    } finally {
      fetching.delete(id);
      await look();
      tell();
    }
  };
  const fetch = (id: string): Promise<void> => {
    const known = fetching.get(id);
    if (known) return known.come;
    const way = { done: 0, total: findModel(id)?.bytes ?? 0, come: Promise.resolve() };
    fetching.set(id, way);
    way.come = pull(id);
    return way.come;
  };

  await look();
  return {
    state,
    list: async () => (await look()).map(toModelRow),
    async open(id) {
      const model = (await look()).find((one) => (id === null ? one.chosen : one.id === id));
      if (!model || model.present || !findModel(model.id)) return openModel(home, id ?? undefined);
      return createAwaited(model.id, async () => {
        await fetch(model.id);
        return openModel(home, model.id);
      });
    },
    begin() {
      if (used && !used.present && findModel(used.id)) fetch(used.id).catch(() => {});
    },
    stop: () => stopped.abort(),
  };
}

/** The desk of a machine whose models somebody else gives: there is one, and it is here. */
export function createGivenDesk(open: (id: string | null) => Promise<Model>, id: string): OwnDesk {
  return {
    state: () => ({ id, state: "ready" }),
    list: async () => [{ id, kind: "scripted", here: true, bytes: null, used: true }],
    open,
    begin: () => {},
    stop: () => {},
  };
}
