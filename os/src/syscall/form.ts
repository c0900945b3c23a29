// How a model writes an action. A form turns the calls that an entity holds into instructions and a grammar, and what
// the model wrote into a call. Which form is best depends on the model and was measured (bench/RESULTS.md, "desk");
// the default stands in forms.ts.

import type { Call, CallName } from "./names.ts";
import type { JsonSchema } from "./shape-grammar.ts";

/** What a model wrote: a call, or why it is none (said to the model). */
export type Parsed =
  | {
      call: Call;
      /** Further calls of the same name that stand behind it. */
      more?: readonly Call[];
      why?: never;
      repeated?: never;
    }
  /** `repeated`: it was a call, but the same as before. */
  | { call?: never; more?: never; why: string; repeated?: boolean };

/** What may be said: these calls, and for some of them this head or this body only. */
export interface Sayable {
  calls: readonly CallName[];
  heads?: Partial<Record<CallName, string>>;
  bodies?: Partial<Record<CallName, string>>;
  /** To whom work can be given: each line of `delegate` begins with one of them. */
  colleagues?: readonly string[];
  /** Of these several may be said at once. */
  several?: readonly CallName[];
  /** Without words before the call. */
  bare?: boolean;
}

/** What a device operation says of itself. */
export interface Explained {
  about: string;
  example?: object | undefined;
}

/** A way of writing actions. */
export interface Form {
  name: string;
  /** How the answer always begins. */
  begin: string;
  /** True when more than one call may stand in an answer. */
  several?: true;
  /** What an action begins with: an answer that has none of it after a while is cut off. */
  opening: string;
  /** The answer ends before the first of these. */
  stops: readonly string[];
  /** The calls, explained to the model; `known` tells what a device operation does, and shows how it is called. */
  explain(calls: readonly CallName[], known?: (name: CallName) => Explained | null): string;
  /** GBNF grammar for what follows `begin`; `schema` is the JSON Schema that the arguments of a device call must follow. */
  grammar(sayable: Sayable, schema?: (name: CallName) => JsonSchema | null): string;
  /** Reads an answer (with `begin`, without what stopped it). */
  parse(text: string, calls: readonly CallName[]): Parsed;
  /** Writes a call as a model would, for examples and hints. */
  render(call: Call): string;
}
