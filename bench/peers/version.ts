/** The version of a peer as installed, read from its package.json (some packages do not export that file). */
import { readFileSync } from "node:fs";

/** Version of `name` in the node_modules of an adapter's folder. */
export function versionOf(folder: string, name: string): string {
  const text = readFileSync(`${folder}/node_modules/${name}/package.json`, "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
