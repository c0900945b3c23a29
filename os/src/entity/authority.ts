// What an entity may do: folders it may use and capabilities it holds. There is no authority beside these; a child
// gets a part of its parent's, never more.

/** A folder that an entity may use. */
export interface Share {
  /** Absolute real path. */
  path: string;
  write: boolean;
}

/** The right to one operation of a device, or with `*` to all of one device. */
export interface Capability {
  /** For example `files.*` or `http.get`. */
  operation: string;
  /** Hosts that may be reached without asking. */
  hosts?: string[];
  /** A person asked for the effect: what cannot be undone runs unasked too, as long as it goes where a person said. */
  acts?: boolean;
  /** A person saw that it takes along what is private. */
  carries?: boolean;
  /** By argument: the only values it is for. */
  args?: Record<string, string[]>;
  /** How often it may be used in all, by whoever holds it or a part of it; counted under `grant`. */
  uses?: number;
  /** Milliseconds since 1970 after which it is void. */
  expires?: number;
  /** Who gave it: a person's name, or the parent's pid. */
  grantedBy: string;
  /** The grant of a person that it comes from; it ends when that is taken back, for all that it was passed on to. */
  grant?: string;
}

/** Whether a capability pattern covers an operation or another pattern. */
export function covers(pattern: string, operation: string): boolean {
  if (pattern === "*" || pattern === operation) return true;
  return pattern.endsWith(".*") && operation.startsWith(pattern.slice(0, -1));
}

/** One changed file, link, folder or event: content hashes in the blob store, null where there is none before or after. */
export interface FileChange {
  /** Of an event on a server `calendar:NAME/UID`. */
  path: string;
  /** A file unless told. The content of a link is its target; a folder has none and the hash of nothing. */
  kind?: "file" | "link" | "folder" | "event";
  /** What an event is called. */
  title?: string;
  before: string | null;
  after: string | null;
  /** Permission bits before, where there was something. */
  mode?: number;
  /** Permission bits after, where there is something. */
  modeAfter?: number;
}

/** What left the machine: bytes that were sent, and where to. */
export interface Egress {
  host: string;
  bytes: number;
}
