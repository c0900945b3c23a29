// What an entity is writing at this moment, as people read it: words that are meant for somebody, or a step that it is
// about to take. The text is as the model writes it (a fenced block or a JSON object, see os/src/syscall), unfinished at
// any character, so every form must be read from its beginning on.

/** A step: the name of the call, what stands on its first line, and its body as far as it is written. */
export interface Step {
  name: string;
  head: string;
  body: string;
}

/** What is being written. */
export interface Spoken {
  /** Words for people: an answer, a message, a question. "" while there are none. */
  words: string;
  /** What it says to itself before it acts. */
  thought: string;
  /** What it is about to do; null before that is known. */
  step: Step | null;
}

/** Calls whose body is words for people. */
const telling: ReadonlySet<string> = new Set(["done", "fail", "say", "ask"]);

/** Reads an unfinished answer of a model. */
export function toSpoken(text: string): Spoken {
  const start = text.trimStart();
  if (start.startsWith('{"call"') || start.startsWith("{ ")) return fromStep(readJson(start), "");
  const at = text.search(/^```/m);
  // The first characters of a fence are no words.
  if (at < 0) return { words: "", thought: text.replace(/\n?`{1,2}$/, "").trim(), step: null };
  const rest = text.slice(at + 3);
  const end = rest.search(/\n`{1,3}$|\n```/);
  const [first = "", ...lines] = (end < 0 ? rest : rest.slice(0, end)).split("\n");
  const [name = "", ...others] = first.trim().split(/\s+/);
  const whole = rest.includes("\n");
  const step = whole && name !== "" ? { name, head: others.join(" "), body: lines.join("\n") } : null;
  return fromStep(step, text.slice(0, at).trim());
}

function fromStep(step: Step | null, thought: string): Spoken {
  if (step === null || !telling.has(step.name)) return { words: "", thought, step };
  const { name, head, body } = step;
  const words = name === "done" || name === "fail" ? [head, body].filter(Boolean).join("\n") : body;
  return { words: words.trim(), thought: "", step: null };
}

function readJson(text: string): Step | null {
  const name = /"call"\s*:\s*"(\w+)"/.exec(text)?.[1];
  if (name === undefined) return null;
  const field = (key: string) =>
    toText(new RegExp(`"${key}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`, "s").exec(text)?.[1] ?? "");
  return { name, head: field("head"), body: field("body") };
}

function toText(inner: string): string {
  for (let cut = 0; cut <= 6; cut++) {
    try {
      return JSON.parse(`"${inner.slice(0, inner.length - cut)}"`) as string;
    } catch {
      // An escape that is not finished yet: without it.
    }
  }
  return inner;
}

/** Steps that have words of their own in the texts; others are told by their name. */
const known: ReadonlySet<string> = new Set([
  ...["bash", "python", "read", "write", "list", "get", "now", "spawn", "wait", "sleep", "note", "recall"],
  ...["search", "say", "ask", "done", "fail"],
]);

/** The key of the sentence that tells of a step, below `chat.step`. */
export const toStepKey = (name: string): string => (known.has(name) ? name : "other");
