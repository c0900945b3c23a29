// What a turn works on: the parts of the machine, made in boot.ts and passed along. Nothing here is global.

import type { Broker } from "../device/broker.ts";
import type { Known } from "../device/directory.ts";
import type { Entity, Pid } from "../entity/entity.ts";
import type { HumEvent } from "../entity/events.ts";
import type { State } from "../entity/state.ts";
import type { NewPage } from "../memory/page.ts";
import type { Model } from "../model/model.ts";
import type { Form } from "../syscall/form.ts";
import type { KernelDoors } from "../syscall/kernel.ts";
import type { CallName } from "../syscall/names.ts";
import type { JobEvent, Scheduler } from "./scheduler.ts";
import type { Turns } from "./turns.ts";

/** What happens as it happens, for people who watch; it is not kept. */
export type LiveEvent =
  | { type: "model"; pid: Pid; event: JobEvent }
  | { type: "turn"; pid: Pid; turn: number }
  | { type: "trouble"; message: string | null };

/** The parts. */
export interface Machine {
  readonly state: State;
  now(): number;
  /** Makes events durable and folds them into the state; see ledger.ts for `when`. */
  commit(stream: string, events: readonly HumEvent[], when?: () => boolean): Promise<void>;
  scheduler: Scheduler;
  broker: Broker;
  doors: KernelDoors;
  /** Whom the person knows by name. */
  readonly contacts: readonly Known[];
  /** Who may change a folder now. */
  turns: Turns;
  form: Form;
  /** The model of an entity, opened when first needed. */
  modelOf(entity: Entity): Promise<Model>;
  /** Models that answer when that one cannot, the first first. */
  fallbacksOf?(entity: Entity): Promise<readonly Model[]>;
  /** A model that is asked too when that one is late; null when the person named none. */
  hedgeOf?(entity: Entity): Promise<Model | null>;
  callsOf(entity: Entity): readonly CallName[];
  /** Names of the programs to which work can be given. */
  colleagues(): readonly string[];
  /** Texts of an entity's resident pages, in order. */
  textsOf(entity: Entity): Map<number, string>;
  /** Makes pages with exact counts and the next free ids. */
  toPages(entity: Entity, drafts: readonly Draft[]): Promise<NewPage[]>;
  emit(event: LiveEvent): void;
}

/** Why a turn is stopped whose entity was killed; one that is stopped otherwise goes on at the next start. */
export const killed = "killed";

/** A page to be made. */
export type Draft = Pick<NewPage, "kind" | "role" | "label" | "text">;
