// The one list of system calls: what an entity can do at all. Each is written by a model as a head (its name and at
// most one argument on the same line) and a body. A new call is added here, in table.ts, and nowhere else.

/** Every system call. */
export const syscallNames = [
  "bash",
  "python",
  "read",
  "write",
  "list",
  "get",
  "now",
  "say",
  "ask",
  "spawn",
  "delegate",
  "wait",
  "sleep",
  "note",
  "extract",
  "recall",
  "search",
  "done",
  "fail",
] as const;

/** Name of a system call. */
export type SyscallName = (typeof syscallNames)[number];

/** How a call is written, and what it is for. */
export interface SyscallShape {
  /** Name of the argument on the head line, null when there is none. */
  head: string | null;
  /** True when the head may be left out. */
  optional?: true;
  /** Name of the argument in the body, null when there is none. */
  body: string | null;
  /** One sentence for the model. */
  about: string;
  /** An example of the head's argument and of the body. */
  example: { head?: string; body?: string };
  /** Device operation behind the call; null for calls that the kernel executes itself. */
  operation: string | null;
}

/** The shape of each call. */
export const syscallShapes: Record<SyscallName, SyscallShape> = {
  bash: {
    head: null,
    body: "command",
    about: "runs shell commands in the folder; you see what they print",
    example: { body: "head -3 notes.txt" },
    operation: "terminal.run",
  },
  python: {
    head: null,
    body: "command",
    about: "runs a Python 3 program in the folder; you see what it prints",
    example: { body: "print(open('notes.txt').read()[:200])" },
    operation: "terminal.run",
  },
  read: {
    head: "path",
    body: null,
    about: "shows a file",
    example: { head: "notes.txt" },
    operation: "files.read",
  },
  write: {
    head: "path",
    body: "text",
    about: "writes the lines below as the whole file",
    example: { head: "list.txt", body: "milk\nbread" },
    operation: "files.write",
  },
  list: {
    head: "path",
    body: null,
    about: "lists a folder",
    example: { head: "." },
    operation: "files.list",
  },
  get: {
    head: "url",
    body: null,
    about: "reads a web page",
    example: { head: "https://example.org/" },
    operation: "http.get",
  },
  now: { head: null, body: null, about: "tells date and time", example: {}, operation: "clock.now" },
  say: {
    head: "to",
    body: "text",
    about: "sends a message to a person or a colleague",
    example: { head: "Kim", body: "The list has 12 names." },
    operation: null,
  },
  ask: {
    head: "to",
    body: "text",
    about: "asks a person and waits for the answer; only when you cannot go on without it",
    example: { head: "Kim", body: "Which of the two lists?" },
    operation: null,
  },
  spawn: {
    head: "program",
    body: "task",
    about: "starts a colleague on a task of its own; you go on and `wait` for it later",
    example: { head: "clerk", body: "Count the names in list.txt." },
    operation: null,
  },
  delegate: {
    head: null,
    body: "tasks",
    about: "gives work to colleagues, one line each; you wait, and then see what came of it",
    example: {
      body: "clerk: Count the names in list.txt.\nscribe: Sum up notes.txt in three lines in short.txt.",
    },
    operation: null,
  },
  wait: {
    head: "pid",
    body: null,
    about: "waits until a colleague has ended",
    example: { head: "12" },
    operation: null,
  },
  sleep: {
    head: "time",
    body: null,
    about: "sleeps: 30s, 10m, 2h or 1d",
    example: { head: "10m" },
    operation: null,
  },
  note: {
    head: "about",
    optional: true,
    body: "text",
    about:
      "remembers something about a person or a project for good, one `what: value` a line; without a name it is a note for yourself",
    example: { head: "Kim", body: "birthday: 3 May" },
    operation: null,
  },
  extract: {
    head: "from",
    body: "fields",
    about:
      "reads a file or page for you and tells you only values: numbers, dates, yes or no, one of the words you name",
    example: { head: "bill.txt", body: "total: number\npaid: yes or no\ncurrency: EUR, USD" },
    operation: null,
  },
  recall: {
    head: "page",
    body: null,
    about: "shows a page again that left your window",
    example: { head: "7" },
    operation: null,
  },
  search: {
    head: null,
    body: "words",
    about: "searches everything that left your window",
    example: { body: "invoice March" },
    operation: null,
  },
  done: {
    head: null,
    body: "answer",
    about:
      "ends the task, with the answer for the person who gave it; only after you have seen that the result is right",
    example: { body: "The list is in list.txt; it has 12 names." },
    operation: null,
  },
  fail: {
    head: null,
    body: "why",
    about: "ends the task when it cannot be done, and says why",
    example: { body: "list.txt is empty." },
    operation: null,
  },
};

/** An operation of a device called by its own name, e.g. `thermometer.read`; the body is a JSON object. */
export type DeviceCallName = `${string}.${string}`;

/** Whatever an entity can call. */
export type CallName = SyscallName | DeviceCallName;

/** True for a system call, false for a device operation called by name. */
export function isSyscall(name: string): name is SyscallName {
  return (syscallNames as readonly string[]).includes(name);
}

/** The shape of any call. */
export function shapeOf(name: CallName): SyscallShape {
  if (isSyscall(name)) return syscallShapes[name];
  const about = "uses a device; the body is a JSON object with the arguments";
  return { head: null, body: "arguments", about, example: { body: "{}" }, operation: name };
}

/** How a call is explained: an operation by what its device says of it, any other by its shape. */
export function toExplained(
  name: CallName,
  known: { about: string; example?: object | undefined } | null | undefined,
): Pick<SyscallShape, "example" | "about"> {
  const { example, about } = shapeOf(name);
  if (!known) return { example, about };
  if (!known.example) return { example, about: known.about };
  // With a blank behind each mark, as the grammar of arguments wants it (shape-grammar.ts).
  const body = JSON.stringify(known.example, null, 1)
    .replace(/\n\s*/g, " ")
    .replace(/([[{]) | (?=[\]}])/g, "$1");
  return { example: { body }, about: known.about };
}

/**
 * The arguments of a device call as they are written in its body; null when that is no object. A text of several lines may
 * stand in it as it is: JSON wants its line breaks escaped, and who writes a letter does not.
 */
export function readArguments(text: string): Record<string, unknown> | null {
  const inText = /"(?:[^"\\]|\\.)*"/gs;
  const escaped = () => text.replace(inText, (one) => one.replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
  for (const form of [() => text, escaped])
    try {
      const value: unknown = JSON.parse(form());
      return typeof value === "object" && value !== null && !Array.isArray(value)
        ? (value as Record<string, unknown>)
        : null;
    } catch {
      // tried in the other form
    }
  return null;
}

/** True when one of the calls is that of a device: without one an entity can only answer and give work to others. */
export function canAct(calls: readonly CallName[]): boolean {
  return calls.some((name) => shapeOf(name).operation !== null);
}

/** One call that a model made, with its arguments by name. */
export interface Call {
  name: CallName;
  args: Record<string, string>;
}
