// What may be passed on of an authority: a part of it, never more. Each wish is cut to what the giver holds; what is given
// keeps the name of the grant it comes from, so that taking the grant back, or using it up, reaches every part of it.

import type { Capability } from "../entity/authority.ts";
import { covers, matchHost } from "./match.ts";

/**
 * What a child may get of what its parent wants to give: for each wish the part that the parent holds itself, never
 * longer, never wider. The result can be empty.
 */
export function attenuate(parent: readonly Capability[], wanted: readonly Capability[]): Capability[] {
  return wanted.flatMap((wish) => parent.flatMap((held) => cut(held, wish) ?? []));
}

/** What a child gets of all that its parent holds: the part that is for these operations. */
export function passOn(
  parent: readonly Capability[],
  operations: readonly string[],
  grantedBy: string,
): Capability[] {
  const given = parent.flatMap((held) =>
    operations.flatMap((operation) => cut(held, { ...held, operation, grantedBy }) ?? []),
  );
  const known = new Set<string>();
  return given.filter((one) => {
    const text = JSON.stringify(one);
    return !known.has(text) && known.add(text);
  });
}

function cut(held: Capability, wish: Capability): Capability | null {
  const operation = narrower(held.operation, wish.operation, covers);
  const args = cutArgs(held.args, wish.args);
  if (operation === null || args === null) return null;
  const one: Capability = { operation, grantedBy: wish.grantedBy };
  const hosts = (wish.hosts ?? []).flatMap((host) =>
    (held.hosts ?? []).flatMap((other) => narrower(other, host, matchHost) ?? []),
  );
  if (hosts.length > 0) one.hosts = [...new Set(hosts)];
  if (held.acts && wish.acts) one.acts = true;
  if (held.carries && wish.carries) one.carries = true;
  if (Object.keys(args).length > 0) one.args = args;
  const ends = [held.expires, wish.expires].filter((at) => at !== undefined);
  if (ends.length > 0) one.expires = Math.min(...ends);
  const uses = [held.uses, wish.uses].filter((count) => count !== undefined);
  if (uses.length > 0) one.uses = Math.min(...uses);
  if (held.grant !== undefined) one.grant = held.grant;
  return one;
}

// Both limits hold; an argument for which nothing is left makes the whole void.
type Limits = NonNullable<Capability["args"]>;

function cutArgs(held: Limits = {}, wish: Limits = {}): Limits | null {
  const all: Limits = {};
  for (const name of new Set([...Object.keys(held), ...Object.keys(wish)])) {
    const [a, b] = [held[name], wish[name]];
    const both = a && b ? a.filter((value) => b.includes(value)) : (a ?? b ?? []);
    if (both.length === 0) return null;
    all[name] = both;
  }
  return all;
}

function narrower(a: string, b: string, includes: (a: string, b: string) => boolean): string | null {
  if (includes(a, b)) return b;
  return includes(b, a) ? a : null;
}
