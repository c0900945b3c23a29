// Where the single values of a call come from. A window that holds a stranger's words makes everything that is said from
// it untrusted; but a value that stands, letter by letter, in what a person wrote to the entity is the person's, and one
// that a directory of the kernel knows (people, own folders) is the kernel's. No model decides this.
//
//   - a literal stands as a whole: "bob@x.org" is not in "bob@x.org.evil.com", "report" is not in "report.txt"
//   - letters count as they are, without regard to case; no character is taken for a similar one
//   - a number is the text of that number; true and false are nobody's

import { isUntrusted, type Label, toLabel } from "./label.ts";

/** The part an argument plays in an effect: whom it reaches, what it changes, which data leave, where to. */
export type Sink = "who" | "what" | "data" | "egress";

/** What a value may be traced to. */
export interface Sources {
  /** What people wrote to the entity, or to those on whose behalf it works. */
  words: readonly string[];
  /** Whether a directory of the kernel knows a value for this use. */
  vouches?(sink: Sink, value: string): boolean;
}

/** One value of a call. */
export interface Argument {
  /** Name of the argument that it stands in. */
  name: string;
  role: Sink | "content";
  text: string;
  label: Label;
  /** A person wrote it. */
  named: boolean;
}

/** Every single value of a call with its label; `window` is the label of what the call was made from. */
export function traceArguments(
  args: Record<string, unknown>,
  sinks: Record<string, Sink | undefined>,
  from: { window: Label; sources: Sources },
): Argument[] {
  return Object.entries(args).flatMap(([name, value]) => {
    const role = Object.hasOwn(sinks, name) ? (sinks[name] ?? "content") : "content";
    return toLeaves(value).map((leaf): Argument => {
      const text = String(leaf);
      const named = isNamed(leaf, role, from.sources.words);
      const vouched = !named && role !== "content" && from.sources.vouches?.(role, text) === true;
      const label = named ? toLabel("person") : vouched ? toLabel("kernel") : from.window;
      return { name, role, text, label, named };
    });
  });
}

function isNamed(
  value: string | number | boolean,
  role: Sink | "content",
  words: readonly string[],
): boolean {
  if (typeof value === "boolean") return false;
  if (role === "egress") return isNamedAddress(String(value), words);
  return isLiteral(String(value), words) || (typeof value === "number" && isNumberIn(value, words));
}

// Keys are chosen by whoever makes the call, so they are values too.
function toLeaves(value: unknown): (string | number | boolean)[] {
  if (Array.isArray(value)) return value.flatMap(toLeaves);
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, member]) => [key, ...toLeaves(member)]);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? [value] : [];
}

/** Whether a value stands as a whole in one of the texts. */
export function isLiteral(value: string, words: readonly string[]): boolean {
  const wanted = value.trim().toLowerCase();
  if (wanted === "") return true;
  return words.some((text) => standsIn(wanted, text.toLowerCase()));
}

/** Whether a number stands in one of the texts, however it is written there: 10 in "10.00", 2200 in "2,200". */
function isNumberIn(value: number, words: readonly string[]): boolean {
  const pattern =
    /(?<![\p{L}\p{N}_.,+/-])-?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\p{L}\p{N}_/-]|[.,]\d)|(?<![\p{L}\p{N}_.,+/-])-?\d+(?:\.\d+)?(?![\p{L}\p{N}_/-]|[.,]\d)/gu;
  return words.some((text) =>
    [...text.matchAll(pattern)].some(([found]) => Number(found.replaceAll(",", "")) === value),
  );
}

const inner = /[\p{L}\p{N}\p{M}_@+/\\-]/u;

const standsIn = (wanted: string, text: string): boolean => placesIn(wanted, text).next().done !== true;

/** Where a value stands as a whole in a text, both in small letters and the value not empty. */
export function* placesIn(wanted: string, text: string): Generator<number> {
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1))
    if (isEdge(text, at - 1, -1) && isEdge(text, at + wanted.length, 1)) yield at;
}

// A dot (a comma in a number, a colon before a port) goes on when a letter or digit follows it.
function isEdge(text: string, at: number, step: 1 | -1): boolean {
  const next = text[at];
  if (next === undefined) return true;
  if (/[\uD800-\uDFFF]/.test(next) || inner.test(next)) return false;
  const beyond = text[at + step];
  return !(/[.,:]/.test(next) && beyond !== undefined && /[\p{L}\p{N}]/u.test(beyond));
}

/** Whether a person wrote this address; one that was written without a scheme is meant with either. */
export function isNamedAddress(value: string, words: readonly string[]): boolean {
  const [wanted] = /^https?:/i.test(value) ? toAddresses(value) : [];
  return wanted !== undefined && words.some((text) => addressesIn(text).includes(wanted));
}

/** The addresses of the web that stand in a text, each in one form. */
function addressesIn(text: string): string[] {
  const found = text.match(/[^\s<>"'`()[\]{}|\\^]+/g) ?? [];
  return found.flatMap((piece) => {
    const whole = piece.replace(/[.,;:!?]+$/, "");
    const glued = unglue.exec(whole);
    return [whole, ...(glued ? [glued[1] as string] : [])].flatMap(toAddresses);
  });
}

/**
 * A host in small letters behind which the next sentence begins without a space: "see www.example.org.They are open". What may be
 * the end of a longer host ("www.example.co.Uk") is none.
 */
const unglue =
  /^((?:https?:\/\/)?(?:[a-z0-9-]+\.){2,}[a-z]{2,})\.(?!(?:Com|Net|Org|Edu|Gov|Int|Info|Biz)$)\p{Lu}[\p{Ll}\p{N}’'-]{2,}$/u;

/** The host names of the addresses that stand in a text; addresses by number and names of this machine are left out. */
export function namesIn(text: string): string[] {
  const names = addressesIn(text).flatMap((address) => {
    const { hostname, port } = new URL(address);
    const isPublic = port === "" && /\.[a-z][a-z0-9-]*$/.test(hostname);
    return isPublic && !/(^|\.)(localhost|local|internal|home\.arpa)$/.test(hostname) ? [hostname] : [];
  });
  return [...new Set(names)];
}

function toAddresses(text: string): string[] {
  const full = /^https?:\/\//i.test(text)
    ? [text]
    : bare.test(text) && (/[/?#]/.test(text) || !isFileName(text))
      ? [`https://${text}`, `http://${text}`]
      : [];
  return full.flatMap((address) => {
    if (!URL.canParse(address)) return [];
    const url = new URL(address);
    return url.username === "" && url.password === "" ? [url.href] : [];
  });
}

/** Endings of files; a bare name with one of them is taken for a file: `notes.md` is somebody's place in the web, too. */
const files = new Set(
  (
    "txt csv tsv md pdf doc docx xls xlsx ppt pptx odt ods json jsonl xml yaml yml html htm css js ts tsx jsx mjs py rb rs go " +
    "java c h cpp sh sql db log ini toml cfg conf png jpg jpeg gif svg webp bmp mp3 mp4 wav ogg zip gz tar bak tmp env lock"
  ).split(" "),
);

/** Whether a name without a scheme and a path is that of a file rather than of a place in the web. */
export const isFileName = (name: string): boolean =>
  !/^www\./i.test(name) && files.has(name.slice(name.lastIndexOf(".") + 1).toLowerCase());

const bare = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?(?:[/?#]|$)/i;

/** Values that were not traced to anybody who is trusted. */
export function untraced(args: readonly Argument[]): Argument[] {
  return args.filter(({ label }) => isUntrusted(label));
}
