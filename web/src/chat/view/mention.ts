// Completion of names while one writes: where a mention stands at the caret, which names fit it, and the text after one
// was taken. Pure.

/** A name that can be mentioned. */
export interface Name {
  name: string;
  kind: "entity" | "person";
  about: string;
}

/** A mention that is being written: where its @ stands, and what follows up to the caret. */
export interface Mention {
  at: number;
  word: string;
}

/** The mention at the caret, null when there is none. The same letters as in os/src/entity/post.ts. */
export function findMention(text: string, caret: number): Mention | null {
  const found = /(?<![\p{L}\p{N}_.@/-])@([\p{L}\p{N}_-]{0,40})$/u.exec(text.slice(0, caret));
  if (!found) return null;
  const word = found[1] as string;
  return { at: caret - word.length - 1, word };
}

/** Names in small letters, and their first parts: a mention ends at a space. */
export const toKnown = (names: readonly string[]): Set<string> =>
  new Set(names.map((name) => name.toLowerCase()).flatMap((name) => [name, name.split(" ", 1)[0] as string]));

/** The first name that is mentioned and that nobody has, null when each is known. */
export function findStranger(text: string, known: ReadonlySet<string>): string | null {
  for (const found of text.matchAll(/(?<![\p{L}\p{N}_.@/-])@([\p{L}\p{N}_-]{1,40})/gu))
    if (!known.has((found[1] as string).toLowerCase())) return found[1] as string;
  return null;
}

/** Names shown at once. */
const most = 8;

/** Names that fit a word: those that begin with it, then those with a part that does, then those that hold it. */
export function matchNames(names: readonly Name[], word: string): Name[] {
  const low = word.toLowerCase();
  const rank = ({ name }: Name): number => {
    const own = name.toLowerCase();
    if (own.startsWith(low)) return 0;
    if (own.split(/[\s_.-]+/).some((part) => part.startsWith(low))) return 1;
    return own.includes(low) ? 2 : 3;
  };
  return names
    .map((name, index) => ({ name, index, rank: rank(name) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, most)
    .map((one) => one.name);
}

/** The text with the mention completed, and where the caret stands then. */
export function takeName(text: string, mention: Mention, name: string): { text: string; caret: number } {
  const end = mention.at + 1 + mention.word.length;
  const rest = text.slice(end);
  const space = /^[\s,.:;!?)]/.test(rest) ? "" : " ";
  const before = `${text.slice(0, mention.at)}@${name}${space}`;
  return { text: before + rest, caret: before.length + (space === "" && rest.startsWith(" ") ? 1 : 0) };
}
