// The three lights of an entity: it has read what strangers wrote, it has seen what is private, it can act on the world
// outside. Two of them are fine; all three at once is how a text steals data, and then the rules ask (device/policy.ts).
// What lights a lamp is said by name.

import type { Capability } from "../entity/authority.ts";
import type { Entity } from "../entity/entity.ts";
import type { Approval } from "../entity/events.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { isUntrusted } from "../memory/label.ts";
import { windowLabel } from "../scheduler/standing.ts";

/** One lamp, and what lights it. */
export interface Light {
  name: "untrusted input" | "private data" | "effects";
  on: boolean;
  because: string[];
}

/** Something that asked: what, why, and what was answered. */
export interface Asked {
  id: string;
  at: number;
  what: string;
  why: string;
  answer: "approved" | "denied" | "expired" | "waiting";
}

/** How an entity stands. */
export interface Trust {
  pid: number;
  name: string;
  lights: Light[];
  /** What people wrote to it: the values in it are trusted. */
  words: string[];
  capabilities: Capability[];
  asked: Asked[];
}

/** Operations that stay on this machine and can be undone. */
const inside = /^(files|clock|folder|terminal|canvas)\b/;

/** How an entity stands, from its state and the records of its stream. */
export function toTrust(entity: Entity, records: Iterable<JournalRecord>, now: number): Trust {
  const label = windowLabel(entity);
  const strangers = entity.pages
    .filter((page) => page.resident && isUntrusted(page.label))
    .map((page) => `page ${page.id} (${page.kind}): ${page.label.origins.join(", ") || "an unnamed place"}`);
  const folders = entity.shares.map((share) => share.path).filter((path) => path !== entity.home);
  const secret = [
    ...folders.map((path) => `may read ${path}`),
    ...(label.readers === null
      ? []
      : [`has read what only ${label.readers.join(", ") || "nobody"} may read`]),
  ];
  const live = entity.capabilities.filter(
    (one) => (one.expires === undefined || one.expires > now) && (one.uses ?? 1) > 0,
  );
  const effects = [...new Set(live.flatMap(toEffect))];
  const lights: Light[] = [
    { name: "untrusted input", on: strangers.length > 0, because: strangers },
    { name: "private data", on: secret.length > 0, because: secret },
    { name: "effects", on: effects.length > 0, because: effects },
  ];
  const { pid, name, words } = entity;
  return { pid, name, lights, words: [...words], capabilities: live, asked: toAsked(records) };
}

function toEffect({ operation, hosts = [], acts, args }: Capability): string[] {
  const limits = Object.entries(args ?? {}).map(([name, values]) => `${name} ${values.join(" or ")}`);
  const only = limits.length > 0 ? `, for ${limits.join(" and ")} only` : "";
  if (acts) return [`${operation} unasked, where it goes to what a person named${only}`];
  if (hosts.length > 0) return [`${operation} unasked to ${hosts.join(", ")}${only}`];
  return inside.test(operation) ? [] : [`${operation}, each time with a yes${only}`];
}

function toAsked(records: Iterable<JournalRecord>): Asked[] {
  const asked = new Map<string, Asked>();
  for (const { type, data, at } of records) {
    if (type === "approval.asked") {
      const { id, what, why } = data as unknown as Approval;
      asked.set(id, { id, at, what, why, answer: "waiting" });
    }
    if (type !== "approval.answered") continue;
    const { id, answer } = data as unknown as { id: string; answer: Asked["answer"] };
    const one = asked.get(id);
    if (one) one.answer = answer;
  }
  return [...asked.values()];
}

/** What the lights mean together, in one sentence. */
export function toAdvice({ lights }: Pick<Trust, "lights">): string {
  const on = lights.filter((light) => light.on);
  if (on.length === 3)
    return "All three are on: what it reads could tell it to send out what it knows. Its effects run only where a person named the place; everything else asks.";
  if (on.length === 0) return "None is on: nothing it read is a stranger's, and it can harm nobody.";
  return `${on.map((light) => light.name).join(" and ")}: fine without the ${lights
    .filter((light) => !light.on)
    .map((light) => light.name)
    .join(" and the ")}.`;
}
