// The policy: whether a call may run, must be asked of a person, or is refused. A pure function of the operation's
// declaration, the call and the authority behind it; the mechanism that finds and runs operations is broker.ts.
//
//   1. no capability for the operation (or an expired one)           refuse
//   2. effect none or reversible                                     run (the device keeps it inside the shares)
//   3. effect egress, host granted and allowed to read the window    run
//   4. a person approved exactly this payload                        run
//   5. allowed for good by a person, and the place may read it       run
//   6. everything else                                               ask
//
// A capability names an operation (`files.read`), a device (`files.*`) or everything (`*`), and for egress the hosts:
// `example.org`, `*.example.org`, `example.org:8443`, `localhost:8080`. `*` is every public host; only an exact
// host:port opens a loopback or private address.

import type { Capability } from "../entity/authority.ts";
import type { Effect, Share } from "./device.ts";
import type { Label } from "./label.ts";

/** What stands behind a call. */
export interface Authority {
  capabilities: readonly Capability[];
  shares: readonly Share[];
  /** The label of the window that produced the call. */
  label: Label;
  /** Hash of the one payload that a person approved. */
  approved?: string;
}

/** One call as the policy sees it. */
export interface Request {
  /** For example `http.get`. */
  operation: string;
  effect: Effect;
  /** Where data go, as `host:port`, for operations that send something out. */
  host: string | null;
  /** A person allowed this operation for good. */
  allowed?: boolean;
  hash: string;
  now: number;
}

/** The answer of the policy. */
export type Verdict =
  | { do: "run"; hosts: readonly string[] }
  | { do: "ask"; why: string }
  | { do: "refuse"; why: string };

/** Decides about one call. */
export function judge(request: Request, authority: Authority): Verdict {
  const live = authority.capabilities.filter((one) => one.expires === undefined || one.expires > request.now);
  const held = live.filter((one) => covers(one.operation, request.operation));
  if (held.length === 0)
    return { do: "refuse", why: `You may not use ${request.operation}. ${describe(live)}` };
  const hosts = [...new Set(held.flatMap((one) => one.hosts ?? []))];
  if (request.effect === "none" || request.effect === "reversible") return { do: "run", hosts };
  if (authority.approved === request.hash) return { do: "run", hosts: [...hosts, ...toExact(request.host)] };
  const { host, allowed = false } = request;
  if (request.effect !== "egress" && !allowed) return { do: "ask", why: asks[request.effect] };
  if (!allowed && (host === null || !hosts.some((pattern) => matchHost(pattern, host))))
    return { do: "ask", why: `it reaches ${host ?? "an unnamed place"}, and nobody granted that` };
  const { readers } = authority.label;
  if (readers !== null && host !== null && !readers.some((reader) => matchHost(reader, host)))
    return { do: "ask", why: `it may carry what only ${readers.join(", ") || "nobody"} may read to ${host}` };
  return { do: "run", hosts };
}

const asks: Record<"irreversible" | "physical", string> = {
  irreversible: "it cannot be undone",
  physical: "it moves something in the world",
};

/** Whether a capability pattern covers an operation or another pattern. */
export function covers(pattern: string, operation: string): boolean {
  if (pattern === "*" || pattern === operation) return true;
  return pattern.endsWith(".*") && operation.startsWith(pattern.slice(0, -1));
}

/** Whether a host pattern covers `host:port` (or another pattern). Default ports of the web may be left out. */
export function matchHost(pattern: string, host: string): boolean {
  const [grant, port] = splitHost(pattern);
  const [name, at] = splitHost(host);
  if (port === null ? !["80", "443", null].includes(at) : port !== at) return false;
  if (grant === "*" || grant === name) return true;
  return grant.startsWith("*.") && name.endsWith(grant.slice(1)) && name.length > grant.length - 1;
}

/**
 * What a child may get of what its parent wants to give: for each wish the part that the parent holds itself, never
 * longer, never wider. The result can be empty.
 */
export function attenuate(parent: readonly Capability[], wanted: readonly Capability[]): Capability[] {
  const given: Capability[] = [];
  for (const wish of wanted) {
    for (const held of parent) {
      const operation = narrower(held.operation, wish.operation, covers);
      if (operation === null) continue;
      const one: Capability = { operation, grantedBy: wish.grantedBy };
      const hosts = (wish.hosts ?? []).flatMap((host) =>
        (held.hosts ?? []).flatMap((other) => narrower(other, host, matchHost) ?? []),
      );
      if (hosts.length > 0) one.hosts = [...new Set(hosts)];
      const ends = [held.expires, wish.expires].filter((at) => at !== undefined);
      if (ends.length > 0) one.expires = Math.min(...ends);
      given.push(one);
    }
  }
  return given;
}

function narrower(a: string, b: string, includes: (a: string, b: string) => boolean): string | null {
  if (includes(a, b)) return b;
  return includes(b, a) ? a : null;
}

/** What the approval of one address opens: it, and the same name on the ports of the web if it is on one of them. */
function toExact(host: string | null): string[] {
  if (host === null) return [];
  const [name, port] = splitHost(host);
  return port === "80" || port === "443" ? [host, name] : [host];
}

/** Host and port of `host`, `host:port` or `[v6]:port`. */
function splitHost(host: string): [string, string | null] {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(host.toLowerCase());
  return match ? [match[1]!.replace(/\.$/, ""), match[2] ?? null] : [host.toLowerCase(), null];
}

function describe(capabilities: readonly Capability[]): string {
  const names = [...new Set(capabilities.map((one) => one.operation))];
  return names.length === 0 ? "You hold no capabilities." : `You hold: ${names.join(", ")}.`;
}
