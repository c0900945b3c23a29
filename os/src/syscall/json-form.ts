// The JSON form: one object {"call": name, "head": …, "body": …}. What most tool-calling systems use; here for models that
// were trained on it and for the comparison in bench/.

import { toCall } from "./fence.ts";
import type { Form, Parsed } from "./form.ts";
import { type Call, type CallName, shapeOf, toExplained } from "./names.ts";

/** The JSON form. */
export const jsonForm: Form = {
  name: "json",
  begin: '{"call": "',
  opening: "",
  stops: ["}\n\n"],
  explain: (calls, known) =>
    calls
      .map((name) => {
        const { example, about } = toExplained(name, known?.(name));
        return `${renderParts(name, example)}\n${about}`;
      })
      .join("\n\n"),
  grammar({ calls, heads = {} }) {
    const options = calls.map((name) => {
      const { head, body } = shapeOf(name);
      const fields = [head, body]
        .filter((field) => field !== null)
        .map((field) => {
          const only = field === head ? heads[name] : undefined;
          return `", \\"${field}\\": " ${only === undefined ? "string" : JSON.stringify(JSON.stringify(only))}`;
        });
      return `("${name}\\"" ${fields.join(" ")})`;
    });
    return [
      `root ::= (${options.join(" | ")}) "}"`,
      'string ::= "\\"" ([^"\\\\\\x00-\\x1f] | "\\\\" ["\\\\/bfnrt])* "\\""',
    ].join("\n");
  },
  parse(text, calls): Parsed {
    let fields: Record<string, unknown>;
    try {
      fields = JSON.parse(text.trim()) as Record<string, unknown>;
    } catch {
      return { why: 'Answer with one JSON object that begins with {"call": …}.' };
    }
    const name = calls.find((call) => call === fields.call);
    if (!name) return { why: `There is no call "${String(fields.call)}". You have: ${calls.join(", ")}.` };
    const { head, body } = shapeOf(name);
    return toCall(
      name,
      {
        head: head === null ? "" : String(fields[head] ?? ""),
        body: body === null ? "" : String(fields[body] ?? ""),
      },
      calls,
    );
  },
  render: (call: Call) =>
    renderParts(call.name, {
      head: call.args[shapeOf(call.name).head ?? ""],
      body: call.args[shapeOf(call.name).body ?? ""],
    }),
};

function renderParts(
  name: CallName,
  parts: { head?: string | undefined; body?: string | undefined },
): string {
  const { head, body } = shapeOf(name);
  const fields: [string, string][] = [["call", name]];
  if (head !== null) fields.push([head, parts.head ?? ""]);
  if (body !== null) fields.push([body, parts.body ?? ""]);
  return `{${fields.map(([key, value]) => `"${key}": ${JSON.stringify(value)}`).join(", ")}}`;
}
