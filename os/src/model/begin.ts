// A provider that was given the beginning of its answer may go on from it, or say it again. This takes a repeated
// beginning off, across piece borders; what could still become the beginning is held back.

/** Takes the beginning off an answer. */
export interface BeginFilter {
  push(piece: string): string;
  /** What was held back, when the answer ended before it was decided. */
  flush(): string;
}

/** Creates a filter for an answer that must begin with `begin`. */
export function createBeginFilter(begin: string): BeginFilter {
  // The beginning is sent without the white space at its end, so an answer that goes on may start with that.
  const bare = begin.trimEnd();
  const space = begin.slice(bare.length);
  const known = [begin, bare, space].filter((text) => text !== "");
  let held = "";
  let decided = known.length === 0;
  return {
    push(piece) {
      if (decided) return piece;
      held += piece;
      if (known.some((text) => text.length > held.length && text.startsWith(held))) return "";
      decided = true;
      const repeated = known.find((text) => held.startsWith(text));
      const rest = held.slice(repeated?.length ?? 0);
      held = "";
      return rest;
    },
    flush() {
      const rest = known.includes(held) ? "" : held;
      held = "";
      decided = true;
      return rest;
    },
  };
}
