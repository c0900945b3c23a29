// A reporter for Node's test runner that says at the end which tests were skipped and why, so that nobody has to look for
// them among a thousand lines.

import { basename } from "node:path";

interface Told {
  type: string;
  data: { name?: string; file?: string; skip?: string | boolean; details?: { type?: string } };
}

/** The lines at the end. */
export default async function* skips(events: AsyncIterable<Told>): AsyncGenerator<string> {
  const rows: string[] = [];
  for await (const { type, data } of events) {
    if (type !== "test:pass" || data.skip === undefined || data.skip === false) continue;
    const why = typeof data.skip === "string" && data.skip !== "" ? data.skip : "no reason given";
    rows.push(`  ${data.name} (${basename(data.file ?? "")}): ${why}`);
  }
  yield rows.length === 0
    ? "No test was skipped.\n"
    : `${rows.length} tests were skipped:\n${rows.join("\n")}\n`;
}
