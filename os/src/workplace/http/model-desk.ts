// The models of this machine as the workplace sees them: which there are, which is used, and where the one in use stands.

import type { ListedModel } from "../../model/store.ts";
import type { WorkLook } from "../api.ts";

/** One model. */
export interface ModelRow {
  id: string;
  kind: "embedded" | "remote" | "scripted";
  /** It can run now, as far as this machine can know. */
  here: boolean;
  bytes: number | null;
  used: boolean;
}

/** The models. */
export interface ModelDesk {
  list(): Promise<ModelRow[]>;
  /** The one in use. */
  state(): WorkLook["model"];
}

/** A model of the store as a row. */
export function toModelRow(model: ListedModel): ModelRow {
  return {
    id: model.id,
    kind: model.driver,
    here: model.present,
    bytes: model.bytes ?? null,
    used: model.chosen,
  };
}
