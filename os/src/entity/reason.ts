// Why something waits for a yes, and why a call is refused, in facts: whoever decides gives these, the journal keeps them, and
// each reader makes its own sentence of them. The English one is made here, for the command line, the model and programs; the
// page makes its own in the language of the person (web/src/post/own-words.ts).
//
// Values in them may be a stranger's: they are cut by whoever gives them, and are shown as text only. Pure.

import type { Budget } from "./entity.ts";

/** One thing that speaks against going on without a person. */
export type Reason =
  /** It cannot be undone. */
  | { kind: "undone" }
  /** It moves something in the world. */
  | { kind: "moves" }
  /** It shows what is private beyond the shares, with strangers' words in the window. */
  | { kind: "private" }
  /** It sends something out, and nobody granted that place; null when the call names none. */
  | { kind: "reaches"; place: string | null }
  /** Values of an argument that nobody trusted has named, and the untrusted places they may come from. */
  | { kind: "named"; argument: string; values: string[]; origins: string[] }
  /** It may carry what only these may read; `place` is null where it goes to people and not to a place. */
  | { kind: "carries"; readers: string[]; place: string | null }
  /** Its text names places that nobody trusted has named. */
  | { kind: "foreign"; places: string[] }
  /** It had begun when the machine stopped; `name` is the entity. */
  | { kind: "doubt"; name: string }
  /** A part of the budget of the entity `name` is used up. */
  | { kind: "budget"; name: string; part: keyof Budget; used: number; of: number };

/** What stands among places for an address that opens without a host (`data:`, `javascript:`). */
export const noHost = "an address without a host";

/** A call that the entity holds no capability for, and the operations that it holds. */
export interface Refusal {
  kind: "unheld";
  operation: string;
  held: string[];
}

const parts: Record<keyof Budget, string> = {
  tokens: "tokens",
  activeMs: "milliseconds of work",
  deviceCalls: "device calls",
  children: "colleagues",
};

/** Why it waits for a yes, in one English sentence. */
export function toWhy(reasons: readonly Reason[]): string {
  return reasons.map(toClause).join("; and ");
}

/** The reasons of several calls as those of one question: each once, the values of one argument together. */
export function joinReasons(all: readonly (readonly Reason[])[]): Reason[] {
  const joined = new Map<string, Reason>();
  for (const reason of all.flat()) {
    const key = reason.kind === "named" ? `named ${reason.argument}` : JSON.stringify(reason);
    const before = joined.get(key);
    joined.set(
      key,
      before?.kind === "named" && reason.kind === "named"
        ? {
            ...reason,
            values: [...new Set([...before.values, ...reason.values])],
            origins: [...new Set([...before.origins, ...reason.origins])],
          }
        : reason,
    );
  }
  return [...joined.values()];
}

/** Why a call is refused, in English. */
export function toRefusalWhy({ operation, held }: Refusal): string {
  const rest = held.length === 0 ? "You hold no capabilities." : `You hold: ${held.join(", ")}.`;
  return `You may not use ${operation}. ${rest}`;
}

function toClause(reason: Reason): string {
  switch (reason.kind) {
    case "undone":
      return "it cannot be undone";
    case "moves":
      return "it moves something in the world";
    case "private":
      return "it shows what is private, nobody asked for it, and strangers' words are in the window";
    case "reaches":
      return `it reaches ${reason.place ?? "an unnamed place"}, and nobody granted that`;
    case "named": {
      const { argument, values, origins } = reason;
      const from = origins.length === 0 ? "" : ` and may come from ${origins.join(", ")}`;
      return `${argument} (${toQuoted(values)}) was named by nobody who is trusted${from}`;
    }
    case "carries": {
      const readers = reason.readers.join(", ") || "nobody";
      return `it may carry what only ${readers} may read to ${reason.place ?? "others"}`;
    }
    case "foreign":
      return `its text names ${reason.places.join(", ")}, which nobody trusted has named`;
    case "doubt":
      return `${reason.name} had begun this when Hum stopped, so it may have happened already; a yes does it again, a no leaves it`;
    case "budget": {
      const { name, used, of, part } = reason;
      return `${name} has used ${used} of its ${of} ${parts[part]}; a yes gives it as much again, a no ends it`;
    }
  }
}

/** Values as they stand in a sentence: in quotes, so that none can end its own and go on as the kernel's words. */
export const toQuoted = (values: readonly string[]): string =>
  values.map((value) => JSON.stringify(value)).join(", ");
