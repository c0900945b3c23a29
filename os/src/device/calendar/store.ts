// Where events lie: a file, or a collection of a server. Both hand out and take back the text of one event at a time, so that
// the former text of each can be kept and put back.

import type { Instant } from "./time.ts";

/** The text of one event with all that belongs to it, and how it is known where it lies. */
export interface Stored {
  text: string;
  /** Of a server: where it lies, and which state of it this is. */
  url?: string;
  etag?: string;
}

/** A calendar that is open for one call. */
export interface CalendarStore {
  /** Texts in which everything stands that touches a span, and perhaps more. */
  read(span: { from: Instant; to: Instant }): Promise<string[]>;
  /** The event of that uid, null when there is none. */
  find(uid: string): Promise<Stored | null>;
  /**
   * Puts an event in the place of `before`; null takes it away. Answers which state of it that made, where a server says it.
   * Throws `conflict` when somebody else changed it since.
   */
  put(uid: string, text: string | null, before: Stored | null): Promise<string | null>;
}
