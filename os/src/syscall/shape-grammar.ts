// From the schema of a device call's arguments to a grammar of exactly the JSON that fits it, so that a small model cannot
// write a field or a value that does not exist. Members stand in the order of the schema, on one line, without a backtick
// (which would end the block).
//
//   {"kind": "owl", "count": 2}     object ::= "{" members "}", each member with its literal name
//
// What this cannot express (unions, patterns, tuples) makes no grammar: the call is then written freely and checked.

import { z } from "zod";

/** The part of JSON Schema that is read here. */
export interface JsonSchema {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  maxLength?: number;
  minLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

const mostLetters = 2_000;

const known = new WeakMap<z.ZodType, JsonSchema>();

/** The JSON Schema of what may be given for a schema of arguments. */
export function toJsonSchema(args: z.ZodType): JsonSchema {
  let schema = known.get(args);
  if (!schema) {
    schema = z.toJSONSchema(args, { io: "input" }) as JsonSchema;
    known.set(args, schema);
  }
  return schema;
}

/** Rules whose names begin with `prefix`, and the one to begin with; null when the schema is more than they can say. */
export function toShapeGrammar(schema: JsonSchema, prefix: string): { root: string; rules: string } | null {
  const rules: string[] = [];
  const seen = new Map<string, string>();
  const add = (body: string): string => {
    const before = seen.get(body);
    if (before) return before;
    const name = `${prefix}${rules.length}`;
    seen.set(body, name);
    rules.push(`${name} ::= ${body}`);
    return name;
  };
  const visit = (one: JsonSchema): string | null => {
    if (one.enum)
      return one.enum.every((value) => typeof value === "string")
        ? add(one.enum.map((value) => literal(JSON.stringify(value))).join(" | "))
        : null;
    if (one.type === "boolean") return add('"true" | "false"');
    if (one.type === "integer") return add(digits(one));
    if (one.type === "number") return add('"-"? [0-9]{1,12} ("." [0-9]{1,12})?');
    if (one.type === "string") return toText(one);
    if (one.type === "array") return toList(one);
    return one.type === "object" ? toObject(one) : null;
  };
  // A pattern is proved when the call is read; the grammar keeps to letters that cannot end the string.
  // Each possible letter is a rule of its own, so a long text is bounded here too.
  const toText = ({ minLength = 0, maxLength = mostLetters }: JsonSchema) =>
    add(`"\\"" [^"\\\\\\n\\r\`]{${minLength},${Math.min(maxLength, mostLetters)}} "\\""`);
  const toList = ({ items, minItems = 0, maxItems = 16 }: JsonSchema) => {
    const item = items ? visit(items) : null;
    if (item === null) return null;
    const some = `${item} (", " ${item}){${Math.max(0, minItems - 1)},${Math.max(0, maxItems - 1)}}`;
    return add(minItems > 0 ? `"[" ${some} "]"` : `"[" (${some})? "]"`);
  };
  const toObject = ({ properties = {}, required = [] }: JsonSchema) => {
    const names = Object.keys(properties);
    // From the last member to the first: what may follow it.
    let tail: string | null = null;
    let must = false;
    for (const name of names.reverse()) {
      const value = visit(properties[name] as JsonSchema);
      if (value === null) return null;
      const member = `${literal(`${JSON.stringify(name)}: `)} ${value}`;
      const rest: string = tail === null ? "" : must ? ` ", " ${tail}` : ` (", " ${tail})?`;
      const here: string = add(`${member}${rest}`);
      const needed = required.includes(name);
      tail = needed || tail === null ? here : add(`${here} | ${tail}`);
      must ||= needed;
    }
    return add(tail === null ? '"{}"' : must ? `"{" ${tail} "}"` : `"{" ${tail}? "}"`);
  };
  const root = visit(schema);
  return root === null ? null : { root, rules: rules.join("\n") };
}

const literal = (text: string) => `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;

// As many digits as the largest number has; what is still too large is refused when the call is read.
function digits({ minimum = -1, maximum = 999_999_999 }: JsonSchema): string {
  const most = String(Math.min(Math.abs(maximum), 999_999_999_999)).length;
  if (minimum >= 1 && most === 1) return `[${minimum}-${maximum}]`;
  return `${minimum < 0 ? '"-"? ' : ""}("0" | [1-9] [0-9]{0,${most - 1}})`;
}
