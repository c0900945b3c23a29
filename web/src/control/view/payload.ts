// The payload of an approval as rows to read: one row for each value, with its path. Nothing is left out, rounded or
// shortened, and the order is that of the payload, because a yes is for exactly this.

import type { ShownApproval } from "../../../../os/src/workplace/api.ts";
import { type RevealedLine, revealLines } from "./reveal.ts";

/** One value of a payload. */
export interface PayloadRow {
  /** Where it stands, e.g. `args.command`; revealed like a value, since an entity may choose keys. */
  path: string;
  /** What kind of value; texts are shown raw, all others as JSON. */
  kind: "text" | "json";
  lines: RevealedLine[];
  /** Characters of the raw value. */
  length: number;
}

/** The rows of a payload. */
export function toPayloadRows(payload: unknown): PayloadRow[] {
  const rows: PayloadRow[] = [];
  walk(payload, "", rows);
  return rows;
}

/** The calls that an approval is for, each with its arguments; null where it is for one. */
export function toCalls({ kind, payload }: Pick<ShownApproval, "kind" | "payload">): unknown[] | null {
  return kind === "effect" && Array.isArray(payload.calls) ? payload.calls : null;
}

function walk(value: unknown, path: string, rows: PayloadRow[]): void {
  if (typeof value === "string") {
    rows.push({ path, kind: "text", lines: revealLines(value), length: value.length });
    return;
  }
  const members = Array.isArray(value)
    ? value.map((member, index): [string, unknown] => [`${path}[${index}]`, member])
    : typeof value === "object" && value !== null
      ? Object.entries(value).map(([key, member]): [string, unknown] => [toPath(path, key), member])
      : null;
  if (members === null || members.length === 0) {
    const text = JSON.stringify(value) ?? "null";
    rows.push({ path, kind: "json", lines: revealLines(text), length: text.length });
    return;
  }
  for (const [at, member] of members) walk(member, at, rows);
}

// A key that is not a plain word is written as JSON, so that `a.b` cannot pose as two levels.
function toPath(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}

/** The payload as JSON with every character outside printable ASCII escaped: the same bytes for every reader. */
export function toEscapedJson(payload: unknown): string {
  return (JSON.stringify(payload, null, 2) ?? "null").replaceAll(
    /[^\n\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
