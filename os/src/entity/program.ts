// A program is what an entity runs: a folder with PROGRAM.md, in the manner of Agent Skills: a YAML head (name,
// description, tools, model, budget), then instructions in plain words. Shipped programs lie in os/programs; a person's
// own lie in HUM_HOME/programs and go before those.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { HumError, toMessage } from "../error.ts";
import type { Budget } from "./entity.ts";

/** A program, read from its folder. */
export interface Program {
  name: string;
  description: string;
  /** The program on which it builds; what it says itself is added to that one (extend.ts). */
  extends?: string;
  /** Names of the system calls it holds. */
  tools: string[];
  /** Tools that are held only when the task speaks of a person to tell, a program to write, mail, a calendar or a web page. */
  onlyWhen?: Record<string, TaskKind>;
  model: string | null;
  budget: Partial<Budget>;
  /** How often a task may be done, to compare what it comes to (scheduler/attempt.ts); once unless told. */
  redundancy?: number;
  instructions: string;
  /** Worked examples, as they would stand in the window. */
  example: ExamplePart[];
}

/** What a task may be about, as far as tools and examples depend on it. */
export const taskKinds = ["person", "program", "mail", "calendar", "web"] as const;

/** One of them. */
export type TaskKind = (typeof taskKinds)[number];

/** One turn of a worked example; `only`: it stands in the window of such tasks, in place of those for any task. */
export interface ExamplePart {
  role: "user" | "assistant";
  text: string;
  only?: TaskKind;
}

const nameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);

const headSchema = z.object({
  name: nameSchema,
  description: z.string().min(1).max(1024),
  extends: nameSchema.optional(),
  tools: z.array(z.string()).min(1).optional(),
  "only-when": z.record(z.string(), z.enum(taskKinds)).optional(),
  model: z.string().optional(),
  redundancy: z.number().int().min(1).max(9).optional(),
  budget: z
    .object({ tokens: z.number(), activeMs: z.number(), deviceCalls: z.number(), children: z.number() })
    .partial()
    .optional(),
});

const shipped = fileURLToPath(new URL("../../programs", import.meta.url));

/**
 * Reads the text of a PROGRAM.md: what it says itself, without the program that it extends. Throws `bad-input` with
 * what is wrong in it.
 */
export function fromProgramText(text: string, where: string): Program {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?([\s\S]*)$/.exec(text);
  if (!match) throw new HumError("bad-input", `${where} has no YAML head between two lines of ---.`);
  try {
    const head = headSchema.parse(parse(match[1] as string));
    if (!head.tools && !head.extends) throw new Error("It names no tools, and no program that it extends.");
    const [instructions = "", ...examples] = (match[2] ?? "").split(exampleHead);
    return {
      ...{
        name: head.name,
        description: head.description,
        tools: head.tools ?? [],
        model: head.model ?? null,
      },
      ...(head.extends === undefined ? { redundancy: 1 } : { extends: head.extends }),
      ...(head.redundancy === undefined ? {} : { redundancy: head.redundancy }),
      onlyWhen: head["only-when"] ?? {},
      ...{
        budget: toBudget(head.budget ?? {}),
        instructions: instructions.trim(),
        example: toExamples(examples),
      },
    };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll("\n", " ") : toWhy(error);
    throw new HumError("bad-input", `The head of ${where} is wrong: ${why}`);
  }
}

// The first line of what the parser says, and what is wrong most often.
function toWhy(error: unknown): string {
  const why = toMessage(error).split("\n", 1)[0] as string;
  return error instanceof YAMLParseError ? `${why} A text that holds ": " stands in quotes.` : why;
}

const exampleHead = new RegExp(`^# Example(?:: (${taskKinds.join("|")}))?$`, "m");

// "# Example" or "# Example: person" heads an example, "## user" and "## assistant" its parts.
function toExamples(split: readonly (string | undefined)[]): ExamplePart[] {
  const examples: ExamplePart[] = [];
  for (let at = 0; at + 1 < split.length; at += 2) {
    const only = split[at] as TaskKind | undefined;
    const parts = (split[at + 1] ?? "").split(/^## (user|assistant)$/m).slice(1);
    for (let i = 0; i + 1 < parts.length; i += 2) {
      const role = parts[i] as ExamplePart["role"];
      examples.push({ role, text: (parts[i + 1] ?? "").trim(), ...(only ? { only } : {}) });
    }
  }
  return examples;
}

/** Stands in an example for the name of whoever gives the task, so that a small model does not take another one for it. */
export const ownerMark = "{owner}";

/** The examples for a task that is about `kinds`: those of its kinds, or those for any task when there are none. */
export function pickExamples(program: Program, kinds: ReadonlySet<TaskKind>): ExamplePart[] {
  const fitting = program.example.filter(({ only }) => only !== undefined && kinds.has(only));
  return fitting.length > 0 ? fitting : program.example.filter(({ only }) => only === undefined);
}

/** Worked examples without those that show an operation of a device which is not held. */
export function withoutUnheld(parts: readonly ExamplePart[], held: readonly string[]): ExamplePart[] {
  const examples: ExamplePart[][] = [];
  for (const part of parts) {
    if (part.role === "user" && /^Task: /m.test(part.text)) examples.push([]);
    examples.at(-1)?.push(part);
  }
  const isHeld = ({ role, text }: ExamplePart) =>
    role === "user" || [...text.matchAll(/^```(\w+\.\w+)/gm)].every(([, name]) => held.includes(name!));
  const fitting = examples.filter((example) => example.every(isHeld)).flat();
  return fitting.length > 0 ? fitting : [...parts];
}

function toBudget(budget: Record<string, number | undefined>): Partial<Budget> {
  return Object.fromEntries(
    Object.entries(budget).filter(([, value]) => value !== undefined),
  ) as Partial<Budget>;
}

/** A program as it lies on the disk, right or wrong. */
export interface ProgramFile {
  name: string;
  file: string;
  text: string;
  shipped: boolean;
}

/** The files of all programs, those of the person first; a person's own hides a shipped one of that name. */
export function readPrograms(home: string): ProgramFile[] {
  const found = new Map<string, ProgramFile>();
  for (const folder of [join(home, "programs"), shipped]) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder).sort()) {
      const file = join(folder, name, "PROGRAM.md");
      if (!found.has(name) && existsSync(file))
        found.set(name, { name, file, text: readFileSync(file, "utf8"), shipped: folder === shipped });
    }
  }
  return [...found.values()];
}

/** The error for a program that is not there. */
export function toMissing(name: string, programs: readonly ProgramFile[]): HumError {
  const names = programs.map((other) => other.name).join(", ");
  return new HumError("not-found", `There is no program "${name}". There are: ${names}.`);
}
