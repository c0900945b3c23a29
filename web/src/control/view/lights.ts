// Three lights of an entity: it has read what strangers wrote, it can see private data, it can act on the world outside.
// Two of them are fine. All three at once is how data are stolen by a text, so then a person should look (this is the
// "rule of two"). What lights a lamp is said by name; nothing is guessed from words.

import type { Capability, Share } from "../../../../os/src/entity/authority.ts";
import type { MemoryPage } from "../../../../os/src/workplace/contract.ts";

/** One lamp. */
export interface Light {
  name: "untrusted" | "private" | "effects";
  on: boolean;
  /** What lights it: origins, folders, operations. */
  because: string[];
}

/** What an entity may do, from the journal: `entity.spawned` and `capability.granted`. */
export interface Standing {
  shares: readonly Share[];
  capabilities: readonly Capability[];
  home: string;
  folder: string;
}

/** Reads the standing from records of the journal of one entity, oldest first. */
export function toStanding(records: readonly { type: string; data: Record<string, unknown> }[]): Standing {
  const standing: { shares: Share[]; capabilities: Capability[]; home: string; folder: string } = {
    shares: [],
    capabilities: [],
    home: "",
    folder: "",
  };
  for (const { type, data } of records) {
    if (type === "entity.spawned") {
      standing.shares = (data.shares as Share[] | undefined) ?? [];
      standing.capabilities = [...((data.capabilities as Capability[] | undefined) ?? [])];
      standing.home = String(data.home ?? "");
      standing.folder = String(data.folder ?? "");
    }
    if (type === "capability.granted" && data.capability)
      standing.capabilities.push(data.capability as Capability);
  }
  return standing;
}

/** Devices whose operations stay on this machine and can be undone. */
const inside = new Set(["files", "clock", "survey", "terminal", "memory"]);

/** The lights of an entity. */
export function toLights(pages: readonly MemoryPage[], standing: Standing, now: number): Light[] {
  const origins = new Set<string>();
  const files = new Set<string>();
  for (const page of pages) {
    if (page.integrity !== "untrusted" && page.origins.length === 0) continue;
    for (const origin of page.origins) (origin.startsWith("file:") ? files : origins).add(origin);
    if (page.integrity === "untrusted" && page.origins.length === 0) origins.add(`page ${page.id}`);
  }
  const folders = standing.shares.map((share) => share.path).filter((path) => path !== standing.home);
  const effects = standing.capabilities
    .filter((one) => one.expires === undefined || one.expires > now)
    .filter(
      (one) => one.operation === "*" || (one.hosts?.length ?? 0) > 0 || !inside.has(deviceOf(one.operation)),
    )
    .map((one) => (one.hosts?.length ? `${one.operation} → ${one.hosts.join(", ")}` : one.operation));
  const untrusted = [...files, ...origins];
  return [
    { name: "untrusted", on: untrusted.length > 0, because: untrusted },
    { name: "private", on: folders.length > 0, because: [...new Set(folders)] },
    { name: "effects", on: effects.length > 0, because: [...new Set(effects)] },
  ];
}

function deviceOf(operation: string): string {
  return operation.split(".", 1)[0] ?? operation;
}
