// What Hum says itself (a line of the kernel, why something waits for a yes), in the language of the page, from the facts
// behind it. Words of people and colleagues in it stay as they are; so does a sentence without facts (an old journal). Pure.

import { noHost, toQuoted } from "../../../os/src/entity/reason.ts";
import { homeReader } from "../../../os/src/memory/label.ts";
import type { Reason, Told } from "../../../os/src/workplace/contract.ts";

type Say = (key: string, values: Record<string, string>) => string;

/** Why something waits for a yes. */
export const toReason = (reasons: readonly Reason[], t: Say): string =>
  reasons.map((reason) => toClause(reason, t)).join(t("told.why.and", {}));

function toClause(reason: Reason, t: Say): string {
  switch (reason.kind) {
    case "undone":
      return t("told.why.undone", {});
    case "moves":
      return t("told.why.moves", {});
    case "private":
      return t("told.why.private", {});
    case "reaches": {
      const { place } = reason;
      return place === null ? t("told.why.nowhere", {}) : t("told.why.reaches", { place });
    }
    case "named": {
      const of = { name: reason.argument, values: toQuoted(reason.values) };
      const origins = reason.origins.join(", ");
      return origins === "" ? t("told.why.named", of) : t("told.why.from", { ...of, origins });
    }
    case "carries": {
      const { place } = reason;
      const names = reason.readers.map((one) => (one === homeReader ? t("told.why.home", {}) : one));
      const readers = names.join(", ") || t("told.why.nobody", {});
      return place === null ? t("told.why.others", { readers }) : t("told.why.carries", { readers, place });
    }
    case "foreign":
      return t("told.why.foreign", {
        places: reason.places
          .map((place) => (place === noHost ? t("told.why.noHost", {}) : place))
          .join(", "),
      });
    case "doubt":
      return t("told.why.doubt", { name: reason.name });
    case "budget": {
      const { name, used, of, part } = reason;
      const values = { name, used: String(used), of: String(of), part: t(`told.part.${part}`, {}) };
      return t("told.why.budget", values);
    }
  }
}

/** Why an approval asks. */
export function toApprovalWords(
  { why, reasons }: { why: string; reasons?: readonly Reason[] | undefined },
  t: Say,
): string {
  return reasons ? toReason(reasons, t) : why;
}

/** The words of a post or a row: those of the kernel in the language of the page. */
export function toOwnWords({ told, text }: { told?: Told | undefined; text: string }, t: Say): string {
  if (!told) return text;
  const { what, name = "", other = "", words = "", reasons } = told;
  const why = reasons ? toReason(reasons, t) : words;
  return what === "budget" ? why : t(`told.${what}`, { name, other, words: why });
}
