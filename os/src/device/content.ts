// Addresses in a text that is going out. A link or a picture in a message is a way out of its own: whoever opens it, or
// whatever program shows it, sends something to the place that it names. So an outgoing text that was made from a
// stranger's words may name only places that a person named.
//
// Found are addresses with a scheme, with `www.`, with a path, and bare names that do not end like a file.

import { noHost } from "../entity/reason.ts";
import { isFileName, namesIn } from "./trace.ts";

// Browsers read the schemes of the web with any number of slashes of either kind.
const scheme =
  /(?:(?<![\p{L}\p{N}])(?:https?|wss?|ftp):[/\\]*|[a-z][a-z0-9+.-]*:[/\\]{2,})(?:[^\s/\\?#<>"'()[\]]*@)?(\[[^\]\s]*\]|[^\s/?#:@<>"'()\\]+)/giu;
const short = /(?:^|[\s(<"'[=,;!])[/\\]{2,}([^\s/\\?#:<>"'()]+\.[^\s/\\?#:<>"'()]+)/giu;
const named =
  /(?<![\p{L}\p{N}_.-])((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}[\p{L}\p{N}-]+)([/\\?#]|:\d)?/giu;
const inline = /\b(?:data|javascript|vbscript|file|blob):\S/iu;

/** Hosts in a text that nobody trusted has named, in the order in which they stand; `trusted` are host names. */
export function foreignHosts(text: string, trusted: readonly string[]): string[] {
  const plain = toPlain(text);
  const found = [
    ...[...plain.matchAll(scheme)].map((match) => match[1] as string),
    ...[...plain.matchAll(short)].map((match) => match[1] as string),
    ...[...plain.matchAll(named)].filter(isHost).map((match) => match[1] as string),
    ...(inline.test(plain) ? [noHost] : []),
  ].map((host) => host.toLowerCase().replace(/\.+$/, ""));
  const known = new Set(trusted.map((host) => host.toLowerCase()));
  return [...new Set(found)].filter((host) => !known.has(host));
}

/** The names of places that people have written. */
export const toNamed = (words: readonly string[]): string[] => [...new Set(words.flatMap(namesIn))];

// The host of a mail address is no link, unless a path or a port follows.
function isHost(match: RegExpMatchArray): boolean {
  const [, host = "", after = ""] = match;
  if (after !== "") return true;
  if (match.input?.[(match.index ?? 0) - 1] === "@") return false;
  return !isFileName(host);
}

// As a program that shows it may read it: wide letters and dots are the plain ones, and what cannot be seen is nothing.
function toPlain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u3002\uFF0E\uFF61]/g, ".")
    .replace(/[\p{Cf}\u00AD]/gu, "");
}
