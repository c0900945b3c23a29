// The fenced form: one code block, whose info string is the call and its argument. Models that were trained on code have
// seen millions of these, nothing in the body needs escaping, and the closing fence ends the answer.
//
//   ```bash            ```write list.txt        ```done
//   wc -l notes.txt    milk                     There are 12.
//   ```                ```                      ```

import type { Form, Parsed } from "./form.ts";
import { type Call, type SyscallName, syscallShapes } from "./names.ts";

const fence = "```";

/** The fenced form. */
export const fenceForm: Form = {
  name: "fence",
  begin: fence,
  stops: [`\n${fence}`],
  explain: (calls) =>
    calls
      .map((name) => {
        const { example, about } = syscallShapes[name];
        return `${renderParts(name, example.head, example.body)}\n${about}`;
      })
      .join("\n\n"),
  grammar(calls) {
    const heads = calls.map((name) => {
      const { head, body } = syscallShapes[name];
      const parts = [`"${name}"`, ...(head === null ? [] : ['" " head']), ...(body === null ? [] : ["body"])];
      return `(${parts.join(" ")})`;
    });
    return [
      `root ::= (${heads.join(" | ")}) "\\n${fence}"`,
      "head ::= [^`\\n ] [^`\\n]*",
      'body ::= "\\n" line ("\\n" line)*',
      'line ::= ([^`\\n] | "`" [^`\\n] | "``" [^`\\n])*',
    ].join("\n");
  },
  parse(text, calls): Parsed {
    const start = text.indexOf(fence);
    if (start < 0) return { why: `Answer with one block that begins with ${fence}bash or another call.` };
    const rest = text.slice(start + fence.length);
    const end = rest.indexOf(`\n${fence}`);
    const inner = end < 0 ? rest : rest.slice(0, end);
    const [first = "", ...lines] = inner.split("\n");
    const [word = "", ...others] = first.trim().split(/\s+/);
    const name = calls.find((call) => call === word);
    if (!name) return { why: `There is no call "${word}". You have: ${calls.join(", ")}.` };
    return toCall(name, others.join(" "), lines.join("\n"));
  },
  render: (call) => {
    const { head, body } = syscallShapes[call.name];
    return renderParts(call.name, head === null ? undefined : call.args[head], body === null ? undefined : call.args[body]);
  },
};

function renderParts(name: string, head?: string, body?: string): string {
  return `${fence}${name}${head === undefined ? "" : ` ${head}`}\n${body === undefined ? "" : `${body}\n`}${fence}`;
}

/** A call from its parts; tells what is missing. */
export function toCall(name: SyscallName, head: string, body: string): Parsed {
  const shape = syscallShapes[name];
  const args: Record<string, string> = {};
  if (shape.head !== null) {
    if (head === "") return { why: `${name} needs ${shape.head} on its first line, e.g. "${name} ${shape.example.head}".` };
    args[shape.head] = head;
  }
  if (shape.body !== null) {
    const text = shape.head === null && head !== "" ? `${head}\n${body}` : body;
    if (text.trim() === "") return { why: `${name} needs ${shape.body} in the lines below its first.` };
    args[shape.body] = text;
  }
  const call: Call = { name, args };
  return { call };
}
