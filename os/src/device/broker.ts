// The broker: the one way from an entity to a device. It finds the operation, checks the arguments against its schema,
// lets the policy decide, and runs what was decided.
//
//   decide(call, authority)   no side effect; the same question has the same answer until the clock passes an expiry
//   perform(name, args, …)    runs what was decided; whatever the device throws becomes a failed result
//
// Rules for callers: perform only what decide answered with `run`, with the arguments and hosts of that answer; show a
// person the whole payload of an `ask`, and pass its hash as `approved` after the yes, for that call only.

import { createHash } from "node:crypto";
import type { z } from "zod";
import { HumError, panic } from "../error.ts";
import type { Device, DeviceContext, DeviceResult, Operation } from "./device.ts";
import { toFailure } from "./failure.ts";
import { type Authority, judge } from "./policy.ts";

/** A call as it comes from an entity. */
export interface BrokerCall {
  pid: number;
  /** Device and operation, for example `files.read`. */
  name: string;
  args: unknown;
}

/** What a person approves: exactly this. */
export interface Payload {
  name: string;
  args: Record<string, unknown>;
}

/** What becomes of a call. */
export type Decision =
  | { do: "run"; args: Record<string, unknown>; hosts: readonly string[] }
  | { do: "ask"; why: string; payload: Payload; hash: string }
  | { do: "refuse"; why: string };

/** An operation with its device. */
export interface Found {
  device: Device;
  // biome-ignore lint/suspicious/noExplicitAny: operations of one device have different argument types
  operation: Operation<any>;
}

/** What a decided call needs to run. */
export interface Performance {
  context: DeviceContext;
  prepared?: Record<string, unknown> | undefined;
}

/** The way to the devices. */
export interface Broker {
  /** All operations by name. */
  operations(): ReadonlyMap<string, Found>;
  /** The operation of a name; throws `not-found` when there is none. */
  operation(name: string): Found;
  decide(call: BrokerCall, authority: Authority): Decision;
  /**
   * Puts these devices in the place of those that were plugged in before; the fixed ones stay. Returns the names that
   * were not taken because a fixed device has them.
   */
  plug(devices: readonly Device[]): string[];
  /** Contract: does not throw for what happens outside. */
  perform(name: string, args: Record<string, unknown>, how: Performance): Promise<DeviceResult>;
}

/** Makes the broker of a machine. */
export function createBroker(options: { devices: readonly Device[]; now?: () => number }): Broker {
  const now = options.now ?? Date.now;
  const table = new Map<string, Found>();
  const fixed = new Set(options.devices.map((device) => device.name));
  const add = (device: Device) => {
    for (const [name, operation] of Object.entries(device.operations)) {
      const full = `${device.name}.${name}`;
      if (table.has(full)) panic(`two devices define ${full}`);
      table.set(full, { device, operation });
    }
  };
  for (const device of options.devices) add(device);

  function find(name: string): Found {
    const found = table.get(name);
    if (found) return found;
    throw new HumError(
      "not-found",
      `There is no operation ${name}. There are: ${[...table.keys()].join(", ")}.`,
    );
  }

  return {
    operations: () => table,
    operation: find,
    plug(devices) {
      for (const [name, { device }] of table) if (!fixed.has(device.name)) table.delete(name);
      const taken = devices.filter((device) => fixed.has(device.name));
      for (const device of devices) if (!taken.includes(device)) add(device);
      return taken.map((device) => device.name);
    },
    decide(call, authority) {
      const found = table.get(call.name);
      if (!found)
        return { do: "refuse", why: `There is no ${call.name}. There are: ${[...table.keys()].join(", ")}.` };
      const parsed = found.operation.args.safeParse(call.args);
      if (!parsed.success) return { do: "refuse", why: `${call.name}: ${describeIssues(parsed.error)}` };
      const args = parsed.data as Record<string, unknown>;
      const hash = hashPayload({ name: call.name, args });
      const host = toHost(found.operation, args);
      const { effect, allowed = false } = found.operation;
      const request = { operation: call.name, effect, host, allowed, hash, now: now() };
      const verdict = judge(request, authority);
      if (verdict.do === "run") return { do: "run", args, hosts: verdict.hosts };
      if (verdict.do === "refuse") return verdict;
      return { do: "ask", why: verdict.why, payload: { name: call.name, args }, hash };
    },
    async perform(name, args, { context, prepared }) {
      const { operation } = find(name);
      try {
        return await operation.run(args, context, prepared);
      } catch (error) {
        return toFailure(error, name);
      }
    },
  };
}

/** SHA-256 of the canonical JSON (keys sorted) of a payload: the identity of what a person approves. */
export function hashPayload(payload: Payload): string {
  return createHash("sha256").update(toCanonical(payload)).digest("hex");
}

/** JSON with sorted keys and without undefined members: equal values have equal texts. */
export function toCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${toCanonical(member)}`).join(",")}}`;
}

/** The issues of a schema as one line: which argument, what is expected. */
export function describeIssues(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const where = issue.path.length === 0 ? "the arguments" : `argument ${issue.path.join(".")}`;
      return `${where}: ${issue.message}`;
    })
    .join("; ");
}

/** Where a call sends data: always to one place, or where the argument says that is the `egress` sink. */
// biome-ignore lint/suspicious/noExplicitAny: the argument type does not matter here
function toHost(operation: Operation<any>, args: Record<string, unknown>): string | null {
  if (operation.reaches !== undefined) return operation.reaches;
  const sinks = operation.sinks as Record<string, string>;
  const name = Object.keys(sinks).find((key) => sinks[key] === "egress");
  const value = name === undefined ? undefined : args[name];
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : null;
  if (!url?.hostname) return null;
  return `${url.hostname}:${url.port || (url.protocol === "http:" ? "80" : "443")}`;
}
