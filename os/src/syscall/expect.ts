// What a task visibly asks for: files that it names and people whom it wants told. Read from the words of the task by
// plain rules, so that `done` is not believed while something is plainly missing. It may miss wishes; it must not
// invent any, because a wish that cannot be met would hold a finished task up.

/** What must be there at the end. */
export interface Expectations {
  /** File names that the task gives (as written). */
  files: string[];
  /** People to whom something must be said. */
  people: string[];
}

const fileName = /(?<![\w/.-])((?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.[a-z][a-z0-9]{0,4})(?![\w])/gi;

// "write … to X", "save … as X", "into X", "create X", "called X", "named X": X is to be made.
const making =
  /\b(?:to|into|in|as|called|named|create|make|produce|file)\s+(?:a |an |the |new |file |called |named )*["'`“]?$/i;

const telling =
  /\b(?:[Tt]ell|[Ii]nform|[Nn]otify|[Rr]emind|message|text|[Aa]sk|[Tt]hank|[Ii]nvite|[Ll]et|(?:[Ss]end|[Ww]rite)(?: (?:a|an|the))?(?: [a-z]+)? (?:message|note|reply|answer) to|(?:[Ss]end|[Ww]rite|[Rr]eply|[Aa]nswer) (?:it |that |this )?to)\s+(?:my (?:colleague|boss|friend) )?([A-Z][a-z]+)\b/g;

const notPeople = new Set([
  "Me",
  "It",
  "The",
  "Them",
  "Us",
  "Him",
  "Her",
  "Everyone",
  "All",
  "If",
  "Each",
  "A",
  "An",
]);

/** Reads the expectations from a task. */
export function toExpectations(task: string): Expectations {
  const files: string[] = [];
  for (const match of task.matchAll(fileName)) {
    const name = match[1] as string;
    if (making.test(task.slice(0, match.index)) && !files.includes(name)) files.push(name);
  }
  const people = [...task.matchAll(telling)]
    .map((match) => match[1] as string)
    .filter((name) => !notPeople.has(name));
  return { files, people: [...new Set(people)] };
}
