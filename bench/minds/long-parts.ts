// What the measures of long conversations share: an archive of a life, what is noted of it, and vectors that are kept
// from run to run.

import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createKnowledge, reduceKnowledge } from "../../os/src/entity/knowledge.ts";
import type { JournalRecord } from "../../os/src/journal/journal.ts";
import { type Archive, openArchive } from "../../os/src/memory/archive.ts";
import { type Fact, toTold } from "../../os/src/memory/fact.ts";
import { toLabel } from "../../os/src/memory/label.ts";
import type { Embed } from "../../os/src/memory/recall.ts";
import { createRandom } from "../../os/src/sim/random.ts";
import type { Life } from "./life.ts";

/** An archive in which every exchange has left the window of pid 1. */
export function fillArchive(life: Life): Archive {
  const archive = openArchive(":memory:");
  const pages = life.exchanges.map(({ id, text }) => ({
    id,
    kind: "dialogue",
    role: "user",
    tokens: 1,
    label: {},
    text,
  }));
  const record = (type: string, seq: number, data: object): JournalRecord => ({
    ...{ seq, stream: "entity/1", index: seq, at: life.exchanges[seq - 1]?.at ?? 0, hash: "", type },
    data: { pid: 1, ...data },
  });
  for (const [i, page] of pages.entries())
    archive.take(record("turn.said", i + 1, { pages: [page] }), () => undefined);
  archive.take(
    record("page.evicted", pages.length + 1, { ids: pages.map(({ id }) => id), pages: [] }),
    (_, index) => record("turn.said", index, { pages: [pages[index - 1]] }),
  );
  return archive;
}

/** What a model would have noted that notes this part of what it is told, each right. */
export function noteFacts(life: Life, part: number): Fact[] {
  const random = createRandom(7);
  const known = createKnowledge();
  for (const [i, { name, kind, value, exchange }] of life.facts.entries()) {
    const told = life.exchanges[exchange - 1];
    if (!told || !random.chance(part)) continue;
    const relation = kind.replace(/^(tie|event) /, "");
    const text = kind.startsWith("event ") ? told.text.split("\n")[0]! : `${relation}: ${value}`;
    for (const line of toTold(name, text, { owner: "Ada", at: told.at })) {
      const more = { id: `${i}`, owner: "Ada", label: toLabel("entity"), post: null, by: "guide" };
      const data = { ...line, ...more, source: { pid: 1, page: exchange } };
      const record = { seq: i + 1, stream: "memory", index: i + 1, at: told.at, hash: "", type: "fact.told" };
      reduceKnowledge(known, { ...record, data: { ...data } });
    }
  }
  return [...known.facts.values()];
}

/** The same vectors, those made before from a file. */
export function keepVectors(embed: Embed, folder: string | undefined): Embed {
  if (folder === undefined) return embed;
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, "vectors.db"));
  database.exec(
    "PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF; CREATE TABLE IF NOT EXISTS vector (id BLOB PRIMARY KEY, bytes BLOB)",
  );
  const read = database.prepare("SELECT bytes FROM vector WHERE id = ?");
  const write = database.prepare("INSERT OR IGNORE INTO vector VALUES (?, ?)");
  const toId = (text: string) => createHash("sha256").update(text).digest().subarray(0, 16);
  return async (texts) => {
    const known = texts.map((text) => read.get(toId(text)) as { bytes: Uint8Array } | undefined);
    const missing = texts.filter((_, i) => !known[i]);
    const made = missing.length > 0 ? await embed(missing) : [];
    if (!made) return null;
    for (const [i, text] of missing.entries()) write.run(toId(text), new Uint8Array(made[i]!.slice().buffer));
    let next = 0;
    return known.map((row) => (row ? new Float32Array(row.bytes.slice().buffer) : made[next++]!));
  };
}
