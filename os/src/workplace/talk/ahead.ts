// Reads an answer while it is being written, so that its first sentence can be spoken before the last one is thought of. An
// entity answers with a block that begins "```done" and ends "```" (syscall/form.ts); what stands between them is the
// answer, and all else it writes is not for ears.

/** An answer that grows. */
export interface Ahead {
  /** More of what is written; gives what is new of the answer. */
  write(text: string): string;
  /** Nothing more comes; gives what was held back. */
  end(): string;
  /** The answer so far. */
  body(): string;
}

const fence = "\n```";

/** Makes one. */
export function createAhead(): Ahead {
  let all = "";
  let start = -1;
  let given = 0;
  let ended = false;
  return {
    write(text) {
      if (ended) return "";
      all += text;
      if (start < 0) {
        const found = /(?:^|\n)```done[^\n]*\n/.exec(all);
        if (!found) return "";
        start = found.index + found[0].length;
      }
      const body = all.slice(start);
      // The line break before the block counts when the answer is empty.
      const end = body.startsWith("```") ? 0 : body.indexOf(fence);
      ended = end >= 0;
      const sure = ended ? end : Math.max(given, body.length - fence.length);
      const more = body.slice(given, sure);
      given = sure;
      return more;
    },
    end() {
      if (ended || start < 0) return "";
      ended = true;
      const rest = all.slice(start + given).replace(/\n?`*$/, "");
      given += rest.length;
      return rest;
    },
    body: () => (start < 0 ? "" : all.slice(start, start + given)),
  };
}
