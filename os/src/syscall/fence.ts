// The fenced form: one code block, whose info string is the call and its argument. Models that were trained on code have
// seen millions of these, nothing in the body needs escaping, and the closing fence ends the answer.
//
//   ```bash            ```write list.txt        ```done
//   wc -l notes.txt    milk                     There are 12.
//   ```                ```                      ```

import type { Form, Parsed } from "./form.ts";
import { type Call, type CallName, isSyscall, readArguments, shapeOf, toExplained } from "./names.ts";
import { toShapeGrammar } from "./shape-grammar.ts";

const fence = "```";

/** The fenced form. */
export const fenceForm: Form = {
  name: "fence",
  several: true,
  begin: "",
  opening: fence,
  stops: [],
  explain: (calls, known) =>
    calls
      .map((name) => {
        const { example, about } = toExplained(name, known?.(name));
        return `${renderParts(name, example.head, example.body)}\n${about}`;
      })
      .join("\n\n"),
  grammar({ calls, heads: fixed = {}, bodies = {}, colleagues = [], several = [], bare }, schema) {
    const shapes: string[] = [];
    const heads = calls.map((name) => {
      const { head, body, optional } = shapeOf(name);
      const own = schema?.(name);
      const shape = own ? toShapeGrammar(own, `args${shapes.length}-`) : null;
      if (shape) shapes.push(shape.rules);
      const whole = bodies[name];
      const given = name === "delegate" && colleagues.length > 0;
      const free = shape ? `"\\n" ${shape.root}` : given ? "given+" : "body";
      const lines = whole === undefined ? free : JSON.stringify(`\n${whole}`);
      const only = fixed[name];
      const any = optional ? '(" " head)?' : '" " head';
      const said = only === undefined ? any : JSON.stringify(` ${only}`);
      const parts = [`"${name}"`, ...(head === null ? [] : [said]), ...(body === null ? [] : [lines])];
      return `(${parts.join(" ")})`;
    });
    const one = `"${fence}" (${heads.join(" | ")}) "\\n${fence}"`;
    const many = several.flatMap((name) => {
      const head = heads[calls.indexOf(name)];
      return head === undefined
        ? []
        : [`("${fence}" ${head} "\\n${fence}" ("\\n${fence}" ${head} "\\n${fence}")+)`];
    });
    return [
      bare ? "root ::= block" : "root ::= block | prose block",
      `block ::= ${[one, ...many].join(" | ")}`,
      ...(bare ? [] : ['prose ::= (line "\\n"){1,6}']),
      "head ::= [^`\\n ] [^`\\n]*",
      'body ::= "\\n" line ("\\n" line)*',
      // One line for each, which may go on in lines that are indented.
      ...(colleagues.length > 0
        ? [
            `given ::= "\\n" (${colleagues.map((one) => JSON.stringify(one)).join(" | ")}) ": " line ("\\n  " line)*`,
          ]
        : []),
      'line ::= ([^`\\n] | "`" [^`\\n] | "``" [^`\\n])*',
      ...shapes,
    ].join("\n");
  },
  parse(text, calls): Parsed {
    const block = findBlock(text);
    if (!block) {
      if (text.trim() === "") return { why: "That was empty." };
      return calls.includes("done")
        ? { call: { name: "done", args: { answer: text.trim() } } }
        : { why: noBlock };
    }
    const parsed = readBlock(block.inner, calls);
    if (!parsed.call || shapeOf(parsed.call.name).operation === null) return parsed;
    const more: Call[] = [];
    for (let next = findBlock(block.rest); next; next = findBlock(next.rest)) {
      const { call } = readBlock(next.inner, calls);
      if (call?.name !== parsed.call.name) break;
      more.push(call);
    }
    return more.length === 0 ? parsed : { call: parsed.call, more };
  },
  render: (call) => {
    const { head, body } = shapeOf(call.name);
    return renderParts(
      call.name,
      head === null ? undefined : call.args[head],
      body === null ? undefined : call.args[body],
    );
  },
};

/** The first block of a text, and what stands behind it. */
function findBlock(text: string): { inner: string; rest: string } | null {
  const start = text.search(/^```/m);
  if (start < 0) return null;
  const open = text.slice(start + fence.length);
  const end = open.indexOf(`\n${fence}`);
  if (end < 0) return { inner: open, rest: "" };
  return { inner: open.slice(0, end), rest: open.slice(end + 1 + fence.length) };
}

function readBlock(inner: string, calls: readonly CallName[]): Parsed {
  const [first = "", ...lines] = inner.split("\n");
  const [word = "", ...others] = first.trim().split(/\s+/);
  const name = calls.find((call) => call === word);
  if (!name) return { why: `There is no call "${word}". You have: ${calls.join(", ")}.` };
  return toCall(name, { head: others.join(" "), body: lines.join("\n") }, calls);
}

const noBlock = `Answer with one block that begins with ${fence}bash or another call.`;

function renderParts(name: string, head?: string, body?: string): string {
  return `${fence}${name}${head === undefined ? "" : ` ${head}`}\n${body === undefined ? "" : `${body}\n`}${fence}`;
}

/** Kernel calls that a model may have put into a block of shell commands by mistake. */
const misplaced: ReadonlySet<string> = new Set(["done", "fail", "say", "ask", "note"]);

/** A call from its parts; tells what is missing. */
export function toCall(
  name: CallName,
  { head, body }: { head: string; body: string },
  calls: readonly CallName[],
): Parsed {
  const shape = shapeOf(name);
  const args: Record<string, string> = {};
  const moved = name === "bash" || name === "python" ? moveCall(body, calls) : null;
  if (moved) return moved;
  if (shape.head !== null && !(shape.optional && head === "")) {
    if (head === "")
      return { why: `${name} needs ${shape.head} on its first line, e.g. "${name} ${shape.example.head}".` };
    args[shape.head] = head;
  }
  if (shape.body !== null) {
    const text = shape.head === null && head !== "" ? `${head}\n${body}` : body;
    if (text.trim() === "") return { why: `${name} needs ${shape.body} in the lines below its first.` };
    const wrong = isSyscall(name) ? null : checkJson(name, text);
    if (wrong) return { why: wrong };
    args[shape.body] = text;
  }
  const call: Call = { name, args };
  return { call };
}

function checkJson(name: CallName, text: string): string | null {
  return readArguments(text) ? null : `The body of ${name} must be one JSON object with its arguments.`;
}

// "```bash", "done", "The list is there." is plainly a `done`: small models do this, and a shell would not know it.
function moveCall(text: string, calls: readonly CallName[]): Parsed | null {
  const [first = "", ...lines] = text.trim().split("\n");
  const [word = "", ...others] = first.split(/[\s:]+/);
  const name = calls.find((call) => call === word && misplaced.has(call));
  if (!name) return null;
  const rest = lines.join("\n");
  if (shapeOf(name).head === null || shapeOf(name).optional)
    return toCall(name, { head: "", body: `${others.join(" ")}\n${rest}`.trim() }, calls);
  const [to = "", ...said] = others;
  const body = `${said.join(" ")}\n${rest}`.trim().replace(/^"(.*)"$/s, "$1");
  return toCall(name, { head: to.replace(/[,:]$/, ""), body }, calls);
}
