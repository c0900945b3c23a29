// The policy: whether a call may run, must be asked of a person, or is refused. A pure function of the operation's
// declaration, the call and the authority behind it; the mechanism that finds and runs operations is broker.ts.
//
//   1. no capability for the operation (or an expired, used-up one)       refuse
//   2. effect none or reversible                                          run (the device keeps it inside the shares);
//      what shows private things asks when strangers' words are in the window and nobody asked for it
//   3. a person approved exactly this payload                             run
//   4. any other effect runs when all of these hold, and asks otherwise, with every one that does not:
//        granted   a person named the host or the address, asked for the effect, or allowed the operation for good
//        sinks     whom it reaches and what it changes come from a person, a directory of the kernel, or a window
//                  without strangers' words
//        readers   what leaves may be read where it goes, or a person saw that it goes there
//        content   made from strangers' words, it names no place that nobody trusted has named
//
// The entity's own words decide nothing: labels, grants and literals do.

import type { Capability } from "../entity/authority.ts";
import { foreignHosts, toNamed } from "./content.ts";
import type { Effect, Share } from "./device.ts";
import { homeReader, isUntrusted, joinLabels, type Label, toLabel } from "./label.ts";
import { covers, matchHost, toExact } from "./match.ts";
import { type Argument, type Sources, untraced } from "./trace.ts";

/** What stands behind a call. */
export interface Authority {
  capabilities: readonly Capability[];
  shares: readonly Share[];
  /** The label of the window that produced the call. */
  label: Label;
  /** What single values may be traced to; nothing unless told. */
  sources?: Sources;
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
  /** It shows what is private beyond the shares. */
  private?: boolean;
  /** Its values, traced. */
  args?: readonly Argument[];
  hash: string;
  now: number;
}

/** The answer of the policy. `spends` is the grant of which this is one use. */
export type Verdict =
  | { do: "run"; hosts: readonly string[]; spends?: string }
  | { do: "ask"; why: string }
  | { do: "refuse"; why: string };

/** Decides about one call. */
export function judge(request: Request, authority: Authority): Verdict {
  const live = authority.capabilities.filter((one) => isLive(one, request.now));
  const held = live.filter((one) => covers(one.operation, request.operation) && fits(one, request));
  if (held.length === 0)
    return { do: "refuse", why: `You may not use ${request.operation}. ${describe(live)}` };
  const hosts = [...new Set(held.flatMap((one) => one.hosts ?? []))];
  if (authority.approved === request.hash) return { do: "run", hosts: [...hosts, ...toExact(request.host)] };
  if (request.effect === "none" || request.effect === "reversible") {
    const asked = request.private !== true || !isUntrusted(authority.label) || held.some((one) => one.acts);
    return asked ? toRun(hosts, request, held) : { do: "ask", why: whyPrivate };
  }
  const grant = findGrant(request, held);
  const why = [
    ...(grant === null ? [toMissing(request)] : []),
    ...checkSinks(request),
    ...checkReaders(request, authority, grant),
    ...checkContent(request, authority, grant),
  ];
  if (why.length > 0) return { do: "ask", why: why.join("; and ") };
  return toRun(grant === "named" ? [...hosts, ...toExact(request.host)] : hosts, request, held);
}

const whyPrivate = "it shows what is private, nobody asked for it, and strangers' words are in the window";

const asks: Record<"irreversible" | "physical", string> = {
  irreversible: "it cannot be undone",
  physical: "it moves something in the world",
};

const isLive = (one: Capability, now: number): boolean =>
  (one.expires === undefined || one.expires > now) && (one.uses === undefined || one.uses > 0);

/** Whether the call keeps to the values that a capability is for. */
function fits(one: Capability, { args = [] }: Request): boolean {
  return Object.entries(one.args ?? {}).every(([name, values]) =>
    args.every((arg) => arg.name !== name || values.includes(arg.text)),
  );
}

/** What grants an effect: the operation, an address that a person wrote, or a capability. */
type Grant = "allowed" | "named" | Capability;

function findGrant({ effect, allowed, host, args = [] }: Request, held: readonly Capability[]): Grant | null {
  if (allowed) return "allowed";
  if (effect !== "egress") return held.find((one) => one.acts) ?? null;
  if (host === null) return null;
  const addresses = args.filter((arg) => arg.role === "egress");
  if (addresses.length > 0 && addresses.every((arg) => arg.named)) return "named";
  return held.find((one) => one.hosts?.some((pattern) => matchHost(pattern, host))) ?? null;
}

function toMissing({ effect, host }: Request): string {
  if (effect === "irreversible" || effect === "physical") return asks[effect];
  return `it reaches ${host ?? "an unnamed place"}, and nobody granted that`;
}

// Where a mere request goes on the web is the host, and that is granted or not; all other sinks are values.
function checkSinks({ effect, args = [] }: Request): string[] {
  const open = untraced(args).filter(
    (arg) => arg.role !== "content" && !(arg.role === "egress" && effect === "egress"),
  );
  return [...new Set(open.map((arg) => arg.name))].map((name) => {
    const values = open.filter((arg) => arg.name === name);
    const texts = values.map((arg) => JSON.stringify(shorten(arg.text))).join(", ");
    const origins = values.map((arg) => arg.label).reduce(joinLabels).origins;
    return `${name} (${texts}) was named by nobody who is trusted${toFrom(origins)}`;
  });
}

// Values that a person wrote are no secret of anybody else: only the others carry the label of the window.
function checkReaders({ host, args }: Request, authority: Authority, grant: Grant | null): string[] {
  const leaving = args ? args.map((arg) => arg.label).reduce(joinLabels, toLabel("person")) : authority.label;
  const { readers } = leaving;
  if (readers === null) return [];
  if (host !== null && readers.some((reader) => matchHost(reader, host))) return [];
  const known = readers.includes(homeReader);
  if (known && grant !== null && (grant === "allowed" || isCarrying(grant))) return [];
  if (host === null && grant === null) return [];
  return [`it may carry what only ${readers.join(", ") || "nobody"} may read to ${host ?? "others"}`];
}

const isCarrying = (grant: Grant): boolean =>
  typeof grant === "object" && (grant.acts === true || grant.carries === true);

function checkContent(
  { args = [] }: Request,
  { sources, capabilities }: Authority,
  grant: Grant | null,
): string[] {
  if (grant === "allowed") return [];
  const texts = untraced(args).filter((arg) => arg.role === "content");
  if (texts.length === 0) return [];
  const named = toNamed(sources?.words ?? []);
  const granted = capabilities.flatMap((one) => one.hosts ?? []);
  const foreign = texts
    .flatMap((arg) => foreignHosts(arg.text, named))
    .filter((host) => !sources?.vouches?.("egress", host) && !granted.includes(host));
  if (foreign.length === 0) return [];
  return [
    `its text names ${[...new Set(foreign)].slice(0, 3).map(shorten).join(", ")}, which nobody trusted has named`,
  ];
}

function toRun(hosts: readonly string[], request: Request, held: readonly Capability[]): Verdict {
  const grant = request.effect === "reversible" ? held[0] : findGrant(request, held);
  const spends = typeof grant === "object" && grant?.uses !== undefined ? grant.grant : undefined;
  return { do: "run", hosts: [...new Set(hosts)], ...(spends === undefined ? {} : { spends }) };
}

const toFrom = (origins: readonly string[]): string =>
  origins.length === 0 ? "" : ` and may come from ${origins.slice(0, 3).map(shorten).join(", ")}`;

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

function describe(capabilities: readonly Capability[]): string {
  const names = [...new Set(capabilities.map((one) => one.operation))];
  return names.length === 0 ? "You hold no capabilities." : `You hold: ${names.join(", ")}.`;
}
