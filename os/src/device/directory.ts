// What the kernel itself knows by name: who gave the task, and the contacts that a person keeps. An entry speaks for its value
// only where a person wrote its name ("write to Mark"), and only while that name means one value: a directory says what a
// name stands for, and never whom a stranger may pick. Nothing that an entity or a stranger says ever enters it.

import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { HumError, toMessage } from "../error.ts";
import { isLiteral, type Sink, type Sources } from "./trace.ts";

/** One value with the names by which people speak of it. */
export interface Known {
  sink: Sink;
  value: string;
  names: readonly string[];
}

/** A contact as it stands in contacts.json. */
const contactsSchema = z.array(
  z.strictObject({ name: z.string().min(1), addresses: z.array(z.string().min(1)).min(1) }),
);

/** What a directory vouches for, given what people wrote. */
export function toVoucher(
  entries: readonly Known[],
  words: readonly string[],
): NonNullable<Sources["vouches"]> {
  return (sink, value) => {
    const wanted = value.trim().toLowerCase();
    const meant = entries.filter((entry) => entry.sink === sink && entry.value.toLowerCase() === wanted);
    return meant.some((entry) =>
      entry.names.some((name) => isOnly(entries, entry, name) && isLiteral(name, words)),
    );
  };
}

// A name of two values means neither.
function isOnly(entries: readonly Known[], { sink, value }: Known, name: string): boolean {
  const same = (other: string) => other.toLowerCase() === name.toLowerCase();
  return (
    name.trim() !== "" &&
    entries.every((entry) => entry.sink !== sink || entry.value === value || !entry.names.some(same))
  );
}

/** Contacts by the whole name and by its first word. Throws `damaged` for a file that holds none. */
export function readContacts(file: string): Known[] {
  if (!existsSync(file)) return [];
  try {
    return contactsSchema
      .parse(JSON.parse(readFileSync(file, "utf8")))
      .flatMap(({ name, addresses }) => toContact(name, addresses));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll("\n", " ") : toMessage(error);
    throw new HumError(
      "damaged",
      `${file} is no list of contacts: ${why}. It holds [{"name": "Ada Berg", "addresses": ["ada@example.org"]}].`,
    );
  }
}

/** A person of several addresses is one value for each. */
export function toContact(name: string, addresses: readonly string[]): Known[] {
  const names = [...new Set([name, name.split(/\s+/, 1)[0] as string])];
  return addresses.map((value) => ({ sink: "who" as const, value, names }));
}
