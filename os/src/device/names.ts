// Names by which people speak of a thing that a directory knows. They are made of what the thing is called there, from its first
// word on, and of nothing else:
//
//   - the whole name, and the same with hyphens, underscores and dots as spaces
//   - of a person also the first word ("Mark" for Mark Davies)
//   - of what is written in one with underscores the first word only beside what it is: "the channel External" for External_0
//   - of a thing (a file, an event) also the name without the ending of a file, and its leading words, two at least
//     ("grocery list" for grocery-list-today.docx); but for the whole name each holds two words that are not common, one
//     of them with a letter: "the report", "2024 05" and "list" name nothing
//
// A name of common words alone ("The", "Will", one letter) names nothing, because it stands in many a sentence that does not mean
// it. Whoever keeps such a name is asked, or writes an address.

/** What a name is the name of. */
export type Named = "person" | "thing";

/** The names by which people speak of what is called so, the whole one first. */
export function toNames(name: string, of: Named): string[] {
  const words = toWords(name);
  const more =
    of === "person"
      ? [words.join(" "), name.trim().split(/\s+/, 1)[0] as string].filter((one) => !isCommon(one))
      : toParts(name).filter(isTelling);
  return [...new Set([name, ...more])];
}

/** The first word of a name that chats write in one (`External_0`); null where it has none of its own. */
export function toNick(name: string): string | null {
  const first = name.trim().split(/[\s_]+/, 1)[0] as string;
  return first === "" || isCommon(first) || toNames(name, "person").includes(first) ? null : first;
}

function toParts(name: string): string[] {
  const stem = name.replace(/(?<=[^\s.])\.[a-z][a-z0-9]{0,4}$/i, "");
  const words = toWords(stem);
  const leading = Array.from({ length: Math.min(words.length, mostLeading) }, (_, i) =>
    words.slice(0, i + 1),
  );
  return [stem, words.join(" "), ...leading.map((some) => some.join(" "))];
}

/** Leading words that are a name, at most; the whole is one however long it is. */
const mostLeading = 6;

const toWords = (name: string): string[] => name.split(/[-_.\s]+/).filter((word) => word !== "");

/** Whether a name has no word of its own: it is found where nobody means it. */
export const isCommon = (name: string): boolean => toOwn(name).length === 0;

function isTelling(name: string): boolean {
  const own = toOwn(name);
  return own.length > 1 && own.some((word) => /\p{L}/u.test(word));
}

/** The words of a name that are neither common nor a single letter or digit. */
function toOwn(name: string): string[] {
  const words = name.toLowerCase().split(/[^\p{L}\p{N}\p{M}]+/u);
  return words.filter((word) => [...word].length > 1 && !common.has(word));
}

/** Words that stand in sentences about anything, and titles that many people have. */
const common = new Set(
  (
    "a an the this that these those it its i me my mine we us our ours you your yours he him his she her hers they them their " +
    "who whom whose what which when where why how all any both each every everybody everyone few many more most much no nobody " +
    "none nothing one ones other others some somebody someone something such same own and but or nor if then else so than as " +
    "at by down for from in into of off on onto out over per through to up upon with within without about above after again " +
    "against before behind below between during since till under until while not never always only just also too very am is are was were be " +
    "been being do does did done doing have has had having can could may might must shall should will would let lets get " +
    "gets got give go goes make makes take put use see say says tell ask please thanks thank yes ok okay hi hello hey dear here there " +
    "now today tomorrow yesterday tonight soon later first last next new old good great " +
    "mr mrs ms miss dr prof sir madam aunt uncle mum mom dad grandma grandpa"
  ).split(" "),
);
