// The contract of a device: named operations with typed arguments and a declared effect. Devices act only when the
// broker says so (broker.ts); they hold no authority of their own and have no side door.
//
// Rules for devices
//   - `run` never throws for what happens outside (a missing file, a failed command): that is a result with ok false.
//   - The text of a result is what the entity reads: short, plain, with what to do next when it failed.
//   - An operation that changes files of the person's machine reports every change, so that it can be undone.

import type { z } from "zod";
import type { Egress } from "../entity/authority.ts";
import type { Label } from "./label.ts";
import type { Sink } from "./trace.ts";

export type { Sink };

/** What an operation does to the world. `reversible` can be undone by Hum itself; `egress` sends something out. */
export type Effect = "none" | "reversible" | "egress" | "irreversible" | "physical";

/** A folder that a process may use. Its own home is always the first. */
export interface Share {
  /** Absolute real path. */
  path: string;
  write: boolean;
}

/** One changed file, link, folder or event: content hashes in the blob store, null where there is none before or after. */
export interface FileChange {
  /** Of an event on a server `calendar:NAME/UID`. */
  path: string;
  /** A file unless told. The content of a link is its target; a folder has none and the hash of nothing. */
  kind?: "file" | "link" | "folder" | "event";
  /** What an event is called. */
  title?: string;
  before: string | null;
  after: string | null;
  /** Permission bits before, where there was something. */
  mode?: number;
  /** Permission bits after, where there is something. */
  modeAfter?: number;
}

/** What a device is given with a call. */
export interface DeviceContext {
  pid: number;
  /** Idempotency key of this call: the same for every repetition after a crash. */
  key: string;
  /** The folder in which the process works: its `--in` folder, or its own home. */
  folder: string;
  /** The process's private home folder. */
  home: string;
  /** Every folder it may reach, `folder` and `home` among them. */
  shares: readonly Share[];
  /** Milliseconds since 1970, injected. */
  now(): number;
  signal: AbortSignal;
  /** Hosts that a grant or an approval names for this call (`Decision.hosts` of the broker); none unless told. */
  hosts?: readonly string[];
}

/** What comes back. */
export interface DeviceResult {
  ok: boolean;
  /** What the entity reads. */
  text: string;
  label: Label;
  changes?: readonly FileChange[];
  /** What it sent out of the machine, also when it failed afterwards. */
  egress?: readonly Egress[];
  /** JSON-safe details for people and programs. */
  data?: Record<string, unknown>;
}

/** One thing a device can do. */
export interface Operation<A> {
  /** One sentence for the model and for people. */
  about: string;
  /** How it is called, by an example of its arguments: what a small model sees it writes. */
  example?: Partial<A>;
  args: z.ZodType<A>;
  effect: Effect;
  sinks: Partial<Record<keyof A & string, Sink>>;
  /** Where its arguments always go, whatever they are, as a reader of labels is named: `mcp:NAME`. */
  reaches?: string;
  /** It shows what is private beyond the shares: with a stranger's words in the window it needs to be asked for. */
  private?: boolean;
  /** Words of a person that ask for this effect, e.g. `send`, `reply`; a task with one of them grants it. */
  askedBy?: readonly string[];
  /** A person allowed it for good, in the settings of this home: it does not ask, though it cannot be undone. */
  allowed?: boolean;
  /** What it changes lies elsewhere than in files, where others may see it: no task that holds it is done twice. */
  outside?: boolean;
  /** What a model writes for it follows the schema of its arguments, letter by letter (a grammar). */
  shaped?: boolean;
  /** How it is used, in the words of somebody else. It stands in a page with this label, never in the rules. */
  manual?: { text: string; label: Label };
  /**
   * Something of the world before the effect, journaled with the intent. After a crash in the middle it is given
   * to `recover`, so that the effect is not doubled. JSON-safe.
   */
  prepare?(args: A, context: DeviceContext): Promise<Record<string, unknown>>;
  /** `prepared` is what `prepare` returned for this call; without it the operation looks for itself. */
  run(args: A, context: DeviceContext, prepared?: Record<string, unknown>): Promise<DeviceResult>;
  /**
   * Brings the world back to what `prepare` saw, before the operation is repeated. Returns what it changed for that:
   * a person may have worked on a file in the meantime, and must be able to see and undo this.
   */
  recover?(
    prepared: Record<string, unknown>,
    context: DeviceContext,
  ): Promise<readonly FileChange[] | undefined>;
}

/** A device with its operations. */
export interface Device {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: operations of one device have different argument types
  operations: Record<string, Operation<any>>;
}

/** Defines a device; exists for its types. */
export function defineDevice(device: Device): Device {
  return device;
}

/** Defines an operation with the argument type of its schema. */
export function defineOperation<A>(operation: Operation<A>): Operation<A> {
  return operation;
}
