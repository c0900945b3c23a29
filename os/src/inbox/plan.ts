// The plan: what a person asked for, as grants, made from the person's own words before anything else is read. What a
// stranger says later finds the grants made and can add none.
//
//   - a place of the web that is named by its public name may be read: the words name it, so it is no stranger's choice
//   - an operation that says which words ask for it (`askedBy: ["send", "reply"]`) is granted to a task that has one of
//     them; where its effect goes must then still come from a person
//
// Words decide, not a model: what the rules do not see is asked, which costs a person a click and nothing else.

import type { Declared } from "../device/broker.ts";
import { toNamed } from "../device/content.ts";
import { toPlainPattern } from "../device/match.ts";
import type { Capability } from "../entity/authority.ts";
import { planMs } from "../limits.ts";

/** The grants that follow from what a person wrote. */
export function planGrants(
  words: readonly string[],
  from: { operations: ReadonlyMap<string, Declared>; owner: string; now: number },
): Capability[] {
  const { operations, owner, now } = from;
  const common = { grantedBy: owner, expires: now + planMs };
  const hosts = toNamed(words);
  const grants: Capability[] = [];
  for (const [operation, { effect, sinks, askedBy = [] }] of operations) {
    if (effect === "egress" && hosts.length > 0 && Object.values(sinks).includes("egress"))
      grants.push({ operation, hosts, ...common });
    if (askedBy.some((word) => words.some((text) => hasWord(text, word))))
      grants.push({ operation, acts: true, ...common });
  }
  return grants;
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}])${toPlainPattern(word)}(?![\\p{L}\\p{N}])`, "iu").test(text);
}
