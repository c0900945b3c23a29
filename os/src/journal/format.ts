// The format of a record, version 1.
//
//   row:   seq | stream | idx | at | type | data | hash
//   data:  JSON text of the payload, stored exactly as it was hashed
//   hash:  base64url( SHA-256( previous hash, LF, JSON text of [1, seq, stream, idx, at, type, data] ) )
//
// The leading 1 is the format's version: a later format changes it and adds one step to upgrade.ts, and old records
// keep their old hash. The hash of the first record is made with an empty previous hash.

import { hash } from "node:crypto";
import { HumError } from "../error.ts";
import { journalLimits } from "../limits.ts";
import type { JournalEvent, JournalRecord } from "./journal.ts";

/** Version of the record format. */
export const formatVersion = 1;

/** A record as it lies on disk. */
export interface Row {
  seq: number;
  stream: string;
  idx: number;
  at: number;
  type: string;
  data: string;
  hash: string;
}

/** Hash of a row after the record with hash `previous`. */
export function hashRow(previous: string, row: Omit<Row, "hash">): string {
  const body = JSON.stringify([formatVersion, row.seq, row.stream, row.idx, row.at, row.type, row.data]);
  return hash("sha256", `${previous}\n${body}`, "base64url");
}

/** The row of an event. Throws `bad-input` for a payload that is too large. */
export function toRow(
  event: JournalEvent,
  place: { seq: number; stream: string; idx: number; at: number; previous: string },
): Row {
  const data = JSON.stringify(event.data);
  if (data.length > journalLimits.eventBytes)
    throw new HumError(
      "bad-input",
      `event ${event.type} has ${data.length} characters, more than ${journalLimits.eventBytes}; put it in the blob store`,
    );
  const row = { seq: place.seq, stream: place.stream, idx: place.idx, at: place.at, type: event.type, data };
  return { ...row, hash: hashRow(place.previous, row) };
}

/** The record of a row. */
export function fromRow(row: Row): JournalRecord {
  const data = JSON.parse(row.data) as Record<string, unknown>;
  return {
    seq: row.seq,
    stream: row.stream,
    index: row.idx,
    at: row.at,
    type: row.type,
    data,
    hash: row.hash,
  };
}

/** Follows a chain of rows; `check` answers null for a good next row, else what is wrong with it. */
export function createChain(start: { seq: number; hash: string } = { seq: 0, hash: "" }) {
  let { seq, hash: previous } = start;
  return {
    get seq() {
      return seq;
    },
    get hash() {
      return previous;
    },
    check(row: Row): string | null {
      if (row.seq !== seq + 1) return `record ${seq + 1} is missing (found ${row.seq})`;
      if (hashRow(previous, row) !== row.hash)
        return `record ${row.seq} is not what was written (its hash does not fit)`;
      seq = row.seq;
      previous = row.hash;
      return null;
    },
  };
}
