// The door of @hum-os/os: all that programs outside may use.

export { assemble, type Hum, type Parts } from "./boot.ts";
export {
  type Device,
  type DeviceContext,
  type DeviceResult,
  defineDevice,
  defineOperation,
  type Operation,
} from "./device/device.ts";
export type { Capability, Share } from "./entity/authority.ts";
export type { Budget, Class, Entity, Outcome, Pid } from "./entity/entity.ts";
export type { Approval, Mail } from "./entity/events.ts";
export type { Reason } from "./entity/reason.ts";
export { type ErrorCode, HumError } from "./error.ts";
export { findHome } from "./home.ts";
export type { Inbox } from "./inbox/inbox.ts";
export type { TaskRequest } from "./inbox/spawn.ts";
export type { JournalRecord } from "./journal/journal.ts";
export { type Label, toLabel, toUntrusted } from "./memory/label.ts";
export type { Model, ModelEvent, ModelInfo, ModelMessage, ModelRequest } from "./model/model.ts";
export { createScripted } from "./model/scripted.ts";
export type { LiveEvent } from "./scheduler/machine.ts";
export { readJournal, type StartedHum, type StartOptions, startHum } from "./start.ts";
export { version } from "./version.ts";
export type { StreamEvent, Workplace } from "./workplace/api.ts";
export type { Channel, Post, Thread, Trigger } from "./workplace/contract.ts";
export { startWorkplace } from "./workplace/start.ts";
