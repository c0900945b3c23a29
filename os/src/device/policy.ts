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
// The entity's own words decide nothing: labels, grants and literals do. Why it asks or refuses is told in facts
// (entity/reason.ts), with all values in them cut.

import type { Capability } from "../entity/authority.ts";
import type { Reason, Refusal } from "../entity/reason.ts";
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
  | { do: "ask"; reasons: Reason[] }
  | { do: "refuse"; refusal: Refusal };

/** Decides about one call. */
export function judge(request: Request, authority: Authority): Verdict {
  const live = authority.capabilities.filter((one) => isLive(one, request.now));
  const held = live.filter((one) => covers(one.operation, request.operation) && fits(one, request));
  if (held.length === 0) return { do: "refuse", refusal: toRefusal(request, live) };
  const hosts = [...new Set(held.flatMap((one) => one.hosts ?? []))];
  if (authority.approved === request.hash) return { do: "run", hosts: [...hosts, ...toExact(request.host)] };
  if (request.effect === "none" || request.effect === "reversible") {
    const asked = request.private !== true || !isUntrusted(authority.label) || held.some((one) => one.acts);
    return asked ? toRun(hosts, request, held) : { do: "ask", reasons: [{ kind: "private" }] };
  }
  const grant = findGrant(request, held);
  const reasons: Reason[] = [
    ...(grant === null ? [toMissing(request)] : []),
    ...checkSinks(request),
    ...checkReaders(request, authority, grant),
    ...checkContent(request, authority, grant),
  ];
  if (reasons.length > 0) return { do: "ask", reasons };
  return toRun(grant === "named" ? [...hosts, ...toExact(request.host)] : hosts, request, held);
}

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

function toMissing({ effect, host }: Request): Reason {
  if (effect === "irreversible") return { kind: "undone" };
  return effect === "physical" ? { kind: "moves" } : { kind: "reaches", place: host };
}

// Where a mere request goes on the web is the host, and that is granted or not; all other sinks are values.
function checkSinks({ effect, args = [] }: Request): Reason[] {
  const open = untraced(args).filter(
    (arg) => arg.role !== "content" && !(arg.role === "egress" && effect === "egress"),
  );
  return [...new Set(open.map((arg) => arg.name))].map((argument) => {
    const of = open.filter((arg) => arg.name === argument);
    const { origins } = of.map((arg) => arg.label).reduce(joinLabels);
    const values = of.map((arg) => shorten(arg.text));
    return { kind: "named", argument, values, origins: origins.slice(0, shownPlaces).map(shorten) };
  });
}

// Values that a person wrote are no secret of anybody else: only the others carry the label of the window.
function checkReaders({ host, args }: Request, authority: Authority, grant: Grant | null): Reason[] {
  const leaving = args ? args.map((arg) => arg.label).reduce(joinLabels, toLabel("person")) : authority.label;
  const { readers } = leaving;
  if (readers === null) return [];
  if (host !== null && readers.some((reader) => matchHost(reader, host))) return [];
  const known = readers.includes(homeReader);
  if (known && grant !== null && (grant === "allowed" || isCarrying(grant))) return [];
  if (host === null && grant === null) return [];
  return [{ kind: "carries", readers: [...readers], place: host }];
}

const isCarrying = (grant: Grant): boolean =>
  typeof grant === "object" && (grant.acts === true || grant.carries === true);

function checkContent(
  { args = [] }: Request,
  { sources, capabilities }: Authority,
  grant: Grant | null,
): Reason[] {
  if (grant === "allowed") return [];
  const texts = untraced(args).filter((arg) => arg.role === "content");
  if (texts.length === 0) return [];
  const named = toNamed(sources?.words ?? []);
  const granted = capabilities.flatMap((one) => one.hosts ?? []);
  const foreign = texts
    .flatMap((arg) => foreignHosts(arg.text, named))
    .filter((host) => !sources?.vouches?.("egress", host) && !granted.includes(host));
  if (foreign.length === 0) return [];
  return [{ kind: "foreign", places: [...new Set(foreign)].slice(0, shownPlaces).map(shorten) }];
}

function toRun(hosts: readonly string[], request: Request, held: readonly Capability[]): Verdict {
  const grant = request.effect === "reversible" ? held[0] : findGrant(request, held);
  const spends = typeof grant === "object" && grant?.uses !== undefined ? grant.grant : undefined;
  return { do: "run", hosts: [...new Set(hosts)], ...(spends === undefined ? {} : { spends }) };
}

/** Places that a reason names, at most. */
const shownPlaces = 3;

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

const toRefusal = ({ operation }: Request, live: readonly Capability[]): Refusal => ({
  ...{ kind: "unheld", operation },
  held: [...new Set(live.map((one) => one.operation))],
});
