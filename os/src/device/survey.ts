// The survey of a folder: what a person would see on opening it. It stands in the window from the first turn, because
// a small model that does not see what files hold will guess it.

import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { eyeLimits } from "../limits.ts";
import { toLabel, toPrivate, toUntrusted } from "../memory/label.ts";
import { openAt } from "./anchor.ts";
import { defineDevice, defineOperation } from "./device.ts";

/** How much of a folder is shown. */
const show = {
  files: 24,
  entries: 400,
  headBytes: 4_096,
  searchBytes: 512 * 1024,
  found: 2,
  lines: 5,
  /** A text file that is asked for is shown whole up to so many characters. */
  wholeChars: 1_800,
  lineChars: 160,
  chars: 3_600,
};

/** Gives the words in a picture of the folder; null when it is none that can be read. */
export type PictureWords = (file: string, signal: AbortSignal) => Promise<string | null>;

/** Makes the device that gives the survey of the folder in which an entity works. */
export const createSurvey = (pictureWords?: PictureWords) =>
  defineDevice({ name: "folder", operations: { survey: toOperation(pictureWords) } });

/** The survey that shows of pictures their names only. */
export const surveyDevice = createSurvey();

function toOperation(pictureWords: PictureWords | undefined) {
  return defineOperation<{
    only?: string[] | undefined;
    lines?: number | undefined;
    words?: string[] | undefined;
    whole?: string[] | undefined;
    brief?: boolean | undefined;
    named?: string[] | undefined;
  }>({
    about: "shows what a folder holds, with the first lines of its files",
    args: z.object({
      only: z.array(z.string()).optional(),
      lines: z.number().optional(),
      words: z.array(z.string()).optional(),
      whole: z.array(z.string()).optional(),
      brief: z.boolean().optional(),
      named: z.array(z.string()).optional(),
    }),
    effect: "none",
    sinks: {},
    async run({ only, lines, words, whole, brief, named }, { folder, signal }) {
      const label = toPrivate(toUntrusted(`file:${folder}`));
      try {
        if (named)
          return { ok: true, text: await count(folder, named, signal), label: toPrivate(toLabel("kernel")) };
        const how = {
          only: only ?? null,
          lines: lines ?? show.lines,
          words: words ?? [],
          whole: whole ?? [],
          brief: brief ?? false,
          signal,
          readPicture: toReader(pictureWords, signal),
        };
        const text = await survey(folder, how);
        // Where there is nothing, nobody has said anything.
        return { ok: true, text, label: text === emptyText ? toLabel("kernel") : label };
      } catch (error) {
        return {
          ok: false,
          text: `The folder ${folder} cannot be read (${(error as NodeJS.ErrnoException).code ?? "error"}).`,
          label,
        };
      }
    },
  });
}

// Reading words takes seconds, so it is done for the pictures that the task names, and for a few of them.
function toReader(pictureWords: PictureWords | undefined, signal: AbortSignal): PictureReader {
  let left = pictureWords ? eyeLimits.surveyed : 0;
  const late = AbortSignal.any([signal, AbortSignal.timeout(eyeLimits.surveyMs)]);
  return async (file) =>
    left-- > 0 && pictureWords ? await pictureWords(file, late).catch(() => null) : null;
}

const emptyText = "The folder is empty.";

type PictureReader = (file: string) => Promise<string | null>;

interface Survey {
  /** Only these files. */
  only: string[] | null;
  /** First lines of each file. */
  lines: number;
  /** Lines with one of these words are shown beyond the first. */
  words: readonly string[];
  /** These files are shown whole where they are small. */
  whole: readonly string[];
  /** Of the others only the names are shown, when one of those is there. */
  brief: boolean;
  signal: AbortSignal;
  readPicture: PictureReader;
}

async function survey(folder: string, how: Survey): Promise<string> {
  const paths =
    how.only?.filter((path) => !path.split("/").includes("..")) ?? (await listFiles(folder, how.signal));
  if (paths.length === 0) return emptyText;
  const parts: string[] = [];
  let room = show.chars;
  let shown = 0;
  const meant = how.brief ? paths.filter((path) => how.whole.includes(path)) : [];
  const first = meant.length > 0 ? meant : paths;
  for (const path of first) {
    if (how.signal.aborted) break;
    const text = shown < show.files && room > 0 ? await describe(join(folder, path), { ...how, path }) : null;
    if (text === null || text.length > room) break;
    parts.push(text);
    room -= text.length;
    shown += 1;
  }
  const told = new Set(first.slice(0, shown));
  const rest = paths.filter((path) => !told.has(path));
  if (rest.length > 0)
    parts.push(`and ${rest.length} more: ${rest.slice(0, 40).join(", ")}${rest.length > 40 ? ", …" : ""}`);
  return parts.join("\n");
}

// In words of the kernel and of whoever names the files: of the folder's own there is a number.
async function count(folder: string, named: readonly string[], signal: AbortSignal): Promise<string> {
  const paths = await listFiles(folder, signal);
  const there = named.filter((path) => paths.includes(path));
  const rest = paths.length - there.length;
  if (there.length === 0) return rest === 0 ? emptyText : `Number of files: ${rest}.`;
  return rest === 0 ? there.join("\n") : `${there.join("\n")}\nand ${rest} more`;
}

async function listFiles(folder: string, signal: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
      if (found.length >= show.entries || signal.aborted) return;
      if (entry.name === ".git" || entry.name === "node_modules") continue;
      if (entry.isDirectory()) await visit(join(path, entry.name)).catch(() => {});
      else found.push(relative(folder, join(path, entry.name)));
    }
  };
  await visit(folder);
  // Files at the top first: they are the likelier ones.
  return found.sort((a, b) => a.split("/").length - b.split("/").length || a.localeCompare(b));
}

type Wanted = Pick<Survey, "lines" | "words" | "whole" | "readPicture"> & { path: string };

async function describe(file: string, wanted: Wanted): Promise<string> {
  let size = 0;
  try {
    // A link may lead out of the folder, so links are named and not read.
    const handle = await openAt(file);
    try {
      const info = await handle.stat();
      size = info.size;
      if (!info.isFile()) return `${wanted.path} (not a plain file)`;
      const { buffer, bytesRead } = await handle.read({
        buffer: Buffer.alloc(Math.min(size, wanted.words.length > 0 ? show.searchBytes : show.headBytes)),
        position: 0,
      });
      const head = buffer.subarray(0, bytesRead);
      if (head.includes(0)) {
        const named = wanted.whole.includes(wanted.path) && isPicture.test(wanted.path);
        const text = named ? await wanted.readPicture(file) : null;
        return text === null
          ? `${wanted.path} (${toSize(size)}, binary)`
          : withWords(wanted.path, size, text);
      }
      return withHead({ ...wanted, size }, head.toString("utf8"), bytesRead < size);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP") return `${wanted.path} (a link)`;
    return `${wanted.path} (cannot be read: ${code ?? "error"})`;
  }
}

const isPicture = /\.(png|jpe?g|gif|webp|bmp)$/i;

function withWords(path: string, size: number, text: string): string {
  if (text === "") return `${path} (${toSize(size)}, a picture without words that can be read)`;
  const lines = text.slice(0, show.wholeChars).split(/\n+/);
  return [
    `${path} (${toSize(size)}, a picture; the words in it, as far as they can be read):`,
    ...lines,
  ].join("\n  ");
}

function withHead(file: Wanted & { size: number }, text: string, cut: boolean): string {
  const lines = text.replace(/\n$/, "").split("\n");
  const asked = file.whole.includes(file.path) && !cut && text.length <= show.wholeChars;
  const most = asked ? lines.length : file.lines;
  const whole = !cut && lines.length <= most;
  const toShown = (line: string) =>
    `  ${line.length > show.lineChars ? `${line.slice(0, show.lineChars)}…` : line}`;
  const head = lines.slice(0, most).map(toShown);
  const found = lines.slice(most).filter((line) => file.words.some((word) => line.includes(word)));
  const count = cut ? "" : `, ${lines.length} lines`;
  if (file.size === 0) return `${file.path} (empty)`;
  return [
    `${file.path} (${toSize(file.size)}${count}${whole ? ", whole" : ", begins"}):`,
    ...head,
    ...(whole ? [] : ["  …"]),
    ...found.slice(0, show.found).flatMap((line) => [toShown(line), "  …"]),
  ].join("\n");
}

function toSize(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`;
  return bytes < 10_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}
