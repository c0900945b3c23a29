// What a tool of a foreign server is, as a person approved it. A definition is pinned by its SHA-256: the parts that are
// used or shown, in canonical JSON. What is not pinned, or is not the same any more, is not called.

import { createHash } from "node:crypto";
import { mcpLimits } from "../../limits.ts";
import { toCanonical } from "../broker.ts";
import type { JsonSchema } from "./schema.ts";
import { toOneLine, toShort } from "./text.ts";

/** The parts of a tool that count. */
export interface Definition {
  name: string;
  title?: string;
  description?: string;
  inputSchema: JsonSchema;
  outputSchema?: JsonSchema;
  annotations?: Hints;
}

/** What a tool says of itself: hints of a stranger, never a reason to trust it. */
export interface Hints {
  readOnlyHint?: boolean;
  destructiveHint?: boolean;
  idempotentHint?: boolean;
  openWorldHint?: boolean;
}

/** Names that a tool may have: they become words of a call, of a grammar and of files. */
const toolName = /^[A-Za-z0-9][A-Za-z0-9_./-]{0,63}$/;

/** The counting parts of a tool as a server lists it, or why it cannot be used. */
export function toDefinition(tool: Record<string, unknown>): Definition | { why: string } {
  const name = String(tool.name);
  if (!toolName.test(name)) return { why: `its name ${JSON.stringify(toOneLine(name, 60))} is not plain` };
  const schema = tool.inputSchema;
  if (typeof schema !== "object" || schema === null) return { why: "it does not say what it takes" };
  const definition: Definition = {
    name,
    ...(typeof tool.title === "string" ? { title: tool.title } : {}),
    ...(typeof tool.description === "string" ? { description: tool.description } : {}),
    inputSchema: schema as JsonSchema,
    ...(tool.outputSchema === undefined ? {} : { outputSchema: tool.outputSchema as JsonSchema }),
    ...(tool.annotations === undefined ? {} : { annotations: tool.annotations as Hints }),
  };
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes > mcpLimits.definitionBytes)
    return { why: `its definition has ${Math.round(bytes / 1024)} kB, more than fit` };
  return definition;
}

/** The identity of a definition. */
export function hashDefinition(definition: Definition): string {
  return createHash("sha256").update(toCanonical(definition)).digest("hex");
}

/** The name of a tool as the operation of a device. */
export function toOperationName(tool: string): string {
  return tool.replaceAll(/[./]/g, "_");
}

/** What a tool says of its effect, in a few words. */
export function describeHints(hints: Hints | undefined): string {
  if (hints?.readOnlyHint === true) return "says that it only reads";
  if (hints?.destructiveHint === false) return "says that it changes something and destroys nothing";
  return hints?.destructiveHint === true ? "says that it can destroy something" : "does not say what it does";
}

/** A definition as lines for a person: everything that counts, nothing invisible. */
export function toLines(definition: Definition): string[] {
  const { description, inputSchema, outputSchema, title, annotations } = definition;
  const properties = toProperties(inputSchema);
  const { properties: _, ...rest } = inputSchema;
  return [
    ...(title === undefined ? [] : [`title: ${toOneLine(title, mcpLimits.lineChars)}`]),
    ...toShort(description ?? "no description", mcpLimits.definitionBytes)
      .split("\n")
      .map((line) => `  ${line}`),
    describeHints(annotations),
    ...properties.map(
      ({ name, needed, schema }) => `argument ${name}${needed ? " (needed)" : ""}: ${toJson(schema)}`,
    ),
    `arguments as a whole: ${toJson(rest)}`,
    ...(outputSchema === undefined ? [] : [`result: ${toJson(outputSchema)}`]),
    ...(annotations === undefined ? [] : [`hints: ${toJson(annotations)}`]),
  ];
}

const toJson = (value: unknown): string => toShort(toCanonical(value), mcpLimits.definitionBytes);

interface Property {
  name: string;
  needed: boolean;
  schema: JsonSchema;
}

function toProperties(schema: JsonSchema): Property[] {
  const { properties, required } = schema;
  if (typeof properties !== "object" || properties === null) return [];
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties).map(([name, one]) => ({
    name: toOneLine(name, 64),
    needed: needed.has(name),
    schema: (typeof one === "object" && one !== null ? one : {}) as JsonSchema,
  }));
}

/** How a tool is used, short, for a window: its description and its arguments. */
export function toManual(call: string, definition: Definition): string {
  const about = toShort(definition.description ?? definition.title ?? "", mcpLimits.descriptionChars);
  const all = toProperties(definition.inputSchema);
  const shown = all.slice(0, mcpLimits.shownArguments).map(({ name, needed, schema }) => {
    const words =
      typeof schema.description === "string" ? `: ${toOneLine(schema.description, mcpLimits.lineChars)}` : "";
    return `  ${JSON.stringify(name)} (${toTypeName(schema)}${needed ? "" : ", may be left out"})${words}`;
  });
  const more = all.length > shown.length ? [`  and ${all.length - shown.length} more`] : [];
  const head = about.replaceAll("\n", "\n  ");
  return [`${call}${head === "" ? "" : `: ${head}`}`, ...shown, ...more].join("\n");
}

function toTypeName(schema: JsonSchema): string {
  if (Array.isArray(schema.enum))
    return `one of ${toOneLine(
      schema.enum
        .slice(0, 12)
        .map((one) => JSON.stringify(one))
        .join(", "),
      mcpLimits.lineChars,
    )}`;
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : schema.type;
  return typeof type === "string" ? toOneLine(type, 40) : "anything";
}
