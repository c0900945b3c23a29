// Where words came from that nobody here vouches for, as people think of it: files and programs of this machine, or places
// beyond it. Both are untrusted; only the second is strange. Pure.

/** Origins by where they are. */
export interface Origins {
  /** Beyond this machine: pages, servers, senders. */
  outside: string[];
  /** Files and programs here, in words that are short. */
  here: string[];
}

/** What the kernel calls the places of this machine. */
const local = /^(?:file:|terminal$|code$|archive$|survey$|page \d+$)/;

/** Sorts origins. */
export function toOrigins(origins: readonly string[]): Origins {
  const here = origins.filter((origin) => local.test(origin));
  return {
    outside: origins.filter((origin) => !local.test(origin)),
    here: [...new Set(here.map(toShort))],
  };
}

// A folder of an entity or a thread is known by what it is, not by where it lies.
function toShort(origin: string): string {
  const path = origin.startsWith("file:") ? origin.slice(5) : origin;
  const own = /\/(?:homes|threads)\/[^/]+(?:\/(.*))?$/.exec(path);
  if (!own) return path;
  return own[1] ?? "./";
}
