// What the kernel itself knows by name: who gave the task, and the contacts that a person keeps. An entry speaks for its value
// only where a person wrote its name ("write to Mark"), and only while that name means one value: a directory says what a
// name stands for, and never whom a stranger may pick. Nothing that an entity or a stranger says ever enters it.

import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { HumError, toMessage } from "../error.ts";
import { isCommon, toNames, toNick } from "./names.ts";
import { isLiteral, placesIn, type Sink, type Sources } from "./trace.ts";
import { type Kind, namesAll } from "./whole.ts";

/** One value with the names by which people speak of it. */
export interface Known {
  sink: Sink;
  value: string;
  names: readonly string[];
  /** Names of whose it is, where they mean another value: a further address of a contact. */
  whose?: readonly string[];
  /** A name that counts only in a sentence that says the kind too: "the channel starting with External". */
  nick?: string;
  /** Of whom a person speaks as one of many: who names all of them has named this one. */
  kind?: Kind;
}

/** A contact as it stands in contacts.json. */
const contactsSchema = z.array(
  z.strictObject({ name: z.string().min(1), addresses: z.array(z.string().min(1)).min(1) }),
);

/**
 * What a directory vouches for, given what people wrote. A name of two values means neither, and one that stands only inside a
 * longer name of something else is not that something's: "Mark Davies Junior" does not name Mark Davies.
 */
export function toVoucher(
  entries: readonly Known[],
  words: readonly string[],
): NonNullable<Sources["vouches"]> {
  const texts = words.map((text) => text.toLowerCase());
  return (sink, value) => {
    const wanted = value.trim().toLowerCase();
    const alike = entries.filter((entry) => entry.sink === sink);
    const meant = alike.filter((entry) => entry.value.toLowerCase() === wanted);
    if (meant.length === 0) return false;
    if (sink === "who" && meant.some(({ kind }) => kind && namesAll(kind, words))) return true;
    const others = alike.filter((entry) => !meant.includes(entry)).flatMap(toAll);
    if (meant.flatMap(toPlain).some((name) => isMeant(name, others, texts))) return true;
    return meant.some(
      ({ nick, kind }) => nick && kind && isMeant(nick.toLowerCase(), others, toOf(kind, texts)),
    );
  };
}

const toPlain = ({ names }: Known): string[] => names.map((name) => name.trim().toLowerCase());

const toAll = (entry: Known): string[] => [
  ...toPlain(entry),
  ...(entry.nick ? [entry.nick.toLowerCase()] : []),
];

/** The sentences that speak of a kind, in small letters. */
function toOf({ one, many }: Kind, texts: readonly string[]): string[] {
  const sentences = texts.flatMap((text) => text.split(/(?<=[.!?])\s+|\n+/));
  return sentences.filter((sentence) => isLiteral(one, [sentence]) || isLiteral(many, [sentence]));
}

function isMeant(name: string, others: readonly string[], texts: readonly string[]): boolean {
  if (isCommon(name)) return false;
  // The same name, if it is also another's, is the least of them.
  const longer = others.filter((other) => other.includes(name));
  return texts.some((text) => {
    for (const at of placesIn(name, text))
      if (!longer.some((other) => isInside({ at, length: name.length }, other, text))) return true;
    return false;
  });
}

function isInside({ at, length }: { at: number; length: number }, other: string, text: string): boolean {
  for (const start of placesIn(other, text))
    if (start <= at && start + other.length >= at + length) return true;
  return false;
}

/** Contacts by the names that people use of them. Throws `damaged` for a file that holds none. */
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

/** The names of a person of several addresses mean the first: who wants another one writes it. */
export function toContact(name: string, addresses: readonly string[], kind = contact): Known[] {
  const names = toNames(name, "person");
  const nick = toNick(name);
  return addresses.map((value, i) =>
    i > 0
      ? { sink: "who", value, names: [], whose: names }
      : { ...{ sink: "who", value, names, kind }, ...(nick === null ? {} : { nick }) },
  );
}

const contact: Kind = { one: "contact", many: "contacts" };
