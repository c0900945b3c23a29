// What Hum says itself (a line of the kernel, why something waits for a yes), in the language of the page. Words of people and
// colleagues in it stay as they are; what is not known stays in English. Pure.

import { toWish } from "../../../os/src/entity/post.ts";
import type { ShownApproval } from "../../../os/src/workplace/api.ts";
import type { Told } from "../../../os/src/workplace/contract.ts";

type Say = (key: string, values: Record<string, string>) => string;

/** Reasons of the policy (os/src/device/policy.ts) and of what is in doubt, each with the names of what stands in it. */
const reasons: readonly (readonly [key: string, pattern: RegExp, ...names: string[]])[] = [
  ["undone", /^it cannot be undone$/],
  [
    "doubt",
    /^(.+) had begun this when Hum stopped, so it may have happened already; a yes does it again, a no leaves it$/s,
    "name",
  ],
  ["moves", /^it moves something in the world$/],
  ["private", /^it shows what is private, nobody asked for it, and strangers' words are in the window$/],
  ["nowhere", /^it reaches an unnamed place, and nobody granted that$/],
  ["reaches", /^it reaches (.+), and nobody granted that$/s, "place"],
  [
    "from",
    /^(\w+) \((.+)\) was named by nobody who is trusted and may come from (.+)$/s,
    "name",
    "values",
    "origins",
  ],
  ["named", /^(\w+) \((.+)\) was named by nobody who is trusted$/s, "name", "values"],
  ["others", /^it may carry what only (.+) may read to others$/s, "readers"],
  ["carries", /^it may carry what only (.+) may read to (.+)$/s, "readers", "place"],
  ["foreign", /^its text names (.+), which nobody trusted has named$/s, "places"],
];

/** Why something waits for a yes. As it came, when a part of it is not known. */
export function toReason(why: string, t: Say): string {
  const parts = why.split("; and ").map((part) => {
    for (const [key, pattern, ...names] of reasons) {
      const found = pattern.exec(part);
      if (found)
        return t(`told.why.${key}`, Object.fromEntries(names.map((name, i) => [name, found[i + 1]!])));
    }
    return null;
  });
  return parts.includes(null) ? why : parts.join(t("told.why.and", {}));
}

/** Why an approval asks; of a budget, what was used. */
export function toApprovalWords(
  approval: Pick<ShownApproval, "name" | "kind" | "what" | "why">,
  t: Say,
): string {
  return approval.kind === "budget"
    ? toOwnWords({ told: toWish(approval, approval), text: approval.why }, t)
    : toReason(approval.why, t);
}

/** The words of a post or a row: those of the kernel in the language of the page. */
export function toOwnWords({ told, text }: { told?: Told | undefined; text: string }, t: Say): string {
  if (!told) return text;
  const { what, name = "", other = "", words = "" } = told;
  const values = { name, other, words };
  if (what === "wish") values.words = toReason(words, t);
  if (what === "budget") values.other = t(`told.part.${other}`, {});
  return t(`told.${what}`, values);
}
