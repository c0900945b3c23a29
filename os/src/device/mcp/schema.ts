// Checks arguments against the JSON Schema that a foreign server gave for them. The schema is not trusted: no code is
// made from it, its regular expressions are not run (one can be written to never end), nothing is fetched for it, and one
// that unfolds to too much is not checked at all. The server checks its arguments itself; this is for a clear error.

import type { JsonSchemaType, jsonSchemaValidator } from "@modelcontextprotocol/client";
import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/client/validators/cf-worker";
import { z } from "zod";
import { mcpLimits } from "../../limits.ts";
import { toOneLine } from "./text.ts";

/** A JSON Schema as it came, an object. */
export type JsonSchema = Record<string, unknown>;

const plainWords = new Set([
  ...["type", "enum", "const", "required", "$ref", "minimum", "maximum", "exclusiveMinimum"],
  ...["exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"],
  ...["minProperties", "maxProperties", "dependentRequired", "minContains", "maxContains"],
]);
const schemaWords = new Set([
  ...["items", "additionalItems", "additionalProperties", "not", "if", "then", "else", "contains"],
  ...["propertyNames", "unevaluatedItems", "unevaluatedProperties"],
]);
const listWords = new Set(["allOf", "anyOf", "oneOf", "prefixItems", "items"]);
const mapWords = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);

/** A schema of zod for the arguments of a foreign tool. */
export function toArgs(schema: JsonSchema): z.ZodType<Record<string, unknown>> {
  const check = toCheck(schema);
  return z.record(z.string(), z.unknown()).superRefine((value, context) => {
    const why = check(value);
    if (why !== null) context.addIssue({ code: "custom", message: why });
  });
}

/** Why a value does not fit, null when it does or cannot be checked. */
function toCheck(schema: JsonSchema): (value: unknown) => string | null {
  try {
    const kept = keep(schema, 0);
    if (weigh(kept, kept, 0) > mcpLimits.schemaNodes) return () => null;
    const dialect = typeof schema.$schema === "string" ? { $schema: schema.$schema } : {};
    const validate = new CfWorkerJsonSchemaValidator().getValidator({
      ...kept,
      ...dialect,
    } as JsonSchemaType);
    return (value) => {
      try {
        const result = validate(value);
        return result.valid ? null : toOneLine(result.errorMessage, mcpLimits.lineChars);
      } catch {
        return null;
      }
    };
  } catch {
    return () => null;
  }
}

/** The part of a schema that is checked here. */
function keep(schema: unknown, depth: number): JsonSchema {
  if (typeof schema !== "object" || schema === null || depth > mcpLimits.schemaDepth) return {};
  const kept: JsonSchema = {};
  for (const [word, value] of Object.entries(schema)) {
    if (plainWords.has(word)) kept[word] = value;
    else if (listWords.has(word) && Array.isArray(value))
      kept[word] = value.map((one) => keepAny(one, depth));
    else if (schemaWords.has(word)) kept[word] = keepAny(value, depth);
    else if (mapWords.has(word) && typeof value === "object" && value !== null)
      kept[word] = Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, keepAny(one, depth)]),
      );
  }
  // Which names its patterns would allow is not known.
  if ("patternProperties" in schema) {
    delete kept.additionalProperties;
    delete kept.unevaluatedProperties;
  }
  return kept;
}

const keepAny = (schema: unknown, depth: number): unknown =>
  typeof schema === "boolean" ? schema : keep(schema, depth + 1);

/** Number of schemas once every reference is unfolded; one that refers to itself weighs more than any limit. */
function weigh(schema: unknown, root: JsonSchema, depth: number): number {
  if (typeof schema !== "object" || schema === null) return 1;
  if (depth > mcpLimits.schemaDepth) return Number.POSITIVE_INFINITY;
  let sum = 1;
  const add = (one: unknown) => {
    if (sum <= mcpLimits.schemaNodes) sum += weigh(one, root, depth + 1);
  };
  for (const [word, value] of Object.entries(schema)) {
    if (word === "$ref") add(resolve(value, root));
    else if (word === "$defs" || word === "definitions") continue;
    else if (listWords.has(word) && Array.isArray(value)) value.forEach(add);
    else if (schemaWords.has(word)) add(value);
    else if (mapWords.has(word)) Object.values(value as object).forEach(add);
    else if (word === "enum" && Array.isArray(value)) sum += value.length;
  }
  return sum;
}

function resolve(ref: unknown, root: JsonSchema): unknown {
  if (ref === "#") return root;
  if (typeof ref !== "string" || !ref.startsWith("#/")) return null;
  let at: unknown = root;
  for (const part of ref.slice(2).split("/")) {
    const name = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return null;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/** For results: what a foreign server says of them is not checked, and so cannot keep the machine busy. */
export const uncheckedResults: jsonSchemaValidator = {
  getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
};
