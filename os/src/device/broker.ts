// The broker: the one way from an entity to a device. It finds the operation, checks the arguments against its schema,
// traces their values, lets the policy decide, and runs what was decided.
//
//   decide(call, authority)   no side effect; the same question has the same answer until the clock passes an expiry
//   perform(pass, …)          runs what a decision of this broker allows: its pass cannot be made by anybody else, holds
//                             for exactly those arguments and hosts, and whatever the device throws becomes a result
//
// Nobody but the broker holds the functions of a device: what others see of an operation is its declaration. Show a
// person the whole payload of an `ask`, and give its hash as `approved` after the yes, for that call only.

import { createHash } from "node:crypto";
import type { z } from "zod";
import { type Reason, toRefusalWhy, toWhy } from "../entity/reason.ts";
import { HumError, panic } from "../error.ts";
import type { Device, DeviceContext, DeviceResult, FileChange, Operation } from "./device.ts";
import { toFailure } from "./failure.ts";
import { toHostPort } from "./match.ts";
import { type Authority, judge } from "./policy.ts";
import { type Sink, traceArguments } from "./trace.ts";

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

/** The right to one call, given by a decision of this broker. */
export interface Pass {
  readonly name: string;
  readonly args: Record<string, unknown>;
}

/** What becomes of a call. `why` is English; `spends` is the grant of which this is one use. */
export type Decision =
  | { do: "run"; pass: Pass; args: Record<string, unknown>; spends?: string }
  | { do: "ask"; why: string; reasons: Reason[]; payload: Payload; hash: string }
  | { do: "refuse"; why: string };

/** What an operation says of itself; its functions stay with the broker. */
// biome-ignore lint/suspicious/noExplicitAny: operations of one device have different argument types
export type Declared = Omit<Operation<any>, "run" | "prepare" | "recover"> & {
  readonly device: string;
};

/** The way to the devices. */
export interface Broker {
  /** What all operations say of themselves, by name. */
  operations(): ReadonlyMap<string, Declared>;
  /** What an operation says of itself; throws `not-found` when there is none. */
  operation(name: string): Declared;
  decide(call: BrokerCall, authority: Authority): Decision;
  /**
   * Puts these devices in the place of those that were plugged in before; the fixed ones stay. Returns the names that
   * were not taken because a fixed device has them.
   */
  plug(devices: readonly Device[]): string[];
  /** What the operation notes before its effect, null when it notes nothing. Throws `bug` for a pass of somebody else. */
  prepare(pass: Pass, context: CallerContext): Promise<Record<string, unknown> | null>;
  /** Brings the world back to what `prepare` saw, after a crash in the middle of that call. */
  recover(
    name: string,
    prepared: Record<string, unknown>,
    context: CallerContext,
  ): Promise<readonly FileChange[] | undefined>;
  /** Contract: does not throw for what happens outside; throws `bug` for a pass of somebody else. */
  perform(pass: Pass, context: CallerContext, prepared?: Record<string, unknown>): Promise<DeviceResult>;
}

/** What a caller says of itself; the hosts of a call come from its decision. */
export type CallerContext = Omit<DeviceContext, "hosts">;

interface Found {
  declared: Declared;
  // biome-ignore lint/suspicious/noExplicitAny: operations of one device have different argument types
  operation: Operation<any>;
}

/** Makes the broker of a machine. */
export function createBroker(options: { devices: readonly Device[]; now?: () => number }): Broker {
  const now = options.now ?? Date.now;
  const table = new Map<string, Found>();
  const declared = new Map<string, Declared>();
  const fixed = new Set(options.devices.map((device) => device.name));
  /** Passes of this broker, with the hosts that they open. */
  const passes = new WeakMap<Pass, readonly string[]>();
  const add = (device: Device) => {
    for (const [name, operation] of Object.entries(device.operations)) {
      const full = `${device.name}.${name}`;
      if (table.has(full)) panic(`two devices define ${full}`);
      const { run: _run, prepare: _prepare, recover: _recover, ...rest } = operation;
      const one = Object.freeze({ ...rest, device: device.name });
      table.set(full, { declared: one, operation });
      declared.set(full, one);
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

  function check(pass: Pass, context: CallerContext): DeviceContext {
    const hosts = passes.get(pass);
    if (!hosts) panic(`a call of ${pass.name} that was not decided`);
    return { ...context, hosts };
  }

  return {
    operations: () => declared,
    operation: (name) => find(name).declared,
    plug(devices) {
      for (const [name, one] of declared)
        if (!fixed.has(one.device)) {
          table.delete(name);
          declared.delete(name);
        }
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
      const { effect, sinks, allowed = false, private: shows = false } = found.operation;
      const verdict = judge(
        {
          ...{ operation: call.name, effect, allowed, private: shows, hash, now: now() },
          host: toHost(found.operation, args),
          args: traceArguments(args, sinks as Record<string, Sink>, {
            window: authority.label,
            sources: authority.sources ?? { words: [] },
          }),
        },
        authority,
      );
      if (verdict.do === "refuse") return { do: "refuse", why: toRefusalWhy(verdict.refusal) };
      if (verdict.do === "ask") {
        const { reasons } = verdict;
        return { do: "ask", why: toWhy(reasons), reasons, payload: { name: call.name, args }, hash };
      }
      const pass: Pass = freeze({ name: call.name, args: structuredClone(args) });
      passes.set(pass, verdict.hosts);
      return { do: "run", pass, args, ...(verdict.spends ? { spends: verdict.spends } : {}) };
    },
    async prepare(pass, from) {
      const context = check(pass, from);
      const found = find(pass.name);
      return (await found.operation.prepare?.(structuredClone(pass.args), context)) ?? null;
    },
    recover: async (name, prepared, context) =>
      find(name).operation.recover?.(prepared, { ...context, hosts: [] }),
    async perform(pass, from, prepared) {
      const context = check(pass, from);
      try {
        // Its device may have been taken away since the decision.
        const found = find(pass.name);
        return await found.operation.run(structuredClone(pass.args), context, prepared);
      } catch (error) {
        return toFailure(error, pass.name);
      }
    },
  };
}

// A pass is for what was decided, whatever its holder does to it.
function freeze<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === "object" && member !== null) freeze(member);
  return Object.freeze(value);
}

/** SHA-256 of the canonical JSON (keys sorted) of what a person approves, one call or several: its identity. */
export function hashPayload(payload: Payload | { name: string; calls: readonly object[] }): string {
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
  // Other schemes have other ports and other ways: nobody's grant of a host means them.
  if (!url?.hostname || !/^https?:$/.test(url.protocol)) return null;
  return toHostPort(url);
}
