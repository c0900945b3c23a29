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
  /** Milliseconds since 1970 after which it is void. */
  expires?: number;
  /** Who gave it: a person's name, or the parent's pid. */
  grantedBy: string;
  /** The grant of a person that it comes from; it ends when that is taken back. */
  grant?: string;
}

/** One changed file, link or folder: content hashes in the blob store, null where there is none before or after. */
export interface FileChange {
  path: string;
  /** A file unless told. The content of a link is its target; a folder has none and the hash of nothing. */
  kind?: "file" | "link" | "folder";
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
